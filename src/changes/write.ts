import { existsSync, lstatSync, statSync } from 'node:fs';
import { chmod, chown, copyFile, link, mkdir, rename, rmdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.js';
import { parentOf, type Repository } from '../project/repository.js';
import type { Change } from './change-set.js';
import { writeFailure } from './failures.js';
import { guardCommitted, guardFiles } from './guards.js';
import { hashOf, type Journal, type JournalEntry, type Manifest, newJournal, syncFolder, writeDurably } from './journal.js';
import { besideName, guardInterrupted, putBack } from './undo.js';

export interface WriteOptions {
  /** Write although git shows uncommitted changes. */
  allowDirty?: boolean | undefined;
  /** Stops the write; what was written is put back. */
  signal?: AbortSignal | undefined;
}

export interface WriteResult {
  /** Files written. */
  files: number;
  /** False when no git work tree holds the folder: only `undo` brings the files back. */
  inGit: boolean;
}

/**
 * Writes all changes or none. New contents are staged in the journal first, so that a full disk is met before any file of the
 * user is touched; then each file is put in place at once. Killed at any point, `undo` or the next write puts everything back.
 * @throws UserError when it cannot be done; every file is then as it was.
 */
export async function writeChanges(repository: Repository, changes: readonly Change[], options: WriteOptions = {}): Promise<WriteResult> {
  if (changes.length === 0) return { files: 0, inGit: true };
  guardInterrupted(repository.root);
  const inGit = options.allowDirty === true || (await guardCommitted(repository));
  guardFiles(repository, changes);
  const journal = newJournal(repository.root);
  const { entries, folders } = entriesOf(repository, changes);
  const manifest: Manifest = { version: 1, state: 'writing', pid: process.pid, host: hostname(), entries, folders };
  const progress: Progress = { file: '' };
  try {
    await prepare(repository, journal, entries, changes, progress, options.signal);
    await journal.save(manifest);
    for (const [index, entry] of entries.entries()) {
      options.signal?.throwIfAborted();
      progress.file = entry.path;
      await putInPlace(repository, journal, entry, index);
    }
    await Promise.all([...new Set(entries.map(({ path }) => dirname(repository.absolute(path))))].filter(existsSync).map(syncFolder));
    await journal.save({ ...manifest, state: 'done' });
  } catch (error) {
    await rollBack(repository, journal, manifest, explained(error, progress.file));
  }
  await journal.dropStaged();
  return { files: entries.length, inGit };
}

/** What is being written, for the message when it fails. */
interface Progress {
  file: string;
}

function entriesOf(repository: Repository, changes: readonly Change[]): { entries: JournalEntry[]; folders: string[] } {
  const entries = changes.map(({ path, kind, before, after }) => ({
    path,
    kind,
    before: before === null ? null : hashOf(before),
    after: after === null ? null : hashOf(after),
  }));
  const folders = new Set<string>();
  for (const { path, kind } of entries) {
    if (kind !== 'create') continue;
    for (let at = parentOf(path); at !== '' && !existsSync(repository.absolute(at)); at = parentOf(at)) folders.add(at);
  }
  return { entries, folders: [...folders].sort() };
}

/** Files staged at a time. */
const staging = 16;

async function prepare(
  repository: Repository,
  journal: Journal,
  entries: readonly JournalEntry[],
  changes: readonly Change[],
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  await journal.create();
  for (let start = 0; start < entries.length; start += staging) {
    signal?.throwIfAborted();
    const batch = entries.slice(start, start + staging).map((entry, offset) => ({ entry, index: start + offset }));
    await Promise.all(
      batch.map(async ({ entry, index }) => {
        const after = changes[index]?.after;
        try {
          if (after !== null && after !== undefined) await writeDurably(journal.staged(index), after);
          if (entry.kind !== 'create') await keepOriginal(repository, journal, entry, index);
        } catch (error) {
          progress.file ||= entry.path;
          throw error;
        }
      }),
    );
  }
  await Promise.all(['before', 'after'].map((name) => syncFolder(join(journal.folder, name))));
}

/** The original itself is kept (a second link to it), which needs no space and keeps its mode and times; else a copy. */
async function keepOriginal(repository: Repository, journal: Journal, { path, kind }: JournalEntry, index: number): Promise<void> {
  const file = repository.absolute(path);
  const stats = statSync(file);
  try {
    await link(file, journal.original(index));
  } catch {
    await copyFile(file, journal.original(index));
    await chmod(journal.original(index), stats.mode);
  }
  if (kind !== 'modify') return;
  await chmod(journal.staged(index), stats.mode);
  if (process.getuid?.() === 0) await chown(journal.staged(index), stats.uid, stats.gid);
}

async function putInPlace(repository: Repository, journal: Journal, { path, kind }: JournalEntry, index: number): Promise<void> {
  const file = repository.absolute(path);
  if (kind === 'delete') {
    await unlink(file);
    await removeEmptyFolders(repository, parentOf(path));
    return;
  }
  if (kind === 'create') {
    await mkdir(dirname(file), { recursive: true });
    if (lstatSync(file, { throwIfNoEntry: false }))
      throw new UserError(`${path} was created by somebody else meanwhile`, 'Run the command again.', path);
  }
  try {
    await rename(journal.staged(index), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(journal.staged(index), besideName(file));
    await chmod(besideName(file), statSync(journal.staged(index)).mode);
    await rename(besideName(file), file);
  }
}

/** As git does after a deletion. */
async function removeEmptyFolders(repository: Repository, folder: string): Promise<void> {
  for (let at = folder; at !== ''; at = parentOf(at)) {
    try {
      await rmdir(repository.absolute(at));
    } catch {
      return;
    }
  }
}

async function rollBack(repository: Repository, journal: Journal, manifest: Manifest, cause: UserError): Promise<never> {
  try {
    await putBack(repository.root, journal, manifest);
    await journal.remove();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${cause.message}; putting the files back failed too (${reason})`,
      'Run "migrate-lambda undo" on the folder.',
      cause.place,
    );
  }
  throw cause;
}

/** One message that names the file, or the journal when no file was reached. */
function explained(error: unknown, file: string): UserError {
  const [subject, place] = file === '' ? ['The journal of the write', undefined] : [file, file];
  return writeFailure(error, subject, 'Every file is as it was.', place);
}
