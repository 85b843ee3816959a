import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { templateOf, withParameters } from '../../bench/infrastructure/template-of.js';
import { findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget } from '../../src/targets/target.js';
import { fixtureNames, repositoryRoot } from '../support/fixtures.js';
import { editedFunctionDefinitions } from '../support/stacks.js';

/** Definitions that targets edit in place, judged by cfn-lint, by AWS's translator of SAM templates, and by moto as CloudFormation. */
const editing = targets.flatMap(({ id, available }) => (available && isFunctionTarget(findTarget(id)) ? [id] : []));
const folders = ['targets/input', ...(await fixtureNames()).map((name) => `projects/${name}/input`)];

async function casesOf(target: string, folder: string) {
  const definitions = await editedFunctionDefinitions(target, join(repositoryRoot, 'fixtures', folder));
  return definitions
    .filter(({ dialect }) => dialect !== 'serverless')
    .map(({ path, dialect, before, after }) => {
      const template = (text: string) => withParameters(templateOf({ dialect }, text));
      return { name: `${target}: ${folder}/${path}`, dialect, before: template(before), after: template(after) };
    });
}

const cases = (await Promise.all(editing.flatMap((target) => folders.map((folder) => casesOf(target, folder))))).flat();
const judgements = new Map<string, Judgement>();

interface Judgement {
  new: unknown[];
  refused: string | null;
  /** What the stack became: its functions with a published version, and what aliases and scaling name. Null where SAM refused the definition before. */
  aliases: { status: string; functions: string[]; told: string[] } | null;
}

beforeAll(() => {
  const python = process.env['JUDGES_PYTHON'] ?? 'python3';
  const { stdout, stderr, status } = spawnSync(python, [join(repositoryRoot, 'test/judges/stacks.py'), '--publish'], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  for (const { name, ...judgement } of JSON.parse(stdout)) judgements.set(name, judgement);
}, 600_000);

it('has definitions of every target', () => expect(editing.filter((id) => !cases.some(({ name }) => name.startsWith(id)))).toEqual([]));

describe.each(cases)('$name', ({ name }) => {
  it('has no error that it did not have, and SAM takes it', () => expect(judgements.get(name)).toMatchObject({ new: [], refused: null }));

  it('becomes a stack whose aliases and scaling name functions with a published version', () => {
    const aliases = judgements.get(name)?.aliases;
    if (aliases === null) return;
    const { status, functions, told } = aliases ?? { status: '', functions: [], told: [] };
    expect(status).toBe('CREATE_COMPLETE');
    expect(told.some((each) => each.startsWith('alias:'))).toBe(true);
    for (const each of told) expect(functions).toContain(/^(?:alias|function):([^:]+):\w+$/.exec(each)?.[1]);
  });
});
