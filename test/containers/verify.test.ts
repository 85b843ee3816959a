import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { findEngine } from '../support/containers.js';
import { linkDependencies } from '../support/dependencies.js';
import { pathWithEngine } from '../support/engine-on-path.js';
import { cleanUp, cli, copyInput, repositoryRoot, runCli, temporaryFolder } from '../support/fixtures.js';

const found = findEngine();
const before = process.env['PATH'];

/** What is left of verify: containers and images. */
async function leftovers(): Promise<string[]> {
  const program = process.env['MIGRATE_LAMBDA_CONTAINERS'] ? 'podman' : 'docker';
  const lines = async (...words: string[]) => (await promisify(execFile)(program, words)).stdout.split('\n');
  const all = [...(await lines('ps', '-a', '--format', '{{.Names}}')), ...(await lines('images', '--format', '{{.Repository}}'))];
  return all.filter((name) => name.includes('migrate-lambda-verify-'));
}

describe.skipIf(!found)('verify with the built image', () => {
  beforeAll(async () => {
    process.env['PATH'] = await pathWithEngine();
  });
  afterEach(async () => expect(await leftovers()).toEqual([]));
  afterAll(async () => {
    process.env['PATH'] = before;
    await cleanUp();
  });

  it.each(['sam-rest', 'serverless-http-api', 'sam-sqs', 'serverless-schedule'])('%s answers as its functions did', async (fixture) => {
    const folder = await copyInput(fixture);
    const { functions } = await verify({ folder, container: true, install: linkDependencies, runs: 3 });
    expect(functions.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(functions.filter(({ verdict }) => verdict === 'equal').length).toBeGreaterThan(0);
  });

  it('catches a mistake, by the answer and by the calls of the image', async () => {
    const folder = join(repositoryRoot, 'fixtures/verify/projects/weather');
    const alter = async (migrated: string) => {
      const file = join(migrated, 'src/weather.js');
      await writeFile(file, (await readFile(file, 'utf8')).replace('/now?place=', '/later?place='));
    };
    const options = { folder, recordings: join(folder, 'recordings'), container: true, install: linkDependencies, runs: 1 };
    expect((await verify(options)).functions).toMatchObject([{ verdict: 'equal' }]);
    const { functions } = await verify({ ...options, alter });
    expect(functions).toMatchObject([{ verdict: 'different' }]);
    expect(functions[0]?.findings.flatMap(({ differences }) => differences.map(({ what }) => what))).toContain('calls');
  });

  it('runs without root, without a place to write and without a network', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'probe', version: '1.0.0', main: 'index.js', dependencies: {} }));
    await writeFile(
      join(folder, 'index.js'),
      `const { writeFileSync } = require('node:fs');
const { networkInterfaces } = require('node:os');
const attempt = () => { try { writeFileSync('probe.txt', ''); return 'written'; } catch (error) { return error.code; } };
const inContainer = process.env.NODE_OPTIONS !== undefined;
exports.handler = async () => ({ statusCode: 200, body: inContainer
  ? JSON.stringify([process.getuid() !== 0, attempt(), Object.keys(networkInterfaces())]) : JSON.stringify([true, 'EROFS', ['lo']]) });`,
    );
    await writeFile(
      join(folder, 'template.yaml'),
      `Transform: AWS::Serverless-2016-10-31
Resources:
  Probe:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Events:
        Read: { Type: HttpApi, Properties: { Path: /probe, Method: GET } }
`,
    );
    const { functions } = await verify({ folder, container: true, install: linkDependencies, runs: 1 });
    expect(functions).toMatchObject([{ verdict: 'equal' }]);
  });

  it.each(['building', 'running'])('Ctrl-C leaves nothing while it is %s', async (phase) => {
    const [before, folder] = [await copyInput('sam-rest'), await copyInput('sam-rest')];
    await linkDependencies(folder);
    await runCli([folder, '--write']);
    await linkDependencies(folder);
    const stamp = String(Date.now());
    // Whatever the engine has built before, this takes its time.
    if (phase === 'building') await appendFile(join(folder, 'Dockerfile'), `RUN echo ${stamp} && sleep 120\n`);
    const temporary = await temporaryFolder();
    const child = spawn(process.execPath, [cli, 'verify', folder, '--before', before, '--yes', '--container', '--runs', '9999'], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const isThere = async () =>
      phase === 'building' ? await isRunning(temporary) : (await leftovers()).some((name) => name.split('-').length > 5);
    for (let tries = 0; tries < 900 && child.exitCode === null && !(await isThere()); tries++) await sleep(100);
    await sleep(1000);
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(2);
    expect((await readdir(temporary)).filter((name) => name.startsWith('migrate-lambda-'))).toEqual([]);
    expect(await isRunning(temporary)).toBe(false);
    expect(await commandsOf(stamp)).toBe(0);
  });
});

/** Processes that a build started. */
async function commandsOf(stamp: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(`echo ${stamp}`)).length;
}

/** Whether a program works with a folder: a build, for one. */
async function isRunning(folder: string): Promise<boolean> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.some((line) => line.includes('build\0') && line.includes(folder));
}
