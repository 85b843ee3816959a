/** Headers that a result gives as lists: `cookies` of format 2.0, `multiValueHeaders` of format 1.0. */
import { child, keyOf, list, type Node } from '../../src/analysis/syntax.js';
import { textOf } from './event-uses.js';
import { frontOf, type Handler } from './handler.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';
import type { ReplyCall } from './reply-chain.js';
import { guardHeaderValue } from './result-headers.js';
import type { Result } from './result-parts.js';

export interface ListedHeader {
  /** In lower case. */
  name: string;
  call: ReplyCall;
  /** Value of the content type when it is written out; null when it is not known; undefined for other headers. */
  contentType?: string | null;
}

/** Understands both lists. Fastify keeps several values only of cookies as the fronts did. */
export function readLists(handler: Handler, { cookies, multiValueHeaders }: Result): ListedHeader[] {
  const { payload } = frontOf(handler);
  if (cookies && payload !== '2.0') throw notRewritten('cookies', cookies.node);
  if (multiValueHeaders && (payload !== '1.0' || frontOf(handler).front === 'alb'))
    throw notRewritten('multiValueHeaders', multiValueHeaders.node);
  const found = [
    ...(cookies ? listed(handler, 'set-cookie', cookies.node, cookies.node) : []),
    ...(multiValueHeaders ? readObject(handler, multiValueHeaders.node) : []),
  ];
  return found;
}

/** The part of a result that is refused as a whole. */
export function notRewritten(part: string, node: Node): Refused {
  return new Refused(`\`${part}\` of its result is not rewritten`, node);
}

function readObject(handler: Handler, node: Node): ListedHeader[] {
  const object = withoutTypes(node);
  if (object?.type !== 'ObjectExpression') throw new Refused(`\`${textOf(handler, node)}\` is not known as headers`, node);
  if (/\/[/*]/.test(betweenProperties(handler, object))) throw new Refused('a comment stands in its result', node);
  const names = new Set<string>();
  return list(object, 'properties').flatMap((property) => {
    const name = property.type === 'Property' && property['kind'] === 'init' ? keyOf(property) : null;
    const value = child(property, 'value');
    if (name === null || !value) throw new Refused(`\`${textOf(handler, property)}\` is a header whose name is not written out`, property);
    if (names.has(name.toLowerCase())) throw new Refused(`the header ${name} is there twice`, property);
    names.add(name.toLowerCase());
    return listed(handler, name, value, property);
  });
}

function betweenProperties({ module }: Handler, object: Node): string {
  const properties = list(object, 'properties');
  return [object.start, ...properties.map(({ end }) => end)]
    .map((start, index) => module.text.slice(start, properties[index]?.start ?? object.end))
    .join('');
}

function listed(handler: Handler, name: string, value: Node, property: Node): ListedHeader[] {
  const array = withoutTypes(value);
  const lower = name.toLowerCase();
  const elements = array?.type === 'ArrayExpression' ? list(array, 'elements') : null;
  // A hole is no element of the tree.
  const isWhole = array?.type === 'ArrayExpression' && (array['elements'] as unknown[]).length === elements?.length;
  if (!array || !elements || !isWhole) throw new Refused(`\`${textOf(handler, property)}\` is a list that is not written out`, property);
  for (const each of elements) guardHeaderValue(handler, { name, value: each, property: each });
  const [only, ...more] = elements;
  if (!only) return [];
  if (more.length > 0 && lower !== 'set-cookie') throw new Refused(`the header ${name} has several values`, property);
  const literal = withoutTypes(only)?.type === 'Literal' ? (withoutTypes(only) as Node)['value'] : undefined;
  const isType = lower === 'content-type';
  const contentType = typeof literal === 'string' ? literal : null;
  const argument = more.length > 0 || hasComment(handler, array, only) ? array : only;
  const sets = new Map([[lower, isType ? contentType : null]]);
  if (isType) return [{ name: lower, call: { name: 'type', argument: only, sets }, contentType }];
  return [{ name: lower, call: { name: 'header', text: name, argument, sets } }];
}

function hasComment({ module }: Handler, array: Node, only: Node): boolean {
  return /\/[/*]/.test(module.text.slice(array.start, only.start) + module.text.slice(only.end, array.end));
}
