import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.js';
import { hashOf, isAtWork, type Journal, type JournalEntry, lastJournal, type Manifest } from './journal.js';

export interface UndoResult {
  /** Files put back or taken away. */
  files: number;
  /** True when the write had been interrupted. */
  interrupted: boolean;
  /** True when an earlier write can be undone too. */
  more: boolean;
}

/**
 * Puts every file back as it was before the last write of a folder.
 * @throws UserError when there is nothing to undo, or when files were changed since (unless `force`).
 */
export async function undo(root: string, options: { force?: boolean | undefined } = {}): Promise<UndoResult> {
  const journal = lastJournal(root);
  if (!journal)
    throw new UserError('There is nothing to undo in this folder', 'Give the folder that was migrated: migrate-lambda undo <folder>.');
  const manifest = journal.manifest();
  if (!manifest) {
    await journal.remove();
    return { files: 0, interrupted: true, more: lastJournal(root) !== undefined };
  }
  if (isAtWork(manifest) && !options.force) throw atWork(manifest);
  const changed = manifest.entries.filter((entry) => !isOurs(root, entry)).map(({ path }) => path);
  if (changed.length > 0 && !options.force) {
    const more = changed.length > 5 ? ` and ${changed.length - 5} more` : '';
    throw new UserError(
      `Changed since the write: ${changed.slice(0, 5).join(', ')}${more}`,
      'Nothing was put back. Save your own changes elsewhere, then give --force to lose them here.',
      changed[0],
    );
  }
  const files = await putBack(root, journal, manifest);
  await journal.remove();
  return { files, interrupted: manifest.state === 'writing', more: lastJournal(root) !== undefined };
}

/**
 * Refuses to go on over a write that was interrupted; a journal that had touched no file yet is no obstacle.
 * @throws UserError saying how to put things right.
 */
export function guardInterrupted(root: string): void {
  const manifest = lastJournal(root)?.manifest();
  if (manifest?.state !== 'writing') return;
  if (isAtWork(manifest)) throw atWork(manifest);
  throw new UserError('The last write of this folder was interrupted', 'Run "migrate-lambda undo" on the folder: it puts every file back.');
}

function atWork({ pid }: Manifest): UserError {
  return new UserError(
    `Another migrate-lambda is writing to this folder (process ${pid})`,
    'Wait until it has ended. If it has, give "migrate-lambda undo --force".',
  );
}

/** True when the file is as the write found it or left it, or, created by the write, was removed. */
function isOurs(root: string, { path, before, after }: JournalEntry): boolean {
  const now = hashOfFile(join(root, path));
  return now === null ? before === null || after === null : now === before || now === after;
}

function hashOfFile(file: string): string | null {
  try {
    return hashOf(readFileSync(file));
  } catch {
    return null;
  }
}

/** Brings back every file of a journal, last first. Can be repeated when it was interrupted itself. */
export async function putBack(root: string, journal: Journal, manifest: Manifest): Promise<number> {
  let files = 0;
  for (const [index, entry] of [...manifest.entries.entries()].reverse()) {
    const file = join(root, entry.path);
    await rm(besideName(file), { force: true });
    const now = hashOfFile(file);
    if (now === entry.before) continue;
    if (entry.kind === 'create') {
      // Before the manifest was saved nothing of ours can stand here.
      if (existsSync(join(journal.folder, 'manifest.json'))) await rm(file, { force: true });
    } else if (hashOfFile(journal.original(index)) === entry.before) await restore(journal.original(index), file);
    files++;
  }
  for (const folder of [...manifest.folders].reverse()) await rmdir(join(root, folder)).catch(() => undefined);
  return files;
}

async function restore(original: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await rename(original, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(original, besideName(file));
    await rename(besideName(file), file);
  }
}

/** Name of a new file beside the one it replaces; only used where a folder lies on another disk than the journal. */
export function besideName(file: string): string {
  return `${file}.migrate-lambda-new`;
}
