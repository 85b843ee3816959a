/** One cell: its text, and how it is painted once it has its width. */
export interface Cell {
  text: string;
  paint?: ((text: string) => string) | undefined;
}

export interface TableOptions {
  /** Width of the terminal: the last column is wrapped to it. Undefined: never wrapped. */
  columns?: number | undefined;
}

const gap = 2;

/** Narrower than this the last column is not wrapped: the terminal does it. */
const narrowest = 24;

/** Rows in aligned columns, two blanks apart; only the last column wraps. */
export function table(rows: readonly (readonly Cell[])[], { columns }: TableOptions = {}): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(0, ...rows.map((row) => width(row[index]?.text ?? ''))));
  const indent = widths.slice(0, -1).reduce((sum, each) => sum + each + gap, 0);
  const room = columns === undefined || columns - indent < narrowest ? Number.POSITIVE_INFINITY : columns - indent;
  return rows.map((row) => rowLines(row, widths, indent, room)).join('');
}

function rowLines(row: readonly Cell[], widths: readonly number[], indent: number, room: number): string {
  const head = row.slice(0, widths.length - 1).map(({ text, paint }, index) => {
    const padding = ' '.repeat((widths[index] ?? 0) - width(text) + gap);
    return (paint?.(text) ?? text) + padding;
  });
  const last = row[widths.length - 1];
  const lines = wrap(last?.text ?? '', room).map((line) => last?.paint?.(line) ?? line);
  return `${(head.join('') + lines.join(`\n${' '.repeat(indent)}`)).replace(/ +$/, '')}\n`;
}

/** Lines of at most `room` characters, broken at blanks; a longer word stands on a line of its own. */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && width(line) + 1 + width(word) <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Columns of a terminal: characters, not UTF-16 units, and those of Chinese, Japanese and Korean twice. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
