import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reports/json.js';
import { cleanUp, cli, copyInput, fixtureNames, projectFixtures, runCli, temporaryFolder } from '../support/fixtures.js';
import { commitAll, snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

const ours = ['.migrate-lambda'];

async function committed(fixture: string): Promise<string> {
  const folder = await copyInput(fixture);
  commitAll(folder);
  return folder;
}

const names = await fixtureNames();

describe('--diff', () => {
  it.each(names)('gives a patch that makes the tree that --write makes: %s', async (name) => {
    const folder = await committed(name);
    const { code, stdout, stderr } = await runCli([folder, '--diff']);
    expect(code).toBeLessThan(2);
    expect(stderr).toBe('');
    const written = await committed(name);
    await runCli([written, '--write']);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: stdout });
    expect(snapshot(folder)).toEqual(snapshot(written, ours));
  });

  it('names the files from the top level of the work tree, as git apply wants it', async () => {
    const top = await temporaryFolder();
    cpSync(join(projectFixtures, 'sam-rest/input'), join(top, 'my services/notes'), { recursive: true });
    commitAll(top);
    const { stdout } = await runCli(['.', '--diff'], { cwd: join(top, 'my services/notes') });
    execFileSync('git', ['apply', '-'], { cwd: join(top, 'my services/notes'), input: stdout });
    const written = await copyInput('sam-rest');
    await runCli([written, '--write']);
    expect(snapshot(join(top, 'my services/notes'))).toEqual(snapshot(written, ours));
  });

  it('keeps Windows line ends', async () => {
    const folder = await copyInput('serverless-yarn');
    const text = readFileSync(join(folder, 'package.json'), 'utf8').replace(/\n/g, '\r\n').trimEnd();
    writeFileSync(join(folder, 'package.json'), text);
    commitAll(folder);
    const { stdout } = await runCli([folder, '--diff']);
    const written = await temporaryFolder();
    cpSync(folder, written, { recursive: true });
    await runCli([written, '--write']);
    const result = readFileSync(join(written, 'package.json'), 'utf8');
    expect(result).toMatch(/start:web/);
    expect(result.replace(/\r\n/g, '')).not.toContain('\n');
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: stdout });
    expect(snapshot(folder)).toEqual(snapshot(written, ours));
  });

  it('does not mind a reader that has seen enough', () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `set -o pipefail; "${process.execPath}" "${cli}" "$0" --diff | head -n 1`, join(projectFixtures, 'sam-rest/input')],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('--out', () => {
  it('gives the tree that --write gives, elsewhere, without dependencies and git, and leaves the source alone', async () => {
    const folder = await committed('sam-rest');
    await writeTree(
      folder,
      { 'node_modules/x/index.js': '', 'notes/node_modules/y/index.js': '', 'run.sh': 'x', 'image.bin': Buffer.from([0, 255, 1]) },
      { 'run.sh': 0o755 },
    );
    symlinkSync('run.sh', join(folder, 'link.sh'));
    const before = snapshot(folder);
    const out = join(await temporaryFolder(), 'deep/er/copy');
    const { code, stdout } = await runCli([folder, '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('Wrote the migrated copy');
    expect(snapshot(folder)).toEqual(before);
    await runCli([folder, '--write', '--allow-dirty']);
    expect(snapshot(out)).toEqual(snapshot(folder, [...ours, 'node_modules', 'notes/node_modules']));
    expect(existsSync(join(out, '.git'))).toBe(false);
    expect(readdirSync(join(out, '..'))).toEqual(['copy']);
  });

  it('fills an empty folder, and keeps its --json document', async () => {
    const out = await temporaryFolder();
    const { stdout } = await runCli([await copyInput('sam-rest'), '--out', out, '--json']);
    expect((JSON.parse(stdout) as Report).summary.migrated).toBe(3);
    expect(readFileSync(join(out, 'Dockerfile'), 'utf8')).toContain('FROM');
  });

  it('refuses a folder that is not empty, inside the source, or a file', async () => {
    const folder = await copyInput('sam-rest');
    const full = await temporaryFolder();
    await writeTree(full, { mine: 'x', file: '' });
    const link = join(await temporaryFolder(), 'link');
    symlinkSync(folder, link);
    const before = [snapshot(folder), snapshot(full)];
    for (const [out, said] of [
      [full, 'not empty'],
      [join(folder, 'copy'), 'inside'],
      [folder, 'inside'],
      [join(link, 'x/y'), 'inside'],
      [join(full, 'file'), 'not a folder'],
    ] as const) {
      expect(await runCli([folder, '--out', out])).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
    }
    expect([snapshot(folder), snapshot(full)]).toEqual(before);
  });
});
