import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { VerifyResult } from '../../src/verify/verdict.js';
import { writeGuides } from '../../src/verify/write-guide.js';
import { cleanUp, copyInput, readTree, runCli } from '../support/fixtures.js';

afterAll(cleanUp);

function result(more: Partial<VerifyResult['functions'][number]> = {}): VerifyResult {
  const functions = [
    { definition: 'serverless.yml', function: 'getOrder', verdict: 'equal' as const, compared: 19, findings: [], ...more },
  ];
  return {
    functions,
    rules: [{ id: 'transport', says: 'Headers of the connection are left out.' }],
    seed: 1,
    unanswered: { aws: [], http: [] },
  };
}

async function migrated(): Promise<string> {
  const folder = await copyInput('serverless-http-api');
  expect((await runCli([folder, '--write'])).code).toBe(0);
  return folder;
}

const guide = (folder: string) => readFile(join(folder, 'MIGRATION.md'), 'utf8');

test('the result becomes a section, which a later one replaces and a later migration keeps', async () => {
  const folder = await migrated();
  const before = await guide(folder);
  expect(await writeGuides(folder, result(), '2026-01-31')).toEqual(['MIGRATION.md']);
  const first = await guide(folder);
  expect(first.startsWith(before.trimEnd())).toBe(true);
  expect(first).toContain('On 2026-01-31: 1 equal, 0 different, 0 not comparable.');
  expect(first).toContain('| `getOrder` | equal | 19 |');
  expect(first).toContain('- Headers of the connection are left out.');
  const finding = { name: 'GET, a query | cookies', request: '', differences: [] };
  await writeGuides(folder, result({ verdict: 'different', findings: [finding] }), '2026-02-01');
  const second = await guide(folder);
  expect(second).not.toContain('2026-01-31');
  expect(second).toContain('| `getOrder` | **different** | 19 | GET, a query \\| cookies |');
  const tree = await readTree(folder);
  expect((await runCli([folder, '--write', '--allow-dirty'])).code).toBe(0);
  expect(await readTree(folder)).toEqual(tree);
});

test('without a guide nothing is written', async () => {
  const folder = await copyInput('serverless-http-api');
  const before = await readTree(folder);
  await expect(writeGuides(folder, result(), '2026-01-31')).rejects.toMatchObject({ message: 'No MIGRATION.md tells of serverless.yml' });
  expect(await readTree(folder)).toEqual(before);
});
