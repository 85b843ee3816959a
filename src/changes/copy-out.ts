import { constants, existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { UserError } from '../errors.js';
import type { Repository } from '../project/repository.js';
import type { Change } from './change-set.js';
import { writeFailure } from './failures.js';
import { stateFolder } from './journal.js';

/** Never copied: what an install, git or we ourselves made. */
const leftOut = new Set(['node_modules', '.git', stateFolder]);

/**
 * Writes a migrated copy of a folder elsewhere: every file but dependencies and git's own, with the changes in place. The copy
 * grows under another name beside its place, so that it is there whole or not at all; the source is only read.
 * @throws UserError when the place is taken or inside the source, or the copy cannot be written.
 */
export async function writeCopy(
  repository: Repository,
  changes: readonly Change[],
  out: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const target = resolve(out);
  guardTarget(repository, target);
  let made: string | undefined;
  let growing: string | undefined;
  try {
    made = await mkdir(dirname(target), { recursive: true });
    growing = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    await copyTree(repository.root, growing, options.signal);
    for (const change of changes) await applyTo(growing, change);
    await chmod(growing, statSync(repository.root).mode);
    await moveTo(growing, target);
  } catch (error) {
    if (growing !== undefined) await rm(growing, { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw writeFailure(error, out, 'Nothing is left of the copy, and the source was not touched.');
  }
}

function guardTarget(repository: Repository, target: string): void {
  const advice = 'Give a folder that is new or empty, outside the folder to migrate.';
  const stats = statSync(target, { throwIfNoEntry: false }) ?? lstatSync(target, { throwIfNoEntry: false });
  if (stats && !stats.isDirectory()) throw new UserError(`${target} is not a folder`, advice);
  const real = realPath(target);
  if (real === repository.root || real.startsWith(repository.root + sep))
    throw new UserError(`${target} lies inside the folder to migrate`, advice);
  if (stats && readdirSync(target).length > 0) throw new UserError(`The folder ${target} is not empty`, advice);
}

/** Links resolved, also of a path that is not there yet. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
}

/**
 * Copies a folder without {@link leftOut}: links stay links, modes stay, and what is no file (a socket, a pipe) is left out.
 */
export async function copyTree(from: string, to: string, signal?: AbortSignal | undefined): Promise<void> {
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => {
      signal?.throwIfAborted();
      if (source !== from && leftOut.has(basename(source))) return false;
      const stats = lstatSync(source);
      return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
    },
  });
}

async function applyTo(copy: string, change: Change): Promise<void> {
  const file = join(copy, change.path);
  guardUnchanged(file, change);
  if (change.after === null) return rm(file);
  await mkdir(dirname(file), { recursive: true });
  const mode = change.before === null ? undefined : statSync(file).mode;
  // A new file, not the old one rewritten: it may be write-protected.
  await rm(file, { force: true });
  await writeFile(file, change.after);
  if (mode !== undefined) await chmod(file, mode);
}

function guardUnchanged(file: string, { path, before }: Change): void {
  const content = existsSync(file) ? readFileSync(file) : null;
  const same = before === null ? content === null : content?.equals(Buffer.from(before));
  if (same !== true)
    throw new UserError(`${path} was changed by somebody else while the migration was prepared`, 'Run the command again.', path);
}

/** An empty folder stays the one it is (a mount point, the working folder of a shell). */
async function moveTo(growing: string, target: string): Promise<void> {
  if (!existsSync(target)) return rename(growing, target);
  for (const name of await readdir(growing)) await rename(join(growing, name), join(target, name));
  await rm(growing, { recursive: true });
}
