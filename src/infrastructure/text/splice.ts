/** New entries go into a definition as text; every byte of the user's stays. */
import { isDeepStrictEqual } from 'node:util';
import { isPlainObject, objectOf, type PlainObject } from '../../project/data.js';
import { readYaml } from '../../project/yaml.js';
import { emptyStack, type SectionName, type Stack, sectionNames } from '../cloudformation.js';
import { CannotSplice, type TemplateBase } from './place.js';
import { restoreValues } from './rewrite-json.js';
import { restoreLines } from './rewrite-yaml.js';
import { keptJson, markedForJson, spliceJson, stripJson } from './splice-json.js';
import { keptYaml, spliceYaml, stripYaml } from './splice-yaml.js';

/** Definitions are JSON or YAML. */
export function isJson(text: string): boolean {
  return /^\uFEFF?\s*\{/.test(text);
}

/** The text with what was added as the user's own, when it is all that is left: no later run takes it out again. */
export function kept(text: string): string {
  return isJson(text) ? keptJson(text) : keptYaml(text);
}

/** The text without what an earlier run added. */
export function stripped(text: string): string {
  return isJson(text) ? stripJson(restoreValues(text)) : restoreLines(stripYaml(text));
}

/**
 * The text with the stack's entries at the end of their sections. The result is read again: it must hold everything that was there, and
 * the stack as it was given.
 * @throws CannotSplice when the text is written in a way that leaves no place for an entry.
 */
export function spliced(text: string, given: Stack, base: TemplateBase): string {
  const stack = isJson(text) ? markedForJson(given) : given;
  const result = isJson(text) ? spliceJson(text, stack, base) : spliceYaml(text, stack, base);
  const before = readYaml('', text, { yesIsTrue: true });
  const after = readYaml('', result, { yesIsTrue: true });
  if (after.value === undefined || !isDeepStrictEqual(parted(after.value, stack, base), expected(before.value, stack, base))) {
    throw new CannotSplice('it is not read as the same with new entries in it');
  }
  if (stripped(result) !== text) throw new CannotSplice('what is added could not be taken out again');
  return result;
}

interface Parted {
  /** The document without the entries of the stack, and without sections that hold nothing else. */
  rest: unknown;
  added: PlainObject;
}

function parted(value: unknown, stack: Stack, base: TemplateBase): Parted {
  const copy = structuredClone(value);
  const added: PlainObject = {};
  const owner = base.length === 0 ? copy : objectOf(copy)['resources'];
  for (const holder of Array.isArray(owner) ? owner.slice(-1) : [owner]) {
    for (const name of sectionNames) takeOut(holder, name, stack, added);
  }
  return { rest: withoutEmpty(copy), added };
}

function takeOut(holder: unknown, name: SectionName, stack: Stack, added: PlainObject): void {
  if (!isPlainObject(holder)) return;
  const { [name]: section } = holder;
  if (!isPlainObject(section)) return;
  const taken: PlainObject = {};
  for (const id of Object.keys(stack[name])) {
    if (!Object.hasOwn(section, id)) continue;
    taken[id] = section[id];
    delete section[id];
  }
  if (Object.keys(taken).length > 0) added[name] = taken;
}

function expected(value: unknown, stack: Stack, base: TemplateBase): Parted {
  const added = Object.fromEntries(sectionNames.filter((name) => Object.keys(stack[name]).length > 0).map((name) => [name, stack[name]]));
  return { rest: parted(value, emptyStack(), base).rest, added: asRead(added) };
}

/** As the reader gives it: `Fn::GetAtt` is a list, and what is not there is not there. */
function asRead(value: unknown): PlainObject {
  return objectOf(readYaml('', JSON.stringify(value)).value);
}

/** Sections that hold nothing read like sections that are not there. */
function withoutEmpty(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(withoutEmpty).filter((entry) => entry !== undefined);
  if (!isPlainObject(document)) return document;
  const entries = Object.entries(document).flatMap(([key, value]) => {
    const within = key === 'resources' || (sectionNames as readonly string[]).includes(key) ? withoutEmpty(value) : value;
    return within === undefined || within === null ? [] : [[key, within] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
