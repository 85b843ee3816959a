import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Ends the commands that a build runs: processes below the engine's, in a process namespace of their own. podman then fails the
 * build and removes what it made of it; told to end itself, it leaves both the commands and their container behind.
 * @returns false when there are none: between two steps, with Docker, whose server runs them, or without /proc
 */
export function endBuildSteps(enginePid: number): boolean {
  const own = namespaceOf(process.pid);
  // Of another user's process the namespace cannot be read: the engine's own processes have its user.
  const steps = own === undefined ? [] : descendants(enginePid).filter((pid) => namespaceOf(pid) !== own);
  for (const pid of steps) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  return steps.length > 0;
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of processNames()) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

function processNames(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** The second field after the name, which may itself hold spaces and brackets. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined;
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
