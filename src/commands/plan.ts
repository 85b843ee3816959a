import { writePlan } from '../planning/plan-file.js';
import { exitCodeOf } from '../reports/exit-code.js';
import { paintOf } from '../reports/paint.js';
import { terminalReport } from '../reports/terminal.js';
import { migrate } from '../run.js';
import type { Command } from './command.js';
import { runOptions } from './run-options.js';

/** `migrate-lambda plan`: the plan on standard output, what else is to be said on standard error. */
export const planCommand: Command<'plan'> = async ({ argument, flags, terminal }) => {
  const result = await migrate(runOptions(argument, flags, terminal));
  terminal.out(writePlan(result.projects.map(({ plan }) => plan)));
  terminal.err(terminalReport(result, { paint: paintOf(false) }));
  return exitCodeOf(result);
};
