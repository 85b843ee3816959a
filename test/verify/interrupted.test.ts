import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
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

test("Ctrl-C while the project's own script builds ends the script, and leaves no folder", async () => {
  const folder = await temporaryFolder();
  const temporary = await temporaryFolder();
  const mark = join(temporary, 'building');
  const files = {
    'package.json': JSON.stringify({ name: 'slow', scripts: { build: 'node build.js' } }),
    'build.js': `require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(process.pid)); setInterval(() => {}, 1000);`,
    'serverless.yml':
      'service: slow\nprovider: { name: aws, runtime: nodejs20.x }\nfunctions: { a: { handler: a.b, events: [{ http: GET /a }] } }\n',
    'a.ts': "export const b = async () => ({ statusCode: 200, body: '' });\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await linkDependencies(folder);
  const child = spawn(process.execPath, [cli, 'verify', folder, '--yes'], { env: { ...process.env, TMPDIR: temporary }, stdio: 'ignore' });
  while (!existsSync(mark)) await sleep(50);
  child.kill('SIGINT');
  await once(child, 'exit');
  const builder = Number(await readFile(mark, 'utf8'));
  for (let tries = 0; tries < 40 && existsSync(`/proc/${builder}`); tries++) await sleep(50);
  expect(existsSync(`/proc/${builder}`)).toBe(false);
  expect(await readdir(temporary)).toEqual(['building']);
});

test('without a terminal nothing is run unless --yes says so', async () => {
  const folder = await copyInput('plain-commonjs');
  const { code, stdout } = await runCli(['verify', folder, '--json']);
  expect(code).toBe(2);
  expect(expectDocument(stdout, 'verify')).toMatchObject({ functions: [], error: { advice: 'Give --yes when you trust it.' } });
});
