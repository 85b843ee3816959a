import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../../data.js';
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

const anyMethods = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** `cors:` of an `http` event: an OPTIONS route answered by the gateway. `methods` are those of all events on that path. */
export function restCors(cors: unknown, methods: readonly string[]): GatewayFeature[] {
  if (cors !== true && !isPlainObject(cors)) return [];
  const settings = objectOf(cors);
  const origins = [...stringsOf(settings['origin']), ...stringsOf(settings['origins'])].flatMap((text) => text.split(','));
  const config: CorsConfig = {
    mode: 'preflight',
    allowOrigins: origins.length > 0 ? origins.map((origin) => origin.trim()) : ['*'],
    allowMethods: listedMethods(settings, ['OPTIONS', ...methods]),
    allowHeaders: headersOf(settings['headers']),
    exposeHeaders: stringsOf(settings['exposedResponseHeaders']),
    allowCredentials: settings['allowCredentials'] === true,
    ...maxAge(settings['maxAge']),
    preflightStatus: 200,
  };
  return [{ kind: 'cors', cors: config }];
}

/** `provider.httpApi.cors`: the API answers preflights and sets the headers on every answer. */
export function httpApiCors(cors: unknown, methods: readonly string[]): GatewayFeature[] {
  return settingsCors(cors, listedMethods(objectOf(cors), ['OPTIONS', ...methods]), 204);
}

/** `url: { cors }` of a function. */
export function urlCors(cors: unknown): GatewayFeature[] {
  return settingsCors(cors, ['*'], 200);
}

function settingsCors(cors: unknown, defaultMethods: string[], preflightStatus: number): GatewayFeature[] {
  if (cors !== true && !isPlainObject(cors)) return [];
  const settings = objectOf(cors);
  const methods = stringsOf(settings['allowedMethods']);
  const origins = stringsOf(settings['allowedOrigins']);
  const config: CorsConfig = {
    mode: 'headers',
    allowOrigins: origins.length > 0 ? origins : ['*'],
    allowMethods: methods.length > 0 ? methods : defaultMethods,
    allowHeaders: settings['allowedHeaders'] === null ? [] : headersOf(settings['allowedHeaders']),
    exposeHeaders: stringsOf(settings['exposedResponseHeaders']),
    allowCredentials: settings['allowCredentials'] === true,
    ...maxAge(settings['maxAge']),
    preflightStatus,
  };
  return [{ kind: 'cors', cors: config }];
}

function headersOf(headers: unknown): string[] {
  if (isPlainObject(headers)) return Object.keys(headers);
  const listed = listOf(headers).flatMap((entry) => (typeof entry === 'string' ? entry.split(',') : []));
  return listed.length > 0 ? listed.map((header) => header.trim()) : defaultHeaders;
}

function listedMethods(settings: PlainObject, found: readonly string[]): string[] {
  const stated = stringsOf(settings['methods']);
  const methods = stated.length > 0 ? stated : found;
  return [...new Set(methods.flatMap((method) => (method === 'ANY' || method === '*' ? anyMethods : [method.toUpperCase()])))];
}

function maxAge(value: unknown): { maxAgeSeconds?: number } {
  const seconds = numberOf(value);
  return seconds === undefined ? {} : { maxAgeSeconds: seconds };
}
