import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, cli, copyInput, projectFixtures, runCli, temporaryFolder } from '../support/fixtures.js';
import { snapshot } from '../support/trees.js';

afterAll(cleanUp);

const ours = ['.migrate-lambda'];

describe('interrupted', () => {
  it('by Ctrl-C while it works: nothing is written and the code is 2', async () => {
    const folder = await copyInput('sam-rest');
    const before = snapshot(folder);
    // A named pipe keeps the run waiting at a place that is known.
    const plan = join(await temporaryFolder(), 'plan.yaml');
    execFileSync('mkfifo', [plan]);
    const child = spawn(process.execPath, [cli, folder, '--write', '--plan', plan], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.kill('SIGINT');
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal ?? code).toSatisfy((end: unknown) => end === 'SIGINT' || end === 2);
    expect(snapshot(folder)).toEqual(before);
  });

  it.each([30, 60])('by Ctrl-C half-way through writing (step %i): every byte is as it was, and one message says so', async (at) => {
    const folder = await copyInput('sam-rest');
    const before = snapshot(folder);
    const faults = new URL('../support/faults.mjs', import.meta.url).pathname;
    const env = { ...process.env, FAULT: JSON.stringify({ under: folder, at, kind: 'interrupt' }) };
    const { status, stderr } = spawnSync(process.execPath, ['--import', faults, cli, folder, '--write'], { env, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(snapshot(folder)).toEqual(before);
  });

  it('killed at random times: undo or a second run puts it right', { timeout: 300_000 }, async () => {
    const folder = await copyInput('sam-rest');
    const before = snapshot(folder);
    const finished = await copyInput('sam-rest');
    const started = Date.now();
    await runCli([finished, '--write']);
    const duration = Date.now() - started;
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, [cli, folder, '--write'], { stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), duration * (0.6 + 0.4 * Math.random()));
      await once(child, 'exit');
      clearTimeout(timer);
      const { code, stderr } = await runCli(['undo', folder]);
      expect(code === 0 || stderr.includes('nothing to undo'), stderr).toBe(true);
      expect(snapshot(folder, ours)).toEqual(before);
    }
    await runCli([folder, '--write']);
    expect(snapshot(folder, ours)).toEqual(snapshot(finished, ours));
  });

  it('says so before it reads a folder whose last write was killed half-way', async () => {
    const faults = new URL('../support/faults.mjs', import.meta.url).pathname;
    const write = (folder: string, at: number, more = {}) => {
      const env = { ...process.env, FAULT: JSON.stringify({ under: folder, at, kind: 'kill' }), ...more };
      return spawnSync(process.execPath, ['--import', faults, cli, folder, '--write'], { env }).signal;
    };
    const count = join(await temporaryFolder(), 'changes');
    expect(write(await copyInput('sam-rest'), -1, { FAULT_COUNT: count })).toBe(null);
    const folder = await copyInput('sam-rest');
    // The first half of the changes makes the new files beside the old ones.
    expect(write(folder, Math.round(Number(readFileSync(count, 'utf8')) * 0.8))).toBe('SIGKILL');
    expect(await runCli([folder, '--json'])).toMatchObject({ code: 2, stderr: expect.stringContaining('migrate-lambda undo') });
  });
});

const canMount = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;

describe.skipIf(!canMount)('a full disk', () => {
  it('leaves every byte as it was, with one message that names the cause', async (context) => {
    const disk = await temporaryFolder();
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]).status !== 0) return context.skip();
    try {
      cpSync(join(projectFixtures, 'sam-rest/input'), disk, { recursive: true });
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(join(disk, 'filler'), Buffer.alloc((bavail - 12) * bsize));
      const before = snapshot(disk);
      const { code, stderr } = await runCli([disk, '--write']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/could not be written: the disk is full\.\nEvery file is as it was\./);
      expect(snapshot(disk)).toEqual(before);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
