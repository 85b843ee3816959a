import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, copyInput, fixtureNames, fixtureOptions, projectFixtures, readTree, runCli } from '../support/fixtures.js';

/** `UPDATE_FIXTURES=1 npx vitest run test/projects/output.test.ts` rewrites the expected trees; read the diff before committing. */
const update = process.env['UPDATE_FIXTURES'] === '1';

const names = await fixtureNames();

afterAll(cleanUp);

describe.each(names)('%s', (name) => {
  it('becomes the expected tree, and a second run changes nothing', async () => {
    const folder = await copyInput(name);
    const first = await runCli([folder, '--write', ...(await fixtureOptions(name))]);
    expect([0, 1], first.stderr).toContain(first.code);
    const tree = await readTree(folder);
    if (update) await rewrite(name, tree);
    const expected = await readTree(join(projectFixtures, name, 'output'));
    expect(Object.keys(tree).sort()).toEqual(Object.keys(expected).sort());
    for (const [path, text] of Object.entries(expected)) expect(tree[path], path).toBe(text);

    await runCli([folder, '--write', ...(await fixtureOptions(name))]);
    expect(await readTree(folder)).toEqual(tree);
  });
});

async function rewrite(name: string, tree: Record<string, string>): Promise<void> {
  const output = join(projectFixtures, name, 'output');
  await rm(output, { recursive: true, force: true });
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(output, path)), { recursive: true });
    await writeFile(join(output, path), text);
  }
}
