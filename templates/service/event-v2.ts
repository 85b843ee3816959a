import type { EventBody, RequestParts } from './event-parts.js';
import {
  bodyOf,
  clfTime,
  decodedQuery,
  domain,
  forwardedHeaders,
  group,
  headerValuesOf,
  isText,
  mediaType,
  queryValuesOf,
} from './event-parts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';
import { decode } from './router.js';
import type { Route } from './types.js';

/** Event of an HTTP API with payload format 2.0, or of a function URL. What there is not is absent. */
export function eventV2(request: HttpRequest, match: Match): Record<string, unknown> {
  const { route, authorizer } = match;
  const isUrl = route.front === 'function-url';
  const forwarded = forwardedHeaders(request, route.front);
  const cookies = cookiesOf(forwarded);
  const query = queryOf(request);
  const { text, isBase64Encoded } = bodyOfV2(request);
  const stage = stageOf(route);
  const routeKey = routeKeyOf(route);
  const path = pathOf(request, route);
  const parameters = parametersOf(match);
  // Spreading what may be absent would cost several times as much, and the fields have an order.
  const event: Record<string, unknown> = { version: '2.0', routeKey, rawPath: path, rawQueryString: request.query };
  if (cookies.length > 0) event['cookies'] = cookies;
  event['headers'] = headersOf(forwarded, route);
  if (query) event['queryStringParameters'] = query;
  const context: Record<string, unknown> = domain(request);
  // A function URL names the caller's account; without IAM there is none.
  if (isUrl) context['accountId'] = 'anonymous';
  if (authorizer) context['authorizer'] = authorizer;
  context['http'] = {
    method: request.method,
    path,
    protocol: request.protocol,
    sourceIp: request.sourceIp,
    userAgent: headerValue(request.headers, 'user-agent') ?? '',
  };
  context['requestId'] = request.requestId;
  context['routeKey'] = routeKey;
  context['stage'] = stage;
  context['time'] = clfTime(request.time);
  context['timeEpoch'] = request.time.getTime();
  event['requestContext'] = context;
  if (parameters) event['pathParameters'] = parameters;
  if (route.stageVariables) event['stageVariables'] = route.stageVariables;
  if (text !== '') event['body'] = text;
  event['isBase64Encoded'] = isBase64Encoded;
  return event;
}

/** The same for route handlers. */
export const partsV2: RequestParts = {
  path: pathOf,
  headers: (request, route) => headersOf(forwardedHeaders(request, route.front), route),
  query: (request) => queryOf(request) ?? {},
  headerValues: (request, { front }) => headerValuesOf(request, front),
  queryValues: queryValuesOf,
  parameters: parametersOf,
  body: bodyOfV2,
  noBody: undefined,
};

/** Name of a route, as HTTP APIs write it. */
export function routeKeyOf({ front, method, path }: Route): string {
  return front === 'function-url' || path === '$default' ? '$default' : `${method} ${path}`;
}

function stageOf({ front, stage }: Route): string {
  return front === 'function-url' ? '$default' : (stage ?? '$default');
}

/** HTTP APIs give the path decoded and with a named stage; function URLs give it as it was sent. */
function pathOf({ path }: HttpRequest, route: Route): string {
  if (route.front === 'function-url') return path;
  const stage = stageOf(route);
  return (stage === '$default' ? '' : `/${stage}`) + decode(path);
}

function parametersOf({ route, parameters }: Match): Record<string, string> | null {
  return route.front === 'function-url' ? null : parameters;
}

/** HTTP APIs move cookies out of the headers; function URLs leave the header as well. */
function headersOf(forwarded: HttpRequest['headers'], { front }: Route): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of forwarded) {
    const lower = name.toLowerCase();
    if (lower === 'cookie' && front !== 'function-url') continue;
    const before = joined.get(lower);
    joined.set(lower, before === undefined ? value : `${before}${lower === 'cookie' ? '; ' : ','}${value}`);
  }
  return Object.fromEntries(joined);
}

/** The cookies of a request one by one, as HTTP APIs and function URLs give them. */
export function cookiesOf(forwarded: HttpRequest['headers']): string[] {
  if (headerValue(forwarded, 'cookie') === undefined) return [];
  const lines = forwarded.filter(([name]) => name.toLowerCase() === 'cookie');
  return lines.flatMap(([, value]) => value.split(/;\s*/).filter((each) => each !== ''));
}

function queryOf(request: HttpRequest): Record<string, string> | undefined {
  const query = group(decodedQuery(request));
  return query.length > 0 ? Object.fromEntries(query.map(([name, values]) => [name, values.join(',')])) : undefined;
}

function bodyOfV2(request: HttpRequest): EventBody {
  return bodyOf(request, request.body.length > 0 && !isText(mediaType(headerValue(request.headers, 'content-type'))));
}
