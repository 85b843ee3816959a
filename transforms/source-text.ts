/** What recast does not keep by itself: byte order mark, shebang, line ends, tabs and quotes. */

import { diffArrays } from 'diff';
import { quoteOf } from '../src/analysis/quotes.js';

export interface SourceText {
  original: string;
  /** Byte order mark and shebang line, put back as they were. */
  head: string;
  /** The rest with `\n` line ends. */
  body: string;
  lineEnds: 'lf' | 'crlf' | 'mixed';
}

export interface PrintOptions {
  lineTerminator: string;
  quote: 'single' | 'double';
  useTabs: boolean;
  tabWidth: number;
  [option: string]: unknown;
}

/** Takes a text apart so that a syntax tree can be made of its body; line numbers stay those of the text. */
export function splitSource(original: string): SourceText {
  const head = /^\uFEFF?(?:#![^\r\n]*)?/.exec(original)?.[0] ?? '';
  const rest = original.slice(head.length);
  const all = rest.match(/\r?\n/g) ?? [];
  const crlf = all.filter((end) => end === '\r\n').length;
  const lineEnds = crlf === 0 ? 'lf' : crlf === all.length ? 'crlf' : 'mixed';
  return { original, head, body: lineEnds === 'lf' ? rest : rest.replaceAll('\r\n', '\n'), lineEnds };
}

/** The inverse of {@link splitSource} for an edited body. Lines that were there keep their own line ends. */
export function joinSource(source: SourceText, body: string): string {
  if (source.lineEnds === 'lf') return source.head + body;
  if (source.lineEnds === 'crlf') return source.head + body.replaceAll('\n', '\r\n');
  return source.head + mixedLines(source.original.slice(source.head.length), body);
}

function mixedLines(original: string, body: string): string {
  const before = original.split(/(?<=\n)/);
  const after = body.split(/(?<=\n)/);
  const parts = diffArrays(before, after, { comparator: (a, b) => a.replace(/\r\n$/, '\n') === b });
  let at = 0;
  let text = '';
  for (const part of parts) {
    if (part.added) text += part.value.join('');
    else if (part.removed) at += part.value.length;
    else {
      text += before.slice(at, at + part.value.length).join('');
      at += part.value.length;
    }
  }
  return text;
}

/** Print options that follow the file's own style, for the few nodes that are printed anew. */
export function printOptions(source: SourceText): PrintOptions {
  const indents = source.body.match(/^(?:\t+|[ ]{2,})(?=\S)/gm) ?? [];
  const tabs = indents.filter((indent) => indent.startsWith('\t')).length;
  const narrow = indents.some((indent) => indent.length === 2);
  return {
    lineTerminator: '\n',
    quote: quoteOf(source.body) === '"' ? 'double' : 'single',
    useTabs: tabs * 2 > indents.length,
    tabWidth: narrow || indents.length === 0 ? 2 : 4,
  };
}

/**
 * Undoes what recast adds to the lines that it prints anew: spaces in a file indented with tabs, semicolons in a file without,
 * `function(` in a file with `function (`, a second semicolon after a directive. Lines that were in the file are left alone.
 */
export function restyle(source: SourceText, text: string): string {
  const printed = withPrologue(source.body, text);
  const before = source.body.split('\n');
  const { useTabs, tabWidth } = printOptions(source);
  const edits: ((line: string) => string)[] = [];
  if (useTabs) edits.push((line) => withTabs(line, tabWidth));
  if (!hasSemicolons(before)) edits.push(withoutSemicolon);
  if (source.body.includes('function (') && !source.body.includes('function('))
    edits.push((line) => line.replace(/\bfunction\(/g, 'function ('));
  if (edits.length === 0) return printed;
  const lines: string[] = [];
  for (const part of diffArrays(before, printed.split('\n'))) {
    if (part.added) lines.push(...part.value.map((line) => edits.reduce((edited, edit) => edit(edited), line)));
    else if (!part.removed) lines.push(...part.value);
  }
  return lines.join('\n');
}

const prologue = /^(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(['"])use strict\1[; \t]*(?:\/\/.*)?\n\s*?(?=\S|[ \t]+\S)/;

/** A directive and the lines around it as they were: recast prints its semicolon twice when it prints the program anew. */
function withPrologue(before: string, after: string): string {
  const kept = prologue.exec(before)?.[0];
  return kept === undefined ? after : after.replace(prologue, () => kept);
}

function hasSemicolons(lines: string[]): boolean {
  const code = lines.filter((line) => /\S/.test(line) && !/^\s*(?:\/\/|\*|\/\*)/.test(line));
  return code.filter((line) => /;\s*(?:\/\/.*)?$/.test(line)).length * 10 > code.length;
}

function withTabs(line: string, tabWidth: number): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const columns = [...indent].reduce((width, each) => width + (each === '\t' ? tabWidth : 1), 0);
  return '\t'.repeat(Math.floor(columns / tabWidth)) + ' '.repeat(columns % tabWidth) + line.slice(indent.length);
}

/** Only where a statement certainly ends: after a bracket, a word or a string. */
function withoutSemicolon(line: string): string {
  return line.replace(/([\w)\]}'"`]);(\s*(?:\/\/.*)?)$/, '$1$2');
}
