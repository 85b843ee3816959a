/** Entries are taken out of a definition as text; every other byte stays. */
import { isDeepStrictEqual } from 'node:util';
import { isPlainObject } from '../../project/data.js';
import { type LocatedDocument, readYaml } from '../../project/yaml.js';
import { CannotSplice } from './place.js';
import { isJson } from './splice.js';
import { removeJson } from './splice-json.js';

/**
 * The text without the entries at these paths, and without a mapping that held nothing else. The result is read again: it must hold all the
 * rest, as it was.
 * @throws CannotSplice when an entry is not on lines of its own, or something else needs it (an anchor).
 */
export function removed(text: string, paths: readonly (readonly string[])[]): string {
  const document = readYaml('', text, { yesIsTrue: true });
  const expected = structuredClone(document.value);
  const whole = paths.map((path) => takeOut(expected, path));
  const distinct = [...new Map(whole.map((path) => [JSON.stringify(path), path])).values()];
  const outermost = distinct.filter(
    (path) => !distinct.some((other) => other.length < path.length && other.every((key, at) => path[at] === key)),
  );
  const result = isJson(text)
    ? outermost.reduce((left, path) => removeJson(left, path.slice(0, -1), path.slice(-1)), text)
    : withoutLines(text, document, outermost);
  const { value } = readYaml('', result, { yesIsTrue: true });
  if (!isDeepStrictEqual(value, expected)) throw new CannotSplice('it is not read as the same without the functions');
  return result;
}

/** Gives what in the end goes: the entry, or the outermost mapping that it left empty. */
function takeOut(document: unknown, path: readonly string[]): readonly string[] {
  const [key = '', ...rest] = path;
  if (!isPlainObject(document)) return path;
  if (rest.length === 0) {
    delete document[key];
    return path;
  }
  const below = [key, ...takeOut(document[key], rest)];
  const left = document[key];
  if (!isPlainObject(left) || Object.keys(left).length > 0) return below;
  delete document[key];
  return [key];
}

function withoutLines(text: string, document: LocatedDocument, paths: readonly (readonly string[])[]): string {
  const spans = paths.map((path) => linesOf(text, document, path)).sort((a, b) => b.from - a.from);
  return spans.reduce((result, { from, to }) => result.slice(0, from) + result.slice(to), text);
}

function linesOf(text: string, document: LocatedDocument, path: readonly string[]): { from: number; to: number } {
  const range = document.entryRange([...path]);
  if (!range) throw new CannotSplice(`${path.join('.')} has no place of its own`);
  const from = text.lastIndexOf('\n', range.start - 1) + 1;
  const end = text.slice(range.start, range.end).trimEnd().length + range.start;
  const next = text.indexOf('\n', end);
  const to = next === -1 ? text.length : next + 1;
  if (
    text
      .slice(from, range.start)
      .replace(/^\uFEFF/, '')
      .trim() !== '' ||
    !/^\s*(#.*)?$/.test(text.slice(end, to))
  ) {
    throw new CannotSplice(`${path.join('.')} is not on lines of its own`);
  }
  return { from, to };
}
