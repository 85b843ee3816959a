import type { EventBody, RequestParts } from './event-parts.js';
import {
  bodyOf,
  clfTime,
  decodedQuery,
  domain,
  forwardedHeaders,
  group,
  headerValuesOf,
  isBinaryType,
  isText,
  lastOf,
  mediaType,
  orNull,
  queryValuesOf,
} from './event-parts.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import type { Match } from './router.js';
import { decode } from './router.js';
import type { Route } from './types.js';

/** Event of a REST API, or of an HTTP API with payload format 1.0. Absent things are null. */
export function eventV1(request: HttpRequest, { route, parameters, authorizer }: Match): Record<string, unknown> {
  const isRest = route.front === 'rest-api';
  const headers = group(forwardedHeaders(request, route.front));
  const query = group(decodedQuery(request));
  const { text, isBase64Encoded } = bodyOfV1(request, route);
  const path = pathOf(request, route);
  return {
    ...(!isRest && { version: '1.0' }),
    resource: route.path,
    path,
    httpMethod: request.method,
    headers: withAliases(lastOf(headers)),
    multiValueHeaders: withAliases(Object.fromEntries(headers)),
    queryStringParameters: orNull(lastOf(query)),
    multiValueQueryStringParameters: orNull(Object.fromEntries(query)),
    pathParameters: parameters,
    stageVariables: orNull(route.stageVariables ?? {}),
    requestContext: {
      ...domain(request),
      resourceId: isRest ? resourceId(route.path) : `${route.method} ${route.path}`,
      resourcePath: route.path,
      httpMethod: request.method,
      extendedRequestId: request.requestId,
      requestId: request.requestId,
      requestTime: clfTime(request.time),
      requestTimeEpoch: request.time.getTime(),
      path: isRest ? stagePrefix(route) + request.path : path,
      protocol: request.protocol,
      stage: stageOf(route),
      ...(isRest && { deploymentId: 'service' }),
      ...(authorizer && { authorizer }),
      identity: {
        ...noIdentity,
        // Only there has the API overwritten what a client may have sent.
        ...(route.guard?.doneByApi === 'api-key' && request.apiKey),
        ...(!isRest && { cognitoAmr: null }),
        sourceIp: request.sourceIp,
        userAgent: headerValue(request.headers, 'user-agent') ?? (isRest ? null : ''),
      },
    },
    body: text === '' ? null : text,
    isBase64Encoded,
  };
}

/** The same for route handlers, who find headers by their lower-case names. */
export const partsV1: RequestParts = {
  path: pathOf,
  headers: (request, { front }) =>
    Object.fromEntries(group(forwardedHeaders(request, front)).map(([name, values]) => [name.toLowerCase(), values.at(-1) ?? ''])),
  query: (request) => lastOf(group(decodedQuery(request))),
  headerValues: (request, { front }) => headerValuesOf(request, front),
  queryValues: queryValuesOf,
  parameters: ({ parameters }) => parameters,
  body: bodyOfV1,
  noBody: null,
};

function stageOf({ stage, front }: Route): string {
  return stage ?? (front === 'rest-api' ? 'Prod' : '$default');
}

function stagePrefix(route: Route): string {
  const stage = stageOf(route);
  return stage === '$default' ? '' : `/${stage}`;
}

/** HTTP APIs decode the path and leave a named stage in it; REST APIs do neither. */
function pathOf({ path }: HttpRequest, route: Route): string {
  return route.front === 'rest-api' ? path : stagePrefix(route) + decode(path);
}

function bodyOfV1(request: HttpRequest, { front, binaryMediaTypes }: Route): EventBody {
  const type = mediaType(headerValue(request.headers, 'content-type'));
  return bodyOf(request, front === 'rest-api' ? isBinaryType(type, binaryMediaTypes) : !isText(type));
}

const noIdentity = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** Made from the path: stays the same as long as the route does. */
function resourceId(path: string): string {
  let hash = 0;
  for (const character of path) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2_176_782_336;
  return hash.toString(36).padStart(6, '0');
}

/**
 * Headers keep the case in which they came, and a handler may read `headers.Authorization`. CloudFront in front of a REST API
 * wrote names that way, a load balancer may hand on lower case: other spellings are found too, but not enumerated.
 */
function withAliases<T>(headers: Record<string, T>): Record<string, T> {
  const aliases: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(headers)) {
    for (const alias of spellingsOf(name)) aliases[alias] = { value, configurable: true, writable: true };
  }
  return Object.assign(Object.create(Object.defineProperties({}, aliases)) as Record<string, T>, headers);
}

/** Of a few names the same spellings are asked for again and again; names that clients make up must not fill the memory. */
const knownSpellings = new Map<string, readonly [string, string]>();

function spellingsOf(name: string): readonly [string, string] {
  const known = knownSpellings.get(name);
  if (known) return known;
  const lower = name.toLowerCase();
  const spellings = [lower, lower.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())] as const;
  if (knownSpellings.size < 1000) knownSpellings.set(name, spellings);
  return spellings;
}
