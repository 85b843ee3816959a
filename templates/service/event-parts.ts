import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';
import type { Front, Route } from './types.js';

/** What the events of several fronts have in common. */

/** The fields of an event that a route handler finds in Fastify's request. */
export interface RequestParts {
  /** The path as the front gave it. */
  path(request: HttpRequest, route: Route): string;
  headers(request: HttpRequest, route: Route): Record<string, string>;
  query(request: HttpRequest, route: Route): Record<string, string>;
  /** All values of each name, where `headers` and `query` have one. */
  headerValues(request: HttpRequest, route: Route): Record<string, string[]>;
  queryValues(request: HttpRequest): Record<string, string[]>;
  parameters(match: Match): Record<string, string> | null;
  body(request: HttpRequest, route: Route): EventBody;
  /** What the event has for a body that is empty. */
  noBody: '' | null | undefined;
}

/** The body as a JSON event can carry it. */
export interface EventBody {
  text: string;
  isBase64Encoded: boolean;
}

/** Headers as the front handed them over: with those that it added itself, unless a proxy in front of us wrote them. */
export function forwardedHeaders(request: HttpRequest, front: Front): HttpRequest['headers'] {
  const { headers } = request;
  // API Gateway and function URLs can be reached by HTTPS alone.
  const proto = headerValue(headers, 'x-forwarded-proto') ?? (front === 'alb' ? 'http' : 'https');
  const all = [...headers];
  const add = (name: string, lower: string, value: string) => {
    if (headerValue(headers, lower) === undefined) all.push([name, value]);
  };
  add('X-Amzn-Trace-Id', 'x-amzn-trace-id', request.traceId);
  add('X-Forwarded-For', 'x-forwarded-for', request.sourceIp);
  add('X-Forwarded-Port', 'x-forwarded-port', proto === 'https' ? '443' : '80');
  add('X-Forwarded-Proto', 'x-forwarded-proto', proto);
  if (front === 'http-api') add('Content-Length', 'content-length', String(request.body.length));
  return all;
}

/** Names and values of a query, decoded. */
export function decodedQuery({ query }: HttpRequest): Iterable<[string, string]> {
  return query === '' ? [] : new URLSearchParams(query);
}

/** Values by name, in the order of their first occurrence. */
export function group(pairs: Iterable<[string, string]>): [name: string, values: string[]][] {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = groups.get(name);
    if (values) values.push(value);
    else groups.set(name, [value]);
  }
  return [...groups];
}

/** Headers with all their values, by lower-case names. */
export function headerValuesOf(request: HttpRequest, front: Front): Record<string, string[]> {
  return Object.fromEntries(group(forwardedHeaders(request, front)).map(([name, values]) => [name.toLowerCase(), values]));
}

export function queryValuesOf(request: HttpRequest): Record<string, string[]> {
  return Object.fromEntries(group(decodedQuery(request)));
}

export function lastOf(groups: [string, string[]][]): Record<string, string> {
  return Object.fromEntries(groups.map(([name, values]) => [name, values[values.length - 1] ?? '']));
}

/** `{}` becomes null. */
export function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length > 0 ? value : null;
}

let clock = { second: -1, text: '' };

/** `12/Mar/2020:19:03:58 +0000` */
export function clfTime(time: Date): string {
  const second = Math.floor(time.getTime() / 1000);
  if (second !== clock.second) {
    const [, day, month, year, hours] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
    clock = { second, text: `${day}/${month}/${year}:${hours} +0000` };
  }
  return clock.text;
}

/** Who was called: the gateway's own names for it, as far as a service knows them. */
export function domain(request: HttpRequest): { domainName: string; domainPrefix: string; apiId: string; accountId: string } {
  const domainName = (headerValue(request.headers, 'host') ?? '').replace(/:\d+$/, '');
  const domainPrefix = domainName.split('.')[0] ?? '';
  return { domainName, domainPrefix, apiId: request.apiId ?? domainPrefix, accountId: process.env['AWS_ACCOUNT_ID'] ?? '000000000000' };
}

export function bodyOf(request: HttpRequest, isBinary: boolean): EventBody {
  const isBase64Encoded = isBinary && request.body.length > 0;
  return { text: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

/** Type without parameters, lower case; empty when there is none. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Media types that HTTP APIs, function URLs and load balancers deliver as text; all others are base64. */
export function isText(type: string): boolean {
  return type.startsWith('text/') || ['application/json', 'application/javascript', 'application/xml'].includes(type);
}

/** Does one of a REST API's `binaryMediaTypes` (exact, `image/*`, or all) match? */
export function isBinaryType(type: string, binaryMediaTypes: readonly string[] = []): boolean {
  return binaryMediaTypes.some((each) => {
    const pattern = each.toLowerCase();
    return pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)));
  });
}
