import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * How to reach a container engine: either a shell file with the functions `ct_build`, `ct_run` and `ct_podman`
 * (environment variable MIGRATE_LAMBDA_CONTAINERS), or a Docker or podman on the PATH that has the base image.
 */
export interface Engine {
  build(tag: string, folder: string, dockerfile: string): Promise<void>;
  /** Starts a container in the background, read-only, with a writable /tmp, on the host's network. */
  start(name: string, image: string, env: Record<string, string>, command?: string[]): Promise<void>;
  /** Runs a container to its end and gives the exit code and output. */
  run(image: string, env: Record<string, string>, command: string[]): Promise<{ code: number; output: string }>;
  logs(name: string): Promise<string>;
  signal(name: string, signal: string): Promise<void>;
  /** Exit code once it has ended. */
  wait(name: string): Promise<number>;
  user(name: string): Promise<string>;
  remove(name: string): Promise<void>;
}

/** The engine of this machine, or undefined when there is none with the base image: then container tests are skipped. */
export function findEngine(): Engine | undefined {
  const shell = process.env['MIGRATE_LAMBDA_CONTAINERS'];
  if (shell && existsSync(shell))
    return engine((words) => [
      'bash',
      [
        '-c',
        `. "$0"; ${words[0] === 'build' ? 'ct_build' : words[0] === 'run' ? 'ct_run' : 'ct_podman'} "$@"`,
        shell,
        ...(words[0] === 'build' || words[0] === 'run' ? words.slice(1) : words),
      ],
    ]);
  for (const program of ['docker', 'podman']) {
    if (canRun(program)) return engine((words) => [program, words[0] === 'run' ? ['run', '--network=host', ...words.slice(1)] : words]);
  }
  return undefined;
}

/** True when the program has the base image and may run it: being installed is not enough. */
function canRun(program: string): boolean {
  const works = (...args: string[]) => spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 }).status === 0;
  return works('image', 'inspect', 'node:22-slim') && works('run', '--rm', '--network=host', 'node:22-slim', 'node', '-e', '0');
}

function engine(commandOf: (words: string[]) => [string, string[]]): Engine {
  const call = async (...words: string[]) => {
    const [program, args] = commandOf(words);
    return run(program, args, { maxBuffer: 64 * 1024 * 1024 });
  };
  const hardened = (env: Record<string, string>) => [
    '--read-only',
    '--tmpfs',
    '/tmp:rw,mode=1777',
    ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
  ];
  return {
    build: async (tag, folder, dockerfile) => void (await call('build', '-t', tag, '-f', dockerfile, folder)),
    start: async (name, image, env, command = []) => void (await call('run', '-d', '--name', name, ...hardened(env), image, ...command)),
    run: async (image, env, command) => {
      try {
        const { stdout, stderr } = await call('run', '--rm', ...hardened(env), image, ...command);
        return { code: 0, output: stdout + stderr };
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, output: stdout + stderr };
      }
    },
    logs: async (name) => {
      const { stdout, stderr } = await call('logs', name);
      return stdout + stderr;
    },
    signal: async (name, signal) => void (await call('kill', '--signal', signal, name)),
    wait: async (name) => Number((await call('wait', name)).stdout.trim()),
    user: async (name) => (await call('exec', name, 'node', '-p', 'process.getuid()')).stdout.trim(),
    remove: async (name) => void (await call('rm', '-f', name).catch(() => undefined)),
  };
}

/** Waits until a URL answers 200. */
export async function untilHealthy(url: string, seconds = 30): Promise<void> {
  for (let tries = 0; tries < seconds * 10; tries++) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(100);
  }
  throw new Error(`${url}/healthz did not answer 200 within ${seconds} s`);
}
