import { type LocatedDocument, type PathKey, readYaml } from '../../project/yaml.js';
import { CannotSplice } from './place.js';
import type { DefinitionEdits, Replacement } from './rewrite.js';
import { addEntries } from './splice-yaml.js';

const was = '# migrate-lambda: was ';
const wasLines = '# migrate-lambda: was lines ';
const changed = /^([ \t]*)(.*?) # migrate-lambda: was (lines )?(.*)$/gm;

/** The text with its lines as they were. */
export function restoreLines(text: string): string {
  return text.replace(changed, (_, indent: string, _now: string, several: string | undefined, before: string) =>
    several === undefined ? indent + before : indent + textOf(before),
  );
}

function textOf(before: string): string {
  try {
    return String(JSON.parse(before));
  } catch {
    return before;
  }
}

/** @throws CannotSplice */
export function rewriteYaml(text: string, { added, replaced }: DefinitionEdits): string {
  const document = readYaml('', text, { yesIsTrue: true });
  const lines = replaced.map((each) => rangeOf(text, document, each));
  const blocks: Block[] = [];
  for (const change of lines.toSorted((a, b) => a.start - b.start)) {
    const from = text.lastIndexOf('\n', change.start - 1) + 1;
    const to = endOfLine(text, change.end);
    const last = blocks.at(-1);
    if (last && from < last.to) {
      last.to = Math.max(last.to, to);
      last.changes.push(change);
    } else blocks.push({ from, to, changes: [change] });
  }
  // Later ones first, so that the offsets of the others stay true.
  const result = blocks.toReversed().reduce((now, block) => now.slice(0, block.from) + lineOf(text, block) + now.slice(block.to), text);
  return added.reduce((now, { path, entries }) => addEntries(now, path, entries), result);
}

interface Change {
  start: number;
  end: number;
  text: string;
}

/** Lines of which something changes. */
interface Block {
  from: number;
  to: number;
  changes: Change[];
}

function rangeOf(text: string, document: LocatedDocument, edit: Replacement): Change {
  const range = document.range([...edit.path]);
  if (!range) throw new CannotSplice(`${named(edit.path)} has no place of its own`);
  if ('find' in edit) {
    const { start, end } = range;
    return { start, end, text: text.slice(start, end).replaceAll(edit.find, edit.put) };
  }
  const tag = /![\w:]+[ \t]+$/.exec(text.slice(0, range.start))?.[0] ?? '';
  return { start: range.start - tag.length, end: range.end, text: `!Ref ${edit.reference}` };
}

function named(path: readonly PathKey[]): string {
  return path.join('.');
}

function lineOf(text: string, { from, to, changes }: Block): string {
  const before = text.slice(from, to);
  const after = changes
    .toReversed()
    .reduce((now, { start, end, text: put }) => now.slice(0, start - from) + put + now.slice(end - from), before);
  if (/[\r\n]/.test(after)) throw new CannotSplice('it stands on several lines');
  const indent = /^[ \t]*/.exec(before)?.[0] ?? '';
  const old = before.slice(indent.length);
  return `${after.trimEnd()} ${/[\r\n]/.test(old) ? wasLines + JSON.stringify(old) : was + old}`;
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at === -1) return text.length;
  return text[at - 1] === '\r' && at > from ? at - 1 : at;
}
