/**
 * The contract of a transform that makes code safe for many requests at a time. It works on one hazard that `check` has found: either it
 * proves that the edit keeps what the code does for one request at a time, or it leaves everything as it is. Whether the hazard is gone
 * afterwards is not its own to say: the same analysis looks at the edited code (`mend-code.ts`).
 */

import type { TransformMeta } from '../../transforms/transform.js';
import type { Hazard } from '../analysis/concurrency/find-hazards.js';
import type { Trace } from '../analysis/concurrency/trace.js';
import type { Values } from '../analysis/values.js';

/** What a mend may know besides the hazard. */
export interface MendContext {
  values: Values;
  /** What the requests of every function do whose code may be edited. */
  traces: readonly Trace[];
  /** Files that other functions run too: there, only edits within one function are allowed. */
  sharedFiles: ReadonlySet<string>;
}

/** New texts by file. */
export type NewTexts = ReadonlyMap<string, string>;

export interface Mend {
  meta: TransformMeta;
  /** Codes of the hazards that it may mend. */
  codes: readonly string[];
  /** The edited files; null when it is not proven to be safe. */
  mend(hazard: Hazard, context: MendContext): NewTexts | null;
}
