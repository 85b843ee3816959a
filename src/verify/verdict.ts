import type { Difference } from './compare.js';
import type { UnansweredCalls } from './outside/unanswered.js';
import type { ComparisonRule } from './rules.js';

/** A request or message that the two sides answered differently, as small as it could be made. */
export interface Finding {
  /** What it looks for: `GET, an encoded path`. */
  name: string;
  /** The request as text: request line, headers, body; or messages; or the event. */
  request: string;
  differences: Difference[];
}

export interface FunctionVerdict {
  /** Definition file of its project. */
  definition: string;
  function: string;
  verdict: 'equal' | 'different' | 'not-comparable';
  /** Requests, batches and runs that were compared. */
  compared: number;
  /** `not-comparable`: why; `different`: what when it is no single request. */
  because?: string | undefined;
  findings: Finding[];
}

export interface VerifyResult {
  functions: FunctionVerdict[];
  /** Rules that made something equal. */
  rules: ComparisonRule[];
  seed: number;
  /** Calls to the outside that had no answer, in the format of recordings. */
  unanswered: UnansweredCalls;
}
