import { checkEach } from '../check.js';
import { UserError } from '../errors.js';
import { checkReport } from '../reports/check.js';
import { reaches } from '../reports/exit-code.js';
import { joinReports } from '../reports/join.js';
import { diagnosticEntry, errorReport, jsonText, projectEntry, type Report, type ReportProject } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import { sarifErrorOf, sarifOf } from '../reports/sarif.js';
import { summarise } from '../run.js';
import type { Command, CommandInput } from './command.js';

type Input = CommandInput<'check'>;

/** `migrate-lambda check [folder…]`: the hazards of serving many requests in one process; writes nothing. */
export const checkCommand: Command<'check'> = async (input) => {
  const { flags, terminal } = input;
  try {
    if (flags.json && flags.sarif) throw new UserError('--json and --sarif both want standard output', 'Give one of them.');
    const folders = [...new Set([input.argument ?? '.', ...input.more])];
    const runs: { root: string; report: Report }[] = [];
    for (const folder of folders) runs.push(await run(input, folder));
    terminal.progress(undefined);
    const report = joinReports(runs);
    if (flags.json) terminal.out(jsonText(report));
    else if (flags.sarif) terminal.out(jsonText(sarifOf(report)));
    else terminal.out(checkReport(report, { paint: paintOf(terminal.colors), columns: terminal.columns }));
    return exitCode(report, flags.failOn);
  } catch (error) {
    if (error instanceof UserError && flags.json) terminal.out(jsonText(errorReport(error)));
    else if (error instanceof UserError && flags.sarif) terminal.out(jsonText(sarifErrorOf(error)));
    throw error;
  }
};

/** Of each project only its entry is kept: there may be thousands. */
async function run(input: Input, folder: string): Promise<{ root: string; report: Report }> {
  const projects: ReportProject[] = [];
  const { repository, diagnostics } = await checkEach(optionsFor(input, folder), (project) => projects.push(projectEntry(project)));
  const summary = summarise(projects.map(({ functions }) => functions));
  return { root: repository.root, report: { schemaVersion: 1, projects, diagnostics: diagnostics.map(diagnosticEntry), summary } };
}

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
function exitCode({ projects, diagnostics }: Report, failOn: Input['flags']['failOn'] = 'error'): 0 | 1 {
  return failOn !== 'never' && reaches([...diagnostics, ...projects.flatMap((each) => each.diagnostics)], failOn) ? 1 : 0;
}
