import { existsSync, realpathSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { copyTree } from '../changes/copy-out.js';
import { UserError } from '../errors.js';
import { git, gitTopLevel, uncommittedFiles } from '../git.js';
import type { ListEntry } from './list.js';

export interface Checkout {
  /** Top level of the clone. */
  clone: string;
  /** Folder in it to migrate: '' is the top level. */
  folder: string;
  /** What a person should know about it. */
  notes: string[];
}

/**
 * A fresh clone of one entry. A local folder is cloned as well, never touched; one that is under no git is copied into a
 * repository of its own. The clone grows under another name, so that a folder of that name is a whole one.
 * @throws UserError, GitError when there is nothing to clone or git fails.
 */
export async function checkOut(entry: ListEntry, clone: string, signal: AbortSignal | undefined): Promise<Checkout> {
  const growing = `${clone}.new`;
  await rm(growing, { recursive: true, force: true });
  await rm(clone, { recursive: true, force: true });
  await mkdir(dirname(clone), { recursive: true });
  const { folder, notes } =
    entry.source.kind === 'url'
      ? await cloneUrl(entry, entry.source.url, growing, signal)
      : await cloneFolder(entry, entry.source.folder, growing, signal);
  await rename(growing, clone);
  return { clone, folder, notes };
}

type Part = Pick<Checkout, 'folder' | 'notes'>;

async function cloneUrl({ from }: ListEntry, url: string, growing: string, signal: AbortSignal | undefined): Promise<Part> {
  await gitClone(url, from, growing, signal);
  return { folder: '', notes: [] };
}

async function gitClone(source: string, from: string | undefined, growing: string, signal: AbortSignal | undefined): Promise<void> {
  const branch = from === undefined ? [] : [`--branch=${from}`];
  await git(dirname(growing), ['clone', '--quiet', '--no-recurse-submodules', ...branch, '--', source, growing], { signal });
}

async function cloneFolder({ from }: ListEntry, given: string, growing: string, signal: AbortSignal | undefined): Promise<Part> {
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) throw new UserError(`There is no folder ${given}`, 'Correct the list.');
  const folder = realpathSync(given);
  const top = gitTopLevel(folder);
  if (top === undefined) return copyFolder(folder, from, growing, signal);
  await gitClone(top, from, growing, signal);
  const below = relative(top, folder).split(sep).join('/');
  if (below !== '' && !existsSync(`${growing}/${below}`)) throw new UserError(`git does not hold the folder ${given}`, 'Commit it first.');
  const uncommitted = (await uncommittedFiles(folder)) ?? [];
  const notes = uncommitted.length === 0 ? [] : [`uncommitted changes of the folder are not part of the clone (${uncommitted.length})`];
  return { folder: below, notes };
}

async function copyFolder(folder: string, from: string | undefined, growing: string, signal: AbortSignal | undefined): Promise<Part> {
  if (from !== undefined) throw new UserError(`${folder} is under no git, so it has no branch ${from}`, 'Leave the branch out.');
  await copyTree(folder, growing, signal);
  await git(growing, ['init', '--quiet'], { signal });
  await git(growing, ['add', '--all', '--', '.'], { signal });
  await commit(growing, 'chore: the folder as it was found', signal);
  return { folder: '', notes: ['the folder is under no git: it was copied'] };
}

/** Commits what is staged, with the user's name or, where git knows none, with the tool's. */
export async function commit(folder: string, message: string, signal: AbortSignal | undefined): Promise<string> {
  const known = await git(folder, ['config', 'user.email'], { signal }).catch(() => '');
  const named = known.trim() !== '' || process.env['GIT_AUTHOR_EMAIL'] !== undefined;
  const who = named ? [] : ['-c', 'user.name=migrate-lambda', '-c', 'user.email=migrate-lambda@localhost'];
  await git(folder, [...who, 'commit', '--quiet', '--no-verify', '--no-gpg-sign', '--allow-empty', `--message=${message}`], { signal });
  return (await git(folder, ['rev-parse', 'HEAD'], { signal })).trim();
}
