import type { HeaderLine, WireResponse } from './http.js';

/** The handler's result is none that a front can send. */
export class MalformedResult extends Error {}

/** The JSON document that a Lambda function answers a proxy integration with. */
export interface ProxyResult {
  statusCode?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

export function parsePayload(payload: string): unknown {
  return JSON.parse(payload);
}

export function isProxyResult(value: unknown): value is ProxyResult & Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An integer status, as number or as text. */
export function statusOf(value: unknown): number {
  const status = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) throw new MalformedResult('statusCode');
  return status;
}

/** `headers`: one value each; numbers and booleans become text, null is no header. */
export function singleHeaders(value: unknown): HeaderLine[] {
  return entries(value, 'headers').flatMap(([name, each]): HeaderLine[] => (each === null ? [] : [[name, scalar(each)]]));
}

/** `multiValueHeaders`: lists of values. */
export function multiHeaders(value: unknown): HeaderLine[] {
  return entries(value, 'multiValueHeaders').flatMap(([name, each]): HeaderLine[] => {
    if (!Array.isArray(each)) throw new MalformedResult('multiValueHeaders');
    return each.map((item): HeaderLine => [name, scalar(item)]);
  });
}

/** Payload format 2.0: one `Set-Cookie` each. */
export function cookieHeaders(value: unknown): HeaderLine[] {
  return Array.isArray(value) ? value.map((cookie): HeaderLine => ['set-cookie', String(cookie)]) : [];
}

function entries(value: unknown, what: string): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw new MalformedResult(what);
  return Object.entries(value);
}

function scalar(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new MalformedResult('a header value is no text');
}

/** Nothing, or text, decoded when the handler says that it is base64 and the front decodes. */
export function bodyOf(result: ProxyResult, decodes: boolean): Buffer {
  if (result.body === undefined || result.body === null) return Buffer.alloc(0);
  if (typeof result.body !== 'string') throw new MalformedResult('body');
  return Buffer.from(result.body, result.isBase64Encoded === true && decodes ? 'base64' : 'utf8');
}

/** The front's own type when the handler named none. */
export function withDefaultType(headers: HeaderLine[], type: string): HeaderLine[] {
  return headers.some(([name]) => name.toLowerCase() === 'content-type') ? headers : [...headers, ['content-type', type]];
}

/** The same name and value in two places is one header. */
export function union(...lists: HeaderLine[][]): HeaderLine[] {
  const seen = new Set<string>();
  return lists.flat().filter(([name, value]) => {
    const key = `${name.toLowerCase()}:${value}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** `make`, or the front's answer to a result that is not well-formed. */
export function orElse(make: () => WireResponse, malformed: WireResponse): WireResponse {
  try {
    return make();
  } catch (error) {
    if (error instanceof MalformedResult || error instanceof SyntaxError) return malformed;
    throw error;
  }
}
