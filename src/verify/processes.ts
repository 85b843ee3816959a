import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isInterrupted, onEnd } from './leftovers.js';

/** A process of the user's code: in a group of its own, without our environment, gone when we are. */
export interface GuardedProcess {
  readonly pid: number;
  /** Settles when it has ended: exit code, or the signal that ended it. */
  readonly ended: Promise<Ending>;
  /** Its output so far, cut in the middle when it is long. */
  log(): string;
  /** Ends it: SIGTERM first when a grace period is given, SIGKILL for it and everything it started after that. */
  stop(graceSeconds?: number): Promise<Ending>;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  cwd: string;
  /** The whole environment: nothing is inherited. */
  environment: Record<string, string>;
  /** How a program that cleans up after itself is asked to end on Ctrl-C; without it, it is killed. */
  interrupt?: (pid: number) => void;
}

/** Characters of a log that are kept from its beginning and from its end. */
const logPart = 64 * 1024;

/**
 * Starts a program of the user's.
 * @throws Error when it cannot be started at all, or this process was told to end.
 */
export async function startProcess(program: string, args: readonly string[], options: ProcessOptions): Promise<GuardedProcess> {
  if (isInterrupted()) throw new Error('interrupted');
  const child = spawn(program, args, { cwd: options.cwd, env: options.environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const log = boundedLog();
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', log.stream());
  const { interrupt } = options;
  const forget = onEnd(() => (interrupt && child.pid !== undefined ? interrupt(child.pid) : killGroup(child)));
  const ended = endOf(child, forget);
  await once(child, 'spawn');
  return { pid: child.pid as number, ended, log: log.text, stop: (grace = 0) => stop(child, ended, grace) };
}

/** The group may outlive its leader, so it is killed at the end in any case. */
function endOf(child: ChildProcess, forget: () => void): Promise<Ending> {
  return new Promise((resolve) => {
    child.on('error', () => {
      forget();
      resolve({ code: null, signal: null });
    });
    child.on('exit', (code, signal) => {
      killGroup(child);
      forget();
      resolve({ code, signal });
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<Ending>, graceSeconds: number): Promise<Ending> {
  if (child.exitCode === null && child.signalCode === null && graceSeconds > 0) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => killGroup(child), graceSeconds * 1000);
    await ended;
    clearTimeout(timer);
  }
  killGroup(child);
  return ended;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

/** Lines of several streams stay whole. */
function boundedLog(): { stream: () => (chunk: string) => void; text: () => string } {
  let head = '';
  let tail = '';
  let dropped = 0;
  const open: { line: string }[] = [];
  const add = (text: string) => {
    const room = Math.max(logPart - head.length, 0);
    head += text.slice(0, room);
    tail += text.slice(room);
    if (tail.length > 2 * logPart) {
      dropped += tail.length - logPart;
      tail = tail.slice(-logPart);
    }
  };
  return {
    stream: () => {
      const own = { line: '' };
      open.push(own);
      return (chunk) => {
        const end = chunk.lastIndexOf('\n') + 1;
        if (end > 0) add(own.line + chunk.slice(0, end));
        own.line = (end > 0 ? '' : own.line) + chunk.slice(end);
        if (own.line.length <= logPart) return;
        add(own.line);
        own.line = '';
      };
    },
    text: () => {
      const rest = open.map(({ line }) => line).join('');
      return `${dropped === 0 ? head + tail : `${head}\n… ${dropped} characters left out …\n${tail}`}${rest}`;
    },
  };
}
