import { UserError } from '../errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'a folder of that name is in the way',
  ENOTDIR: 'a file stands where a folder is needed',
  EMFILE: 'too many files are open',
};

/**
 * A failed write as one message that names what could not be written and what state everything is in now; the failure itself
 * stays as its cause.
 */
export function writeFailure(error: unknown, subject: string, state: string, place?: string): UserError {
  if (error instanceof UserError) return error;
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return new UserError(`Interrupted. ${state}`, 'Run the command again when you are ready.');
  const reason = code === undefined ? message : (reasons[code] ?? message);
  const failure = new UserError(`${subject} could not be written: ${reason}`, `${state} Mend that and run the command again.`, place);
  failure.cause = error;
  return failure;
}
