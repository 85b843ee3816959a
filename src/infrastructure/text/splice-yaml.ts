import { isPlainObject, objectOf, type PlainObject } from '../../project/data.js';
import { type LocatedDocument, type PathKey, readYaml } from '../../project/yaml.js';
import { type SectionName, type Stack, sectionNames } from '../cloudformation.js';
import { CannotSplice, type TemplateBase } from './place.js';
import { yamlLines } from './yaml.js';

const begin = '# migrate-lambda: added; a later run writes this part anew';
const end = '# migrate-lambda: end of what was added';

const addition = /\r?\n[ \t]*# migrate-lambda: added;[^\r\n]*\r?\n[\s\S]*?\r?\n[ \t]*# migrate-lambda: end of what was added/g;

export function stripYaml(text: string): string {
  return text.replace(addition, '');
}

/** The text with what was added as the user's own: no later run takes it out again. */
export function keptYaml(text: string): string {
  return text.replaceAll(begin, '# migrate-lambda: what runs in place of the functions').replaceAll(end, '# migrate-lambda: end');
}

/**
 * Puts entries at the end of a block mapping that is there.
 * @throws CannotSplice
 */
export function addEntries(text: string, path: readonly PathKey[], entries: PlainObject): string {
  const document = readYaml('', text, { yesIsTrue: true });
  return apply(text, [atEndOf(text, document, path, yamlLines(entries, stepOf(text, document, [])))]);
}

interface Insertion {
  /** Offset of a line's end. */
  offset: number;
  column: number;
  lines: string[];
}

/** @throws CannotSplice */
export function spliceYaml(text: string, stack: Stack, base: TemplateBase): string {
  const document = readYaml('', text, { yesIsTrue: true });
  const root = document.value;
  if (!isPlainObject(root)) throw new CannotSplice('it cannot be read');
  const step = stepOf(text, document, base);
  const wanted = sectionNames.filter((name) => Object.keys(stack[name]).length > 0);
  const insertions = insertionsInto(text, document, base, stack, wanted, step);
  return apply(text, insertions);
}

function insertionsInto(
  text: string,
  document: LocatedDocument,
  base: TemplateBase,
  stack: Stack,
  wanted: readonly SectionName[],
  step: number,
): Insertion[] {
  const root = objectOf(document.value);
  const holder = base.length === 0 ? root : root['resources'];
  if (base.length > 0 && (holder === undefined || holder === null)) {
    const lines = yamlLines({ resources: pick(stack, wanted) }, step);
    if (holder === undefined) return [atEndOf(text, document, [], lines)];
    return [below(text, document, ['resources'], yamlLines(pick(stack, wanted), step), step)];
  }
  if (Array.isArray(holder)) return [asItem(text, document, base, yamlLines([pick(stack, wanted)], step))];
  if (!isPlainObject(holder)) throw new CannotSplice(`\`${base.join('.')}\` is taken from elsewhere`);
  const present = wanted.filter((name) => holder[name] !== undefined);
  const missing = wanted.filter((name) => holder[name] === undefined);
  const into = present.map((name) => {
    const lines = yamlLines(stack[name], step);
    return holder[name] === null ? below(text, document, [...base, name], lines, step) : atEndOf(text, document, [...base, name], lines);
  });
  return missing.length === 0 ? into : [...into, atEndOf(text, document, base, yamlLines(pick(stack, missing), step))];
}

function pick(stack: Stack, names: readonly SectionName[]) {
  return Object.fromEntries(names.map((name) => [name, stack[name]]));
}

/** After the last entry of a block mapping, in the column of its entries. */
function atEndOf(text: string, document: LocatedDocument, path: readonly PathKey[], lines: string[]): Insertion {
  const range = document.range(path);
  if (!range) throw new CannotSplice(`${path.join('.') || 'the document'} has no place of its own`);
  const lineStart = text.lastIndexOf('\n', range.start - 1) + 1;
  const before = text.slice(lineStart, range.start).replace(/^\uFEFF/, '');
  if (!/^ *$/.test(before) || /[{[*&!"']/.test(text[range.start] ?? '')) {
    throw new CannotSplice(`${path.join('.') || 'the document'} is not written as a block`);
  }
  return { offset: lineEnd(text, range.end), column: before.length, lines };
}

/** Below a key that has no value. */
function below(text: string, document: LocatedDocument, path: readonly PathKey[], lines: string[], step: number): Insertion {
  const range = document.entryRange(path);
  if (!range) throw new CannotSplice(`${path.join('.')} has no place of its own`);
  return { offset: lineEnd(text, range.start), column: range.column - 1 + step, lines };
}

/** As one more item of a block sequence. */
function asItem(text: string, document: LocatedDocument, path: readonly PathKey[], lines: string[]): Insertion {
  const range = document.range(path);
  const start = range?.start ?? 0;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const column = start - lineStart;
  if (!range || text[start] !== '-' || text.slice(lineStart, start).trim() !== '') {
    throw new CannotSplice(`${path.join('.')} is not written as a block`);
  }
  return { offset: lineEnd(text, range.end), column, lines };
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at === -1) return text.length;
  return text[at - 1] === '\r' && at > from ? at - 1 : at;
}

/** Columns that one level is indented by: as the entries of the first section are. */
function stepOf(text: string, document: LocatedDocument, base: TemplateBase): number {
  const parent = document.entryRange([...base, 'Resources']) ?? document.entryRange([...base]);
  const children = document.range([...base, 'Resources']) ?? document.range(['provider']);
  const outer = document.entryRange([...base, 'Resources']) ? parent : document.entryRange(['provider']);
  if (!outer || !children || /[{[]/.test(text[children.start] ?? '')) return 2;
  const step = children.column - outer.column;
  return step >= 1 && step <= 8 ? step : 2;
}

/** Later offsets first, so that earlier ones stay true; at one offset, the deeper block comes first in the text. */
function apply(text: string, insertions: readonly Insertion[]): string {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const ordered = insertions.toSorted((a, b) => b.offset - a.offset || a.column - b.column);
  return ordered.reduce((result, { offset, column, lines }) => {
    const indent = ' '.repeat(column);
    const block = [begin, ...lines, end].map((line) => eol + (line === '' ? '' : indent + line)).join('');
    return result.slice(0, offset) + block + result.slice(offset);
  }, text);
}
