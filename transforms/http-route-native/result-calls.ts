/** The calls of Fastify's reply that send what a result said. */
import { child, isFunction, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { textOf } from './event-uses.js';
import { frontOf, type Handler } from './handler.js';
import { withoutTypes } from './places.js';
import { isCaughtLater } from './promise-chain.js';
import { Refused } from './refusal.js';
import type { ReplyCall } from './reply-chain.js';
import { guardHeaderValue, type ResultHeaders, readHeaders } from './result-headers.js';
import { type ListedHeader, readLists } from './result-lists.js';
import { type Part, type Result, readResult } from './result-parts.js';
import { givenFor, isStringify, textKind } from './texts.js';
import { valuesAt } from './variables.js';

/** Type that the front gave to an answer without one. */
const defaultTypes = {
  'rest-api': 'application/json',
  'http-api': 'text/plain; charset=utf-8',
  'function-url': 'application/json',
  alb: 'application/octet-stream',
} as const;

/** Format 2.0: a text is the body. */
export function callsOfBody(handler: Handler, value: Node | null, replaced: Node): ReplyCall[] {
  if (frontOf(handler).payload !== '2.0' || !value || textKind(handler, value) !== 'text' || value.type === 'TSAsExpression')
    throw new Refused(`\`${textOf(handler, replaced)}\` is a result that is not written out`, replaced);
  guardPlace(handler, value);
  return [impliedCode, typeCall('application/json'), { name: 'send', argument: value }];
}

export function callsOf(handler: Handler, object: Node): ReplyCall[] {
  guardPlace(handler, object);
  const result = readResult(handler, object);
  if (result.statusCode === undefined && frontOf(handler).payload !== '2.0') throw new Refused('a result of it has no statusCode', object);
  if (result.statusCode === undefined) return [impliedCode, { name: 'send', argument: object, isJson: true }];
  const { node: status, spread } = result.statusCode;
  checkStatus(handler, status);
  const headers = result.headers ? readHeaders(handler, result.headers.node, result.headers.spread?.object) : undefined;
  const lists = readLists(handler, result);
  for (const { name } of lists)
    if (name !== 'set-cookie' && headers?.names.has(name)) throw new Refused(`the header ${name} is there twice`, object);
  const listedType = lists.find(({ name }) => name === 'content-type');
  const named = listedType ? listedType.contentType : headers?.contentType;
  const type = named === undefined ? defaultTypes[frontOf(handler).front] : named;
  const body: BodyCall = result.body
    ? bodyCall(handler, result.body.node, { type, isHeld: false })
    : { call: { name: 'send' }, isJson: false, isText: false };
  const code: ReplyCall = spread ? { name: 'code', code: spread.code } : { name: 'code', argument: status };
  const implied = listedType ? [] : typeOf(body, defaultTypes[frontOf(handler).front]);
  const calls = [listCalls(lists, body), headerCalls(result.headers, headers, body, implied)];
  // The order of cookies: format 2.0 sends those of the headers first.
  return [code, ...(result.cookies ? calls.reverse() : calls).flat(), body.call];
}

/** A header that is put into a result after it was made. */
export interface LaterHeader {
  name: string;
  value: Node;
  property: Node;
}

/** Their names in lower case. Another spelling of a header that is there would be a second header. */
function readLater(handler: Handler, later: readonly LaterHeader[], headers: readonly ResultHeaders[]): Set<string> {
  const spellings = new Map(headers.flatMap((each) => [...each.spellings]));
  for (const { name, value, property } of later) {
    const lower = name.toLowerCase();
    if ((spellings.get(lower) ?? name) !== name) throw new Refused(`the header ${name} is there twice`, property);
    spellings.set(lower, name);
    const text = guardHeaderValue(handler, { name, value, property });
    if (typeof text === 'boolean') handler.edits.replace(value, `${handler.quote}${text}${handler.quote}`);
  }
  return new Set(later.map(({ name }) => name.toLowerCase()));
}

/** The calls that send a result from the variable that holds it; its properties may have any of these values. */
export function callsOfHeld(
  handler: Handler,
  name: string,
  values: Record<Part, Node[]> & { later: readonly LaterHeader[] },
  place: Node,
): ReplyCall[] {
  guardPlace(handler, place);
  for (const each of values.statusCode) checkStatus(handler, each);
  const headers = values.headers.map((each) => readHeaders(handler, each));
  const types = new Set(headers.map(({ contentType }) => contentType));
  if (types.size > 1) throw new Refused(`the content type of \`${name}\` is not always the same`, place);
  const laterNames = readLater(handler, values.later, headers);
  const [first] = types;
  // Which of the types it has then is not asked: what comes first is only there without another.
  const isTypedLater = laterNames.has('content-type');
  const contentType = isTypedLater ? null : first;
  const type = contentType === undefined ? defaultTypes[frontOf(handler).front] : contentType;
  const bodies = values.body.map((each) => bodyCall(handler, each, { type, isHeld: true }));
  const send: ReplyCall = { name: 'send', ...(bodies.length > 0 && { code: `${name}.body` }) };
  const body: BodyCall = {
    call: send,
    isJson: false,
    isText: bodies.some(({ isText }) => isText),
    ...(bodies.some(({ isUnknown }) => isUnknown) && { isUnknown: true as const }),
  };
  const names = new Set([...headers.flatMap((each) => [...each.names]), ...laterNames]);
  if (names.size === 0) return [{ name: 'code', code: `${name}.statusCode` }, ...typeOf(body, defaultTypes[frontOf(handler).front]), send];
  const sets = new Map([...names].map((each) => [each, each === 'content-type' ? (contentType ?? null) : null]));
  const ofFront = defaultTypes[frontOf(handler).front];
  const implied = isTypedLater && first === undefined ? [typeCall(ofFront)] : contentType === undefined ? typeOf(body, ofFront) : [];
  return [{ name: 'code', code: `${name}.statusCode` }, ...implied, { name: 'headers', code: `${name}.headers`, sets }, send];
}

/** What follows in a `finally` would run after the answer is sent, and could not change it any more. */
export function guardPlace(handler: Handler, node: Node): void {
  for (let at: Node | undefined = node; at && at !== handler.node; at = handler.parents.get(at))
    if (at.type === 'TryStatement' && child(at, 'finalizer')) throw new Refused('a `finally` runs after its result', at);
}

/** A helper may be called inside a `try`. */
function isTried(handler: Handler, node: Node): boolean {
  return handler.call !== null || handler.around?.errors?.answersAll === true || tryAround(handler, node) !== null;
}

/** The innermost block or function that a node is tried in: what is thrown there is the handler's own to answer. */
export function tryAround({ parents, node: fn }: Pick<Handler, 'parents' | 'node'>, node: Node): Node | null {
  let at = node;
  for (let parent = parents.get(at); parent && at !== fn; at = parent, parent = parents.get(at)) {
    if (parent.type === 'TryStatement' && parent['block'] === at && child(parent, 'handler')) return at;
    if (isFunction(at)) return isCaughtLater({ parents, node: fn }, at) ? at : null;
  }
  return null;
}

/** A status that is none fails at the service as it failed at the front. */
function checkStatus(handler: Handler, status: Node): void {
  const at = withoutTypes(status);
  const given = at?.type === 'Identifier' ? givenFor(handler, at) : null;
  if (given) {
    checkStatus(given.handler, given.node);
    return;
  }
  if (at?.type === 'Literal') {
    const value = Number(at['value']);
    if (Number.isInteger(value) && value >= 200 && value <= 599 && (typeof at['value'] === 'number' || /^\d{3}$/.test(String(at['value']))))
      return;
    throw new Refused(`\`${textOf(handler, status)}\` is no status`, status);
  }
  if (at?.type === 'ConditionalExpression') {
    for (const field of ['consequent', 'alternate']) checkStatus(handler, child(at, field) as Node);
    return;
  }
  // Format 2.0 takes a result whose status is undefined for a body.
  if (frontOf(handler).payload === '2.0' && !isDefined(handler, at))
    throw new Refused(`the status \`${textOf(handler, status)}\` may be missing`, status);
}

/** It is certainly there: a number, or something with a default. */
function isDefined(handler: Handler, node: Node | null): boolean {
  const at = withoutTypes(node);
  if (at?.type === 'Literal') return at['value'] !== null;
  if (at?.type === 'LogicalExpression') return at['operator'] !== '&&' && isDefined(handler, child(at, 'right'));
  if (at?.type === 'ConditionalExpression') return ['consequent', 'alternate'].every((field) => isDefined(handler, child(at, field)));
  if (at?.type !== 'Identifier') return false;
  const given = givenFor(handler, at);
  if (given) return isDefined(given.handler, given.node);
  return valuesAt(handler, at)?.every((each) => each !== undefined && isDefined(handler, each)) ?? false;
}

interface BodyCall {
  call: ReplyCall;
  /** Sent as a value, which Fastify writes and names as JSON. */
  isJson: boolean;
  isText: boolean;
  /** Whatever it is: under a type of its own, the service sends it when it is text, and fails like the front when it is not. */
  isUnknown?: true;
}

/** A type is named, and it is not JSON: nothing but text is sent under it. */
function isText(type: string | null): boolean {
  return type !== null && !/json/i.test(type);
}

/** `isHeld`: it is made long before it is sent. */
function bodyCall(handler: Handler, body: Node, { type, isHeld }: { type: string | null; isHeld: boolean }): BodyCall {
  const object = /\bjson\b/.test(type ?? '') && !isHeld ? jsonArgument(handler, body) : null;
  if (object && (!isTried(handler, body) || isPlainData(object)))
    return { call: { name: 'send', argument: object, isJson: true }, isJson: true, isText: false };
  const kind = textKind(handler, body);
  const isNull = withoutTypes(body)?.type === 'Literal';
  if (kind === null && !isNull && isText(type) && frontOf(handler).front !== 'alb')
    return { call: { name: 'send', argument: body }, isJson: false, isText: false, isUnknown: true };
  if (kind === null && !(isNull && (withoutTypes(body) as Node)['raw'] === 'null' && frontOf(handler).front !== 'alb'))
    throw new Refused(`the body \`${textOf(handler, body)}\` is not known to be text`, body);
  if (kind === 'maybe' && frontOf(handler).front === 'alb') throw new Refused(`the body \`${textOf(handler, body)}\` may be missing`, body);
  return { call: { name: 'send', argument: body }, isJson: false, isText: true };
}

/** The object or list of `JSON.stringify({…})`, which Fastify writes the same way. */
function jsonArgument({ module, surroundings }: Handler, body: Node): Node | null {
  const at = withoutTypes(body);
  const args = list(at, 'arguments');
  const value = withoutTypes(args[0] ?? null);
  if (!isStringify(module, at) || args.length !== 1) return null;
  if (value?.type !== 'ObjectExpression' && value?.type !== 'ArrayExpression') return null;
  const name = nameOf(child(at, 'callee'));
  if (name !== null) surroundings.replaced.set(module, (surroundings.replaced.get(module) ?? new Set()).add(name));
  return value;
}

/** Writing it as JSON cannot fail. */
function isPlainData(node: Node): boolean {
  const at = withoutTypes(node);
  if (!at) return false;
  if (at.type === 'Literal') return at['bigint'] === undefined;
  if (at.type === 'TemplateLiteral') return true;
  if (at.type === 'ArrayExpression') return list(at, 'elements').every(isPlainData);
  return (
    at.type === 'ObjectExpression' &&
    list(at, 'properties').every((each) => each.type === 'Property' && each['method'] !== true && isPlainData(child(each, 'value') as Node))
  );
}

/** `implied`: what names the type that the front gave. */
function headerCalls(part: Result['headers'], headers: ResultHeaders | undefined, body: BodyCall, implied: ReplyCall[]): ReplyCall[] {
  const json = 'application/json';
  if (part && headers && headers.names.size > 0) {
    const { node, spread } = part;
    const [only] = headers.properties?.length === 1 ? headers.properties : [];
    const sets = new Map([...headers.names].map((name) => [name, name === 'content-type' ? (headers.contentType ?? null) : null]));
    const given = headers.given;
    const whole: ReplyCall = spread
      ? { name: 'headers', code: spread.code, sets, given }
      : { name: 'headers', argument: node, sets, given };
    if (headers.contentType === undefined)
      return [...implied, only ? { name: 'header', text: only.name, argument: only.value, sets, given } : whole];
    if (only && headers.contentType === json && body.isJson) return [];
    if (only) return [{ name: 'type', argument: only.value, sets, given }];
    return [whole];
  }
  return implied;
}

/** A type that Fastify gives by itself is not named. */
function listCalls(lists: readonly ListedHeader[], { isJson }: BodyCall): ReplyCall[] {
  return lists.filter(({ contentType }) => contentType !== 'application/json' || !isJson).map(({ call }) => call);
}

/** The type that the front gave, unless Fastify gives the same. */
function typeOf(body: BodyCall, implied: string): ReplyCall[] {
  if (body.isUnknown) return [typeCall(implied)];
  if (body.isJson && implied === 'application/json') return [];
  if (!body.isJson && (!body.isText || implied === 'text/plain; charset=utf-8')) return [];
  return [typeCall(implied)];
}

/** The status of a result that says none. */
const impliedCode: ReplyCall = { name: 'code', code: '200', isImplied: true };

function typeCall(type: string): ReplyCall {
  return { name: 'type', text: type, sets: new Map([['content-type', type]]) };
}
