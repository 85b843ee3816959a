import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { withOrderedEvents } from './echoed-event.js';
import { type HeaderLine, lastHeader, type WireResponse } from './fronts/http.js';
import { type NormaliseContext, normaliseText } from './normalise.js';

/** One thing that differs between the two sides. */
export interface Difference {
  /** `status`, `header content-type`, `body`, `calls`, `messages` … */
  what: string;
  before: string;
  after: string;
}

/** Answers as they are compared: what the rules leave out is gone. */
export interface ComparableResponse {
  status: number;
  headers: Record<string, string[]>;
  body: string;
}

const transport = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'server', 'via']);
const decoders: Record<string, (body: Buffer) => Buffer> = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };
const requestIds = new Set(['x-amzn-requestid', 'x-amz-apigw-id', 'apigw-requestid', 'x-amzn-trace-id', 'x-amzn-errortype']);

export function comparableResponse({ status, headers, body }: WireResponse, context: NormaliseContext): ComparableResponse {
  return { status, headers: comparableHeaders(headers, context), body: comparableBody(decoded(body, headers), context) };
}

function comparableHeaders(headers: readonly HeaderLine[], context: NormaliseContext): Record<string, string[]> {
  const kept: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (isLeftOut(lower, value, context)) continue;
    kept[lower] = [...(kept[lower] ?? []), normaliseText(value, context)];
  }
  return kept;
}

function isLeftOut(name: string, value: string, { used }: NormaliseContext): boolean {
  if (transport.has(name)) return true;
  if (requestIds.has(name)) {
    used('request-ids');
    return true;
  }
  if (name === 'vary' && value.toLowerCase() === 'origin') {
    used('vary-origin');
    return true;
  }
  return false;
}

/** What a client reads: compressors may differ in their bytes. */
function decoded(body: Buffer, headers: readonly HeaderLine[]): Buffer {
  const decode = decoders[lastHeader(headers, 'content-encoding')?.toLowerCase() ?? ''];
  try {
    return decode?.(body) ?? body;
  } catch {
    return body;
  }
}

function comparableBody(body: Buffer, context: NormaliseContext): string {
  if (!isUtf8(body)) return `base64:${body.toString('base64')}`;
  const text = normaliseText(body.toString('utf8'), context);
  const ordered = withOrderedEvents(text);
  if (ordered !== undefined) context.used('echoed-event');
  return ordered ?? text;
}

/** What a client can tell apart: status, headers with their multiplicity and order of values, body. */
export function compareResponses(before: ComparableResponse, after: ComparableResponse): Difference[] {
  const names = [...new Set([...Object.keys(before.headers), ...Object.keys(after.headers)])].sort();
  return [
    ...difference('status', String(before.status), String(after.status)),
    ...names.flatMap((name) => difference(`header ${name}`, lines(before.headers[name]), lines(after.headers[name]))),
    ...difference('body', before.body, after.body),
  ];
}

export function difference(what: string, before: string, after: string): Difference[] {
  return before === after ? [] : [{ what, before, after }];
}

function lines(values: readonly string[] | undefined): string {
  return values === undefined ? '(absent)' : values.join('\n');
}

/**
 * Takes out of both answers what the original itself does not repeat: leaves of JSON bodies, whole bodies that are no JSON, and
 * header values.
 * @param again what the original answered to the same request a second time
 */
export function withoutUnstable(
  before: ComparableResponse,
  after: ComparableResponse,
  again: ComparableResponse,
): { before: ComparableResponse; after: ComparableResponse } {
  const paths = unstablePaths(parseBody(before.body), parseBody(again.body));
  const unstableNames = Object.keys(before.headers).filter((name) => lines(before.headers[name]) !== lines(again.headers[name]));
  const mask = (response: ComparableResponse): ComparableResponse => ({
    ...response,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, values]) => [name, unstableNames.includes(name) ? ['<unstable>'] : values]),
    ),
    body: before.body === again.body ? response.body : maskBody(response.body, paths),
  });
  return { before: mask(before), after: mask(after) };
}

const notJson = Symbol('not JSON');

export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

/** Paths of the leaves in which two documents differ; the root when their shapes do. */
export function unstablePaths(one: unknown, other: unknown, path = '$'): string[] {
  if (one === notJson || other === notJson) return [path];
  if (isContainer(one) && isContainer(other) && sameKeys(one, other)) {
    return Object.keys(one).flatMap((key) => unstablePaths(one[key], other[key], `${path}.${key}`));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [path];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sameKeys(one: object, other: object): boolean {
  return Object.keys(one).join() === Object.keys(other).join();
}

export function maskBody(body: string, paths: readonly string[]): string {
  const value = parseBody(body);
  if (value === notJson || paths.includes('$')) return '<unstable>';
  return JSON.stringify(masked(value, paths, '$'));
}

function masked(value: unknown, paths: readonly string[], path: string): unknown {
  if (paths.includes(path)) return '<unstable>';
  if (Array.isArray(value)) return value.map((item, index) => masked(item, paths, `${path}.${index}`));
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, paths, `${path}.${key}`)]));
}
