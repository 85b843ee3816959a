/** How much a finding matters: `error` stops a function, `warning` leaves work for a person, `info` only tells. */
export type Severity = 'error' | 'warning' | 'info';

/** Where something stands: file relative to the repository root with `/`, line and column from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
}

/**
 * A finding as data. The sentence is made from `code` and `args` in one place ({@link explain} in `catalog.ts`), so the
 * terminal, the JSON document and MIGRATION.md always say the same.
 */
export interface Diagnostic extends Partial<Place> {
  code: DiagnosticCode;
  severity: Severity;
  /** Values for the sentence; never a secret. */
  args: Readonly<Record<string, string | number>>;
  /** Id of the function it is about, when it is about one. */
  function?: string;
}

/** A stable word in capitals, listed in the catalogue. */
type DiagnosticCode = string;

/** What the catalogue holds for one code. `{name}` in message and advice is filled from the diagnostic's args. */
export interface DiagnosticEntry {
  severity: Severity;
  /** One sentence: what was found. */
  message: string;
  /** One or two sentences: what to do next. */
  advice: string;
  /** A paragraph for `migrate-lambda explain CODE`: why it matters, what the tool did, how to mend it. */
  detail: string;
}

/** Entries of one area; every file of this folder but the contract and the catalogue exports one. */
export type DiagnosticEntries = Readonly<Record<string, DiagnosticEntry>>;
