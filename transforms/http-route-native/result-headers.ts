/** Headers of a result: only those that Fastify sends as the front did. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, memberPath, type Node, nameOf } from '../../src/analysis/syntax.js';
import { textOf } from './event-uses.js';
import { frontOf, type Handler } from './handler.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';
import { givenFor, inModule, textKind } from './texts.js';

export interface ResultHeaders {
  /** Lower-case names. */
  names: Set<string>;
  /** How each of them is written. */
  spellings: Map<string, string>;
  /** How each of them is written, and its value when that is written out. */
  given: Map<string, { name: string; value: unknown }>;
  /** Value of the content type when it is written out; null when it is not known; undefined when there is none. */
  contentType: string | null | undefined;
  /** Literal properties when the object is written out in the result and has nothing else. */
  properties: { name: string; value: Node }[] | null;
}

/** Node frames the message itself, and so did the front. */
const framing = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Understands an expression of headers, also of a constant elsewhere. Booleans written out become text. `holder`: it is the property
 * of that constant object.
 */
export function readHeaders(handler: Handler, node: Node, holder?: Node): ResultHeaders {
  const found: ResultHeaders = { names: new Set(), spellings: new Map(), given: new Map(), contentType: undefined, properties: [] };
  const at = withoutTypes(node);
  const value = holder ? handler.values.of(handler.module, holder) : null;
  const place = value?.kind === 'node' ? inModule(handler, value.module) : handler;
  if (holder) found.properties = null;
  if (at?.type === 'ObjectExpression') readObject(handler, place, at, found);
  else {
    found.properties = null;
    readConstant(handler, place, node, found);
  }
  return found;
}

/** The object that a name or property stands for when it is written out and nothing writes to it; null otherwise. */
export function constantObject(handler: Handler, node: Node): Node | null {
  const name = memberPath(node)?.[0];
  const value = handler.values.of(handler.module, node);
  if (value.kind !== 'node' || value.node.type !== 'ObjectExpression' || name === undefined) return null;
  const isWritten = isMutated(handler, name, node) || (value.module !== handler.module && value.module.memberAssignments.length > 0);
  return isWritten ? null : value.node;
}

function readObject(handler: Handler, place: Handler, object: Node, found: ResultHeaders): void {
  for (const property of list(object, 'properties')) {
    if (property.type === 'SpreadElement') {
      found.properties = null;
      readConstant(handler, place, child(property, 'argument') as Node, found);
      continue;
    }
    const name = property.type === 'Property' && property['kind'] === 'init' ? keyOf(property) : null;
    const value = child(property, 'value');
    if (name === null || !value) throw new Refused(`\`${textOf(place, property)}\` is a header whose name is not written out`, property);
    readHeader(handler, place, { name, value, property }, found);
  }
}

function readHeader(
  handler: Handler,
  place: Handler,
  { name, value, property }: { name: string; value: Node; property: Node },
  found: ResultHeaders,
): void {
  const lower = name.toLowerCase();
  const text = guardHeaderValue(handler, { name, value, property }, place);
  const isOther = (found.spellings.get(lower) ?? name) !== name;
  if (isOther || (found.properties !== null && found.names.has(lower))) throw new Refused(`the header ${name} is there twice`, property);
  if (typeof text === 'boolean') {
    if (place === handler) handler.edits.replace(value, `${handler.quote}${text}${handler.quote}`);
    else if (handler.module.language === 'typescript')
      throw new Refused(`\`${textOf(place, property)}\` is a header that is no text`, property);
  }
  found.names.add(lower);
  found.spellings.set(lower, name);
  found.given.set(lower, { name, value: text });
  if (lower === 'content-type') found.contentType = typeof text === 'string' ? text : null;
  found.properties?.push({ name, value });
}

/** Refuses a header that Fastify would not send as the front did; gives its value when that is written out. `place`: where it stands. */
export function guardHeaderValue(
  handler: Handler,
  { name, value, property }: { name: string; value: Node; property: Node },
  place = handler,
): unknown {
  const literal = withoutTypes(value);
  if (framing.has(name.toLowerCase())) throw new Refused(`the header ${name} is set by Node itself`, property);
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new Refused(`${name} is no name of a header`, property);
  const text = literal?.type === 'Literal' ? literal['value'] : undefined;
  const isPlain = (typeof text === 'boolean' || typeof text === 'number') && frontOf(handler).front !== 'alb';
  if (textKind(place, value) !== 'text' && !isPlain)
    throw new Refused(`\`${textOf(place, property)}\` is a header that may have no value`, property);
  if (typeof text === 'string' && !/^[\t\x20-\x7e]*$/.test(text)) throw new Refused(`the header ${name} cannot be sent`, property);
  return text;
}

/** A constant object, here or in another module, that nothing writes to. */
function readConstant(handler: Handler, place: Handler, node: Node, found: ResultHeaders): void {
  const refuse = () => new Refused(`\`${textOf(place, node)}\` is not known as headers`, node);
  const at = withoutTypes(node);
  const given = at?.type === 'Identifier' ? givenFor(place, at) : null;
  const object = withoutTypes(given?.node ?? null);
  if (given && object?.type === 'ObjectExpression' && !isChanged(place, at as Node)) {
    readObject(handler, given.handler, object, found);
    return;
  }
  const value = handler.values.of(place.module, node);
  const path = memberPath(node);
  const name = path?.[0];
  if (value.kind !== 'node' || value.node.type !== 'ObjectExpression' || name === undefined) throw refuse();
  if (isMutated(place, name, node) || (value.module !== place.module && value.module.memberAssignments.length > 0)) throw refuse();
  readObject(handler, inModule(handler, value.module), value.node, found);
}

/** A property of the parameter is set. */
function isChanged({ parents }: Handler, identifier: Node): boolean {
  const name = nameOf(identifier);
  for (const [node, parent] of parents)
    if (nameOf(node) === name && parent.type === 'MemberExpression' && parent['object'] === node) return true;
  return false;
}

function isMutated({ module }: Handler, name: string, node: Node): boolean {
  const binding = bindingAt(module, name, node.start);
  if (!binding || binding.kind === 'parameter') return true;
  const targets = [
    ...module.memberAssignments.map((each) => child(each, 'left')),
    ...(module.assignments.get(name) ?? []).map((each) => child(each, 'left')),
  ];
  return targets.some((target) => {
    const written = memberPath(child(target, 'object') ?? target)?.[0] ?? nameOf(target);
    return written === name && target !== null && bindingAt(module, name, target.start) === binding;
  });
}
