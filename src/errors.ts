/**
 * An error the user can mend: what happened, where, and what to do next. Commands print it without a stack and exit with
 * code 2; anything else keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    /** What to do next, one sentence. */
    readonly advice: string,
    /** File (and line) it is about, relative to the folder given. */
    readonly place?: string,
  ) {
    super(message);
  }
}
