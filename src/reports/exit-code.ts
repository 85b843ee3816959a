import type { RunResult } from '../run.js';

/** `--fail-on`: severity from which on a finding counts as work left. */
export type FailOn = 'error' | 'warning' | 'never';

/** 0 done, 1 done but work is left for a person: a function that failed or needs one, or a finding of the severity asked for. */
export function exitCodeOf(
  { projects, diagnostics, summary }: Pick<RunResult, 'projects' | 'diagnostics' | 'summary'>,
  failOn: FailOn = 'error',
): 0 | 1 {
  if (failOn === 'never') return 0;
  if (summary.failed + summary.needsPerson > 0) return 1;
  const counts = failOn === 'error' ? ['error'] : ['error', 'warning'];
  return [...diagnostics, ...projects.flatMap((project) => project.diagnostics)].some(({ severity }) => counts.includes(severity)) ? 1 : 0;
}
