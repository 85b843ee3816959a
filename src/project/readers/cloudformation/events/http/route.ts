/** What all HTTP fronts of a template have in common. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { listOf, objectOf, type PlainObject, stringsOf } from '../../../../data.js';
import type { TextRange } from '../../../../model.js';
import type { AuthorizerConfig, CorsConfig, GatewayFeature } from '../../../../trigger.js';
import { booleanOf, describe, numberOf, resolvedList, resolvedObject, resourcesOf, textOf } from '../resources.js';

/** An API as its routes see it. */
export interface Api {
  /** Logical id, or the reference as written when the template does not hold it. */
  id: string;
  /** How it is declared; `external`: somewhere else, so nothing is known about it. */
  kind: 'sam' | 'raw' | 'external';
  front: 'rest-api' | 'http-api';
  properties: PlainObject;
  /** Where it is declared. */
  path: (string | number)[];
}

export interface Route {
  /** Upper case, or `ANY`. */
  method: string;
  path: string;
}

export function methodOf(text: string): string {
  const method = text.trim().toUpperCase();
  return method === '*' || method === 'X-AMAZON-APIGATEWAY-ANY-METHOD' ? 'ANY' : method;
}

export function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

export function authorizerFeature(authorizer: AuthorizerConfig, range: TextRange | undefined): GatewayFeature {
  return { kind: 'authorizer', authorizer, ...(range && { range }) };
}

/** Something guards the routes of an API that the template does not hold. */
export function unknownGuard(context: TemplateContext, api: Api, path: (string | number)[]): GatewayFeature[] {
  return api.kind === 'external'
    ? [authorizerFeature({ type: 'unknown', name: `what guards ${api.id}, an API outside the template` }, context.range(path))]
    : [];
}

export function withScopes(scopes: readonly string[]): { scopes?: string[] } {
  return scopes.length > 0 ? { scopes: [...scopes] } : {};
}

export function scopesOf(context: TemplateContext, value: unknown): string[] {
  return stringsOf(context.resolve(value));
}

/** CORS of an HTTP API or a function URL: keys in upper or lower camel case. */
export function headersCors(context: TemplateContext, configuration: unknown, preflightStatus: number): GatewayFeature[] {
  const known = context.resolve(configuration);
  if (known === undefined || known === null || booleanOf(context, known) === false) return [];
  // SAM: `true` allows every origin and says nothing else.
  const settings = booleanOf(context, known) === true ? { AllowOrigins: ['*'] } : objectOf(known);
  const value = (key: string) => settings[key] ?? settings[key.charAt(0).toLowerCase() + key.slice(1)];
  const list = (key: string) => listOf(value(key)).flatMap((entry) => describe(context, entry) ?? []);
  const maxAge = numberOf(context, value('MaxAge'));
  const cors: CorsConfig = {
    mode: 'headers',
    allowOrigins: list('AllowOrigins'),
    allowMethods: list('AllowMethods').map((method) => method.toUpperCase()),
    allowHeaders: list('AllowHeaders'),
    exposeHeaders: list('ExposeHeaders'),
    allowCredentials: booleanOf(context, value('AllowCredentials')) === true,
    ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
    preflightStatus,
  };
  return [{ kind: 'cors', cors }];
}

/** Client certificates and base paths of the custom domains in front of an API. */
export function domainFeatures(context: TemplateContext, api: Api): GatewayFeature[] {
  const own = resolvedObject(context, api.properties['Domain']);
  const features = featuresOfDomain(context, own, api.path, stringsOf(own['BasePath']));
  const mappings = resourcesOf(context, 'AWS::ApiGateway::BasePathMapping', 'AWS::ApiGatewayV2::ApiMapping').filter(
    ({ properties }) => context.resourceOf(properties['RestApiId'] ?? properties['ApiId']) === api.id,
  );
  for (const { id, properties } of mappings) {
    const domainId = context.resourceOf(properties['DomainName']);
    const domain = domainId === undefined ? {} : (context.resources[domainId]?.properties ?? {});
    const basePath = textOf(context, properties['BasePath'] ?? properties['ApiMappingKey']);
    features.push(...featuresOfDomain(context, domain, ['Resources', id], basePath === undefined ? [] : [basePath]));
  }
  return features;
}

function featuresOfDomain(
  context: TemplateContext,
  domain: PlainObject,
  path: (string | number)[],
  basePaths: readonly string[],
): GatewayFeature[] {
  const range = context.range(path);
  const place = range && { range };
  const named = basePaths.filter((basePath) => basePath !== '' && basePath !== '/' && basePath !== '(none)');
  return [
    ...(domain['MutualTlsAuthentication'] === undefined ? [] : [{ kind: 'mutual-tls' as const, ...place }]),
    ...named.map((basePath): GatewayFeature => ({ kind: 'other', detail: `base path ${rooted(basePath)} of a custom domain`, ...place })),
  ];
}

/** `MethodSettings` of a stage that hold for a route: limits and a cache. */
export function methodSettings(
  context: TemplateContext,
  settings: unknown,
  { method, path }: Route,
  place: (string | number)[],
): GatewayFeature[] {
  const range = context.range(place);
  return resolvedList(context, settings).flatMap((entry): GatewayFeature[] => {
    const { ResourcePath: resourcePath, HttpMethod: httpMethod, ...limits } = objectOf(entry);
    const forMethod = httpMethod === undefined || httpMethod === '*' || methodOf(String(httpMethod)) === method;
    const decoded = String(resourcePath ?? '/*')
      .replaceAll('~1', '/')
      .replace(/^\/\//, '/');
    if (!forMethod || (decoded !== '/*' && decoded !== path)) return [];
    const throttles = limits['ThrottlingRateLimit'] !== undefined || limits['ThrottlingBurstLimit'] !== undefined;
    return [
      ...(throttles ? [{ kind: 'throttling' as const, ...(range && { range }) }] : []),
      ...(booleanOf(context, limits['CachingEnabled'])
        ? [{ kind: 'other' as const, detail: 'response cache', ...(range && { range }) }]
        : []),
    ];
  });
}

/** Values computed once a template. */
const memory = new WeakMap<object, Map<string, unknown>>();

export function once<T>(context: TemplateContext, key: string, compute: () => T): T {
  const known = memory.get(context.resources) ?? new Map<string, unknown>();
  memory.set(context.resources, known);
  if (!known.has(key)) known.set(key, compute());
  return known.get(key) as T;
}
