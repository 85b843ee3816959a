/** Fields of the events that a Fastify request has too, under another name and with the same value. */
import type { Handler, RouteShape } from './handler.js';

export type Field =
  /** Replaced by an expression. */
  | { kind: 'value'; code: (handler: Handler) => string }
  /** An object that is always there. */
  | { kind: 'params' }
  /** An object that Fastify always has; `nullable`: the front gave none to a request without a query. */
  | { kind: 'query'; nullable: boolean }
  /** Names are in lower case; `anyCase`: the event had them as they were sent. */
  | { kind: 'headers'; anyCase: boolean };

type Fields = Readonly<Record<string, (shape: RouteShape, routes: readonly RouteShape[]) => Field | null>>;

const ofRequest = (member: string): Field => ({
  kind: 'value',
  code: (handler) => {
    handler.needs.request = true;
    return `${handler.request}.${member}`;
  },
});

const body: Field = {
  kind: 'value',
  code: (handler) => {
    handler.needs.request = true;
    handler.types.body = true;
    return `${handler.request}.body`;
  },
};

/** The path as it was sent. */
const path: Field = {
  kind: 'value',
  code: (handler) => {
    handler.needs.request = true;
    return `${handler.request}.url.split(${handler.quote}?${handler.quote}, 1)[0]`;
  },
};

const text = (value: string): Field => ({ kind: 'value', code: ({ quote }) => quote + value.replaceAll(quote, `\\${quote}`) + quote });

/** What every route of the function has in common. */
function same(routes: readonly RouteShape[], of: (route: RouteShape) => string): Field | null {
  const values = new Set(routes.map(of));
  const [value] = values;
  return values.size === 1 && value !== undefined && !/[\\\n]/.test(value) ? text(value) : null;
}

const hasVariables = ({ path: template }: RouteShape) => /\{[^}]+\}/.test(template);
const params = (_shape: RouteShape, routes: readonly RouteShape[]): Field | null =>
  routes.every(hasVariables) ? { kind: 'params' } : null;

const v1: Fields = {
  body: () => body,
  httpMethod: () => ofRequest('method'),
  'requestContext.httpMethod': () => ofRequest('method'),
  path: ({ front }) => (front === 'rest-api' ? path : null),
  resource: (_shape, routes) => same(routes, (route) => route.path),
  'requestContext.resourcePath': (_shape, routes) => same(routes, (route) => route.path),
  pathParameters: params,
  queryStringParameters: () => ({ kind: 'query', nullable: true }),
  headers: () => ({ kind: 'headers', anyCase: true }),
  'requestContext.requestId': () => ofRequest('id'),
  'requestContext.identity.sourceIp': () => ofRequest('ip'),
  'requestContext.stage': (_shape, routes) => same(routes, ({ stage }) => stage),
};

const routeKey = ({ front, method, path: template }: RouteShape) =>
  front === 'function-url' || template === '$default' ? '$default' : `${method} ${template}`;

const v2: Fields = {
  body: () => body,
  version: () => text('2.0'),
  routeKey: (_shape, routes) => same(routes, routeKey),
  'requestContext.routeKey': (_shape, routes) => same(routes, routeKey),
  rawPath: ({ front }) => (front === 'function-url' ? path : null),
  'requestContext.http.path': ({ front }) => (front === 'function-url' ? path : null),
  'requestContext.http.method': () => ofRequest('method'),
  'requestContext.http.sourceIp': () => ofRequest('ip'),
  pathParameters: (shape, routes) => (shape.front === 'function-url' ? null : params(shape, routes)),
  queryStringParameters: () => ({ kind: 'query', nullable: true }),
  headers: () => ({ kind: 'headers', anyCase: false }),
  'requestContext.requestId': () => ofRequest('id'),
  'requestContext.stage': (_shape, routes) => same(routes, ({ stage }) => stage),
};

const alb: Fields = {
  body: () => body,
  httpMethod: () => ofRequest('method'),
  path: () => path,
  queryStringParameters: ({ multiValueHeaders }) => (multiValueHeaders ? null : { kind: 'query', nullable: false }),
  headers: ({ multiValueHeaders }) => (multiValueHeaders ? null : { kind: 'headers', anyCase: false }),
};

/** The longest known field that a path of keys begins with, and how many keys it takes; null when there is none. */
export function fieldOf({ routes }: Handler, keys: readonly string[]): { field: Field; count: number } | null {
  const [shape] = routes;
  if (!shape) return null;
  const fields = shape.front === 'alb' ? alb : shape.payload === '2.0' ? v2 : v1;
  for (let count = keys.length; count > 0; count--) {
    const name = keys.slice(0, count).join('.');
    const field = Object.hasOwn(fields, name) ? fields[name]?.(shape, routes) : undefined;
    if (field) return { field, count };
  }
  return null;
}

/** Type of the body, as TypeScript must know it. */
export function bodyType({ front, payload }: RouteShape): string {
  if (front === 'alb') return 'string';
  return payload === '2.0' ? 'string | undefined' : 'string | null';
}

/** Names of the variables in a route's path. */
export function variablesOf(template: string): string[] {
  return [...template.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name);
}
