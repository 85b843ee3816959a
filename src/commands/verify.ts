import { writeFile } from 'node:fs/promises';
import { UserError } from '../errors.js';
import { errorEntry, jsonText } from '../reports/json.js';
import { paintOf } from '../reports/paint.js';
import { verifyDocument, verifyReport } from '../verify/report.js';
import type { VerifyResult } from '../verify/verdict.js';
import { verify } from '../verify/verify.js';
import { writeGuides } from '../verify/write-guide.js';
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
      container: flags.container,
      runtime: flags.runtime,
      events: flags.events,
      recordings: flags.recordings,
      runs: flags.runs,
      seed: flags.seed,
      onVerify: ({ definition, service }) => terminal.progress(`${definition}: ${service}`),
    });
    terminal.progress(undefined);
    if (flags.unanswered !== undefined) await writeUnanswered(flags.unanswered, result);
    if (flags.guide) await writeGuides(argument ?? '.', result, new Date().toISOString().slice(0, 10));
    terminal.out(
      flags.json ? jsonText(verifyDocument(result)) : verifyReport(result, { paint: paintOf(terminal.colors), columns: terminal.columns }),
    );
    return result.functions.some(({ verdict }) => verdict === 'different') ? 1 : 0;
  } catch (error) {
    if (flags.json && error instanceof UserError)
      terminal.out(jsonText({ schemaVersion: 1, functions: [], rules: [], unanswered: { aws: [], http: [] }, error: errorEntry(error) }));
    throw error;
  }
};

/** Made new each time, so a file of answers already given must not be lost. */
async function writeUnanswered(file: string, { unanswered }: VerifyResult): Promise<void> {
  try {
    await writeFile(file, jsonText(unanswered), { flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'it exists' : String(error);
    throw new UserError(`${file} cannot be written: ${why}`, 'Give --unanswered a new file.', file);
  }
}

/** Everything else only reads; this runs the project's code, its build and its packages. */
async function consent({ argument, flags, terminal }: CommandInput<'verify'>): Promise<void> {
  if (flags.yes) return;
  const what = `verify runs the code of ${argument ?? 'this folder'}, its build and its packages`;
  if (!terminal.interactive) throw new UserError(what, 'Give --yes when you trust it.');
  const { confirm } = await import('@clack/prompts');
  if ((await confirm({ message: `${what}, without your credentials and network. Go on?` })) !== true)
    throw new UserError('Nothing was run', 'Give --yes to run it.');
}
