import { check } from '../check.js';
import { UserError } from '../errors.js';
import { checkReport } from '../reports/check.js';
import { reaches } from '../reports/exit-code.js';
import { joinReports } from '../reports/join.js';
import { errorReport, jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import { sarifErrorOf, sarifOf } from '../reports/sarif.js';
import type { RunResult } from '../run.js';
import type { Command, CommandInput } from './command.js';

type Input = CommandInput<'check'>;

/** `migrate-lambda check [folder…]`: the hazards of serving many requests in one process; writes nothing. */
export const checkCommand: Command<'check'> = async (input) => {
  const { flags, terminal } = input;
  try {
    if (flags.json && flags.sarif) throw new UserError('--json and --sarif both want standard output', 'Give one of them.');
    const folders = [...new Set([input.argument ?? '.', ...input.more])];
    const results: RunResult[] = [];
    for (const folder of folders) results.push(await check(optionsFor(input, folder)));
    terminal.progress(undefined);
    const report = joinReports(results.map((result, index) => ({ folder: folders[index] as string, result })));
    if (flags.json) terminal.out(jsonText(report));
    else if (flags.sarif) terminal.out(jsonText(sarifOf(report)));
    else terminal.out(checkReport(report, { paint: paintOf(terminal.colors), columns: terminal.columns }));
    return exitCode(results, flags.failOn);
  } catch (error) {
    if (error instanceof UserError && flags.json) terminal.out(jsonText(errorReport(error)));
    else if (error instanceof UserError && flags.sarif) terminal.out(jsonText(sarifErrorOf(error)));
    throw error;
  }
};

function optionsFor({ flags, terminal }: Input, folder: string) {
  return {
    folder,
    target: flags.target,
    only: flags.only,
    stage: flags.stage,
    parameters: flags.param ?? {},
    signal: terminal.signal,
    onProgress: ({ done, total, next }: { done: number; total: number; next: string }) =>
      terminal.progress(done === total ? undefined : `${done + 1} of ${total}: ${next}`),
  };
}

/** What becomes of the functions in a migration is no finding of a check. */
function exitCode(results: readonly RunResult[], failOn: Input['flags']['failOn'] = 'error'): 0 | 1 {
  if (failOn === 'never') return 0;
  return results.some(({ projects, diagnostics }) => reaches([...diagnostics, ...projects.flatMap((each) => each.diagnostics)], failOn))
    ? 1
    : 0;
}
