/** The HTTP events of serverless.yml: `http`, `httpApi`, `url` and `alb`. */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../../data.js';
import type { GatewayFeature, HttpTrigger, Trigger } from '../../../trigger.js';
import { toValue } from '../values.js';
import { albAuthorizers, httpApiAuthorizer, restAuthorizer, urlAuthorizer } from './authorizer.js';
import { httpApiCors, restCors, urlCors } from './cors.js';
import { eventsOf, providerOf, routeOf } from './service.js';

/** `http`: a route of the service's REST API. */
export function httpEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  const route = routeOf(value);
  if (!route) return [];
  const event = objectOf(value);
  const provider = providerOf(context);
  const binaryMediaTypes = stringsOf(objectOf(provider['apiGateway'])['binaryMediaTypes']);
  const path = `/${route.path.replace(/^\/+|\/+$/g, '')}`;
  const trigger: HttpTrigger = {
    type: 'rest-api',
    method: route.method,
    path,
    api: 'ApiGatewayRestApi',
    payload: '1.0',
    stage: context.stage,
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
    gateway: [
      ...restCors(event['cors'], corsMethods(context, path)),
      ...restAuthorizer(event['authorizer'], context),
      ...requestFeatures(event, context),
      ...restApiFeatures(provider, event, context),
    ],
    ...(context.range && { range: context.range }),
  };
  return [trigger];
}

/** Methods of all `http` events with CORS on a path: the gateway lists them together. */
function corsMethods(context: ServerlessEventContext, path: string): string[] {
  return eventsOf(context.service, 'http').flatMap((event) => {
    const route = routeOf(event);
    const same = route && objectOf(event)['cors'] && `/${route.path.replace(/^\/+|\/+$/g, '')}` === path;
    return same ? [route.method] : [];
  });
}

/** What the gateway does with the request and the answer of one event. */
function requestFeatures(event: PlainObject, context: ServerlessEventContext): GatewayFeature[] {
  const place = context.range && { range: context.range };
  const features: GatewayFeature[] = [];
  const integration = String(event['integration'] ?? 'lambda-proxy')
    .toLowerCase()
    .replace('_', '-');
  const request = objectOf(event['request']);
  if (integration !== 'lambda-proxy' && integration !== 'aws-proxy') {
    features.push({ kind: 'mapping-template', detail: `integration: ${integration}`, ...place });
  }
  if (request['template'] !== undefined || isPlainObject(event['response'])) {
    features.push({ kind: 'mapping-template', detail: 'request or response template', ...place });
  }
  if (event['async'] === true)
    features.push({ kind: 'mapping-template', detail: 'async: true (answers before the function ends)', ...place });
  const schemas = request['schemas'] ?? request['schema'];
  if (schemas !== undefined) features.push({ kind: 'request-validation', detail: 'body schema', ...place });
  const required = requiredParameters(objectOf(request['parameters']));
  if (required.length > 0) features.push({ kind: 'request-validation', detail: `required: ${required.join(', ')}`, ...place });
  if (event['private'] === true) features.push({ kind: 'api-key', ...place });
  return features;
}

/** `{ querystrings: { page: true }, headers: { 'X-Id': false } }` → the ones that are required. Path parameters always are. */
function requiredParameters(parameters: PlainObject): string[] {
  return ['querystrings', 'headers'].flatMap((section) => {
    const names = parameters[section];
    if (Array.isArray(names)) return [];
    return Object.entries(objectOf(names))
      .filter(([, value]) => value === true || objectOf(value)['required'] === true)
      .map(([name]) => name);
  });
}

/** What holds for every route of the REST API. */
function restApiFeatures(provider: PlainObject, event: PlainObject, context: ServerlessEventContext): GatewayFeature[] {
  const settings = objectOf(provider['apiGateway']);
  const place = context.range && { range: context.range };
  const features: GatewayFeature[] = [];
  if (settings['resourcePolicy'] !== undefined || provider['resourcePolicy'] !== undefined)
    features.push({ kind: 'resource-policy', ...place });
  const usagePlan = settings['usagePlan'] ?? provider['usagePlan'];
  if (event['private'] === true && JSON.stringify(usagePlan ?? '').includes('throttle')) features.push({ kind: 'throttling', ...place });
  if (String(provider['endpointType']).toUpperCase() === 'PRIVATE') features.push({ kind: 'other', detail: 'private endpoint', ...place });
  for (const { type, properties } of Object.values(context.template?.resources ?? {})) {
    if (type !== 'AWS::ApiGateway::GatewayResponse') continue;
    features.push({ kind: 'gateway-response', detail: String(properties['ResponseType'] ?? 'a gateway response'), ...place });
  }
  return features;
}

/** `httpApi`: a route of the service's HTTP API; `*` is the catch-all. */
export function httpApiEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  const route = httpApiRoute(value);
  if (!route) return [];
  const settings = objectOf(providerOf(context)['httpApi']);
  const methods = eventsOf(context.service, 'httpApi').flatMap((event) => httpApiRoute(event)?.method ?? []);
  const trigger: HttpTrigger = {
    type: 'http-api',
    ...route,
    api: 'HttpApi',
    payload: payloadOf(settings, context),
    stage: '$default',
    gateway: [...httpApiCors(settings['cors'], methods), ...httpApiAuthorizer(objectOf(value)['authorizer'], context)],
    ...(context.range && { range: context.range }),
  };
  return [trigger];
}

function httpApiRoute(value: unknown): { method: string; path: string } | undefined {
  if (value === '*') return { method: 'ANY', path: '$default' };
  const route = routeOf(value);
  if (!route) return undefined;
  if (route.path === '*') return { method: route.method, path: '$default' };
  return { method: route.method, path: route.path.startsWith('/') ? route.path : `/${route.path}` };
}

/** `provider.httpApi.payload`; version 1 of Serverless still had the old format as its default. */
function payloadOf(settings: PlainObject, context: ServerlessEventContext): '1.0' | '2.0' {
  const stated = String(settings['payload'] ?? '');
  if (stated === '1.0' || stated === '1') return '1.0';
  if (stated === '2.0' || stated === '2') return '2.0';
  return /^\D*1(\.|\b)/.test(String(context.service['frameworkVersion'] ?? '')) ? '1.0' : '2.0';
}

/** `url: true` of a function, or its settings. */
export function urlProperty(value: unknown, context: ServerlessEventContext): Trigger[] {
  if (value !== true && !isPlainObject(value)) return [];
  const settings = objectOf(value);
  const trigger: HttpTrigger = {
    type: 'function-url',
    method: 'ANY',
    path: '$default',
    api: context.functionId,
    payload: '2.0',
    stage: '$default',
    ...(settings['invokeMode'] === 'RESPONSE_STREAM' && { streaming: true }),
    gateway: [...urlCors(settings['cors']), ...urlAuthorizer(settings['authorizer'], context)],
    ...(context.range && { range: context.range }),
  };
  return [trigger];
}

/** `alb`: listener rules in front of the function, one trigger for each method and path. */
export function albEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  if (!isPlainObject(value)) return [];
  const conditions = objectOf(value['conditions']);
  const methods = stringsOf(conditions['method']).map((method) => method.toUpperCase());
  const paths = stringsOf(conditions['path']);
  const listener = toValue(value['listenerArn']);
  const further = Object.entries(conditions)
    .filter(([name]) => name !== 'path' && name !== 'method')
    .map(([name, condition]) => `${name}: ${listOf(condition).map(textOf).join(', ')}`);
  const trigger = (method: string, path: string): HttpTrigger => ({
    type: 'alb',
    method,
    path,
    api: listener.kind === 'literal' ? String(listener.value ?? 'ServerlessALB') : listener.text,
    payload: '1.0',
    ...(value['multiValueHeaders'] === true && { multiValueHeaders: true }),
    ...(further.length > 0 && { conditions: further }),
    gateway: albAuthorizers(value['authorizer'], context),
    ...(context.range && { range: context.range }),
  });
  return (methods.length > 0 ? methods : ['ANY']).flatMap((method) =>
    (paths.length > 0 ? paths : ['/*']).map((path) => trigger(method, path)),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
