import type { CommandName, FlagValues } from '../options.js';

/** Everything a command may do to the outside. `cli.ts` makes the real one; commands never print by themselves. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** A person sits at both ends: questions may be asked. */
  interactive: boolean;
  /** Colours on standard output. */
  colors: boolean;
  /** Width to wrap at; undefined when the output is no terminal. */
  columns: number | undefined;
  /** Progress on standard error: a line that is rewritten in a terminal, now and then a line elsewhere. */
  progress(text: string | undefined): void;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

export interface CommandInput<C extends CommandName> {
  argument: string | undefined;
  /** Arguments after the first; only commands whose `arguments` end with `…` get any. */
  more: readonly string[];
  flags: FlagValues<C>;
  terminal: Terminal;
}

/**
 * A command's run; gives the exit code.
 * @throws UserError when it cannot run: exit code 2.
 */
export type Command<C extends CommandName> = (input: CommandInput<C>) => Promise<number>;
