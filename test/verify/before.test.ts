import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, copyInput, runCli, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

async function git(folder: string, ...args: string[]): Promise<void> {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  await promisify(execFile)('git', ['-C', folder, ...identity, ...args]);
}

/** A repository with the functions in its first commit, tagged, and the written migration as the tree; the project is in `place`. */
async function migratedRepository(place: string): Promise<{ root: string; folder: string }> {
  const root = await temporaryFolder();
  const folder = join(root, place);
  await mkdir(folder, { recursive: true });
  await cp(await copyInput('serverless-http-api'), folder, { recursive: true });
  await git(root, 'init', '-q');
  await git(root, 'add', '-A');
  await git(root, 'commit', '-qm', 'functions');
  await git(root, 'tag', 'lambda');
  expect((await runCli([folder, '--write'])).code).toBe(0);
  await git(root, 'add', '-A');
  await git(root, 'commit', '-qm', 'services');
  return { root, folder };
}

const options = { install: linkDependencies, runs: 1 };

describe('the code before the migration', () => {
  test('from a git ref, in a folder of the repository: equal, and a later mistake is found', async () => {
    const { folder } = await migratedRepository('services/notes');
    const { functions } = await verify({ ...options, folder, before: 'lambda' });
    expect(functions.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(functions.some(({ verdict }) => verdict === 'equal')).toBe(true);
    const text = await readFile(join(folder, 'src/orders.js'), 'utf8');
    expect(text).toContain('.code(200)');
    await writeFile(join(folder, 'src/orders.js'), text.replaceAll('.code(200)', '.code(299)'));
    const broken = await verify({ ...options, folder, before: 'lambda' });
    expect(broken.functions.some(({ verdict }) => verdict === 'different')).toBe(true);
  });

  test('from a folder', async () => {
    const before = await copyInput('serverless-http-api');
    const { folder } = await migratedRepository('.');
    const { functions } = await verify({ ...options, folder, before });
    expect(functions.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(functions.some(({ verdict }) => verdict === 'equal')).toBe(true);
  });
});

describe('what is no code before the migration', () => {
  test('neither folder nor ref', async () => {
    const { folder } = await migratedRepository('.');
    await expect(verify({ ...options, folder, before: 'no-such-branch' })).rejects.toMatchObject({
      name: 'UserError',
      message: 'no-such-branch is neither a folder nor something that git knows',
    });
  });

  test('no git at all', async () => {
    const folder = await copyInput('plain-commonjs');
    await expect(verify({ ...options, folder, before: 'main' })).rejects.toMatchObject({
      message: expect.stringContaining('is not under git'),
    });
  });

  test('a word that git would take for an option', async () => {
    const { folder } = await migratedRepository('.');
    await expect(verify({ ...options, folder, before: '--output=x' })).rejects.toMatchObject({ name: 'UserError' });
  });

  test('a ref from before the folder was there', async () => {
    const { root, folder } = await migratedRepository('services/notes');
    await git(root, 'checkout', '-q', '--orphan', 'empty');
    await git(root, 'rm', '-rqf', '--cached', '.');
    await writeFile(join(root, 'README.md'), 'nothing yet\n');
    await git(root, 'add', 'README.md');
    await git(root, 'commit', '-qm', 'empty');
    await expect(verify({ ...options, folder, before: 'empty' })).rejects.toMatchObject({
      message: expect.stringContaining('empty has no folder services/notes'),
    });
  });

  test('a folder without functions', async () => {
    const { folder } = await migratedRepository('.');
    const before = await temporaryFolder();
    await writeFile(join(before, 'README.md'), 'nothing\n');
    await expect(verify({ ...options, folder, before })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('No Lambda function'),
    });
  });

  test('a project that was not migrated', async () => {
    const before = await copyInput('serverless-http-api');
    const folder = await copyInput('serverless-http-api');
    const { functions } = await verify({ ...options, folder, before });
    expect(functions.every(({ verdict, because }) => verdict === 'not-comparable' && because?.includes('no script start:web'))).toBe(true);
    await rm(join(folder, 'package.json'));
    const without = await verify({ ...options, folder, before });
    expect(without.functions[0]).toMatchObject({ verdict: 'not-comparable', because: expect.stringContaining('package.json') });
  });
});
