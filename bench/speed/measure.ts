import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Figure {
  seconds: number;
  /** Highest sum over the process and its descendants (MiB); NaN where there is no /proc. */
  memory: number;
}

/** How often memory is looked at (ms): a peak that is shorter may be missed, more often would slow down what is measured. */
const samplingPause = 100;

/**
 * Runs node with the arguments: wall time from start to exit, and the peak memory of the whole process tree. Worker threads are part of
 * their process; of what processes share, each counts its part (PSS).
 *
 * @param accepted exit codes that are no failure
 */
export function measure(
  args: readonly string[],
  { input = '', accepted = [0] }: { input?: string; accepted?: readonly number[] } = {},
): Promise<Figure> {
  return new Promise((done, fail) => {
    const begin = process.hrtime.bigint();
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    let memory = Number.NaN;
    const sample = () => {
      const now = child.pid === undefined ? Number.NaN : treeMemory(child.pid);
      if (!(now <= memory)) memory = now;
    };
    const timer = setInterval(sample, samplingPause);
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
      if (code === null || !accepted.includes(code)) fail(new Error(`node ${args[0]} ended with ${code}\n${errors.slice(0, 2000)}`));
      else done({ seconds, memory });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function treeMemory(root: number): number {
  try {
    return treeOf(root).reduce((sum, pid) => sum + proportionalMemory(pid), 0) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The process and its descendants. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** 0 for a process that has ended meanwhile. */
function parentOf(pid: string): number {
  try {
    // The name in parentheses may hold spaces: the fields are counted from behind it.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return 0;
  }
}

/** KiB; 0 for a process that has ended meanwhile. */
function proportionalMemory(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
