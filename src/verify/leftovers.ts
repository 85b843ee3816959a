/** What must not outlive this process, however it ends: processes, containers, folders. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const undos = new Set<() => void>();

let watching = false;
let interrupted = false;

/** True after Ctrl-C, a hang-up or a request to end: nothing new may be started. */
export function isInterrupted(): boolean {
  return interrupted;
}

/**
 * Has something undone when this process is told to end, or ends. `undo` is synchronous and may run more than once.
 * @returns forgets it: it was undone in time
 */
export function onEnd(undo: () => void): () => void {
  watch();
  undos.add(undo);
  return () => void undos.delete(undo);
}

/** A temporary folder that is gone at the end in any case. */
export async function temporaryFolder(prefix: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const forget = onLastEnd(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      forget();
    },
  };
}

const lastUndos = new Set<() => void>();

/** Only when the process really ends: what still runs may need it until then. */
function onLastEnd(undo: () => void): () => void {
  watch();
  lastUndos.add(undo);
  return () => void lastUndos.delete(undo);
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', undoAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interrupted = true;
      undoEach(undos);
      if (process.listenerCount(signal) > 0) return;
      undoAll();
      process.kill(process.pid, signal);
    });
  }
}

function undoAll(): void {
  undoEach(undos);
  undoEach(lastUndos);
}

/** Newest first: containers before the image that they were made of. */
function undoEach(all: ReadonlySet<() => void>): void {
  for (const undo of [...all].reverse()) {
    try {
      undo();
    } catch {
      // The others must be undone all the same.
    }
  }
}
