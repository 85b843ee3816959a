import { statSync } from 'node:fs';
import { UserError } from '../errors.js';
import { Repository } from './repository.js';

/**
 * The folder that the user gave.
 * @throws UserError when there is no such folder or it cannot be read.
 */
export function openRepository(folder: string): Repository {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UserError(
      missing ? `There is no folder ${folder}` : `The folder ${folder} cannot be read`,
      'Give the folder that holds the Lambda project.',
    );
  }
  if (!isFolder) throw new UserError(`${folder} is a file, not a folder`, 'Give the folder that holds the Lambda project.');
  return new Repository(folder);
}
