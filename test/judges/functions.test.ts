import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { templateOf, withParameters } from '../../bench/infrastructure/template-of.js';
import { migrate } from '../../src/run.js';
import { findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget } from '../../src/targets/target.js';
import { fixtureNames, repositoryRoot } from '../support/fixtures.js';

/** Definitions that targets edit in place, judged by cfn-lint and by AWS's translator of SAM templates. */
const editing = targets.flatMap(({ id, available }) => (available && isFunctionTarget(findTarget(id)) ? [id] : []));
const folders = ['targets/input', ...(await fixtureNames()).map((name) => `projects/${name}/input`)];

async function casesOf(target: string, folder: string) {
  const { projects, changes } = await migrate({ folder: join(repositoryRoot, 'fixtures', folder), target, threads: 0 });
  return projects.flatMap(({ project }) => {
    const change = changes.find(({ path, before }) => path === project.definition && before !== null);
    if (!change?.after || project.dialect === 'serverless') return [];
    const template = (text: string) => withParameters(templateOf(project, text));
    return [
      {
        name: `${target}: ${folder}/${project.definition}`,
        dialect: project.dialect,
        before: template(change.before ?? ''),
        after: template(change.after),
      },
    ];
  });
}

const cases = (await Promise.all(editing.flatMap((target) => folders.map((folder) => casesOf(target, folder))))).flat();
const judgements = new Map<string, { new: unknown[]; refused: string | null }>();

beforeAll(() => {
  const python = process.env['JUDGES_PYTHON'] ?? 'python3';
  const { stdout, stderr, status } = spawnSync(python, [join(repositoryRoot, 'test/judges/stacks.py'), '--translate'], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  for (const { name, ...judgement } of JSON.parse(stdout)) judgements.set(name, judgement);
}, 600_000);

it('has definitions of every target', () => expect(editing.filter((id) => !cases.some(({ name }) => name.startsWith(id)))).toEqual([]));

describe.each(cases)('$name', ({ name }) => {
  it('has no error that it did not have, and SAM takes it', () => expect(judgements.get(name)).toEqual({ new: [], refused: null }));
});
