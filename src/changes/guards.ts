import { accessSync, constants, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors.js';
import { uncommittedFiles } from '../git.js';
import { Repository } from '../project/repository.js';
import type { Change } from './change-set.js';

/**
 * Refuses a tree with uncommitted changes.
 * @returns false when the folder is in no git work tree, so that only `undo` can bring files back.
 * @throws UserError naming the files.
 */
export async function guardCommitted(repository: Repository): Promise<boolean> {
  let files: string[] | undefined;
  try {
    files = await uncommittedFiles(repository.root);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).trim().split('\n')[0];
    throw new UserError(
      `git cannot tell whether the folder has uncommitted changes: ${reason}`,
      'Give --allow-dirty to write all the same.',
    );
  }
  if (files === undefined) return false;
  if (files.length > 0) {
    const shown = files.slice(0, 5).join(', ');
    const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
    throw new UserError(
      `git shows uncommitted changes: ${shown}${more}`,
      'Commit or stash them first, so that the migration stands alone, or give --allow-dirty.',
    );
  }
  return true;
}

/**
 * Refuses before anything is touched: a file changed since it was read, or a file or folder that must not be written.
 * @throws UserError naming the first such file.
 */
export function guardFiles(repository: Repository, changes: readonly Change[]): void {
  // The repository knows its folders as they were when it read them.
  const now = new Repository(repository.root);
  for (const change of changes) {
    guardUnchanged(now, change);
    guardWritable(now, change);
  }
}

function guardUnchanged(repository: Repository, { path, before }: Change): void {
  const absolute = repository.absolute(path);
  if (repository.resolve('', path) !== path) throw new UserError(`${path} leads out of the folder`, 'Remove the symbolic link.', path);
  if (before === null) {
    if (lstatSync(absolute, { throwIfNoEntry: false })) throw changed(path);
    return;
  }
  let content: Buffer;
  try {
    content = readFileSync(absolute);
  } catch {
    throw changed(path);
  }
  if (!content.equals(Buffer.from(before))) throw changed(path);
}

function changed(path: string): UserError {
  return new UserError(
    `${path} was changed by somebody else while the migration was prepared`,
    'Nothing was written. Run the command again.',
    path,
  );
}

/** Write-protected files and folders are refused by their mode too: the administrator could write them all the same. */
function guardWritable(repository: Repository, { path, kind }: Change): void {
  const absolute = repository.absolute(path);
  if (kind !== 'create' && !isWritable(absolute)) throw protectedAgainstWriting(path);
  let folder = dirname(absolute);
  while (!statSync(folder, { throwIfNoEntry: false })) folder = dirname(folder);
  if (!statSync(folder).isDirectory())
    throw new UserError(`${path} cannot be written: ${repository.relative(folder)} is a file`, 'Rename or remove it.', path);
  if (!isWritable(folder)) throw protectedAgainstWriting(path, repository.relative(folder) || '.');
}

function isWritable(absolute: string): boolean {
  if ((statSync(absolute).mode & 0o222) === 0) return false;
  try {
    accessSync(absolute, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function protectedAgainstWriting(path: string, folder?: string): UserError {
  const subject =
    folder === undefined ? `${path} is write-protected` : `${path} cannot be written: the folder ${folder} is write-protected`;
  return new UserError(subject, 'Nothing was written. Give yourself write permission and run the command again.', path);
}
