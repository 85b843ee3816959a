import type { Dialect, ReadResult } from '../model.js';
import type { Repository } from '../repository.js';

/** Options of reading that the user can give. */
export interface ReadOptions {
  /** Stage/environment to resolve for (`--stage`); each dialect has its own default. */
  stage?: string | undefined;
  /** Overrides for template parameters and serverless `param:` values (`--param KEY=VALUE`). */
  parameters: Record<string, string>;
}

/**
 * One dialect. Never runs user code. A definition that cannot be read is one diagnostic with line and column, and the
 * reader returns the other projects. Add one: a file here, a line in `index.ts`, a fixture.
 */
export interface Reader {
  dialect: Dialect;
  /** Cheap test by path alone; `read` is then called with the file's text. */
  candidate(path: string): boolean;
  /** Cheap test on the text before any parse. */
  guard(text: string, path: string): boolean;
  read(repository: Repository, path: string, text: string, options: ReadOptions): Promise<ReadResult>;
}
