/** The properties of a result: written out in it, or in a constant that is spread into it. */
import { child, keyOf, list, type Node } from '../../src/analysis/syntax.js';
import { textOf } from './event-uses.js';
import { frontOf, type Handler } from './handler.js';
import { Refused } from './refusal.js';
import { constantObject } from './result-headers.js';

/** A property of a result that is sent. */
export type Part = 'statusCode' | 'headers' | 'body';

interface PartValue {
  node: Node;
  /** It stands in a constant object that is spread into the result: what reads it from there. */
  spread?: { code: string; object: Node };
}

/** Headers that are lists, of one format each. */
type Lists = 'cookies' | 'multiValueHeaders';

export type Result = Partial<Record<Part | Lists, PartValue>>;

const lists: readonly string[] = ['cookies', 'multiValueHeaders'] satisfies Lists[];
const parts: readonly string[] = ['statusCode', 'headers', 'body', ...lists];

/** The properties of a result that is written out, where all others mean nothing to the front. */
export function readResult(handler: Handler, object: Node): Result {
  const found = new Map<string, PartValue>();
  for (const property of list(object, 'properties')) {
    const refuse = () => new Refused(`\`${textOf(handler, property)}\` in its result is not understood`, property);
    if (property.type === 'SpreadElement') {
      addSpread(handler, property, found, refuse);
      continue;
    }
    const key = property.type === 'Property' && property['kind'] === 'init' && property['method'] !== true ? keyOf(property) : null;
    const before = key === null ? undefined : found.get(key);
    if (key === null || (before && !before.spread)) throw refuse();
    found.set(key, { node: child(property, 'value') as Node });
  }
  // Format 2.0: the whole object is the body.
  if (!found.has('statusCode') && frontOf(handler).payload === '2.0') return {};
  for (const [key, { node, spread }] of found) if (!parts.includes(key) || (spread && lists.includes(key))) checkIgnored(key, node);
  return Object.fromEntries([...found].filter(([key]) => parts.includes(key))) as Result;
}

/** `...corsHeaders`, of `const corsHeaders = { headers: {…} }` that nothing writes to. */
function addSpread(handler: Handler, spread: Node, found: Map<string, PartValue>, refuse: () => Refused): void {
  const argument = child(spread, 'argument') as Node;
  const constant = constantObject(handler, argument);
  if (!constant) throw refuse();
  const { start, end } = argument;
  for (const property of list(constant, 'properties')) {
    const key = property.type === 'Property' && property['kind'] === 'init' ? keyOf(property) : null;
    const node = child(property, 'value');
    if (key === null || !node || found.has(key) || key === 'body') throw refuse();
    found.set(key, { node, spread: { code: `${handler.module.text.slice(start, end)}.${key}`, object: argument } });
  }
}

function checkIgnored(key: string, value: Node): void {
  const literal = value.type === 'Literal' ? value['value'] : undefined;
  const isIgnored =
    key === 'isBase64Encoded'
      ? literal === false
      : literal !== undefined && !['cookies', 'multiValueHeaders', 'statusDescription'].includes(key);
  if (!isIgnored) throw new Refused(`\`${key}\` of its result is not rewritten`, value);
}
