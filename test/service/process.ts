/** Runs a service in a process of its own, as its users do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export interface RunningProcess {
  port: number;
  child: ChildProcess;
  log(): string;
  /** JSON lines of the log. */
  lines(): Record<string, unknown>[];
  /** Exit code, or the signal that ended it. */
  exit: Promise<number | string | null>;
}

const folders: string[] = [];

export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** Bundles an entry (`source`, with the runtime as `./runtime/<name>`) and starts it. */
export async function start(source: string, env: Record<string, string> = {}): Promise<RunningProcess> {
  const { child, log, exit } = await launch(source, env);
  const listening = () => /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(log())?.[1];
  for (let tries = 0; listening() === undefined; tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`the service did not start:\n${log()}`);
    await new Promise((done) => setTimeout(done, 25));
  }
  const lines = () =>
    log()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { port: Number(listening()), child, log, lines, exit };
}

/** Starts an entry that may end by itself. */
export async function launch(source: string, env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'service-'));
  folders.push(folder);
  const runtime = resolve('templates/service');
  await writeFile(join(folder, 'entry.ts'), source.replaceAll('./runtime', runtime));
  await build({
    entryPoints: [join(folder, 'entry.ts')],
    outfile: join(folder, 'entry.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    nodePaths: [resolve('node_modules')],
  });
  const child = spawn(process.execPath, [join(folder, 'entry.cjs')], {
    env: { PATH: process.env['PATH'], AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null);
  return { child, log: () => log, exit };
}
