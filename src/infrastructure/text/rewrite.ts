/** Entries that are there are changed as text: what each line was stands beside it, so that it can be put back. */
import { isDeepStrictEqual } from 'node:util';
import { isPlainObject, type PlainObject } from '../../project/data.js';
import { type PathKey, readYaml } from '../../project/yaml.js';
import { CannotSplice } from './place.js';
import { rewriteJson } from './rewrite-json.js';
import { rewriteYaml } from './rewrite-yaml.js';
import { isJson, stripped } from './splice.js';

/** Entries that go into a mapping that is there. */
export interface Addition {
  path: readonly PathKey[];
  entries: PlainObject;
}

/** A reference in the place of a value, or another text in the place of a part of one. */
export type Replacement = { path: readonly PathKey[]; reference: string } | { path: readonly PathKey[]; find: string; put: string };

export interface DefinitionEdits {
  added: Addition[];
  replaced: Replacement[];
}

/** The text with the edits, and the edits that it has no place for: a person has to make them. */
export interface Rewritten {
  text: string;
  failed: DefinitionEdits;
}

/**
 * Makes the edits in a definition to which a stack was added already. What is made is read again: it must hold every edit, nothing else
 * may have changed, and the text must be as before when the edits are taken out again. Where all of them together cannot be made, each is
 * tried by itself.
 */
export function rewritten(text: string, edits: DefinitionEdits): Rewritten {
  const whole = attempt(text, edits);
  if (whole !== undefined) return { text: whole, failed: { added: [], replaced: [] } };
  const failed: DefinitionEdits = { added: [], replaced: [] };
  let result = text;
  for (const each of edits.added) {
    const next = attempt(result, { added: [each], replaced: [] });
    if (next === undefined) failed.added.push(each);
    else result = next;
  }
  for (const each of edits.replaced) {
    const next = attempt(result, { added: [], replaced: [each] });
    if (next === undefined) failed.replaced.push(each);
    else result = next;
  }
  return { text: result, failed };
}

function attempt(text: string, edits: DefinitionEdits): string | undefined {
  try {
    const result = isJson(text) ? rewriteJson(text, edits) : rewriteYaml(text, edits);
    const wanted = structuredClone(readYaml('', text, { yesIsTrue: true }).value);
    for (const { path, entries } of edits.added) addTo(at(wanted, path), entries);
    for (const each of edits.replaced) replaceIn(wanted, each);
    const { value } = readYaml('', result, { yesIsTrue: true });
    const same = isDeepStrictEqual(withoutMarks(value), withoutMarks(asRead(wanted))) && stripped(result) === stripped(text);
    return same ? result : undefined;
  } catch (error) {
    if (error instanceof CannotSplice) return undefined;
    throw error;
  }
}

function at(document: unknown, path: readonly PathKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (Array.isArray(value) ? value[Number(key)] : isPlainObject(value) ? value[key] : undefined),
    document,
  );
}

function addTo(target: unknown, entries: PlainObject): void {
  if (!isPlainObject(target) || Object.keys(entries).some((key) => Object.hasOwn(target, key)))
    throw new CannotSplice('there is no place for it');
  Object.assign(target, entries);
}

function replaceIn(document: unknown, edit: Replacement): void {
  const holder = at(document, edit.path.slice(0, -1));
  const key = edit.path.at(-1) ?? '';
  if (!isPlainObject(holder) && !Array.isArray(holder)) throw new CannotSplice('it is not there');
  const slot = holder as Record<PathKey, unknown>;
  const before = slot[key];
  if ('reference' in edit) slot[key] = { Ref: edit.reference };
  else if (typeof before === 'string') slot[key] = before.replaceAll(edit.find, edit.put);
}

function asRead(value: unknown): unknown {
  return readYaml('', JSON.stringify(value)).value;
}

/** JSON tells in the metadata of a resource what was changed. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (key === 'migrate-lambda' ? [] : [[key, withoutMarks(entry)] as const])),
  );
}
