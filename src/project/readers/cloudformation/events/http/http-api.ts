/** Routes of HTTP APIs: `HttpApi` events, raw routes, quick create, OpenAPI documents. */
import type { SamEventContext } from '../../../../../triggers/kind.js';
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { objectOf, type PlainObject } from '../../../../data.js';
import type { AuthorizerConfig, GatewayFeature, HttpTrigger, Trigger } from '../../../../trigger.js';
import { describe, placeAt, resolvedObject, resourcesOf, textOf, type WiredTrigger } from '../resources.js';
import { authorizerName, jwtAuthorizer, requestAuthorizer } from './authorizers.js';
import {
  type ApiDocument,
  apisOf,
  documentFeatures,
  documentOf,
  integrationType,
  operationFor,
  operationsOf,
  parameterMappings,
} from './openapi.js';
import { documentedEvent } from './own-document.js';
import {
  type Api,
  authorizerFeature,
  domainFeatures,
  headersCors,
  methodOf,
  once,
  type Route,
  rooted,
  scopesOf,
  unknownGuard,
} from './route.js';
import { guardsOf, unreadGuards } from './sam-auth.js';

const implicitId = 'ServerlessHttpApi';

/** The API of an event; without a name it is the one that SAM makes for the template. */
function httpApiOf(context: TemplateContext, value: unknown): Api {
  const isImplicit = value === undefined || value === implicitId || objectOf(value)['Ref'] === implicitId;
  if (isImplicit)
    return { id: implicitId, kind: 'sam', front: 'http-api', properties: { ...context.globals['HttpApi'] }, path: ['Globals', 'HttpApi'] };
  const id = context.resourceOf(value) ?? (typeof value === 'string' && context.resources[value] ? value : undefined);
  const resource = id === undefined ? undefined : context.resources[id];
  if (id !== undefined && resource?.type === 'AWS::Serverless::HttpApi')
    return { id, kind: 'sam', front: 'http-api', properties: resource.properties, path: ['Resources', id] };
  if (id !== undefined && resource?.type === 'AWS::ApiGatewayV2::Api')
    return { id, kind: 'raw', front: 'http-api', properties: resource.properties, path: ['Resources', id] };
  return { id: describe(context, value) ?? 'ApiOutsideTemplate', kind: 'external', front: 'http-api', properties: {}, path: [] };
}

/** SAM: `HttpApi`; without a path it is the catch-all route. */
export function samHttpApiEvent(properties: PlainObject, context: SamEventContext): Trigger[] {
  const api = httpApiOf(context, properties['ApiId']);
  const route = eventRoute(context, properties);
  const documented = operationFor(context, api, route);
  const found = documentedEvent(context, api, documented, context.functionId, addsMissing(api));
  if (found === 'absent') {
    context.report('EVENT_NOT_IN_DOCUMENT', { api: api.id, route: `${route.method} ${route.path}` });
    return [];
  }
  const auth = found === 'unread' || addsMissing(api) ? objectOf(properties['Auth']) : {};
  const guarded = { front: 'http-api', api, route, documented, auth, path: context.path } as const;
  const features = [
    ...unknownGuard(context, api, context.path),
    ...(found === 'unread' ? unreadGuards(context, guarded) : guardsOf(context, guarded)),
    ...throttling(context, properties['RouteSettings'], context.path),
  ];
  const integration = documented?.operation.integration ?? {};
  const written = integration['uri'] === undefined ? '2.0' : payloadOf(context, integration['payloadFormatVersion'], '1.0');
  return [httpTrigger(context, api, route, payloadOf(context, properties['PayloadFormatVersion'], written), features, context.path)];
}

function eventRoute(context: TemplateContext, properties: PlainObject): Route {
  const path = textOf(context, properties['Path']);
  if (path === undefined || /^\/?\$default$/.test(path)) return { method: 'ANY', path: '$default' };
  return { method: methodOf(textOf(context, properties['Method']) ?? 'ANY'), path: rooted(path) };
}

/** `Auth` of the event for a route, which SAM adds to what the document says. */
function eventAuth(context: TemplateContext, api: Api, { method, path }: Route): PlainObject {
  if (!addsMissing(api)) return {};
  const events = resourcesOf(context, 'AWS::Serverless::Function').flatMap(({ properties }) =>
    Object.values(resolvedObject(context, properties['Events'])).map((event) => objectOf(event)),
  );
  const found = events.find(({ Type: type, Properties: properties }) => {
    const route = eventRoute(context, objectOf(properties));
    return (
      type === 'HttpApi' &&
      route.method === method &&
      route.path === path &&
      httpApiOf(context, objectOf(properties)['ApiId']).id === api.id
    );
  });
  return objectOf(objectOf(found?.['Properties'])['Auth']);
}

/** SAM completes a document in the template; one in a file stays as it is (`_add_openapi_integration`). */
function addsMissing({ properties }: Api): boolean {
  return properties['DefinitionUri'] === undefined;
}

function payloadOf(context: TemplateContext, value: unknown, fallback: '1.0' | '2.0'): '1.0' | '2.0' {
  const text = textOf(context, value);
  return text === undefined ? fallback : text.startsWith('1') ? '1.0' : '2.0';
}

/** Routes that raw resources and OpenAPI documents lead to functions. */
export function httpRoutes(context: TemplateContext): WiredTrigger[] {
  const apis = apisOf(context, 'AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api').filter((api) => !isWebSocket(context, api));
  return [...rawRoutes(context), ...apis.flatMap((api) => [...quickCreate(context, api), ...documentRoutes(context, api)])];
}

function isWebSocket(context: TemplateContext, { properties }: Api): boolean {
  return textOf(context, properties['ProtocolType'])?.toUpperCase() === 'WEBSOCKET';
}

function documentRoutes(context: TemplateContext, api: Api): WiredTrigger[] {
  const document = documentOf(context, api);
  if (!document) return [];
  return operationsOf(document).flatMap((found) => {
    const { integration, place } = found;
    const functionId = context.functionOf(integration['uri']);
    if (functionId === undefined) return [];
    const isDefault = /^\/?\$default$/.test(found.path);
    const route = { method: found.method, path: isDefault ? '$default' : rooted(found.path) };
    const features = [
      ...guardsOf(context, {
        front: 'http-api',
        api,
        route,
        documented: { document, operation: found },
        auth: api.kind === 'sam' ? eventAuth(context, api, route) : {},
        path: place,
      }),
      ...integrationType(context, integration['type'], place),
      ...parameterMappings(context, integration['requestParameters'], integration['responseParameters'], place),
    ];
    const payload = payloadOf(context, integration['payloadFormatVersion'], '1.0');
    return [{ functionId, trigger: httpTrigger(context, api, route, payload, features, place) }];
  });
}

/** `Target`: one function behind all routes. */
function quickCreate(context: TemplateContext, api: Api): WiredTrigger[] {
  const functionId = context.functionOf(api.properties['Target']);
  if (functionId === undefined) return [];
  const route = routeOfKey(textOf(context, api.properties['RouteKey']) ?? '$default');
  return [{ functionId, trigger: httpTrigger(context, api, route, '2.0', [], api.path) }];
}

function routeOfKey(key: string): Route {
  const [method = '', path] = key.trim().split(/\s+/);
  return path === undefined ? { method: 'ANY', path: '$default' } : { method: methodOf(method), path: rooted(path) };
}

/** Function and integration of a raw route. */
export interface RawRoute {
  id: string;
  functionId: string;
  properties: PlainObject;
  integration: PlainObject;
  api: Api;
  key: string;
}

export function rawRoutesOf(context: TemplateContext): RawRoute[] {
  return resourcesOf(context, 'AWS::ApiGatewayV2::Route').flatMap(({ id, properties }) => {
    const integrationId = context.resourceOf(properties['Target']);
    const integration = integrationId === undefined ? {} : (context.resources[integrationId]?.properties ?? {});
    const functionId = context.functionOf(integration['IntegrationUri']);
    if (functionId === undefined) return [];
    const api = httpApiOf(context, properties['ApiId'] ?? 'ApiOutsideTemplate');
    return [{ id, functionId, properties, integration, api, key: describe(context, properties['RouteKey']) ?? '$default' }];
  });
}

/** `$connect`, `$disconnect` and route keys without a method belong to WebSocket APIs. */
export function isWebSocketRoute(context: TemplateContext, { api, key }: RawRoute): boolean {
  if (api.kind !== 'external') return isWebSocket(context, api);
  return key !== '$default' && !/^[A-Z]+ \//.test(key);
}

function rawRoutes(context: TemplateContext): WiredTrigger[] {
  return rawRoutesOf(context)
    .filter((route) => !isWebSocketRoute(context, route))
    .map(({ id, functionId, properties, integration, api, key }) => {
      const at = ['Resources', id];
      const features = [
        ...rawAuthorizer(context, properties, at),
        ...integrationType(context, integration['IntegrationType'], at),
        ...parameterMappings(context, integration['RequestParameters'], integration['ResponseParameters'], at),
      ];
      const payload = payloadOf(context, integration['PayloadFormatVersion'], '1.0');
      return { functionId, trigger: httpTrigger(context, api, routeOfKey(key), payload, features, at) };
    });
}

function rawAuthorizer(context: TemplateContext, properties: PlainObject, path: (string | number)[]): GatewayFeature[] {
  const type =
    textOf(context, properties['AuthorizationType'])?.toUpperCase() ?? describe(context, properties['AuthorizationType']) ?? 'NONE';
  return type === 'NONE' ? [] : [authorizerFeature(rawAuthorizerOf(context, type, properties), context.range(path))];
}

function rawAuthorizerOf(context: TemplateContext, type: string, properties: PlainObject): AuthorizerConfig {
  if (type === 'AWS_IAM') return { type: 'iam', name: type };
  const id = context.resourceOf(properties['AuthorizerId']);
  const declared = id === undefined ? {} : (context.resources[id]?.properties ?? {});
  const name = authorizerName(context, properties['AuthorizerId'], type);
  const scopes = scopesOf(context, properties['AuthorizationScopes']);
  if (type === 'JWT') return jwtAuthorizer(context, name, declared['JwtConfiguration'], scopes, declared['IdentitySource']);
  return type === 'CUSTOM' ? requestAuthorizer(context, name, declared) : { type: 'unknown', name };
}

function httpTrigger(
  context: TemplateContext,
  api: Api,
  route: Route,
  payload: '1.0' | '2.0',
  features: readonly GatewayFeature[],
  path: (string | number)[],
): HttpTrigger {
  const { stage, variables, shared } = apiSettings(context, api);
  return {
    type: 'http-api',
    ...route,
    api: api.id,
    payload,
    ...(stage !== undefined && { stage }),
    ...(variables && { stageVariables: variables }),
    gateway: [...shared.filter(({ kind }) => kind === 'cors'), ...features, ...shared.filter(({ kind }) => kind !== 'cors')],
    ...placeAt(context, path),
  };
}

interface ApiSettings {
  stage: string | undefined;
  variables: Record<string, string> | undefined;
  shared: GatewayFeature[];
}

/** What the API does for all of its routes. */
function apiSettings(context: TemplateContext, api: Api): ApiSettings {
  return once(context, `http settings ${api.id}`, () => {
    const stage = stageOf(context, api);
    const variables = Object.entries(resolvedObject(context, stage['StageVariables'])).map(
      ([key, value]) => [key, describe(context, value) ?? ''] as const,
    );
    const document = documentOf(context, api);
    return {
      stage: api.kind === 'external' ? undefined : (describe(context, stage['StageName']) ?? '$default'),
      variables: variables.length > 0 ? Object.fromEntries(variables) : undefined,
      shared: [
        ...corsOf(context, api, document),
        ...throttling(context, stage['DefaultRouteSettings'], api.path),
        ...throttling(context, stage['RouteSettings'], api.path),
        ...(document ? documentFeatures(context, document) : []),
        ...domainFeatures(context, api),
      ],
    };
  });
}

function corsOf(context: TemplateContext, api: Api, document: ApiDocument | undefined): GatewayFeature[] {
  return headersCors(context, api.properties['CorsConfiguration'] ?? document?.content['x-amazon-apigateway-cors'], 204);
}

function stageOf(context: TemplateContext, api: Api): PlainObject {
  if (api.kind !== 'raw') return api.properties;
  return (
    resourcesOf(context, 'AWS::ApiGatewayV2::Stage').find(({ properties }) => context.resourceOf(properties['ApiId']) === api.id)
      ?.properties ?? {}
  );
}

function throttling(context: TemplateContext, settings: unknown, path: (string | number)[]): GatewayFeature[] {
  const range = context.range(path);
  return /Throttling(Burst|Rate)Limit/.test(JSON.stringify(context.resolve(settings) ?? ''))
    ? [{ kind: 'throttling', ...(range && { range }) }]
    : [];
}
