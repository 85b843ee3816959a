import type { Severity } from '../diagnostics/diagnostic.js';
import type { RunResult } from '../run.js';

/** `--fail-on`: severity from which on a finding counts as work left. */
export type FailOn = Severity | 'never';

const order: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** 0 done, 1 done but work is left for a person: a function that failed or needs one, or a finding of the severity asked for. */
export function exitCodeOf(
  { projects, diagnostics, summary }: Pick<RunResult, 'projects' | 'diagnostics' | 'summary'>,
  failOn: FailOn = 'error',
): 0 | 1 {
  if (failOn === 'never') return 0;
  if (summary.failed + summary.needsPerson > 0) return 1;
  return reaches([...diagnostics, ...projects.flatMap((project) => project.diagnostics)], failOn) ? 1 : 0;
}

/** Any of the findings has that severity or a graver one. */
export function reaches(diagnostics: readonly { severity: Severity }[], failOn: Severity): boolean {
  return diagnostics.some(({ severity }) => order[severity] >= order[failOn]);
}
