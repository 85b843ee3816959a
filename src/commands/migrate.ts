import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Change } from '../changes/change-set.js';
import { writeCopy } from '../changes/copy-out.js';
import { patchOf } from '../changes/diff.js';
import { writeChanges } from '../changes/write.js';
import { UserError } from '../errors.js';
import { gitTopLevel } from '../git.js';
import { exitCodeOf } from '../reports/exit-code.js';
import { errorReport, jsonText, reportOf } from '../reports/json.js';
import { paintOf, visibleLine } from '../reports/paint.js';
import { preview } from '../reports/preview.js';
import { counted, terminalReport } from '../reports/terminal.js';
import { migrate, type RunResult } from '../run.js';
import { askForChanges, countsText } from './ask.js';
import type { Command, CommandInput } from './command.js';
import { takeFromAws } from './from-aws.js';
import { runOptions } from './run-options.js';

type Input = CommandInput<'migrate'>;

/** `migrate-lambda <folder>`: shows the migration, and writes it when told to. */
export const migrateCommand: Command<'migrate'> = async (input) => {
  const { argument, flags, terminal } = input;
  try {
    if (flags.json && flags.diff) throw new UserError('--json and --diff both want standard output', 'Give one of them.');
    if (flags.cutover && flags.infra === 'none') {
      throw new UserError('--cutover puts the services in the place of the functions', 'Leave out --infra none.');
    }
    if (flags.front === 'api-gateway' && (flags.infra === 'none' || flags.cutover)) {
      const other = flags.cutover ? '--cutover' : '--infra none';
      throw new UserError(
        '--front api-gateway edits the API in the definition, and its routes are events of the functions',
        `Leave out ${other}.`,
      );
    }
    const { found } = await takeFromAws(argument, flags, terminal, undefined);
    const options = { ...runOptions(argument, flags, terminal), found };
    const result = await migrate(flags.cutover ? { ...options, infra: 'template', cutover: true } : options);
    if (flags.json || flags.diff) await deliverToMachine(input, result);
    else await deliverToPerson(input, result);
    return exitCodeOf(result, flags.failOn);
  } catch (error) {
    if (flags.json && error instanceof UserError) terminal.out(jsonText(errorReport(error)));
    throw error;
  }
};

/** Written first: a document or patch on standard output means that the write went well. */
async function deliverToMachine(input: Input, result: RunResult): Promise<void> {
  const { flags, terminal } = input;
  if (isWriting(flags)) await write(input, result, result.changes);
  if (flags.json) terminal.out(jsonText(reportOf(result)));
  else terminal.out(patchOf(result.changes, { prefix: prefixOf(result), modeOf: (path) => modeOf(result, path) }));
}

async function deliverToPerson(input: Input, result: RunResult): Promise<void> {
  const { flags, terminal } = input;
  const paint = paintOf(terminal.colors);
  const report = terminalReport(result, { paint, columns: terminal.columns });
  if (result.changes.length === 0) return terminal.out(`${report}\nThere is nothing to change.\n`);
  if (isWriting(flags)) {
    const told = await write(input, result, result.changes);
    return terminal.out(`${report}\n${changeList(result.changes)}\n${told}`);
  }
  terminal.out(`${preview(result.changes, paint)}\n${report}\n`);
  if (flags.dryRun || !terminal.interactive) {
    return terminal.out(`Nothing was written: ${counted(result.changes.length, 'file')} would be. Give --write to write.\n`);
  }
  const chosen = await askForChanges(result.changes);
  terminal.out(chosen.length === 0 ? 'Nothing was written.\n' : await write(input, result, chosen));
}

function isWriting({ dryRun, write, yes, out }: Input['flags']): boolean {
  return dryRun !== true && (write === true || yes === true || out !== undefined);
}

/** Writes in place or to `--out`; gives what to tell about it. */
async function write({ argument, flags, terminal }: Input, { repository }: RunResult, changes: readonly Change[]): Promise<string> {
  const { signal } = terminal;
  if (flags.out !== undefined) {
    await writeCopy(repository, changes, flags.out, { signal });
    return `Wrote the migrated copy to ${visibleLine(flags.out)}.\n`;
  }
  const { files, inGit } = await writeChanges(repository, changes, { allowDirty: flags.allowDirty, signal });
  const undo = `migrate-lambda undo${argument === undefined ? '' : ` ${visibleLine(argument)}`}`;
  const back = inGit ? `"${undo}" puts everything back.` : `The folder is not under git: only "${undo}" puts everything back.`;
  return `Wrote ${counted(files, 'file')}. ${back}\n`;
}

function changeList(changes: readonly Change[]): string {
  return changes.map((change) => `  ${visibleLine(change.path)} (${countsText(change)})\n`).join('');
}

/** `git apply` reads paths from the top level of the work tree, wherever it is called. */
function prefixOf({ repository }: RunResult): string {
  const top = gitTopLevel(repository.root);
  if (top === undefined || top === repository.root) return '';
  return `${relative(top, repository.root).split(sep).join('/')}/`;
}

function modeOf({ repository }: RunResult, path: string): number | undefined {
  return statSync(repository.absolute(path), { throwIfNoEntry: false })?.mode;
}
