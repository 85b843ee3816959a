/**
 * `http` events: routes of the service's REST API. What the gateway does is told by Serverless' own compilation
 * (`lib/plugins/aws/package/compile/events/api-gateway` of serverless 3).
 */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, objectOf, type PlainObject, stringsOf } from '../../../data.js';
import { addedHeaders, headersOfParameters } from '../../../gateway-response.js';
import type { GatewayFeature, HttpTrigger, Trigger } from '../../../trigger.js';
import { literalText, numberOf } from '../values.js';
import { restAuthorizer } from './authorizer.js';
import { restCors } from './cors.js';
import { domainFeatures } from './domain.js';
import { requestValidation } from './request-validation.js';
import { describe, eventsOf, pluginsOf, providerOf, routeOf } from './service.js';

export function httpEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  const route = restRoute(value);
  if (!route) return [];
  const event = objectOf(value);
  const provider = providerOf(context);
  const settings = objectOf(provider['apiGateway']);
  const binaryMediaTypes = binaryTypes(settings, context);
  const trigger: HttpTrigger = {
    type: 'rest-api',
    ...route,
    api: settings['restApiId'] === undefined ? 'ApiGatewayRestApi' : describe(settings['restApiId']),
    payload: '1.0',
    stage: literalText(settings['stage']) ?? context.stage,
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
    gateway: [
      ...restCors(corsSettings(route.path, context)),
      ...corsUnknown(event['cors']),
      ...restAuthorizer(event['authorizer'], context),
      ...requestFeatures(event, context),
      ...apiFeatures(event, context),
      ...domainFeatures('rest', context),
    ],
    ...(context.range && { range: context.range }),
  };
  if (!event['cors']) trigger.gateway = trigger.gateway.filter(({ kind }) => kind !== 'cors');
  return [trigger];
}

/** Of the provider, or of serverless-apigw-binary. */
function binaryTypes(settings: PlainObject, context: ServerlessEventContext): string[] {
  const byPlugin = pluginsOf(context).includes('serverless-apigw-binary')
    ? objectOf(objectOf(context.service['custom'])['apigwBinary'])['types']
    : [];
  return [...new Set([...stringsOf(settings['binaryMediaTypes']), ...stringsOf(byPlugin)])];
}

function restRoute(value: unknown): { method: string; path: string } | undefined {
  const route = routeOf(value);
  return route && { method: route.method, path: `/${route.path.replace(/^\/+|\/+$/g, '')}` };
}

/** All `cors:` of one path with their methods: the gateway answers one OPTIONS for them together. */
function corsSettings(path: string, context: ServerlessEventContext): { method: string; cors: unknown }[] {
  return eventsOf(context.service, 'http').flatMap((event) => {
    const route = restRoute(event);
    const { cors } = objectOf(event);
    return route?.path === path && cors && !isUnresolved(cors) ? [{ method: route.method, cors }] : [];
  });
}

function corsUnknown(cors: unknown): GatewayFeature[] {
  return isUnresolved(cors) ? [{ kind: 'other', detail: `cors: ${String(cors)}` }] : [];
}

function isUnresolved(value: unknown): boolean {
  return typeof value === 'string' && literalText(value) === undefined;
}

/** Names of integrations as Serverless normalises them. */
function integrationOf(event: PlainObject): string {
  const written = event['integration'];
  if (typeof written !== 'string') return event['async'] ? 'AWS' : 'AWS_PROXY';
  const name = written.toUpperCase().replace('-', '_');
  return { LAMBDA: 'AWS', LAMBDA_PROXY: 'AWS_PROXY' }[name] ?? name;
}

/** What the gateway does with the request and the answer of one event. */
function requestFeatures(event: PlainObject, context: ServerlessEventContext): GatewayFeature[] {
  const place = context.range && { range: context.range };
  const features: GatewayFeature[] = [];
  const integration = integrationOf(event);
  // With the proxy integration, Serverless drops `request.template` and `response` before it deploys.
  if (integration !== 'AWS_PROXY') features.push({ kind: 'mapping-template', detail: mappingDetail(event), ...place });
  features.push(...requestValidation(event, context));
  if (event['private']) features.push({ kind: 'api-key', ...place });
  return features;
}

function mappingDetail(event: PlainObject): string {
  if (event['async']) return 'async: true (answers before the function ends)';
  const templates = objectOf(event['request'])['template'] !== undefined || isPlainObject(event['response']);
  return `integration: ${String(event['integration'])}${templates ? ' with templates of its own' : ''}`;
}

/** What holds for the whole REST API. */
function apiFeatures(event: PlainObject, context: ServerlessEventContext): GatewayFeature[] {
  const provider = providerOf(context);
  const settings = objectOf(provider['apiGateway']);
  const place = context.range && { range: context.range };
  const features: GatewayFeature[] = [];
  if (settings['resourcePolicy'] ?? provider['resourcePolicy']) features.push({ kind: 'resource-policy', ...place });
  if (isThrottled(event, context)) features.push({ kind: 'throttling', ...place });
  if (String(provider['endpointType']).toUpperCase() === 'PRIVATE') features.push({ kind: 'other', detail: 'private endpoint', ...place });
  const fromBytes = numberOf(settings['minimumCompressionSize']);
  if (fromBytes !== undefined) features.push({ kind: 'compression', fromBytes, ...place });
  if (isCached(event, context)) features.push({ kind: 'other', detail: 'caching of answers', ...place });
  if (objectOf(objectOf(context.service['custom'])['associateWaf'])['name'] !== undefined) {
    features.push({ kind: 'other', detail: 'web application firewall', ...place });
  }
  return [...features, ...gatewayResponses(context)];
}

function isThrottled(event: PlainObject, context: ServerlessEventContext): boolean {
  const provider = providerOf(context);
  const usagePlan = objectOf(provider['apiGateway'])['usagePlan'] ?? provider['usagePlan'];
  if (event['private'] && JSON.stringify(usagePlan ?? '').includes('throttle')) return true;
  if (!pluginsOf(context).includes('serverless-api-gateway-throttling')) return false;
  return event['throttling'] !== undefined || objectOf(context.service['custom'])['apiGatewayThrottling'] !== undefined;
}

function isCached(event: PlainObject, context: ServerlessEventContext): boolean {
  if (!pluginsOf(context).includes('serverless-api-gateway-caching')) return false;
  const service = objectOf(objectOf(context.service['custom'])['apiGatewayCaching'])['enabled'] === true;
  return service && objectOf(event['caching'])['enabled'] === true;
}

function gatewayResponses(context: ServerlessEventContext): GatewayFeature[] {
  return Object.values(context.template?.resources ?? {}).flatMap(({ type, properties, range }): GatewayFeature[] => {
    if (type !== 'AWS::ApiGateway::GatewayResponse') return [];
    const responseType = literalText(properties['ResponseType']);
    const written = Object.entries(objectOf(properties['ResponseParameters'])).map(([key, value]) => [key, literalText(value)]);
    const headers = headersOfParameters(Object.fromEntries(written));
    const adds = addedHeaders({
      type: responseType,
      headers: headers ?? {},
      templates: objectOf(properties['ResponseTemplates']),
      doesMore: headers === undefined || properties['StatusCode'] !== undefined,
    });
    return [{ kind: 'gateway-response', detail: responseType ?? 'a gateway response', ...(adds && { adds }), ...(range && { range }) }];
  });
}
