import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A service started as its users start it. */
export interface RunningService {
  url: string;
  /** Everything it printed so far. */
  log(): string;
  /** Sends a signal (SIGTERM by default) and gives the exit code, or the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** A port of loopback that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The environment that a generated task definition gives its container, plus what Fargate and the caller add. */
export async function taskEnvironment(projectFolder: string, service: string): Promise<Record<string, string>> {
  const text = await readFile(join(projectFolder, `deploy/ecs/task-definition.${service}.json`), 'utf8');
  const definition = JSON.parse(text) as { containerDefinitions: { environment?: { name: string; value: string }[] }[] };
  const environment = definition.containerDefinitions[0]?.environment ?? [];
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

/** Runs a package.json script's command line and waits until `/healthz` answers 200. */
export async function startService(projectFolder: string, service: string, env: Record<string, string> = {}): Promise<RunningService> {
  const port = await freePort();
  const manifest = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const command = manifest.scripts[`start:${service}`];
  if (!command) throw new Error(`no script start:${service}`);
  const [program = '', ...args] = command.split(' ');
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: projectFolder,
    env: {
      PATH: process.env['PATH'],
      ...(await taskEnvironment(projectFolder, service)),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...env,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child, () => log);
  return { url, log: () => log, stop: (signal = 'SIGTERM') => end(child, signal) };
}

async function healthy(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the service did not become healthy:\n${log()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode ?? child.signalCode;
}
