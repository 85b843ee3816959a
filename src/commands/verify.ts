import { UserError } from '../errors.js';
import { errorEntry, jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import { verifyDocument, verifyReport } from '../verify/report.js';
import { verify } from '../verify/verify.js';
import type { Command, CommandInput } from './command.js';
import { runOptions } from './run-options.js';

/** `migrate-lambda verify <folder>`: runs old and new side by side; exit code 1 when anything differs. */
export const verifyCommand: Command<'verify'> = async (input) => {
  const { argument, flags, terminal } = input;
  try {
    await consent(input);
    const result = await verify({
      ...runOptions(argument, flags, terminal),
      before: flags.before,
      runtime: flags.runtime,
      events: flags.events,
      runs: flags.runs,
      seed: flags.seed,
      onVerify: ({ definition, service }) => terminal.progress(`${definition}: ${service}`),
    });
    terminal.progress(undefined);
    terminal.out(
      flags.json ? jsonText(verifyDocument(result)) : verifyReport(result, { paint: paintOf(terminal.colors), columns: terminal.columns }),
    );
    return result.functions.some(({ verdict }) => verdict === 'different') ? 1 : 0;
  } catch (error) {
    if (flags.json && error instanceof UserError)
      terminal.out(jsonText({ schemaVersion: 1, functions: [], rules: [], error: errorEntry(error) }));
    throw error;
  }
};

/** Everything else only reads; this runs the project's code, its build and its packages. */
async function consent({ argument, flags, terminal }: CommandInput<'verify'>): Promise<void> {
  if (flags.yes) return;
  const what = `verify runs the code of ${argument ?? 'this folder'}, its build and its packages`;
  if (!terminal.interactive) throw new UserError(what, 'Give --yes when you trust it.');
  const { confirm } = await import('@clack/prompts');
  if ((await confirm({ message: `${what}, without your credentials and network. Go on?` })) !== true)
    throw new UserError('Nothing was run', 'Give --yes to run it.');
}
