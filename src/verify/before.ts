import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../errors.js';
import { gitTopLevel } from '../git.js';
import { temporaryFolder } from './leftovers.js';

export interface BeforeFolder {
  folder: string;
  remove(): Promise<void>;
}

const run = promisify(execFile);

/**
 * The code before the migration: a folder as it is, or a git ref of the folder's repository in a temporary copy.
 * @throws UserError when it is neither.
 */
export async function openBefore(folder: string, before: string): Promise<BeforeFolder> {
  if (existsSync(before)) return { folder: resolve(before), remove: async () => undefined };
  const root = realpathSync(folder);
  const top = gitTopLevel(root);
  const advice = 'Give a folder, or a commit, branch or tag of the repository.';
  if (top === undefined || before.startsWith('-'))
    throw new UserError(`There is no folder ${before}, and ${folder} is not under git`, advice);
  const { folder: place, remove } = await temporaryFolder('migrate-lambda-before-');
  try {
    const [archive, tree] = [join(place, 'before.tar'), join(place, 'tree')];
    await run('git', ['-C', top, 'archive', '--format=tar', `--output=${archive}`, before]);
    await mkdir(tree);
    await run('tar', ['-xf', archive, '-C', tree]);
  } catch {
    await remove();
    throw new UserError(`${before} is neither a folder nor something that git knows`, advice);
  }
  const there = join(place, 'tree', relative(top, root));
  if (existsSync(there)) return { folder: there, remove };
  await remove();
  throw new UserError(
    `${before} has no folder ${relative(top, root)}`,
    'Give a ref in which the functions were there already, or their folder.',
  );
}
