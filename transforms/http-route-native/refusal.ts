import type { Node } from '../../src/analysis/syntax.js';

/** The handler is not understood; it is left as it is. `reason` completes "the handler is kept because …". */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly reason: string,
    /** What forced it; null: the handler as a whole. */
    readonly node: Node | null = null,
  ) {
    super(reason);
  }
}
