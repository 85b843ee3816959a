/** Fields of the events that a Fastify request has too, under another name and with the same value. */
import type { Handler, RouteShape } from './handler.js';

export type Field =
  /**
   * Replaced by an expression: `member` of the request when it is one. `missing`: what the event had when the request has nothing.
   * `always`: it is never empty. `isText`: it is a text, or nothing. `isOfEvent`: only the event itself has it.
   */
  | {
      kind: 'value';
      code: (handler: Handler) => string;
      member?: string;
      missing?: "''" | 'null';
      always?: boolean;
      isText?: boolean;
      isOfEvent?: boolean;
    }
  /** An object that Fastify always has; `nullable`: the front gave none where a route's path has no variables. */
  | { kind: 'params'; nullable: boolean }
  /** An object that Fastify always has; `nullable`: the front gave none to a request without a query. */
  | { kind: 'query'; member: 'query' | 'queryValues'; nullable: boolean }
  /** Names are in lower case; `anyCase`: the event had them as they were sent. */
  | { kind: 'headers'; member: 'headers' | 'headerValues'; anyCase: boolean };

type Fields = Readonly<Record<string, (shape: RouteShape, routes: readonly RouteShape[]) => Field | null>>;

const ofRequest = (member: string, more: Partial<Extract<Field, { kind: 'value' }>> = { always: true, isText: true }): Field => ({
  kind: 'value',
  member,
  code: (handler) => {
    handler.needs.request = true;
    return `${handler.request}.${member}`;
  },
  ...more,
});

const body: Field = {
  kind: 'value',
  member: 'body',
  isText: true,
  code: (handler) => {
    handler.needs.request = true;
    handler.types.body = true;
    return `${handler.request}.body`;
  },
};

const path = ofRequest('path');
const domainName = ofRequest('hostname', { isText: true });
const authorizer = ofRequest('authorizer', {});
const isBase64Encoded = ofRequest('isBase64Encoded', {});

/** What the client says that it is; fronts differ in what they have for one that does not say. */
const userAgent = (missing: "''" | 'null'): Field => ({
  kind: 'value',
  missing,
  isText: true,
  code: (handler) => {
    handler.needs.request = true;
    return `${handler.request}.headers[${handler.quote}user-agent${handler.quote}]`;
  },
});

const protocol: Field = {
  kind: 'value',
  always: true,
  isText: true,
  code: (handler) => {
    handler.needs.request = true;
    return `\`HTTP/\${${handler.request}.raw.httpVersion}\``;
  },
};

/** What no request has an equal of, and the event that the request can make has. */
const ofEvent = (path: string): Field => ({
  kind: 'value',
  isOfEvent: true,
  code: (handler) => {
    handler.needs.request = true;
    return `${handler.request}.event.${path}`;
  },
});

const text = (value: string, member?: string): Field => ({
  kind: 'value',
  ...(member !== undefined && { member }),
  always: true,
  isText: true,
  code: ({ quote }) => quote + value.replaceAll(quote, `\\${quote}`) + quote,
});

/** What every route of the function has in common; `member` of the request tells it where they differ. */
function same(routes: readonly RouteShape[], of: (route: RouteShape) => string, member?: string): Field | null {
  const values = new Set(routes.map(of));
  const [value] = values;
  if (values.size === 1 && value !== undefined && !/[\\\n]/.test(value)) return text(value, member);
  return member === undefined ? null : ofRequest(member);
}

const hasVariables = ({ path: template }: RouteShape) => /\{[^}]+\}/.test(template);
const params = (_shape: RouteShape, routes: readonly RouteShape[]): Field => ({
  kind: 'params',
  nullable: !routes.every((route) => route.isFilled || hasVariables(route)),
});

const routePath = (_shape: RouteShape, routes: readonly RouteShape[]) => same(routes, (route) => route.path, 'routePath');
const queryValues = ({ isFilled, front }: RouteShape): Field => ({
  kind: 'query',
  member: 'queryValues',
  nullable: front !== 'alb' && !isFilled,
});

/** Fields of the event alone. */
function ofEvents(paths: readonly string[]): Fields {
  return Object.fromEntries(paths.map((path) => [path, () => ofEvent(path)]));
}

const identity = [
  'accessKey',
  'accountId',
  'apiKey',
  'apiKeyId',
  'caller',
  'cognitoAuthenticationProvider',
  'cognitoAuthenticationType',
  'cognitoIdentityId',
  'cognitoIdentityPoolId',
  'principalOrgId',
  'user',
  'userArn',
].map((key) => `identity.${key}`);
const ofContext = (keys: readonly string[]) => ofEvents(['stageVariables', ...keys.map((key) => `requestContext.${key}`)]);

const v1: Fields = {
  ...ofContext([
    'accountId',
    'apiId',
    'domainPrefix',
    'extendedRequestId',
    'path',
    'requestTime',
    'requestTimeEpoch',
    'resourceId',
    ...identity,
  ]),
  body: () => body,
  isBase64Encoded: () => isBase64Encoded,
  'requestContext.authorizer': () => authorizer,
  'requestContext.domainName': () => domainName,
  'requestContext.protocol': () => protocol,
  'requestContext.identity.userAgent': ({ front }) => userAgent(front === 'rest-api' ? 'null' : "''"),
  httpMethod: () => ofRequest('method'),
  'requestContext.httpMethod': () => ofRequest('method'),
  path: () => path,
  resource: routePath,
  'requestContext.resourcePath': routePath,
  pathParameters: params,
  queryStringParameters: ({ isFilled }) => ({ kind: 'query', member: 'query', nullable: !isFilled }),
  multiValueQueryStringParameters: queryValues,
  headers: ({ lowersHeaders }) => ({ kind: 'headers', member: 'headers', anyCase: !lowersHeaders }),
  multiValueHeaders: ({ lowersHeaders }) => ({ kind: 'headers', member: 'headerValues', anyCase: !lowersHeaders }),
  'requestContext.requestId': () => ofRequest('id'),
  'requestContext.identity.sourceIp': () => ofRequest('ip'),
  'requestContext.stage': (_shape, routes) => same(routes, ({ stage }) => stage),
};

const routeKey = ({ front, method, path: template }: RouteShape) =>
  front === 'function-url' || template === '$default' ? '$default' : `${method} ${template}`;

const v2: Fields = {
  ...ofContext(['accountId', 'apiId', 'domainPrefix', 'time', 'timeEpoch']),
  body: () => body,
  isBase64Encoded: () => isBase64Encoded,
  'requestContext.authorizer': ({ front }) => (front === 'function-url' ? null : authorizer),
  'requestContext.domainName': () => domainName,
  'requestContext.http.protocol': () => protocol,
  'requestContext.http.userAgent': () => userAgent("''"),
  version: () => text('2.0'),
  routeKey: (_shape, routes) => same(routes, routeKey, 'routeKey'),
  'requestContext.routeKey': (_shape, routes) => same(routes, routeKey, 'routeKey'),
  rawPath: () => path,
  rawQueryString: () => ofRequest('queryString', { isText: true, always: false }),
  cookies: () => ofRequest('cookieList', {}),
  'requestContext.http.path': () => path,
  'requestContext.http.method': () => ofRequest('method'),
  'requestContext.http.sourceIp': () => ofRequest('ip'),
  pathParameters: (shape, routes) => (shape.front === 'function-url' ? null : params(shape, routes)),
  queryStringParameters: ({ isFilled }) => ({ kind: 'query', member: 'query', nullable: !isFilled }),
  headers: () => ({ kind: 'headers', member: 'headers', anyCase: false }),
  'requestContext.requestId': () => ofRequest('id'),
  'requestContext.stage': (_shape, routes) => same(routes, ({ stage }) => stage),
};

const alb: Fields = {
  body: () => body,
  isBase64Encoded: () => isBase64Encoded,
  httpMethod: () => ofRequest('method'),
  path: () => path,
  queryStringParameters: ({ multiValueHeaders }) => (multiValueHeaders ? null : { kind: 'query', member: 'query', nullable: false }),
  multiValueQueryStringParameters: (shape) => (shape.multiValueHeaders ? queryValues(shape) : null),
  headers: ({ multiValueHeaders }) => (multiValueHeaders ? null : { kind: 'headers', member: 'headers', anyCase: false }),
  multiValueHeaders: ({ multiValueHeaders }) => (multiValueHeaders ? { kind: 'headers', member: 'headerValues', anyCase: false } : null),
};

/** The longest known field that a path of keys begins with, and how many keys it takes; null when there is none. */
export function fieldOf({ routes }: Pick<Handler, 'routes'>, keys: readonly string[]): { field: Field; count: number } | null {
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

/** What only events of other fronts have, and of things that are no requests: reading it gives nothing. */
const absent = {
  v1: ['rawPath', 'rawQueryString', 'routeKey', 'cookies', 'requestContext.http', 'requestContext.routeKey', 'requestContext.elb'],
  v2: ['httpMethod', 'path', 'resource', 'multiValueHeaders', 'multiValueQueryStringParameters'].concat(
    ['httpMethod', 'identity', 'path', 'resourcePath', 'elb'].map((key) => `requestContext.${key}`),
  ),
  alb: ['resource', 'rawPath', 'rawQueryString', 'routeKey', 'cookies', 'pathParameters', 'version'].concat(
    ['http', 'httpMethod', 'identity', 'path', 'authorizer'].map((key) => `requestContext.${key}`),
  ),
} as const;

/** Of things that are no requests: records, rules of EventBridge, warm-up plugins. */
const ofOthers = ['Records', 'source', 'detail', 'detail-type', 'warmup', 'requestContext.connectionId', 'requestContext.eventType'];

/** How many of the keys lead to something that events of the routes' front never have; 0 when they may have it. */
export function absentIn({ routes }: Pick<Handler, 'routes'>, keys: readonly string[]): number {
  const [shape] = routes;
  const names = shape?.front === 'alb' ? absent.alb : shape?.payload === '2.0' ? absent.v2 : absent.v1;
  return [1, 2].find((count) => [...names, ...ofOthers].includes(keys.slice(0, count).join('.')) && keys.length >= count) ?? 0;
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
