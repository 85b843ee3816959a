import type { Authorization, CalledRoute, IncomingRequest } from './types.js';

/** What authorizers of all kinds have in common. */

interface Refusals {
  /** The caller did not say who it is, or was not believed. */
  unauthorized: Authorization;
  /** The caller is known and may not call this. */
  forbidden: Authorization;
  /** A policy says in so many words that the caller may not call this. */
  denied: Authorization;
  /** The authorizer itself failed. */
  failed: Authorization;
}

function refusal(status: number, body: string, errorType?: string): Authorization {
  const headers: [string, string][] = [['content-type', 'application/json']];
  return { refusal: { status, headers: errorType ? [...headers, ['x-amzn-ErrorType', errorType]] : headers, body } };
}

const ofRestApi: Refusals = {
  unauthorized: refusal(401, '{"message":"Unauthorized"}', 'UnauthorizedException'),
  forbidden: refusal(403, '{"Message":"User is not authorized to access this resource"}', 'AccessDeniedException'),
  denied: refusal(403, '{"Message":"User is not authorized to access this resource with an explicit deny"}', 'AccessDeniedException'),
  failed: refusal(500, '{"message":null}', 'AuthorizerConfigurationException'),
};

const forbidden = refusal(403, '{"message":"Forbidden"}');

const ofHttpApi: Refusals = {
  unauthorized: refusal(401, '{"message":"Unauthorized"}'),
  forbidden,
  denied: forbidden,
  failed: refusal(500, '{"message":"Internal Server Error"}'),
};

/** The words in which the gateway of a route refuses. */
export function refusalsOf({ route }: CalledRoute): Refusals {
  return route.front === 'rest-api' ? ofRestApi : ofHttpApi;
}

/**
 * Value of an identity source (`header.Authorization`, `querystring.key`, `stageVariables.name`, `context.routeKey`); undefined when
 * the request has none, or an empty one.
 */
export function identityOf(source: string, request: IncomingRequest, { route }: CalledRoute): string | undefined {
  const dot = source.indexOf('.');
  const [place, name] = [source.slice(0, dot), source.slice(dot + 1)];
  if (place === 'header') return headerValueOf(request, name) || undefined;
  if (place === 'querystring') return new URLSearchParams(request.query).getAll(name).at(-1) || undefined;
  if (place === 'stageVariables') return route.stageVariables?.[name] || undefined;
  return contextValues[name]?.(request, route) || undefined;
}

/** What `$context` has of a request, as far as it can be an identity source here. */
const contextValues: Record<string, (request: IncomingRequest, route: CalledRoute['route']) => string> = {
  httpMethod: ({ method }) => method,
  path: ({ path }, { front, stage }) => (front === 'rest-api' && stage ? `/${stage}${path}` : path),
  resourcePath: (_request, { path }) => path,
  routeKey: (_request, { method, path }) => (path === '$default' ? path : `${method} ${path}`),
  'identity.sourceIp': ({ sourceIp }) => sourceIp,
};

/** A header that came twice names nobody: which of its values counts would be a guess. */
function headerValueOf({ headers }: IncomingRequest, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return values.length === 1 ? values[0]?.trim() : undefined;
}
