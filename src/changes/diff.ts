import { structuredPatch } from 'diff';
import { hasSecretValue } from '../planning/secrets.js';
import type { Change } from './change-set.js';

/** Colours of a diff; identity functions when there are none. */
export interface DiffColors {
  added(text: string): string;
  removed(text: string): string;
  place(text: string): string;
  heading(text: string): string;
}

const plain: DiffColors = { added: same, removed: same, place: same, heading: same };

function same(text: string): string {
  return text;
}

export interface DiffOptions {
  /** Put before every path: where the folder stands below the top level of its git repository, e.g. `services/orders/`. */
  prefix?: string | undefined;
  /** Permission bits of files that are there; only deletions need them. */
  modeOf?: ((path: string) => number | undefined) | undefined;
  colors?: DiffColors | undefined;
}

/** The changes as one patch in git's format: `git apply` of it gives the tree that writing gives. */
export function patchOf(changes: readonly Change[], options: DiffOptions = {}): string {
  return changes.map((change) => filePatch(change, options)).join('');
}

function filePatch(change: Change, { prefix = '', modeOf, colors = plain }: DiffOptions): string {
  const path = prefix + change.path;
  const mode = change.kind === 'delete' && ((modeOf?.(change.path) ?? 0) & 0o111) !== 0 ? '100755' : '100644';
  const heading = [`diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}`];
  if (change.kind === 'create') heading.push(`new file mode ${mode}`);
  if (change.kind === 'delete') heading.push(`deleted file mode ${mode}`);
  const hunks = hunksOf(change);
  if (hunks.length > 0) {
    heading.push(`--- ${change.kind === 'create' ? '/dev/null' : marked(`a/${path}`)}`);
    heading.push(`+++ ${change.kind === 'delete' ? '/dev/null' : marked(`b/${path}`)}`);
  }
  return [...heading.map(colors.heading), ...hunks.flatMap((hunk) => hunkLines(hunk, colors))].map((line) => `${line}\n`).join('');
}

interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  /** Each with its sign, or the backslash of a missing newline. */
  lines: string[];
}

/** A search for the shortest edit that takes longer than this (ms) is given up: the whole file is then shown as replaced. */
const longestSearch = 2000;

function hunksOf({ before, after }: Change): Hunk[] {
  if (before === null || before === '' || after === null || after === '') return wholeFile(before ?? '', after ?? '');
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context: 3, timeout: longestSearch });
  return patch?.hunks.map(withoutSecrets) ?? wholeFile(before, after);
}

/** With less of what stands around the change, where that holds a secret: nothing of it is needed to place the change. */
function withoutSecrets(hunk: Hunk): Hunk {
  const isChange = (line: string) => line.startsWith('+') || line.startsWith('-');
  const first = hunk.lines.findIndex(isChange);
  const last = hunk.lines.findLastIndex(isChange);
  const from = hunk.lines.findLastIndex((line, at) => at < first && hasSecretValue(line)) + 1;
  const secretAfter = hunk.lines.findIndex((line, at) => at > last && hasSecretValue(line));
  // Without a line after it, git takes a change for one at the end of the file.
  const to = secretAfter === -1 ? hunk.lines.length : Math.max(secretAfter, last + 2);
  const dropped = from + hunk.lines.slice(to).filter((line) => line.startsWith(' ')).length;
  const oldLines = hunk.oldLines - dropped;
  const newLines = hunk.newLines - dropped;
  return {
    // A range without lines begins after the line that it names.
    oldStart: hunk.oldStart + from - (oldLines === 0 ? 1 : 0),
    oldLines,
    newStart: hunk.newStart + from - (newLines === 0 ? 1 : 0),
    newLines,
    lines: hunk.lines.slice(from, to),
  };
}

/** One hunk that takes all of the old lines out and puts the new ones in. */
function wholeFile(before: string, after: string): Hunk[] {
  const removed = signed('-', before);
  const added = signed('+', after);
  if (removed.count + added.count === 0) return [];
  return [
    {
      oldStart: removed.count === 0 ? 0 : 1,
      oldLines: removed.count,
      newStart: added.count === 0 ? 0 : 1,
      newLines: added.count,
      lines: [...removed.lines, ...added.lines],
    },
  ];
}

function signed(sign: string, text: string): { lines: string[]; count: number } {
  if (text === '') return { lines: [], count: 0 };
  const complete = text.endsWith('\n');
  const lines = (complete ? text.slice(0, -1) : text).split('\n').map((line) => sign + line);
  return { lines: complete ? lines : [...lines, '\\ No newline at end of file'], count: lines.length };
}

function hunkLines({ oldStart, oldLines, newStart, newLines, lines }: Hunk, colors: DiffColors): string[] {
  return [
    colors.place(`@@ -${span(oldStart, oldLines)} +${span(newStart, newLines)} @@`),
    ...lines.map((line) => (line.startsWith('+') ? colors.added(line) : line.startsWith('-') ? colors.removed(line) : line)),
  ];
}

function span(start: number, count: number): string {
  return count === 1 ? `${start}` : `${start},${count}`;
}

/** A name with a blank is ended with a tab, as git does, or what follows it could be taken for a date. */
function marked(path: string): string {
  const name = quoted(path);
  return name === path && path.includes(' ') ? `${name}\t` : name;
}

const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

/** A path as git quotes it: in C style when it has control, non-ASCII or quoting characters. */
function quoted(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (!/[\u0000-\u001f"\\\u007f-\uffff]/.test(path)) return path;
  const text = [...Buffer.from(path)].map((byte) => {
    const character = String.fromCharCode(byte);
    return escapes[character] ?? (byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : character);
  });
  return `"${text.join('')}"`;
}

/** Lines added and removed. */
export function lineCounts(change: Change): { added: number; removed: number } {
  const lines = hunksOf(change).flatMap((hunk) => hunk.lines);
  return { added: lines.filter((line) => line.startsWith('+')).length, removed: lines.filter((line) => line.startsWith('-')).length };
}
