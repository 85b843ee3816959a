import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../../errors.js';
import { type GuardedProcess, startProcess } from '../processes.js';
import { endBuildSteps } from './build-steps.js';

/** Docker or podman, as it is found. */
export interface Engine {
  readonly program: 'docker' | 'podman';
  /** Options of `run` that make this engine behave as the others do. */
  readonly runOptions: readonly string[];
  /** @throws Error when the command fails. */
  call(...words: string[]): Promise<string>;
  /** Starts a command of the engine; its output is the log. */
  start(...words: string[]): Promise<GuardedProcess>;
  /** Builds an image; an engine that is killed in the middle leaves half of it, so on Ctrl-C it is asked to end. */
  build(...words: string[]): Promise<GuardedProcess>;
  /** Removes containers, those that use the network of another first, and images: at once, without a word, also while this process ends. */
  removeNow(what: { containers?: readonly string[]; images?: readonly string[] }): void;
}

const engines = {
  docker: { alive: ['version', '--format', '{{.Server.Version}}'], runOptions: [], remove: ['rm', '-f'] },
  // podman puts a tmpfs on /run and /var/tmp of a read-only container; Docker and ECS do not.
  podman: { alive: ['info', '--format', '{{.Host.OS}}'], runOptions: ['--read-only-tmpfs=false'], remove: ['rm', '-f', '-t', '0'] },
} as const;

const run = promisify(execFile);

/**
 * The first engine of this machine that runs.
 * @throws UserError when there is none.
 */
export async function findEngine(): Promise<Engine> {
  const tried: string[] = [];
  for (const program of ['docker', 'podman'] as const) {
    try {
      await run(program, [...engines[program].alive], { timeout: 30_000 });
      return engineOf(program);
    } catch (error) {
      tried.push(`${program}: ${reasonOf(error)}`);
    }
  }
  throw new UserError(
    `--container needs Docker or podman, and neither runs here (${tried.join('; ')})`,
    'Install or start one, or leave out --container: then the services run as processes.',
  );
}

/** Ends a build so that the engine removes what it made of it. */
export function interruptBuild(pid: number): void {
  if (!endBuildSteps(pid)) process.kill(pid, 'SIGTERM');
}

function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message?: string };
  if (code === 'ENOENT') return 'not installed';
  return (stderr?.trim() || message || 'it does not answer').split('\n').at(-1)?.slice(0, 200) ?? '';
}

function engineOf(program: Engine['program']): Engine {
  const { runOptions, remove } = engines[program];
  // The engine is the user's own program: it needs the user's environment to find its server and its images.
  const options = { cwd: process.cwd(), environment: process.env as Record<string, string> };
  return {
    program,
    runOptions,
    call: async (...words) => (await run(program, words, { maxBuffer: 16 * 1024 * 1024 })).stdout.trim(),
    start: (...words) => startProcess(program, words, options),
    build: (...words) => startProcess(program, ['build', ...words], { ...options, interrupt: interruptBuild }),
    removeNow: ({ containers = [], images = [] }) => {
      if (containers.length > 0) insist(program, [...remove, ...containers]);
      if (images.length > 0) insist(program, ['rmi', '-f', ...images]);
    },
  };
}

/** A container that starts or ends at this moment may keep the engine from removing it: it is told again. */
function insist(program: string, words: readonly string[]): void {
  for (let tries = 0; tries < 5; tries++) {
    if (spawnSync(program, words, { stdio: 'ignore', timeout: 30_000 }).status === 0) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}
