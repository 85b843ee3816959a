/** Where blocks stand in a file: the parser gives their content alone. */
import type { TextRange } from '../../model.js';
import { LineTable } from '../../yaml/line-table.js';

/** A block as it is named in its file: `resource "aws_sqs_queue" "orders"`. */
export interface BlockName {
  kind: string;
  labels: readonly string[];
}

export class FilePlaces {
  private readonly lines: LineTable;

  constructor(
    readonly file: string,
    private readonly text: string,
  ) {
    this.lines = new LineTable(text);
  }

  block({ kind, labels }: BlockName): TextRange | undefined {
    const words = [kind, ...labels].map((word) => `"?${escaped(word)}"?`).join('[ \\t]+');
    const found = new RegExp(`^[ \\t]*${words}[ \\t]*\\{`, 'm').exec(this.text);
    const inJson = found ? undefined : new RegExp(`"${escaped(labels.at(-1) ?? kind)}"\\s*:`).exec(this.text);
    if (!found) return inJson ? this.range(inJson.index, inJson.index + inJson[0].length) : undefined;
    const start = found.index + (/^[ \t]*/.exec(found[0])?.[0].length ?? 0);
    const indent = found[0].length - found[0].trimStart().length;
    const end = new RegExp(`^[ \\t]{0,${indent}}\\}`, 'm').exec(this.text.slice(start));
    return this.range(start, end ? start + end.index + end[0].length : start + found[0].trim().length);
  }

  /** An argument inside a block. */
  argument(block: TextRange, name: string): TextRange | undefined {
    const body = this.text.slice(block.start, block.end);
    const found = new RegExp(`^[ \\t]*"?${escaped(name)}"?[ \\t]*[=:{][^\\n]*`, 'm').exec(body);
    if (!found) return undefined;
    const start = block.start + found.index + (found[0].length - found[0].trimStart().length);
    return this.range(start, block.start + found.index + found[0].length);
  }

  private range(start: number, end: number): TextRange {
    return { file: this.file, start, end, ...this.lines.at(start) };
  }
}

function escaped(word: string): string {
  return word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
