import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchReport } from '../../src/reports/batch.js';
import type { Report } from '../../src/reports/json.js';
import { cleanUp, cli, projectFixtures, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';
import { commitAll, git, snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

let sources: string;

/** Three repositories (one with the project in a subfolder), a plain folder, one without a Lambda function, one that is missing. */
beforeAll(async () => {
  sources = await temporaryFolder();
  for (const [name, fixture] of [
    ['notes', 'sam-rest'],
    ['greeter', 'plain-commonjs'],
    ['mono/services/orders', 'serverless-http-api'],
    ['plain', 'sam-function-url'],
  ] as const) {
    mkdirSync(join(sources, name), { recursive: true });
    cpSync(join(projectFixtures, fixture, 'input'), join(sources, name), { recursive: true });
  }
  await writeTree(sources, { 'other/README.md': '# nothing here\n' });
  for (const name of ['notes', 'greeter', 'mono', 'other']) commitAll(join(sources, name));
});

async function list(...lines: string[]): Promise<{ file: string; work: string }> {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'repos.txt'), `${lines.join('\n')}\n`);
  return { file: join(folder, 'repos.txt'), work: join(folder, 'work') };
}

async function batch(file: string, work: string, ...args: string[]) {
  const { code, stdout, stderr } = await runCli(['batch', file, '--work', work, '--json', ...args]);
  return { code, stderr, report: expectDocument<BatchReport>(stdout, 'batch') };
}

it('puts a commit on a branch of a clone, and touches no source', async () => {
  const { file, work } = await list(
    '# all of them',
    join(sources, 'notes'),
    `file://${sources}/greeter`,
    join(sources, 'mono/services/orders'),
    join(sources, 'plain'),
  );
  const before = snapshot(sources);
  const { code, report, stderr } = await batch(file, work);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(report.summary).toMatchObject({ repositories: 4, migratedRepositories: 4, failedRepositories: 0 });
  expect(snapshot(sources)).toEqual(before);
  for (const each of report.repositories) {
    expect(git(each.clone, 'rev-parse', 'HEAD').trim()).toBe(each.commit);
    expect(git(each.clone, 'rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('migrate-lambda');
    expect(git(each.clone, 'status', '--porcelain')).toBe('');
    expect(existsSync(join(each.clone, each.folder, 'Dockerfile'))).toBe(true);
    const document = expectDocument<Report>(readFileSync(each.report as string, 'utf8'), 'output');
    expect(document.summary).toEqual(each.summary);
  }
  expect(report.repositories[2]?.folder).toBe('services/orders');
  expect(report.repositories[3]?.notes.join()).toContain('under no git');
});

it('tells uncommitted changes of a local folder, which are not part of the clone', async () => {
  const { file, work } = await list(join(sources, 'notes'));
  writeFileSync(join(sources, 'notes/unsaved.txt'), 'x');
  try {
    const { report } = await batch(file, work);
    expect(report.repositories[0]?.notes.join()).toContain('uncommitted');
    expect(existsSync(join(report.repositories[0]?.clone ?? '', 'unsaved.txt'))).toBe(false);
  } finally {
    rmSync(join(sources, 'notes/unsaved.txt'));
  }
});

it('goes on when one fails; --only-failed does only those again; --resume does nothing twice', async () => {
  const late = join(await temporaryFolder(), 'late');
  const { file, work } = await list(late, join(sources, 'other'), join(sources, 'greeter'), `${join(sources, 'notes')}#no-such-branch`);
  const first = await batch(file, work);
  expect(first.code).toBe(1);
  expect(first.report.repositories.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'migrated', 'failed']);
  expect(first.report.repositories.map(({ error }) => error?.message ?? '')).toEqual([
    expect.stringContaining('There is no folder'),
    expect.stringContaining('No Lambda function'),
    '',
    expect.stringContaining('no-such-branch'),
  ]);

  const again = await runCli(['batch', file, '--work', work]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--resume') });

  cpSync(join(projectFixtures, 'sam-rest/input'), late, { recursive: true });
  commitAll(late);
  const resumed = await batch(file, work, '--resume');
  expect(resumed.report).toEqual(first.report);

  const commit = first.report.repositories[2]?.commit;
  const second = await batch(file, work, '--only-failed');
  expect(second.report.repositories.map(({ outcome }) => outcome)).toEqual(['migrated', 'failed', 'migrated', 'failed']);
  expect(second.report.repositories[2]?.commit).toBe(commit);
});

it('shows a table', async () => {
  const { file, work } = await list(join(sources, 'greeter'), join(sources, 'missing'));
  const { code, stdout } = await runCli(['batch', file, '--work', work]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/repository +outcome +functions +migrated +commit +notes/);
  expect(stdout).toMatch(/greeter +migrated +1 +1 +[0-9a-f]{10}/);
  expect(stdout).toMatch(/missing +failed +– +– +– +There is no folder/);
  expect(stdout).toContain('2 repositories: 1 migrated, 0 unchanged, 1 failed');
});

describe('interrupted', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('by %s: --resume finishes what is left', { timeout: 180_000 }, async (signal) => {
    const { file, work } = await list(...['notes', 'greeter', 'mono/services/orders'].map((name) => join(sources, name)));
    const child = spawn(process.execPath, [cli, 'batch', file, '--work', work, '--concurrency', '1'], { stdio: 'ignore' });
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    const state = join(work, 'state.json');
    while (child.exitCode === null && !(existsSync(state) && readFileSync(state, 'utf8').includes('"commit":"'))) await sleep(5);
    child.kill(signal);
    const [code, by] = await exit;
    expect(code === null ? by : code).toBe(signal === 'SIGINT' ? 2 : 'SIGKILL');
    const done = Object.keys((JSON.parse(readFileSync(state, 'utf8')) as { results: object }).results);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(3);

    const { code: end, report } = await batch(file, work, '--resume');
    expect(end).toBe(0);
    expect(report.summary).toMatchObject({ repositories: 3, migratedRepositories: 3 });
  });
});

it.each([
  ['a missing list', '/no/such/list', 'cannot be read'],
  ['a hostile list', '--upload-pack=x', 'looks like an option'],
])('cannot begin with %s', async (_, content, said) => {
  const { file, work } = await list(content);
  const { code, report, stderr } = await batch(content.startsWith('/') ? content : file, work);
  expect(code).toBe(2);
  expect(report.error).toBeDefined();
  expect(stderr).toContain(said);
  expect(existsSync(work)).toBe(false);
});
