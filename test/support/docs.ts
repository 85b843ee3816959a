/** The parts of the documentation that are made from data. */
import { catalog } from '../../src/diagnostics/catalog.js';
import { type CommandName, commands, type FlagName, flagSyntax, flags } from '../../src/options.js';

/** One table of options a command, for the README. */
export function optionTables(): string {
  return (Object.keys(commands) as CommandName[])
    .map((name) => {
      const title = name === 'migrate' ? 'migrate-lambda [folder]' : `migrate-lambda ${name} ${commands[name].arguments}`;
      const rows = commands[name].flags.map(
        (flag: FlagName) => `| \`${flagSyntax(flag).replaceAll('|', '\\|')}\` | ${cell(flags[flag].help)} |`,
      );
      return `### \`${title}\`\n\n${sentence(commands[name].help)}\n\n| Option | Meaning |\n| --- | --- |\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

/** The page of all diagnostics. */
export function diagnosticsPage(): string {
  const entries = Object.entries(catalog).sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = entries.map(([code, { severity, message, detail, advice }]) =>
    [`## ${code}`, `*${severity}*: ${cell(message)}`, cell(detail), `**What to do:** ${cell(advice)}`].join('\n\n'),
  );
  const head = [
    '# Diagnostics',
    'Every finding that `migrate-lambda` reports, by its code. `migrate-lambda explain CODE` says the same. Words in `{braces}` are filled in.',
    '`error` stops a function or a project, `warning` leaves work for a person, `info` only tells.',
  ];
  return `${[...head, ...sections].join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('*', '\\*');
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** Puts a text between the two markers of a page. */
export function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`no markers of ${name}`);
  return `${page.slice(0, from + begin.length)}\n${text}${page.slice(to)}`;
}
