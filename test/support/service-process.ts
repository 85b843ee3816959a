import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runtimeFiles } from '../../src/producing/runtime.js';
import { repositoryRoot, temporaryFolder } from './fixtures.js';

export interface ServiceProcess {
  child: ChildProcess;
  port: number;
  /** Everything printed so far, as parsed JSON lines; other lines as `{ message }`. */
  lines(): { level?: string; message?: unknown; [field: string]: unknown }[];
  /** Exit code, or the signal's name. */
  exit: Promise<number | string>;
}

/** A folder with a service as it is generated in JavaScript: the entry file `main.mjs` and the runtime of a kind. */
export async function serviceFolder(kind: 'worker' | 'job', entry: string): Promise<string> {
  const folder = await temporaryFolder();
  const module = { language: 'javascript', syntax: 'esm', extension: '.mjs', importExtension: '.mjs', built: false } as const;
  await mkdir(join(folder, 'runtime'));
  await Promise.all(runtimeFiles({ kinds: [kind], module }).map(({ path, content }) => writeFile(join(folder, path), content)));
  await writeFile(join(folder, 'main.mjs'), entry);
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

/** Starts `main.mjs` of a folder as a process of its own. */
export async function startProcess(folder: string, env: Record<string, string>, args: string[] = []): Promise<ServiceProcess> {
  const port = await freePort();
  const { PATH } = process.env;
  const child = spawn(process.execPath, ['main.mjs', ...args], {
    cwd: folder,
    env: {
      ...(PATH !== undefined && { PATH }),
      PORT: String(port),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    child,
    port,
    lines: () => output.split('\n').filter(Boolean).map(parseLine),
    exit: new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? -1))),
  };
}

function parseLine(line: string): { message?: unknown } {
  try {
    return JSON.parse(line) as { message?: unknown };
  } catch {
    return { message: line };
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `get` gives something; what it gave. */
export async function until<T>(get: () => T | Promise<T>, seconds = 20): Promise<NonNullable<T>> {
  for (let tries = 0; tries < seconds * 20; tries++) {
    const value = await get();
    if (value) return value as NonNullable<T>;
    await sleep(50);
  }
  throw new Error(`nothing within ${seconds} s: ${get.toString()}`);
}
