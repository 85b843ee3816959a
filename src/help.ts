/** Help texts, made from the option table. Imports nothing else: `--help` must answer at once. */
import { type CommandName, commands, type FlagName, flagSyntax, flags } from './options.js';

const exitCodes = 'Exit codes: 0 done, 1 done but work is left for a person (see --fail-on), 2 could not run.';

/** Text of `migrate-lambda --help`, or of `migrate-lambda <command> --help`. */
export function helpText(command?: CommandName): string {
  return command === undefined || command === 'migrate' ? mainHelp() : commandHelp(command);
}

function mainHelp(): string {
  const others = (Object.keys(commands) as CommandName[]).filter((name) => name !== 'migrate');
  return [
    'Usage: migrate-lambda [folder] [options]',
    '',
    'Turns the Lambda functions of a folder into services that run in containers. Without options it shows what it would do and,',
    'in a terminal, asks before it writes. It never runs your code and needs no network.',
    '',
    'Commands:',
    ...rows(others.map((name) => [`${name} ${commands[name].arguments}`, commands[name].help])),
    '',
    'Options:',
    ...flagRows(commands.migrate.flags),
    '',
    'Examples:',
    ...rows([
      ['migrate-lambda ./fn', 'look at the migration, then decide'],
      ['migrate-lambda ./fn --write', 'write it'],
      ['migrate-lambda undo ./fn', 'put everything back'],
    ]),
    '',
    exitCodes,
    '',
  ].join('\n');
}

function commandHelp(name: CommandName): string {
  const command = commands[name];
  const notes: readonly string[] = 'notes' in command ? command.notes : [];
  return [
    `Usage: migrate-lambda ${name} ${command.arguments} [options]`,
    '',
    `${command.help[0]?.toUpperCase()}${command.help.slice(1)}.`,
    '',
    'Options:',
    ...flagRows(command.flags),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    exitCodes,
    '',
  ].join('\n');
}

function flagRows(names: readonly FlagName[]): string[] {
  return rows([
    ...names.map((name): [string, string] => [flagSyntax(name), flags[name].help]),
    ['-h, --help', 'show this text'],
    ['-V, --version', 'show the version'],
  ]);
}

function rows(entries: [string, string][]): string[] {
  const width = Math.max(...entries.map(([left]) => left.length));
  return entries.map(([left, right]) =>
    left.length > 48 ? `  ${left}\n  ${' '.repeat(24)}${right}` : `  ${left.padEnd(Math.min(width, 32))}  ${right}`,
  );
}
