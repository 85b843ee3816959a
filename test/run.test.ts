import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { threadsFor } from '../src/parallel.js';
import { cleanUp, fixtureNames, projectFixtures, repositoryRoot, temporaryFolder } from './support/fixtures.js';
import { snapshot, writeTree } from './support/trees.js';

/** The built package: threads run JavaScript. */
const { migrate, reportOf } = (await import(join(repositoryRoot, 'dist/src/index.js'))) as typeof import('../src/index.js');

afterAll(cleanUp);

/** Every fixture, and two services that share the package.json and the sources above them. */
async function manyProjects(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of await fixtureNames()) cpSync(join(projectFixtures, name, 'input'), join(folder, name), { recursive: true });
  const service = (name: string) =>
    `service: ${name}\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  ${name}:\n    handler: src/${name}.handler\n    events: [{ httpApi: 'GET /${name}' }]\n`;
  await writeTree(folder, {
    'shared/package.json': '{\n  "name": "shared",\n  "private": true,\n  "type": "module"\n}\n',
    'shared/serverless.yml': service('one'),
    'shared/serverless.two.yml': service('two'),
    'shared/src/one.js':
      "import '@aws-sdk/client-s3';\nexport const handler = (event, context, callback) => callback(null, { statusCode: 200 });\n",
    'shared/src/two.js':
      "import '@aws-sdk/client-sqs';\nexport const handler = (event, context, callback) => callback(null, { statusCode: 200 });\n",
  });
  return folder;
}

describe('a folder of many projects', () => {
  it('gives in threads, byte for byte, what it gives without', async () => {
    const folder = await manyProjects();
    const before = snapshot(folder);
    const alone = await migrate({ folder, threads: 0 });
    const threaded = await migrate({ folder, threads: 2 });
    expect(alone.summary.projects).toBeGreaterThan(12);
    expect(alone.summary.failed).toBe(0);
    expect(reportOf(threaded)).toEqual(reportOf(alone));
    expect(threaded.changes).toEqual(alone.changes);
    expect(snapshot(folder)).toEqual(before);
  });

  it('tells the progress of each, in order', async () => {
    const seen: number[] = [];
    const { summary } = await migrate({ folder: await manyProjects(), threads: 2, onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual(Array.from({ length: summary.projects + 1 }, (_, index) => index));
  });

  it("one project's failure is its own", async () => {
    const folder = await manyProjects();
    writeFileSync(join(folder, 'plain-commonjs/package.json'), Buffer.from('{"name":"greeter","description":"caf\xe9"}', 'latin1'));
    for (const threads of [0, 2]) {
      const { projects, summary, changes } = await migrate({ folder, threads });
      const failed = projects.filter(({ plan }) => plan.functions.some(({ outcome }) => outcome === 'failed'));
      expect(failed.map(({ project }) => project.root)).toEqual(['plain-commonjs']);
      expect(failed[0]?.diagnostics.map(({ code }) => code)).toContain('FILE_NOT_TEXT');
      expect(summary.migrated).toBeGreaterThan(15);
      expect(changes.filter(({ path }) => path.startsWith('plain-commonjs/'))).toEqual([]);
    }
  });

  it('what the user must mend stops it, also from a thread', async () => {
    const folder = await manyProjects();
    for (const threads of [0, 2]) await expect(migrate({ folder, threads, only: ['nobody'] })).rejects.toMatchObject({ name: 'UserError' });
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const running = migrate({ folder: await manyProjects(), threads: 2, signal: controller.signal, onProgress: () => controller.abort() });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('uses threads only where they are worth it', () => {
  // Sources run without threads; the built package has them.
  expect(threadsFor(10_000)).toBe(0);
});
