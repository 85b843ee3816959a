/** Routes of REST APIs: `Api` events, raw methods, OpenAPI documents. */
import type { SamEventContext } from '../../../../../triggers/kind.js';
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { listOf, objectOf, type PlainObject } from '../../../../data.js';
import { validationFeature } from '../../../../request-validation.js';
import type { AuthorizerConfig, GatewayFeature, HttpTrigger, Trigger } from '../../../../trigger.js';
import { booleanOf, describe, type FoundResource, placeAt, resolvedObject, resourcesOf, textOf, type WiredTrigger } from '../resources.js';
import { authorizerName, restAuthorizer } from './authorizers.js';
import { importedModel, requestModel } from './models.js';
import { apisOf, documentOf, guardedPreflight, integrationType, mockCors, operationFor, operationsOf, validationOf } from './openapi.js';
import { countingAuth, documentedEvent, eventsMakeRoutes } from './own-document.js';
import { eventRoutes, restApiFeatures, restApiOf, restCors, restSettings } from './rest-settings.js';
import { type Api, authorizerFeature, methodOf, type Route, rooted, scopesOf, unknownGuard } from './route.js';
import { guardsOf, isRequired, keysAndPolicies, unreadGuards } from './sam-auth.js';

/** SAM: `Api`. */
export function samApiEvent(properties: PlainObject, context: SamEventContext): Trigger[] {
  const [method, path] = [textOf(context, properties['Method']), textOf(context, properties['Path'])];
  if (method === undefined || path === undefined) return [];
  const api = restApiOf(context, properties['RestApiId']);
  const route = { method: methodOf(method), path: rooted(path) };
  const documented = operationFor(context, api, route);
  const found = documentedEvent(context, api, documented, context.functionId, false);
  if (found === 'absent') {
    context.report('EVENT_NOT_IN_DOCUMENT', { api: api.id, route: `${route.method} ${route.path}` });
    return [];
  }
  const auth = found === 'unread' ? objectOf(properties['Auth']) : countingAuth(context, api, objectOf(properties['Auth']));
  const guarded = { front: 'rest-api', api, route, documented, auth, path: context.path } as const;
  const features = [
    ...unknownGuard(context, api, context.path),
    ...restCors(context, api, route),
    ...(found === 'unread' ? unreadGuards(context, guarded) : guardsOf(context, guarded)),
    ...keysAndPolicies(context, guarded),
    ...(found === 'made' ? samValidation(context, api, properties) : []),
    ...(documented ? validationOf(context, api, documented) : []),
  ];
  return [restTrigger(context, api, route, features, context.path)];
}

/** A model or parameters are only asked for when a validator is switched on with them. */
function samValidation(context: SamEventContext, api: Api, properties: PlainObject): GatewayFeature[] {
  const model = objectOf(properties['RequestModel']);
  const required = listOf(properties['RequestParameters']).flatMap((entry) =>
    Object.entries(objectOf(entry)).flatMap(([name, settings]) =>
      booleanOf(context, objectOf(settings)['Required']) ? [name.replace(/^method\.request\./, '')] : [],
    ),
  );
  const [checksBody, checksParameters] = ['ValidateBody', 'ValidateParameters'].map((key) => switchOf(context, model[key]));
  const reference = `#/definitions/${describe(context, model['Model'])}`;
  const body = checksBody === false ? {} : { 'application/json': importedModel(context, api, {}, { $ref: reference }) };
  const checks = { body, required: checksParameters === false ? [] : required };
  return validationFeature(
    { ...checks, uncertain: checksBody === undefined || checksParameters === undefined },
    context.range(context.path),
  );
}

/** On, off, or undefined when only the deployment knows. */
function switchOf(context: TemplateContext, value: unknown): boolean | undefined {
  return value === undefined ? false : booleanOf(context, value);
}

/** Routes that raw methods and OpenAPI documents lead to functions. */
export function restRoutes(context: TemplateContext): WiredTrigger[] {
  const apis = apisOf(context, 'AWS::Serverless::Api', 'AWS::ApiGateway::RestApi');
  const implicit = context.globals['Api'] ? [restApiOf(context, undefined)] : [];
  return [...rawRoutes(context), ...[...apis, ...implicit].flatMap((api) => documentRoutes(context, api))];
}

function documentRoutes(context: TemplateContext, api: Api): WiredTrigger[] {
  const document = documentOf(context, api);
  if (!document) return [];
  return operationsOf(document).flatMap((found) => {
    const functionId = context.functionOf(found.integration['uri']);
    if (functionId === undefined) return [];
    const documented = { document, operation: found };
    const route = { method: found.method, path: rooted(found.path) };
    const event = api.kind === 'sam' ? eventRoutes(context, api).find((each) => isSame(each, route)) : undefined;
    if (event && eventsMakeRoutes(context, api) && route.method !== 'ANY') return [];
    const auth = event ? countingAuth(context, api, event.auth) : {};
    const guarded = { front: 'rest-api', api, route, documented, auth, path: found.place } as const;
    const features = [
      ...restCors(context, api, found),
      ...guardsOf(context, guarded),
      ...(api.kind === 'sam' ? keysAndPolicies(context, guarded) : []),
      ...integrationType(context, found.integration['type'], found.place),
      ...validationOf(context, api, documented),
    ];
    return [{ functionId, trigger: restTrigger(context, api, route, features, found.place) }];
  });
}

function isSame(one: Route, other: Route): boolean {
  return one.method === other.method && one.path === other.path;
}

function rawRoutes(context: TemplateContext): WiredTrigger[] {
  const methods = resourcesOf(context, 'AWS::ApiGateway::Method');
  return methods.flatMap((method) => {
    const { id, properties } = method;
    const integration = resolvedObject(context, properties['Integration']);
    const functionId = context.functionOf(integration['Uri']);
    if (functionId === undefined) return [];
    const api = restApiOf(context, properties['RestApiId'] ?? 'ApiOutsideTemplate');
    const at = ['Resources', id];
    const { path, known } = resourcePath(context, properties['ResourceId'], 0);
    const route = { method: methodOf(textOf(context, properties['HttpMethod']) ?? 'ANY'), path };
    const range = context.range(at);
    const features: GatewayFeature[] = [
      ...rawPreflight(context, methods, method),
      ...rawAuthorizer(context, properties, at),
      ...(isRequired(context, properties['ApiKeyRequired']) ? [{ kind: 'api-key' as const, ...(range && { range }) }] : []),
      ...integrationType(context, integration['Type'], at),
      ...rawValidation(context, properties, at),
      ...(known ? [] : [{ kind: 'other' as const, detail: 'a path that begins outside the template', ...(range && { range }) }]),
    ];
    return [{ functionId, trigger: restTrigger(context, api, route, features, at) }];
  });
}

/** `/orders/{id}` of a resource, followed through its parents. */
function resourcePath(context: TemplateContext, value: unknown, depth: number): { path: string; known: boolean } {
  const id = context.resourceOf(value);
  const resource = id === undefined ? undefined : context.resources[id];
  if (resource?.type === 'AWS::ApiGateway::Resource' && depth < 40) {
    const parent = resourcePath(context, resource.properties['ParentId'], depth + 1);
    return {
      path: `${parent.path === '/' ? '' : parent.path}/${describe(context, resource.properties['PathPart']) ?? ''}`,
      known: parent.known,
    };
  }
  return { path: '/', known: resource !== undefined || /root/i.test(JSON.stringify(value ?? '')) };
}

function rawAuthorizer(context: TemplateContext, properties: PlainObject, path: (string | number)[]): GatewayFeature[] {
  const type =
    textOf(context, properties['AuthorizationType'])?.toUpperCase() ?? describe(context, properties['AuthorizationType']) ?? 'NONE';
  if (type === 'NONE') return [];
  return [authorizerFeature(rawAuthorizerOf(context, type, properties), context.range(path))];
}

function rawAuthorizerOf(context: TemplateContext, type: string, properties: PlainObject): AuthorizerConfig {
  if (type === 'AWS_IAM') return { type: 'iam', name: type };
  const id = context.resourceOf(properties['AuthorizerId']);
  const name = authorizerName(context, properties['AuthorizerId'], type);
  if (type !== 'CUSTOM' && type !== 'COGNITO_USER_POOLS') return { type: 'unknown', name };
  const declared = id === undefined ? undefined : context.resources[id]?.properties;
  if (!declared) return { type: type === 'CUSTOM' ? 'lambda' : 'cognito', name, unclear: 'its declaration, which is elsewhere' };
  return restAuthorizer(context, name, declared, scopesOf(context, properties['AuthorizationScopes']));
}

function rawValidation(context: TemplateContext, properties: PlainObject, path: (string | number)[]): GatewayFeature[] {
  if (properties['RequestValidatorId'] === undefined) return [];
  const id = context.resourceOf(properties['RequestValidatorId']);
  const validator = id === undefined ? undefined : context.resources[id]?.properties;
  const checksOf = (key: string) => (validator === undefined ? undefined : switchOf(context, validator[key]));
  const [checksBody, checksParameters] = [checksOf('ValidateRequestBody'), checksOf('ValidateRequestParameters')];
  const models = resolvedObject(context, properties['RequestModels']);
  const body = Object.fromEntries(Object.entries(models).map(([mediaType, model]) => [mediaType, requestModel(context, model)]));
  const required = Object.entries(resolvedObject(context, properties['RequestParameters'])).flatMap(([name, value]) =>
    booleanOf(context, value) && !name.startsWith('method.request.path.') ? [name.replace('method.request.', '')] : [],
  );
  const checks = { body: checksBody === false ? {} : body, required: checksParameters === false ? [] : required };
  return validationFeature({ ...checks, uncertain: checksBody === undefined || checksParameters === undefined }, context.range(path));
}

/** The mock OPTIONS method beside a method. */
function rawPreflight(context: TemplateContext, methods: readonly FoundResource[], { id, properties }: FoundResource): GatewayFeature[] {
  const key = JSON.stringify(properties['ResourceId']);
  const options = methods.find(
    (other) =>
      other.id !== id &&
      JSON.stringify(other.properties['ResourceId']) === key &&
      methodOf(textOf(context, other.properties['HttpMethod']) ?? '') === 'OPTIONS',
  );
  const integration = resolvedObject(context, options?.properties['Integration']);
  if (!options || textOf(context, integration['Type'])?.toUpperCase() !== 'MOCK') return [];
  const guards = rawAuthorizer(context, options.properties, ['Resources', options.id]);
  if (guards.length > 0) return [guardedPreflight('what guards them', context.range(['Resources', options.id]))];
  const responses = listOf(integration['IntegrationResponses']).map((response) => objectOf(response));
  return mockCors(
    context,
    responses.map((response) => response['ResponseParameters']),
    responses.map((response) => response['StatusCode']),
  );
}

function restTrigger(
  context: TemplateContext,
  api: Api,
  route: Route,
  features: readonly GatewayFeature[],
  path: (string | number)[],
): HttpTrigger {
  return {
    type: 'rest-api',
    ...route,
    api: api.id,
    payload: '1.0',
    ...restSettings(context, api),
    gateway: [...features, ...restApiFeatures(context, api, route)],
    ...placeAt(context, path),
  };
}
