/** Deliberate mistakes of a migration, as a client or a downstream service would see them: each must be found. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, repositoryRoot, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

/** What is changed in the migrated copy, and what must differ then. */
interface Mutation {
  name: string;
  file: string;
  edits: [from: string, to: string][];
  only: string;
  /** What of the answer; `because` when it is no single request. */
  differs: string;
}

const fixtures = join(repositoryRoot, 'fixtures/verify');
const projects = ['shop', 'links'];
const mutations = new Map<string, Mutation[]>();
for (const project of projects) mutations.set(project, JSON.parse(await readFile(join(fixtures, `mutations/${project}.json`), 'utf8')));

async function altered(project: string, mutation: Mutation | undefined) {
  const folder = await temporaryFolder();
  await cp(join(fixtures, 'projects', project), folder, { recursive: true });
  const alter = async (migrated: string) => {
    if (mutation) await edit(join(migrated, mutation.file), mutation.edits);
  };
  return verify({ folder, alter, only: mutation && [mutation.only], install: linkDependencies, runs: 10 });
}

async function edit(file: string, edits: Mutation['edits']): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, () => to);
  }
  await writeFile(file, text);
}

describe.each(projects)('%s', (project) => {
  test('nothing differs when nothing is changed', async () => {
    const { functions } = await altered(project, undefined);
    expect(functions.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
    expect(functions.length).toBeGreaterThan(0);
  });

  test.each(mutations.get(project) ?? [])('$name', async (mutation) => {
    const { functions } = await altered(project, mutation);
    const changed = functions.find((each) => each.function === mutation.only);
    expect(changed?.verdict).toBe('different');
    const found = changed?.findings.flatMap(({ differences }) => differences.map(({ what }) => what)) ?? [];
    if (mutation.differs === 'because') expect(changed?.because).toContain('ended before it answered');
    else expect(found).toContain(mutation.differs);
  });
});

test('there are at least 25 mistakes', () => expect([...mutations.values()].flat().length).toBeGreaterThanOrEqual(25));
