import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, copyInput, projectFixtures, runCli, temporaryFolder } from '../support/fixtures.js';
import { commitAll, git, snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

const ours = ['.migrate-lambda'];

async function committed(fixture: string): Promise<string> {
  const folder = await copyInput(fixture);
  commitAll(folder);
  return folder;
}

describe('without --write', () => {
  it('shows the diff, the functions and what to do, and writes nothing', async () => {
    const folder = await committed('sam-rest');
    const before = snapshot(folder);
    for (const args of [[folder], [folder, '--dry-run'], [folder, '--dry-run', '--write', '--out', `${folder}-out`]]) {
      const { code, stdout, stderr } = await runCli(args);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain('diff --git a/Dockerfile b/Dockerfile');
      expect(stdout).toMatch(/function +trigger +workload +outcome +because/);
      expect(stdout).toMatch(/GetNote +GET \/notes\/\{id\} +web \(adapter\) +migrated/);
      expect(stdout).toContain('1 project, 3 functions: 3 migrated');
      expect(stdout).toMatch(/Nothing was written: \d+ files would be/);
    }
    expect(snapshot(folder)).toEqual(before);
    expect(existsSync(`${folder}-out`)).toBe(false);
  });

  it('has colours only when they are wanted', async () => {
    const folder = await committed('sam-rest');
    const sequence = '\u001b[';
    expect((await runCli([folder])).stdout).not.toContain(sequence);
    expect((await runCli([folder], { env: { NO_COLOR: '', FORCE_COLOR: '1' } })).stdout).toContain(`${sequence}32m+`);
    expect((await runCli([folder, '--no-color'], { env: { NO_COLOR: '', FORCE_COLOR: '1' } })).stdout).not.toContain(sequence);
  });

  it('shows control characters instead of sending them to the terminal', async () => {
    const folder = await committed('sam-rest');
    writeFileSync(join(folder, 'notes/package.json'), JSON.stringify({ name: 'x', description: 'a\u009b31mb' }));
    writeFileSync(join(folder, 'package.json'), '{\n  "name": "\u009b2Jx",\n  "private": true\n}\n');
    expect((await runCli([folder])).stdout).not.toContain('\u009b');
  });
});

describe('--write', () => {
  it('writes, tells the files, and undo brings every byte back', async () => {
    const folder = await committed('sam-rest');
    const before = snapshot(folder);
    const { code, stdout } = await runCli([folder, '--write']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Dockerfile \(create, \+\d+\)/);
    expect(stdout).toMatch(/Wrote \d+ files\. "migrate-lambda undo .*" puts everything back\./);
    expect(git(folder, 'status', '--porcelain')).not.toContain('.migrate-lambda');
    expect(snapshot(folder, ours)).not.toEqual(before);

    const undone = await runCli(['undo', folder]);
    expect(undone).toMatchObject({ code: 0, stdout: expect.stringMatching(/The last write is undone: \d+ files put back/) });
    expect(snapshot(folder)).toEqual(before);
    expect(await runCli(['undo', folder])).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing to undo') });
  });

  it('has nothing to change the second time', async () => {
    const folder = await committed('sam-rest');
    await runCli([folder, '--write']);
    const written = snapshot(folder);
    expect(await runCli([folder, '--write'])).toMatchObject({ code: 0, stdout: expect.stringContaining('There is nothing to change.') });
    expect(snapshot(folder)).toEqual(written);
  });

  it('refuses to undo what was changed since, unless forced', async () => {
    const folder = await committed('sam-rest');
    const before = snapshot(folder);
    await runCli([folder, '--write']);
    writeFileSync(join(folder, 'Dockerfile'), 'FROM mine\n');
    expect(await runCli(['undo', folder])).toMatchObject({ code: 2, stderr: expect.stringContaining('Dockerfile') });
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe('FROM mine\n');
    expect(await runCli(['undo', folder, '--force'])).toMatchObject({ code: 0 });
    expect(snapshot(folder)).toEqual(before);
  });

  it.each([
    ['a changed file', { 'template.yaml': '' }],
    ['a file that git does not know', { 'notes.txt': 'mine' }],
  ])('refuses %s in the work tree, unless --allow-dirty', async (_, files) => {
    const folder = await committed('sam-rest');
    const [path = '', text = ''] = Object.entries(files)[0] ?? [];
    writeFileSync(join(folder, path), text || `${readFileSync(join(folder, path), 'utf8')}# mine\n`);
    const before = snapshot(folder);
    const refused = await runCli([folder, '--write']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(path);
    expect(refused.stderr).toContain('--allow-dirty');
    expect(snapshot(folder)).toEqual(before);
    expect(await runCli([folder, '--write', '--allow-dirty'])).toMatchObject({ code: 0 });
  });

  it('does not mind what git ignores, nor changes outside of the folder', async () => {
    const top = await temporaryFolder();
    cpSync(join(projectFixtures, 'sam-rest/input'), join(top, 'service'), { recursive: true });
    writeFileSync(join(top, '.gitignore'), '*.log\n');
    commitAll(top);
    await writeTree(top, { 'service/debug.log': 'x', 'elsewhere.txt': 'mine' });
    expect(await runCli([join(top, 'service'), '--write'])).toMatchObject({ code: 0 });
  });

  it('says when only undo can bring files back', async () => {
    const { stdout } = await runCli([await copyInput('sam-rest'), '--write']);
    expect(stdout).toContain('The folder is not under git');
  });

  it('stops when a file was changed while it worked', async () => {
    const folder = await copyInput('sam-rest');
    const { writeChanges } = await import('../../src/changes/write.js');
    const { ChangeSet } = await import('../../src/changes/change-set.js');
    const { Repository } = await import('../../src/project/repository.js');
    const repository = new Repository(folder);
    const changes = new ChangeSet(repository);
    changes.stage('notes/package.json', '{}', 'test');
    changes.stage('Dockerfile', 'FROM x\n', 'test');
    writeFileSync(join(folder, 'notes/package.json'), '{"name":"somebody"}');
    const before = snapshot(folder);
    await expect(writeChanges(repository, changes.changes())).rejects.toThrow(/notes\/package\.json was changed by somebody else/);
    expect(snapshot(folder)).toEqual(before);
  });

  it('refuses a write-protected file or folder before it touches anything', async () => {
    const file = await committed('serverless-yarn');
    chmodSync(join(file, 'package.json'), 0o444);
    const folder = await committed('sam-rest');
    chmodSync(folder, 0o555);
    for (const [at, named] of [
      [file, 'package.json'],
      [folder, 'folder .'],
    ] as const) {
      const before = snapshot(at);
      const { code, stderr } = await runCli([at, '--write', '--allow-dirty']);
      expect(code).toBe(2);
      expect(stderr).toContain('write-protected');
      expect(stderr).toContain(named);
      expect(snapshot(at)).toEqual(before);
    }
    chmodSync(folder, 0o755);
  });

  it('writes through a symbolic link, which stays one', async () => {
    const folder = await copyInput('serverless-yarn');
    mkdirSync(join(folder, 'config'));
    cpSync(join(folder, 'package.json'), join(folder, 'config/package.json'));
    execFileSync('rm', [join(folder, 'package.json')]);
    symlinkSync('config/package.json', join(folder, 'package.json'));
    expect(await runCli([folder, '--write'])).toMatchObject({ code: 0 });
    expect(lstatSync(join(folder, 'package.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'config/package.json'), 'utf8')).toContain('start:web');
  });
});

it('keeps the modes of files, and of what it changes', async () => {
  const folder = await copyInput('serverless-yarn');
  chmodSync(join(folder, 'package.json'), 0o640);
  await runCli([folder, '--write']);
  expect(statSync(join(folder, 'package.json')).mode & 0o777).toBe(0o640);
});
