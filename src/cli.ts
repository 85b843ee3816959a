#!/usr/bin/env node
/**
 * The command line: the only file that reads arguments, prints, and sets the exit code. Help and version are answered before
 * anything else is loaded.
 */
import { helpText } from './help.js';
import { type CommandName, commands } from './options.js';

const argv = process.argv.slice(2);
process.exitCode = await answer(argv);

async function answer(words: readonly string[]): Promise<number> {
  const separator = words.indexOf('--');
  const options = separator === -1 ? words : words.slice(0, separator);
  if (options.includes('--help') || options.includes('-h') || words[0] === 'help') {
    const named = words.find((word) => Object.hasOwn(commands, word)) as CommandName | undefined;
    process.stdout.write(helpText(named));
    return 0;
  }
  if (options.includes('--version') || options.includes('-V')) {
    process.stdout.write(`${await version()}\n`);
    return 0;
  }
  return run(words);
}

async function version(): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

async function run(words: readonly string[]): Promise<number> {
  const { UserError } = await import('./errors.js');
  const { terminalOf } = await import('./terminal.js');
  const terminal = terminalOf(process, !words.includes('--no-color'));
  try {
    const { parseArguments } = await import('./parse-arguments.js');
    const { loaders } = await import('./commands/index.js');
    const { command, argument, more, flags } = parseArguments(words);
    const load = loaders[command] as () => Promise<
      (input: { argument: string | undefined; more: readonly string[]; flags: object; terminal: typeof terminal }) => Promise<number>
    >;
    const execute = await load();
    return await execute({ argument, more, flags, terminal });
  } catch (error) {
    terminal.progress(undefined);
    const { visible } = await import('./reports/paint.js');
    if (error instanceof UserError) {
      const place = error.place === undefined ? '' : `${error.place}: `;
      terminal.err(visible(`${place}${error.message.replace(/\.$/, '')}.\n${error.advice}\n`));
    } else if (terminal.signal.aborted) {
      terminal.err('Interrupted. Nothing was written.\n');
    } else {
      terminal.err(
        `This is a fault of migrate-lambda; please report it.\n${visible(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
      );
    }
    return 2;
  } finally {
    terminal.end();
  }
}
