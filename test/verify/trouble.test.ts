/** Functions that hang, crash, or cannot start: each gets a verdict of its own, and none spoils that of another. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FunctionVerdict } from '../../src/verify/verdict.js';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, repositoryRoot, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

async function verdictsOf(project: string): Promise<Map<string, FunctionVerdict>> {
  const folder = await temporaryFolder();
  await cp(join(repositoryRoot, 'fixtures/verify/projects', project), folder, { recursive: true });
  const { functions } = await verify({ folder, install: linkDependencies, runs: 3 });
  return new Map(functions.map((each) => [each.function, each]));
}

describe('a project with trouble', () => {
  let verdicts: Map<string, FunctionVerdict>;
  beforeAll(async () => {
    verdicts = await verdictsOf('trouble');
  });

  test.each(['good', 'floods', 'listens', 'reaches'])('%s is equal', (id) => {
    expect(verdicts.get(id)).toMatchObject({ verdict: 'equal', findings: [] });
    expect(verdicts.get(id)).not.toHaveProperty('because', expect.any(String));
  });

  test.each(['hangs', 'throwsLater', 'rejectsAside', 'rejectsBesideCallback'])('%s fails alike on both sides', (id) =>
    expect(verdicts.get(id)).toMatchObject({ verdict: 'equal', because: 'on both sides every invocation failed' }),
  );

  test('one that ends its process ends the service with it, and that is charged to it', () =>
    expect(verdicts.get('exits')).toMatchObject({
      verdict: 'different',
      findings: expect.arrayContaining([expect.objectContaining({ name: 'the service ends' })]),
    }));

  test.each([
    ['throwsAtInit', 'TABLE is not set'],
    ['lacksModule', './not-generated'],
  ])('%s cannot be compared, and the others are judged without it', (id, reason) => {
    expect(verdicts.get(id)).toMatchObject({ verdict: 'not-comparable' });
    expect(verdicts.get(id)?.because).toContain(reason);
  });
});

test('a function whose code cannot be built keeps no other from being judged', async () => {
  const verdicts = await verdictsOf('not-built');
  expect(verdicts.get('good')).toMatchObject({ verdict: 'equal', findings: [] });
  expect(verdicts.get('broken')).toMatchObject({ verdict: 'not-comparable' });
  expect(verdicts.get('broken')?.because).toContain('volunteers-of-nowhere');
});

test('calls that a function still has under way when it returns count for the messages that made them', async () => {
  const verdicts = await verdictsOf('under-way');
  expect(verdicts.get('copies')).toMatchObject({ verdict: 'equal', findings: [] });
});

test('a server that throws where nothing catches it fails those requests alone', async () => {
  const verdicts = await verdictsOf('crashing-app');
  expect(verdicts.get('app')).toMatchObject({ verdict: 'equal', findings: [] });
});

test("what the project's own script builds is there on both sides, and a difference names the error of the function", async () => {
  const verdicts = await verdictsOf('built-pages');
  expect(verdicts.get('start')).toMatchObject({ verdict: 'equal', findings: [] });
  expect(verdicts.get('main')).toMatchObject({ verdict: 'different' });
  const [first] = verdicts.get('main')?.findings ?? [];
  expect(first?.differences).toContainEqual({
    what: 'error of the function',
    before: "TypeError: Cannot read properties of undefined (reading 'paths')",
    after: '(not seen)',
  });
});

test('definitions that share a folder have services of their own, and tools of Lambda in the build are not run', async () => {
  const verdicts = await verdictsOf('two-definitions');
  expect(verdicts.get('list')).toMatchObject({ verdict: 'equal', findings: [] });
  expect(verdicts.get('purge')).toMatchObject({ verdict: 'equal', findings: [] });
});

test('what the original keeps and shows to later requests is no leak, also when another route takes it away', async () => {
  const verdicts = await verdictsOf('kept-list');
  expect(verdicts.get('things')).toMatchObject({ verdict: 'equal', findings: [] });
});
