import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Finished, finish } from './corpus-tool.js';

/** How far a migrated project came. */
export interface BootResult {
  root: string;
  outcome: 'healthy' | 'install' | 'build' | 'start' | 'no-service';
  /** `none`: the project has no tsconfig.json or no TypeScript of its own. */
  types: 'ok' | 'errors' | 'none';
  detail: string;
}

interface Manifest {
  scripts?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Installs, builds and starts every web service of a migrated project, one after the other. */
export async function bootProject(folder: string, root: string): Promise<BootResult> {
  const manifest = readManifest(folder);
  const services = Object.keys(manifest.scripts ?? {}).filter((name) => /^start:web/.test(name));
  if (services.length === 0) return { root, outcome: 'no-service', types: 'none', detail: 'package.json has no start:web script' };
  const installed = await install(folder);
  if (installed.code !== 0) return { root, outcome: 'install', types: 'none', detail: lastLines(installed.stderr) };
  const types = await typeCheck(folder);
  const script = manifest.scripts?.['build:service'] ? 'build:service' : manifest.scripts?.['build'] ? 'build' : undefined;
  if (script) {
    const built = await finish('npm', ['run', script], { cwd: folder, timeout: 300_000 });
    if (built.code !== 0) return { root, outcome: 'build', types, detail: lastLines(built.stderr + built.stdout) };
  }
  for (const service of services) {
    const failure = await start(folder, service);
    if (failure) return { root, outcome: 'start', types, detail: `${service}: ${failure}` };
  }
  return { root, outcome: 'healthy', types, detail: services.join(' ') };
}

function readManifest(folder: string): Manifest {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
}

function install(folder: string): Promise<Finished> {
  return finish('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps'], { cwd: folder, timeout: 600_000 });
}

/** Type-checks the generated files with the project's own compiler and settings, when it has both. */
async function typeCheck(folder: string): Promise<BootResult['types']> {
  const config = ['service/tsconfig.json', 'tsconfig.json'].find((name) => existsSync(join(folder, name)));
  const compiler = join(folder, 'node_modules/.bin/tsc');
  if (!config || !existsSync(compiler)) return 'none';
  const { stdout } = await finish(compiler, ['--noEmit', '-p', config], { cwd: folder, timeout: 300_000 });
  return /^(\.\.\/)*service\//m.test(stdout) ? 'errors' : 'ok';
}

/** Starts one service; gives what went wrong, or undefined when `/healthz` answered 200. */
async function start(folder: string, service: string): Promise<string | undefined> {
  const port = await freePort();
  const child = spawn('npm', ['run', '--silent', service], {
    cwd: folder,
    env: {
      ...process.env,
      ...taskEnvironment(folder, service),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      PORT: String(port),
    },
    detached: true,
  });
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  try {
    for (let tries = 0; tries < 150; tries++) {
      if (child.exitCode !== null) return lastLines(log) || `exit code ${child.exitCode}`;
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      if (answer?.status === 200) return undefined;
      await sleep(200);
    }
    return `not healthy after 30 s: ${lastLines(log)}`;
  } finally {
    endGroup(child);
  }
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

function taskEnvironment(folder: string, service: string): Record<string, string> {
  const file = join(folder, 'deploy/ecs', `task-definition.${service.replace('start:', '')}.json`);
  if (!existsSync(file)) return {};
  const { containerDefinitions } = JSON.parse(readFileSync(file, 'utf8')) as {
    containerDefinitions: { environment?: { name: string; value: string }[] }[];
  };
  return Object.fromEntries((containerDefinitions[0]?.environment ?? []).map(({ name, value }) => [name, value]));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('npm notice'));
  const error = lines.find((line) => /error/i.test(line));
  return [error, ...lines.slice(-3)].filter(Boolean).join(' / ').slice(0, 400);
}
