import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UserError } from './errors.js';
import { nearest } from './nearest.js';
import { type CommandName, commands, type FlagName, type FlagValues, flagSyntax, flags } from './options.js';

/** A command line, understood. */
export type Invocation = {
  [C in CommandName]: { command: C; argument: string | undefined; more: readonly string[]; flags: FlagValues<C> };
}[CommandName];

/**
 * Reads the arguments after `migrate-lambda`. The first word names a command, or is the folder to migrate.
 * @throws UserError for anything the option table does not have.
 */
export function parseArguments(argv: readonly string[]): Invocation {
  const first = argv[0];
  const command = first !== undefined && isCommand(first) ? first : 'migrate';
  const rest = command === first ? argv.slice(1) : argv;
  const parser = parserOf(command);
  try {
    parser.parse([...rest], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw usageError(command, error);
    throw error;
  }
  const [argument, ...surplus] = parser.args;
  if (surplus.length > 0 && !commands[command].arguments.includes('…')) {
    const hint = command === 'migrate' && argument !== undefined ? nearest(argument, Object.keys(commands)) : [];
    throw new UserError(
      `Too many arguments: ${parser.args.join(' ')}`,
      hint.length > 0 ? `Did you mean "migrate-lambda ${hint[0]}"?` : `Give one: migrate-lambda ${usage(command)}.`,
    );
  }
  if (argument === undefined && commands[command].arguments.startsWith('<')) {
    throw new UserError(`"migrate-lambda ${command}" needs ${commands[command].arguments}`, `See migrate-lambda ${command} --help.`);
  }
  return { command, argument, more: surplus, flags: parser.opts() } as Invocation;
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

function usage(command: CommandName): string {
  return command === 'migrate' ? commands.migrate.arguments : `${command} ${commands[command].arguments}`;
}

function parserOf(name: CommandName): Command {
  const parser = new Command(name)
    .argument('[argument...]')
    .exitOverride()
    .helpOption(false)
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const flag of commands[name].flags) parser.addOption(optionOf(flag));
  return parser;
}

function optionOf(name: FlagName): Option {
  const flag = flags[name];
  const option = new Option(flagSyntax(name), flag.help);
  if (flag.kind === 'choice') option.choices(flag.choices);
  if (flag.kind === 'number') option.argParser(count);
  if (flag.kind === 'list') option.argParser(list);
  if (flag.kind === 'pairs') option.argParser(pair);
  return option;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

function list(text: string, earlier: string[] | undefined): string[] {
  return [
    ...(earlier ?? []),
    ...text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ];
}

function pair(text: string, earlier: Record<string, string> | undefined): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError('Write KEY=VALUE.');
  return { ...earlier, [text.slice(0, cut)]: text.slice(cut + 1) };
}

/** Commander's own words, without its prefix, and where to look. */
function usageError(command: CommandName, error: CommanderError): UserError {
  const message = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  const unknown = /^unknown option '(--?[^'=]*)/.exec(message)?.[1];
  const names = commands[command].flags.map((flag) => (flags[flag].kind === 'off' ? `--no-${flag}` : `--${flag}`));
  const hint = unknown === undefined ? [] : nearest(unknown, names);
  const help = command === 'migrate' ? 'migrate-lambda --help' : `migrate-lambda ${command} --help`;
  return new UserError(
    `${message[0]?.toUpperCase()}${message.slice(1)}`,
    hint.length > 0 ? `Did you mean ${hint[0]}? See ${help}.` : `See ${help}.`,
  );
}
