/** How the user writes JavaScript, told from a few of the files or by the formatter's settings, and the same applied to generated code. */
import type { LiteralOptions } from './literals.js';

export interface CodeStyle {
  quote: "'" | '"';
  semicolons: boolean;
  /** One level. */
  indent: string;
  eol: '\n' | '\r\n';
  /** Columns of a line, where a formatter says so. */
  width?: number;
  /** A comma after the last value of a list that goes over several lines; there unless a formatter says otherwise. */
  trailingCommas?: boolean;
}

const defaultStyle: CodeStyle = { quote: "'", semicolons: true, indent: '  ', eol: '\n' };

/** Majority of what the texts do; the default where they do not tell. */
export function detectStyle(texts: readonly string[]): CodeStyle {
  const lines = texts.flatMap((text) => text.split('\n'));
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const statements = /^\s*(?:import\b.*['"]|.*\brequire\(['"][^'"]+['"]\)|(?:const|let|var) [^({[]*=[^({[]*[\w'")\]])\s*/;
  const ended = count(new RegExp(`${statements.source};\\s*(?://.*)?\\r?$`));
  const open = count(new RegExp(`${statements.source}\\r?$`));
  const double = count(/(?:\bfrom\s*|\brequire\(|^import\s*)"/) * 3 + count(/"/);
  const single = count(/(?:\bfrom\s*|\brequire\(|^import\s*)'/) * 3 + count(/'/);
  return {
    quote: double > single ? '"' : "'",
    semicolons: open <= ended,
    indent: detectIndent(lines),
    eol: lines.length > 1 && count(/\r$/) * 2 > lines.length ? '\r\n' : '\n',
  };
}

function detectIndent(lines: readonly string[]): string {
  const tally = new Map<string, number>();
  let previous = '';
  for (const line of lines) {
    if (!line.trim() || /^\s*\*/.test(line)) continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (indent.length > previous.length && indent.startsWith(previous)) {
      const step = indent.slice(previous.length);
      if (/^(?:\t| {2}| {3}| {4}| {8})$/.test(step)) tally.set(step, (tally.get(step) ?? 0) + 1);
    }
    previous = indent;
  }
  return [...tally].sort((a, b) => b[1] - a[1])[0]?.[0] ?? defaultStyle.indent;
}

/** How values are printed. */
export function literalOptions({ quote, width, indent }: CodeStyle): LiteralOptions {
  return { quote, ...(width !== undefined && { width }), level: indent === '\t' ? 2 : indent.length };
}

/**
 * Code generated with two spaces and semicolons, in the user's style. It must hold no string or comment that goes over several
 * lines with significant blanks; generated entries do not.
 */
export function applyStyle(code: string, style: CodeStyle): string {
  const withCommas = style.trailingCommas === false ? code.replace(/,(\n *[\]})])/g, '$1') : code;
  const lines = withCommas.split('\n').map((line) => {
    const spaces = /^ */.exec(line)?.[0].length ?? 0;
    const isComment = /^ +\*/.test(line);
    const levels = Math.floor(spaces / 2);
    const rest = line.slice(isComment ? 0 : levels * 2);
    const indented = (isComment ? '' : style.indent.repeat(levels)) + rest;
    return style.semicolons || /^\s*(?:\/\/|\*|\/\*)/.test(line) ? indented : indented.replace(/;$/, '');
  });
  return lines.join(style.eol);
}
