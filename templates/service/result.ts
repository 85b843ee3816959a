import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isBinaryType, mediaType } from './event-parts.js';
import type { Answer } from './fronts.js';
import { fronts } from './fronts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Route } from './types.js';

/** The handler's result is none that the front can send. */
export class MalformedResultError extends Error {}

interface Structured {
  statusCode?: unknown;
  statusDescription?: unknown;
  headers?: Record<string, unknown> | null;
  multiValueHeaders?: Record<string, unknown> | null;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

/** The answer that the front made of a handler's result. Throws `MalformedResultError`, or what JSON cannot write. */
export function toAnswer(result: unknown, route: Route, request: HttpRequest): Answer {
  // The result left Lambda as JSON: what JSON drops or changes never reached the front.
  const isPlain = isPlainResult(result);
  const payload = isPlain ? '' : (JSON.stringify(result) ?? 'null');
  const value = isPlain ? result : (JSON.parse(payload) as unknown);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (route.payload === '2.0' && !(isObject && 'statusCode' in value)) return inferred(value, payload);
  if (!isObject) throw new MalformedResultError('the result is no object');
  const structured = value as Structured;
  const { statusDescription } = structured;
  const headers = headersOf(structured, route);
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: statusOf(structured.statusCode),
    ...(route.front === 'alb' && typeof statusDescription === 'string' && { statusText: reasonPhrase(statusDescription) }),
    headers: hasType ? headers : [...headers, ['content-type', fronts[route.front].contentType]],
    body: bodyOf(structured, route, request),
  };
}

/** A structured result that JSON gives back as it is, which is most of them. Its body can be large. */
function isPlainResult(result: unknown): boolean {
  if (!isPlainObject(result) || typeof result['statusCode'] !== 'number') return false;
  return Object.entries(result).every(([name, value]) =>
    name === 'headers' ? isPlainObject(value) && hasPlainValues(value) : isPlainValue(value),
  );
}

function hasPlainValues(value: object): boolean {
  return Object.values(value).every(isPlainValue);
}

function isPlainValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value);
}

/** Payload format 2.0: a result without `statusCode` is the body, text as it is and anything else as JSON. */
function inferred(value: unknown, payload: string): Answer {
  return { status: 200, headers: [['content-type', 'application/json']], body: typeof value === 'string' ? value : payload };
}

/** `200 OK` without the status, as far as it can stand in a status line. */
function reasonPhrase(statusDescription: string): string {
  return statusDescription.replace(/^\d{3} ?/, '').replace(/[^\t\x20-\x7e]/g, '');
}

/** A status in text is taken (`'200'`). Statuses below 200 are no answer. */
export function statusOf(statusCode: unknown): number {
  const status = typeof statusCode === 'string' && /^\d{3}$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new MalformedResultError('statusCode is no status');
}

// Node frames the message itself. A wrong length would cut it or hang the client.
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

/** Header lines of a result. A header that is named twice (`headers` and `multiValueHeaders`, or another case) keeps each value once. */
export function headersOf(
  { headers, multiValueHeaders, cookies }: Structured,
  { front, payload, multiValueHeaders: multi }: Route,
): Answer['headers'] {
  const lines: Answer['headers'] = [];
  const add = (name: string, value: unknown) => {
    const text = headerText(value, front === 'alb');
    if (text === undefined || framing.has(name.toLowerCase())) return;
    validate(name, text);
    const isThere = lines.some(([other, known]) => known === text && other.toLowerCase() === name.toLowerCase());
    if (!isThere) lines.push([name, text]);
  };
  if (payload === '1.0' && !(front === 'alb' && !multi)) {
    for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
      if (!Array.isArray(values)) throw new MalformedResultError('multiValueHeaders holds a value that is no list');
      for (const value of values) add(name, value);
    }
  }
  for (const [name, value] of Object.entries(headers ?? {})) add(name, value);
  if (payload === '2.0' && Array.isArray(cookies)) for (const cookie of cookies) add('set-cookie', cookie);
  return lines;
}

/** A header that goes out as it is: a token and printable text that Node does not write itself. `name` is in lower case. */
export function isPlainHeader(name: string, value: unknown): boolean {
  return typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value) && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !framing.has(name);
}

function validate(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new MalformedResultError(`the header ${JSON.stringify(name)} cannot be sent`);
  }
}

/** Text of a header value; undefined for none. A load balancer takes nothing but text. */
function headerText(value: unknown, isStrict: boolean): string | undefined {
  // Node sends header texts as latin1: this way UTF-8 goes out.
  if (typeof value === 'string') return /^[\0-\x7f]*$/.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
  if (isStrict) throw new MalformedResultError('a header value is no text');
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new MalformedResultError('a header value is a list or an object');
}

function bodyOf({ body, isBase64Encoded }: Structured, route: Route, request: HttpRequest): Buffer | string {
  if (body === undefined || (body === null && route.front !== 'alb')) return '';
  if (typeof body !== 'string') throw new MalformedResultError('the body is no text');
  return isBase64Encoded === true && isDecoded(route, request) ? Buffer.from(body, 'base64') : body;
}

/** A REST API decodes only what the client asked for as binary: the first type of its Accept header counts. */
function isDecoded(route: Route, request: HttpRequest): boolean {
  if (route.front !== 'rest-api') return true;
  return isBinaryType(mediaType(headerValue(request.headers, 'accept')?.split(',')[0]), route.binaryMediaTypes);
}
