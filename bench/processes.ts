/** Child processes that end, with all that they started, when their time is over or when this process ends. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string | undefined;
  env?: NodeJS.ProcessEnv | undefined;
  /** Seconds; 300 by default. */
  timeout?: number;
}

export interface Finished {
  /** 124 when its time was over. */
  code: number;
  stdout: string;
  /** Both streams as they came. */
  output: string;
}

/** A started process and what it has printed so far. */
export interface Started {
  child: ChildProcess;
  output(): string;
  end(): void;
}

/** What a program may print before the rest is dropped (characters): a report over a large folder is some 10 MB. */
const longestOutput = 200_000_000;

const running = new Set<ChildProcess>();

/** Leads a process group of its own, so that `end()` reaches its children too. */
export function start(program: string, args: readonly string[], { cwd, env = process.env }: RunOptions = {}): Started {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: string) => {
    if (output.length < longestOutput) output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  child.on('error', (error) => collect(String(error)));
  running.add(child);
  child.on('close', () => running.delete(child));
  return { child, output: () => output, end: () => endGroup(child) };
}

/** Runs a program to its end; an exit code other than 0 is an answer, not an error. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const { child, output, end } = start(program, args, options);
    let stdout = '';
    let isLate = false;
    child.stdout?.on('data', (chunk: string) => (stdout += chunk));
    const timer = setTimeout(
      () => {
        isLate = true;
        end();
      },
      (options.timeout ?? 300) * 1000,
    );
    const finish = (code: number) => {
      clearTimeout(timer);
      // What it left running in its group would go on for ever.
      end();
      resolve({ code: isLate ? 124 : code, stdout, output: output() });
    };
    child.on('error', () => finish(127));
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** Ends every process that is still running when this process ends; `cleanUp` is called too. */
export function endAllAtExit(cleanUp: () => void): void {
  process.on('exit', () => {
    for (const child of running) endGroup(child);
    cleanUp();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
