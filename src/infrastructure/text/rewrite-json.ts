import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { isPlainObject, listOf, objectOf } from '../../project/data.js';
import { type PathKey, readYaml } from '../../project/yaml.js';
import { CannotSplice } from './place.js';
import type { DefinitionEdits } from './rewrite.js';
import { insert, mark, removeJson } from './splice-json.js';

/** What was changed, as the first resource that was added tells it: entries that were not there, and values as they were written. */
interface Marks {
  entries: [PathKey[], string[]][];
  was: [PathKey[], string][];
}

/** @throws CannotSplice */
export function rewriteJson(text: string, { added, replaced }: DefinitionEdits): string {
  const marks: Marks = { entries: [], was: [] };
  let result = text;
  for (const edit of replaced) {
    const node = nodeAt(result, edit.path);
    if (!node) throw new CannotSplice(`${edit.path.join('.')} has no place of its own`);
    const end = node.offset + node.length;
    const before = result.slice(node.offset, end);
    const put = 'reference' in edit ? JSON.stringify({ Ref: edit.reference }) : before.replaceAll(edit.find, edit.put);
    marks.was.push([[...edit.path], before]);
    result = result.slice(0, node.offset) + put + result.slice(end);
  }
  for (const { path, entries } of added) {
    result = insert(result, path.map(String), Object.entries(entries));
    marks.entries.push([[...path], Object.keys(entries)]);
  }
  const place = markOf(readYaml('', text).value);
  if (!place) throw new CannotSplice('nothing is added that could tell of it');
  const earlier = marksAt(text, place);
  const whole = { entries: [...earlier.entries, ...marks.entries], was: [...earlier.was, ...marks.was] };
  const cleared = removeJson(result, place, ['changed']);
  return insert(cleared, place, [['changed', whole]]);
}

/** The text with its values as they were, before what was added is taken out. */
export function restoreValues(text: string): string {
  const place = markOf(readYaml('', text).value);
  if (!place) return text;
  const { entries, was } = marksAt(text, place);
  const without = entries.toReversed().reduce((result, [path, keys]) => removeJson(result, path.map(String), keys), text);
  return was.toReversed().reduce((result, [path, before]) => {
    const node = nodeAt(result, path);
    return node ? result.slice(0, node.offset) + before + result.slice(node.offset + node.length) : result;
  }, without);
}

function nodeAt(text: string, path: readonly PathKey[]): Node | undefined {
  const root = parseTree(text.replace(/^\uFEFF/, ' '));
  return root && findNodeAtLocation(root, [...path]);
}

function markOf(document: unknown): string[] | undefined {
  const root = objectOf(document);
  for (const base of [[], ['resources']] as const) {
    const resources = objectOf(objectOf(base.length === 0 ? root : root['resources'])['Resources']);
    const found = Object.entries(resources).find(([, entry]) => isPlainObject(objectOf(objectOf(entry)['Metadata'])[mark]));
    if (found) return [...base, 'Resources', found[0], 'Metadata', mark];
  }
  return undefined;
}

function marksAt(text: string, place: readonly string[]): Marks {
  const held = place.reduce<unknown>((value, key) => objectOf(value)[key], readYaml('', text).value);
  const { entries, was } = objectOf(objectOf(held)['changed']);
  const keys = (path: unknown) => listOf(path).filter((key): key is PathKey => typeof key === 'string' || typeof key === 'number');
  return {
    entries: listOf(entries).map((each) => [keys(listOf(each)[0]), keys(listOf(each)[1]).map(String)]),
    was: listOf(was).map((each) => [keys(listOf(each)[0]), String(listOf(each)[1])]),
  };
}
