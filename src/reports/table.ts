/** One cell: its text, and how it is painted once it has its width. */
export interface Cell {
  text: string;
  paint?: ((text: string) => string) | undefined;
}

export interface TableOptions {
  /** Width of the terminal: the last column is wrapped to it, and others when that is not enough. Undefined: never wrapped. */
  columns?: number | undefined;
}

const gap = 2;

/** Narrower than this the last column is not wrapped before the others are. */
const narrowest = 24;

/** Rows in aligned columns, two blanks apart. A word is never broken: the terminal does it where no column can be narrower. */
export function table(rows: readonly (readonly Cell[])[], { columns }: TableOptions = {}): string {
  const widths = widthsOf(rows, columns ?? Number.POSITIVE_INFINITY);
  return rows.map((row) => rowLines(row, widths)).join('');
}

/** The last column gives way first, then the widest of the others down to its longest word. */
function widthsOf(rows: readonly (readonly Cell[])[], columns: number): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widest = (measure: (text: string) => number) =>
    Array.from({ length: count }, (_, index) => Math.max(0, ...rows.map((row) => measure(row[index]?.text ?? ''))));
  const widths = widest(width);
  const words = widest((text) => Math.max(...text.split(' ').map(width)));
  const last = count - 1;
  const tooWide = () => widths.reduce((sum, each) => sum + each + gap, -gap) - columns;
  const narrow = (index: number, least: number) => {
    const now = widths[index] as number;
    widths[index] = Math.max(Math.min(now, least), now - Math.max(0, tooWide()));
  };
  if (last >= 0) narrow(last, Math.max(narrowest, words[last] as number));
  for (const index of Array.from({ length: count }, (_, each) => each).toSorted((a, b) => (widths[b] as number) - (widths[a] as number))) {
    if (tooWide() > 0) narrow(index, words[index] as number);
  }
  return widths;
}

function rowLines(row: readonly Cell[], widths: readonly number[]): string {
  const cells = widths.map((room, index) => wrap(row[index]?.text ?? '', room));
  const height = Math.max(0, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = cells.map((lines, index) => {
      const text = lines[line] ?? '';
      const painted = text === '' ? text : (row[index]?.paint?.(text) ?? text);
      return painted + ' '.repeat(Math.max(0, (widths[index] as number) - width(text)) + gap);
    });
    return `${parts.join('').replace(/ +$/, '')}\n`;
  }).join('');
}

/** Lines of at most `room` characters, broken at blanks and after Chinese punctuation; what is longer stands on a line of its own. */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' '))
    for (const [index, part] of word.split(afterPunctuation).entries()) {
      const between = index === 0 ? ' ' : '';
      const line = lines.at(-1);
      if (line !== undefined && width(line) + between.length + width(part) <= room) lines[lines.length - 1] = line + between + part;
      else lines.push(part);
    }
  return lines;
}

const afterPunctuation = /(?<=[、，。；：！？])/;

/** Columns of a terminal: characters, not UTF-16 units, and those of Chinese, Japanese and Korean twice. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
