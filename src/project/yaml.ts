/** YAML and JSON as plain data that remembers where it was written. */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { TextRange } from './model.js';
import { readJsonText } from './yaml/json-text.js';
import { LineTable } from './yaml/line-table.js';
import { readYamlText } from './yaml/yaml-text.js';

export type PathKey = string | number;

export interface LocatedDocument {
  /** Plain data; short tags of CloudFormation (`!Ref X`) are in long form (`{ Ref: 'X' }`). Undefined when unreadable. */
  value: unknown;
  /** Place of the value at a path (`[]`: the whole document); undefined when there is none. */
  range(path: readonly PathKey[]): TextRange | undefined;
  /** The same from the start of its key on: what a person calls the entry. A list item is its value. */
  entryRange(path: readonly PathKey[]): TextRange | undefined;
  diagnostics: Diagnostic[];
}

export interface YamlOptions {
  /** Plain `yes`, `no`, `on`, `off` are booleans, as AWS reads templates; else they are texts. */
  yesIsTrue?: boolean;
}

/** Offsets of an entry: where its key and its value begin, and where the value ends (exclusive). */
export interface Span {
  entry: number;
  start: number;
  end: number;
}

/** A parsed text before it has a file and lines. */
export interface ParsedText {
  value: unknown;
  locate(path: readonly PathKey[]): Span | undefined;
  /** Keys given twice: the last one counts. */
  duplicates: { key: string; offset: number }[];
}

/** A text that cannot be read: why, and where. */
export class UnreadableText extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * Reads YAML or JSON the way AWS does: a duplicate key is a diagnostic and the last one counts, the first document of
 * several is read. What cannot be parsed is one diagnostic, `DEFINITION_UNREADABLE`, and the value undefined.
 */
export function readYaml(file: string, text: string, options: YamlOptions = {}): LocatedDocument {
  const lines = new LineTable(text);
  try {
    const parsed = readJsonText(text) ?? readYamlText(text, options);
    const place = (offset: number) => ({ file, ...lines.at(offset) });
    const toRange = (from: number, to: number): TextRange => ({ start: from, end: Math.max(from, to), ...place(from) });
    return {
      value: parsed.value,
      range: (path) => mapSpan(parsed.locate(path), (span) => toRange(span.start, span.end)),
      entryRange: (path) => mapSpan(parsed.locate(path), (span) => toRange(span.entry, span.end)),
      diagnostics: parsed.duplicates.map(({ key, offset }) => diagnostic('DUPLICATE_KEY', { args: { key, file }, place: place(offset) })),
    };
  } catch (error) {
    return unreadable(file, lines, error);
  }
}

function mapSpan(span: Span | undefined, toRange: (span: Span) => TextRange): TextRange | undefined {
  return span && toRange(span);
}

function unreadable(file: string, lines: LineTable, error: unknown): LocatedDocument {
  const offset = error instanceof UnreadableText ? error.offset : 0;
  const reason = error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : String(error);
  const found = diagnostic('DEFINITION_UNREADABLE', { args: { file, reason }, place: { file, ...lines.at(offset) } });
  return { value: undefined, range: () => undefined, entryRange: () => undefined, diagnostics: [found] };
}
