import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, cli, copyInput, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';

afterAll(cleanUp);

/** How many processes run in a folder, by their arguments or their home. */
async function running(folder: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  const folders = await Promise.all(ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')));
  return lines.filter((line, index) => `${line}${folders[index]}`.includes(join(folder, 'migrate-lambda-home-'))).length;
}

test('Ctrl-C ends both sides, and nothing is concluded', async () => {
  const folder = await copyInput('sam-rest');
  await linkDependencies(folder);
  const temporary = await temporaryFolder();
  const child = spawn(process.execPath, [cli, 'verify', folder, '--yes', '--json', '--runs', '9999'], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  for (let tries = 0; tries < 1200 && (await running(temporary)) < 2; tries++) await sleep(50);
  await sleep(300);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).not.toBe(0);
  expect(code).not.toBe(1);
  expect(printed).not.toContain('"different"');
  for (let tries = 0; tries < 40 && (await running(temporary)) > 0; tries++) await sleep(50);
  expect(await running(temporary)).toBe(0);
});

test('without a terminal nothing is run unless --yes says so', async () => {
  const folder = await copyInput('plain-commonjs');
  const { code, stdout } = await runCli(['verify', folder, '--json']);
  expect(code).toBe(2);
  expect(expectDocument(stdout, 'verify')).toMatchObject({ functions: [], error: { advice: 'Give --yes when you trust it.' } });
});
