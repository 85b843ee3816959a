import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgedTemplate } from '../../bench/infrastructure/template-of.js';
import { UserError } from '../../src/errors.js';
import { objectOf } from '../../src/project/data.js';
import { defaultTarget, findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget, type Target } from '../../src/targets/target.js';
import { fixtureNames, repositoryRoot } from '../support/fixtures.js';
import { type EditedDefinition, editedDefinitions } from '../support/stacks.js';

/** What `stacks.py` says of a definition. */
interface Judgement {
  name: string;
  /** Errors of cfn-lint, and warnings about what was added, that the original had not. */
  new: [string, string][];
  /** Of SAM templates: what of ours AWS's translator gives. */
  translated?: string[];
  /** Why the translator refuses it, when it does not refuse the original for the same reason. */
  refused?: string | null;
  /** What a definition becomes that is deployed as before. */
  untouched: { status: string; added: string[] } | null;
  stack: { status: string; environment: Record<string, Record<string, unknown>> };
}

const caseOf = (name: string, definition: EditedDefinition) => {
  const template = (text: string) => judgedTemplate(definition, text);
  const { path, dialect, before, after } = definition;
  return {
    name: `${name}/${path}`,
    dialect,
    joined: before !== '',
    // A service without resources has no template of its own.
    before: before === '' || !('Resources' in template(before)) ? null : template(before),
    after: template(after),
  };
};

const ofFixtures = (await fixtureNames()).flatMap((fixture) =>
  [false, true].map(async (cutover) =>
    (await editedDefinitions(fixture, { cutover })).map((definition) => ({
      ...caseOf(cutover ? `cut over: ${fixture}` : fixture, definition),
      ...(cutover && { joined: false }),
    })),
  ),
);

const folders = ['targets/input', 'projects/serverless-http-api/input', 'projects/plain-commonjs/input'];
const hasStack = (target: Target) => !isFunctionTarget(target) && target.stack !== undefined;

const withStack = targets.flatMap(({ id, available }) => (available && hasStack(findTarget(id)) ? [id] : []));

/** Every other target that has a stack: in a template, in serverless.yml, and as a stack of its own. */
const ofTargets = withStack
  .filter((target) => target !== defaultTarget)
  .flatMap((target) =>
    folders.map(async (folder) =>
      (await editedDefinitions('', { target, folder: join(repositoryRoot, 'fixtures', folder) })).map((definition) =>
        caseOf(`${target}: ${folder}`, definition),
      ),
    ),
  );

const cases = (await Promise.all([...ofFixtures, ...ofTargets])).flat();

/** Every target for a region of each other partition, where it is there. */
const elsewhere = (
  await Promise.all(
    withStack.flatMap((target) =>
      ['cn-northwest-1', 'us-gov-west-1'].flatMap((region) =>
        folders.map(async (folder) => {
          const options = { target, region, folder: join(repositoryRoot, 'fixtures', folder) };
          const definitions = await editedDefinitions('', options).catch((error: unknown) => {
            if (error instanceof UserError && error.message.includes('not available there')) return [];
            throw error;
          });
          return definitions.map((definition) => ({ ...caseOf(`${region}: ${target}: ${folder}`, definition), region }));
        }),
      ),
    ),
  )
).flat();

const judgements = new Map<string, Judgement>();

beforeAll(() => {
  const python = process.env['JUDGES_PYTHON'] ?? 'python3';
  const judge = (list: readonly { name: string }[], ...flags: string[]) => {
    const { stdout, stderr, status } = spawnSync(python, [join(repositoryRoot, 'test/judges/stacks.py'), ...flags], {
      input: JSON.stringify(list),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(stderr);
    for (const judgement of JSON.parse(stdout) as Judgement[]) judgements.set(judgement.name, judgement);
  };
  judge(cases);
  judge(elsewhere, '--lint');
}, 600_000);

describe.each(elsewhere)('$name', ({ name, region, after }) => {
  it('has no error that it did not have', () => expect(judgements.get(name)?.new).toEqual([]));

  it('names nothing of another partition', () => {
    const text = JSON.stringify(Object.entries(objectOf(after['Resources'])).filter(([id]) => id.startsWith('Container')));
    expect(text.match(/arn:aws(?:-[a-z-]+)?:|[\w.-]*amazonaws\.com(?:\.cn)?/g) ?? []).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^arn:|\.(?:us|eu|ap|cn)-|public\.ecr/)]),
    );
    if (region.startsWith('cn-')) expect(text).not.toMatch(/TracingConfig|xray|AWS::Lambda::Url|FunctionUrlConfig/i);
  });
});

describe.each(cases)('$name', ({ name, dialect, joined, after }) => {
  const judgement = () => judgements.get(name) as Judgement;

  it('has no error that it did not have', () => expect(judgement().new).toEqual([]));

  it('becomes a stack whose containers know all their values', () => {
    const { status, environment } = judgement().stack;
    expect(status).toBe('CREATE_COMPLETE');
    expect(Object.keys(environment).length).toBeGreaterThan(0);
    for (const variables of Object.values(environment)) {
      expect(variables).toMatchObject({ AWS_REGION: 'us-east-1' });
      expect(Object.values(variables).filter((value) => typeof value !== 'string' || value.includes('REPLACE WITH'))).toEqual([]);
    }
  });

  it.runIf(joined)('has nothing of ours before an image is given', () =>
    expect(judgement().untouched).toEqual({ status: 'CREATE_COMPLETE', added: [] }),
  );

  it.runIf(dialect === 'sam')('is translated by SAM', () => {
    expect(judgement().refused).toBeNull();
    const added = Object.keys(objectOf(after['Resources'])).filter((id) => id.startsWith('Container'));
    expect(judgement().translated).toEqual(expect.arrayContaining(added));
  });
});
