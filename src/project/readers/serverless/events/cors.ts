import { objectOf, type PlainObject, stringsOf } from '../../../data.js';
import type { CorsConfig, GatewayFeature } from '../../../trigger.js';
import { numberOf } from '../values.js';

/** Headers that Serverless allows when none are given. */
const defaultHeaders = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amz-User-Agent',
  'X-Amzn-Trace-Id',
];

/** The same of function URLs (`lib/plugins/aws/package/compile/functions.js`). */
const defaultUrlHeaders = defaultHeaders.filter((header) => header !== 'X-Amz-User-Agent');

const anyMethods = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/**
 * `cors:` of all `http` events on one path, in order: the gateway answers one OPTIONS route for them, with the union of
 * their methods, headers and origins. The last `origin` and `maxAge` win.
 */
export function restCors(events: readonly { method: string; cors: unknown }[]): GatewayFeature[] {
  if (events.length === 0) return [];
  const settings = events.map(({ cors }) => objectOf(cors));
  const config: CorsConfig = {
    mode: 'preflight',
    allowOrigins: restOrigins(settings),
    allowMethods: unique(
      events.flatMap(({ method, cors }) => ['OPTIONS', ...stringsOf(objectOf(cors)['methods']), method]).flatMap(eachMethod),
    ),
    allowHeaders: unique(settings.flatMap(({ headers }) => headersOf(headers) ?? defaultHeaders)),
    exposeHeaders: [],
    allowCredentials: settings.some(({ allowCredentials }) => Boolean(allowCredentials)),
    ...maxAge(settings.findLast(({ maxAge: age }) => age)?.['maxAge']),
    preflightStatus: 200,
  };
  return [{ kind: 'cors', cors: config }];
}

function restOrigins(settings: readonly PlainObject[]): string[] {
  const listed = unique(settings.flatMap(({ origins }) => stringsOf(origins)));
  const last = settings.at(-1) ?? {};
  const origin = typeof last['origin'] === 'string' ? last['origin'] : '*';
  const written = origin.includes(',') || listed.length === 0 ? origin.split(',') : listed;
  return written.map((each) => each.trim());
}

/** `provider.httpApi.cors`: the API answers preflights and sets the headers on every answer. */
export function httpApiCors(cors: unknown, methods: readonly string[]): GatewayFeature[] {
  if (!cors) return [];
  const settings = objectOf(cors);
  const stated = stringsOf(settings['allowedMethods']);
  return headersCors(settings, {
    allowMethods: stated.length > 0 ? stated : unique(['OPTIONS', ...methods].flatMap(eachMethod)),
    allowOrigins: filled(settings['allowedOrigins']) ?? ['*'],
    allowHeaders: headersOf(settings['allowedHeaders']) ?? defaultHeaders,
    preflightStatus: 204,
  });
}

/** `url: { cors }` of a function; `null` takes a default away. */
export function urlCors(cors: unknown): GatewayFeature[] {
  if (!cors) return [];
  const settings = objectOf(cors);
  const or = (key: string, fallback: string[]) => (settings[key] === null ? [] : (filled(settings[key]) ?? fallback));
  return headersCors(settings, {
    allowMethods: or('allowedMethods', ['*']),
    allowOrigins: or('allowedOrigins', ['*']),
    allowHeaders: or('allowedHeaders', defaultUrlHeaders),
    preflightStatus: 200,
  });
}

type Allowed = Pick<CorsConfig, 'allowMethods' | 'allowOrigins' | 'allowHeaders' | 'preflightStatus'>;

function headersCors(settings: PlainObject, allowed: Allowed): GatewayFeature[] {
  const config: CorsConfig = {
    mode: 'headers',
    ...allowed,
    exposeHeaders: stringsOf(settings['exposedResponseHeaders']),
    allowCredentials: Boolean(settings['allowCredentials']),
    ...maxAge(settings['maxAge']),
  };
  return [{ kind: 'cors', cors: config }];
}

function filled(value: unknown): string[] | undefined {
  const texts = stringsOf(value);
  return texts.length > 0 ? texts : undefined;
}

/** A list, or one text with commas; undefined when there is none. */
function headersOf(headers: unknown): string[] | undefined {
  return filled(headers)?.flatMap((entry) => entry.split(',').map((header) => header.trim()));
}

function eachMethod(method: string): string[] {
  return method === 'ANY' || method === '*' ? anyMethods : [method.toUpperCase()];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function maxAge(value: unknown): { maxAgeSeconds?: number } {
  const seconds = numberOf(value);
  return seconds === undefined ? {} : { maxAgeSeconds: seconds };
}
