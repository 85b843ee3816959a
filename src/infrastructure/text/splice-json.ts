import detectIndent from 'detect-indent';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { isPlainObject, objectOf, stringsOf } from '../../project/data.js';
import { readYaml } from '../../project/yaml.js';
import { type Stack, sectionNames } from '../cloudformation.js';
import { CannotSplice, type TemplateBase } from './place.js';

/** JSON has no comments: the first resource tells in its metadata which entries were added with it. */
export const mark = 'migrate-lambda';

/** @throws CannotSplice */
export function spliceJson(text: string, given: Stack, base: TemplateBase): string {
  let result = text;
  for (const name of sectionNames) {
    const entries = Object.entries(given[name]);
    if (entries.length > 0) result = insert(result, [...base, name], entries);
  }
  return result;
}

/** The text with what was added as the user's own: no later run takes it out again. */
export function keptJson(text: string): string {
  return text.replace(/"migrate-lambda"(\s*:\s*\{\s*)"added"/, '"migrate-lambda"$1"taken-over"');
}

/** The stack as JSON can hold it: with the mark that {@link stripJson} looks for. */
export function markedForJson(stack: Stack): Stack {
  const [first] = Object.entries(stack.Resources);
  if (!first) return stack;
  const [id, resource] = first;
  const added = Object.fromEntries(sectionNames.map((name) => [name, Object.keys(stack[name])]).filter(([, ids]) => ids?.length !== 0));
  const marked = { ...objectOf(resource), Metadata: { [mark]: { added } } };
  return { ...stack, Resources: { ...stack.Resources, [id]: marked } };
}

/**
 * Puts entries at the end of an object; objects on the way are made.
 * @throws CannotSplice
 */
export function insert(text: string, path: readonly string[], entries: readonly (readonly [string, unknown])[]): string {
  const root = parseTree(text.replace(/^\uFEFF/, ' '));
  if (!root) throw new CannotSplice('it cannot be read');
  const found = findNodeAtLocation(root, [...path]);
  if (!found) {
    const [last, ...above] = path.toReversed();
    return insert(text, above.toReversed(), [[last ?? '', Object.fromEntries(entries)]]);
  }
  if (found.type !== 'object') throw new CannotSplice(`${path.join('.')} is no object`);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = detectIndent(text).indent || '  ';
  const indent = unit.repeat(path.length + 1);
  const lines = entries.map(([key, value]) => {
    const printed = `${JSON.stringify(key)}: ${JSON.stringify(value, null, unit)}`;
    return indent + printed.replaceAll('\n', eol + indent);
  });
  const body = lines.join(`,${eol}`);
  const last = found.children?.at(-1);
  if (!last) return `${text.slice(0, found.offset + 1)}${eol}${body}${eol}${unit.repeat(path.length)}${text.slice(found.offset + 1)}`;
  const end = last.offset + last.length;
  return `${text.slice(0, end)},${eol}${body}${text.slice(end)}`;
}

export function stripJson(text: string): string {
  const document = readYaml('', text).value;
  const bases: TemplateBase[] = [[], ['resources']];
  for (const base of bases) {
    const holder = base.length === 0 ? document : objectOf(document)['resources'];
    const names = namesAdded(objectOf(holder)['Resources']);
    if (names) return sectionNames.reduce((result, name) => removeJson(result, [...base, name], stringsOf(names[name])), text);
  }
  return text;
}

function namesAdded(resources: unknown): Record<string, unknown> | undefined {
  for (const resource of Object.values(objectOf(resources))) {
    const found = objectOf(objectOf(objectOf(resource)['Metadata'])[mark])['added'];
    if (isPlainObject(found)) return found;
  }
  return undefined;
}

/** Takes entries out of an object, with the comma before them; an object that held nothing else goes too. */
export function removeJson(text: string, path: readonly string[], ids: readonly string[]): string {
  const root = parseTree(text.replace(/^\uFEFF/, ' '));
  const section = root && findNodeAtLocation(root, [...path]);
  const properties = section?.children ?? [];
  const ours = properties.filter((property) => ids.includes(keyOf(property)));
  if (ours.length === 0) return text;
  const [last, ...above] = path.toReversed();
  if (ours.length === properties.length && last !== undefined) return removeJson(text, above.toReversed(), [last]);
  return ours.toReversed().reduce((result, property) => {
    const at = properties.indexOf(property);
    const before = properties[at - 1];
    const from = before ? before.offset + before.length : property.offset;
    return result.slice(0, from) + result.slice(property.offset + property.length);
  }, text);
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}
