import { account } from './account.js';
import { concurrency } from './concurrency.js';
import { deciding } from './deciding.js';
import { delivering } from './delivering.js';
import type { Diagnostic, DiagnosticEntry, Place } from './diagnostic.js';
import { discovering } from './discovering.js';
import { infrastructure } from './infrastructure.js';
import { producing } from './producing.js';
import { reading } from './reading.js';
import { understanding } from './understanding.js';

/** Every diagnostic code there is, by stage. */
export const catalog: Readonly<Record<string, DiagnosticEntry>> = {
  ...account,
  ...reading,
  ...discovering,
  ...understanding,
  ...concurrency,
  ...deciding,
  ...producing,
  ...infrastructure,
  ...delivering,
};

/**
 * Makes a finding. Severity comes from the catalogue unless `severity` overrides it.
 * @throws Error when the code is not in the catalogue: a programming error, caught by the tests.
 */
export function diagnostic(
  code: string,
  options: { args?: Diagnostic['args']; place?: Place | undefined; function?: string | undefined; severity?: Diagnostic['severity'] } = {},
): Diagnostic {
  const entry = catalog[code];
  if (!entry) throw new Error(`diagnostic code ${code} is not in the catalogue`);
  return {
    code,
    severity: options.severity ?? entry.severity,
    args: options.args ?? {},
    ...(options.place && { file: options.place.file }),
    ...(options.place?.line !== undefined && { line: options.place.line }),
    ...(options.place?.column !== undefined && { column: options.place.column }),
    ...(options.function !== undefined && { function: options.function }),
  };
}

/** The sentences of a finding: what happened, and what to do next. */
export function sentences(found: Diagnostic): { message: string; advice: string } {
  const entry = catalog[found.code];
  if (!entry) return { message: found.code, advice: '' };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(found.args[name] ?? whole));
  return { message: fill(entry.message), advice: fill(entry.advice) };
}
