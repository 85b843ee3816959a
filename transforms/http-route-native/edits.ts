/** Replacements in a text by ranges of its syntax tree: every byte outside stays as it is, comments and blanks included. */
import type { Node } from '../../src/analysis/syntax.js';

export interface Range {
  start: number;
  end: number;
}

/** A piece of new text: written out, or a range of the source with the edits inside it, its lines moved to another indent. */
export type Part = string | (Range & { indent?: Reindent });

/** Lines after the first that begin with `from` begin with `to`. */
export interface Reindent {
  from: string;
  to: string;
}

/** A replacement, which may still be written differently. */
export interface Edit extends Range {
  parts: Part[];
}

export class Edits {
  private readonly edits: Edit[] = [];

  /** `literals`: ranges whose line breaks are content, such as template literals. */
  constructor(
    private readonly text: string,
    private readonly literals: readonly Range[],
  ) {}

  replace({ start, end }: Range, ...parts: Part[]): Edit {
    const edit = { start, end, parts };
    this.edits.push(edit);
    return edit;
  }

  remove(range: Range): void {
    this.replace(range);
  }

  /** The edited text. */
  apply(): string {
    return this.render({ start: 0, end: this.text.length });
  }

  /** A range of the text with its edits. Of edits inside one another the outer counts; its parts say what is kept of the inner. */
  render({ start, end }: Range, indent?: Reindent, outer?: Edit): string {
    const inside = this.edits
      .filter((edit) => edit !== outer && edit.start >= start && edit.end <= end && !(outer && contains(edit, outer)))
      .filter((edit) => !(outer && isInsertion(edit) && edit.start === outer.start))
      .sort((a, b) => a.start - b.start || Number(isInsertion(b)) - Number(isInsertion(a)) || b.end - a.end);
    let at = start;
    let result = '';
    for (const edit of inside) {
      if (edit.start < at) continue;
      result += this.copy(at, edit.start, indent);
      result += this.apart(edit, edit.parts.map((part) => this.part(part, edit, indent)).join(''));
      at = edit.end;
    }
    return result + this.copy(at, end, indent);
  }

  /** `return{…}` needs no blank, `return reply` does. */
  private apart({ start, end }: Edit, written: string): string {
    if (start === end || written === '') return written;
    const joins = (left: string | undefined, right: string | undefined) => /^[\w$]{2}$/.test(`${left ?? ''}${right ?? ''}`);
    const needs = (at: number, left: string | undefined, right: string | undefined) =>
      joins(left, right) && !joins(this.text[at - 1], this.text[at]) ? ' ' : '';
    return needs(start, this.text[start - 1], written[0]) + written + needs(end, written.at(-1), this.text[end]);
  }

  private part(part: Part, edit: Edit, indent: Reindent | undefined): string {
    return typeof part === 'string' ? part : this.render(part, part.indent ?? indent, edit);
  }

  private copy(start: number, end: number, indent: Reindent | undefined): string {
    const piece = this.text.slice(start, end);
    if (!indent || indent.from === indent.to) return piece;
    return piece.replace(/\n([ \t]*)/g, (found, blanks: string, offset: number) => {
      const at = start + offset;
      if (this.literals.some((each) => each.start <= at && at < each.end)) return found;
      return blanks.startsWith(indent.from) ? `\n${indent.to}${blanks.slice(indent.from.length)}` : found;
    });
  }
}

/** What is put in front of something stands outside of what replaces it. */
function isInsertion({ start, end }: Range): boolean {
  return start === end;
}

function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Indentation of the line on which an offset stands. */
export function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '';
}

/** A node together with the parentheses right around it; `limit` is where its surroundings begin. */
export function withParentheses(text: string, node: Range, limit: number): Range {
  let { start, end } = node;
  for (;;) {
    const before = /\(\s*$/.exec(text.slice(limit, start));
    const after = /^\s*\)/.exec(text.slice(end));
    if (!before || !after) return { start, end };
    start = limit + before.index;
    end += after[0].length;
  }
}

/** A statement with its line, when nothing else stands on it. */
export function wholeLine(text: string, node: Node): Range {
  const line = text.lastIndexOf('\n', node.start - 1) + 1;
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(node.end));
  const isAlone = text.slice(line, node.start).trim() === '' && rest !== null;
  return isAlone ? { start: line, end: node.end + rest[0].length } : { start: node.start, end: node.end };
}

/** An element of a list with the comma that goes with it. What follows keeps its line and place. */
export function withComma(text: string, { start, end }: Range): Range {
  const after = /^\s*,\s*/.exec(text.slice(end))?.[0];
  const before = /,\s*$/.exec(text.slice(0, start));
  if (after === undefined) return { start: before ? before.index : start, end };
  const isLast = before !== null && /^[}\])]/.test(text.slice(end + after.length));
  return isLast ? { start: before.index + 1, end: end + after.trimEnd().length } : { start, end: end + after.length };
}
