import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { HeaderLine, WireRequest } from '../fronts/http.js';
import type { ModelRoute } from '../fronts/routing.js';
import { chooseRoute } from '../fronts/routing.js';
import { clientAddress, host } from './plan.js';

/** Folders in which projects keep test events. */
const eventFolders = /(^|\/)(events?|test-?events?|__events__|mocks?|fixtures)(\/|$)/i;
const maximumBytes = 1_000_000;

/** Requests of the project's own test events that reach one of the routes. */
export async function recordedRequests(folder: string, routes: readonly ModelRoute[]): Promise<{ name: string; request: WireRequest }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: { name: string; request: WireRequest }[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const place = relative(folder, path);
    if (!entry.isFile() || !place.endsWith('.json') || place.includes('node_modules') || !eventFolders.test(place)) continue;
    const request = requestOf(await readEvent(path));
    if (request && chooseRoute(routes, request)) found.push({ name: `the event ${place}`, request });
  }
  return found;
}

async function readEvent(path: string): Promise<unknown> {
  try {
    if ((await stat(path)).size > maximumBytes) return null;
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

interface RecordedEvent {
  httpMethod?: unknown;
  path?: unknown;
  rawPath?: unknown;
  rawQueryString?: unknown;
  requestContext?: { http?: { method?: unknown } };
  queryStringParameters?: Record<string, unknown> | null;
  multiValueQueryStringParameters?: Record<string, unknown[]> | null;
  headers?: Record<string, unknown> | null;
  cookies?: unknown[];
  body?: unknown;
  isBase64Encoded?: unknown;
}

/** The request that an event of API Gateway, a function URL or a load balancer was made of; undefined for other events. */
function requestOf(value: unknown): WireRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const event = value as RecordedEvent;
  const method = event.httpMethod ?? event.requestContext?.http?.method;
  const path = event.rawPath ?? event.path;
  if (typeof method !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return undefined;
  const body =
    typeof event.body === 'string' ? Buffer.from(event.body, event.isBase64Encoded === true ? 'base64' : 'utf8') : Buffer.alloc(0);
  const query = typeof event.rawQueryString === 'string' ? event.rawQueryString : queryOf(event);
  return {
    method: method.toUpperCase(),
    target: encodeURI(decodeURI(path)) + (query === '' ? '' : `?${query}`),
    headers: headersOf(event, body),
    body,
  };
}

function queryOf({ queryStringParameters, multiValueQueryStringParameters }: RecordedEvent): string {
  const pairs: [string, string][] = multiValueQueryStringParameters
    ? Object.entries(multiValueQueryStringParameters).flatMap(([name, values]) =>
        values.map((each): [string, string] => [name, String(each)]),
      )
    : Object.entries(queryStringParameters ?? {}).map(([name, each]): [string, string] => [name, String(each)]);
  return new URLSearchParams(pairs).toString();
}

/** Those that the harness sets itself are left out. */
const ownHeaders =
  /^(host|user-agent|content-length|connection|transfer-encoding|x-forwarded-.*|x-amzn-trace-id|via|cloudfront-.*|x-amz-.*|accept-encoding)$/i;

function headersOf({ headers, cookies }: RecordedEvent, body: Buffer): HeaderLine[] {
  const own = Object.entries(headers ?? {}).filter(
    ([name, each]) => !ownHeaders.test(name) && /^[\w-]+$/.test(name) && typeof each === 'string',
  );
  return [
    ['Host', host],
    ['User-Agent', 'migrate-lambda-verify'],
    ...own.map(([name, each]): HeaderLine => [name, String(each).replace(/[^\t\x20-\x7e]/g, '')]),
    ...(Array.isArray(cookies) && cookies.length > 0 ? [['Cookie', cookies.join('; ')] as HeaderLine] : []),
    ...(body.length > 0 ? [['Content-Length', String(body.length)] as HeaderLine] : []),
    ['X-Forwarded-For', clientAddress],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Port', '443'],
    ['X-Amzn-Trace-Id', 'Root=1-67891233-abcdef012345678912345678'],
  ];
}
