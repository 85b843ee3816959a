/** What a REST API does for all of its routes: stage, binary types, limits, CORS of SAM. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { objectOf, type PlainObject, stringsOf } from '../../../../data.js';
import { addedHeaders, headersOfParameters } from '../../../../gateway-response.js';
import type { CorsConfig, GatewayFeature, HttpTrigger } from '../../../../trigger.js';
import { booleanOf, describe, numberOf, resolvedObject, resourcesOf, textOf } from '../resources.js';
import { documentFeatures, documentOf, guardedPreflight, operationsOf, preflightOf, unquoted } from './openapi.js';
import { eventsMakeRoutes } from './own-document.js';
import { type Api, domainFeatures, methodOf, methodSettings, once, type Route, rooted } from './route.js';

const implicitId = 'ServerlessRestApi';

/** The API of an event; without a name it is the one that SAM makes for the template. */
export function restApiOf(context: TemplateContext, value: unknown): Api {
  const isImplicit = value === undefined || value === implicitId || objectOf(value)['Ref'] === implicitId;
  if (isImplicit)
    return {
      id: implicitId,
      kind: 'sam',
      front: 'rest-api',
      properties: { StageName: 'Prod', ...context.globals['Api'] },
      path: ['Globals', 'Api'],
    };
  const id = context.resourceOf(value) ?? (typeof value === 'string' && context.resources[value] ? value : undefined);
  const resource = id === undefined ? undefined : context.resources[id];
  if (id !== undefined && resource?.type === 'AWS::Serverless::Api')
    return { id, kind: 'sam', front: 'rest-api', properties: resource.properties, path: ['Resources', id] };
  if (id !== undefined && resource?.type === 'AWS::ApiGateway::RestApi')
    return { id, kind: 'raw', front: 'rest-api', properties: resource.properties, path: ['Resources', id] };
  return { id: describe(context, value) ?? 'ApiOutsideTemplate', kind: 'external', front: 'rest-api', properties: {}, path: [] };
}

/** Stage and binary types, as parts of a trigger. */
export function restSettings(context: TemplateContext, api: Api): Pick<HttpTrigger, 'stage' | 'stageVariables' | 'binaryMediaTypes'> {
  return once(context, `settings ${api.id}`, () => {
    const stage = api.kind === 'sam' ? api.properties : stageOf(context, api);
    const name = describe(context, stage['StageName']);
    const variables = Object.entries(resolvedObject(context, stage['Variables'])).map(
      ([key, value]) => [key, describe(context, value) ?? ''] as const,
    );
    const document = documentOf(context, api);
    const types = [
      ...stringsOf(context.resolve(api.properties['BinaryMediaTypes'])),
      ...stringsOf(document?.content['x-amazon-apigateway-binary-media-types']),
    ];
    return {
      ...(name !== undefined && { stage: name }),
      ...(variables.length > 0 && { stageVariables: Object.fromEntries(variables) }),
      ...(types.length > 0 && { binaryMediaTypes: [...new Set(types.map((type) => type.replaceAll('~1', '/')))] }),
    };
  });
}

/** The stage of a raw API, or what its deployment says about one. */
function stageOf(context: TemplateContext, api: Api): PlainObject {
  const belongs = ({ properties }: { properties: PlainObject }) => context.resourceOf(properties['RestApiId']) === api.id;
  const stage = resourcesOf(context, 'AWS::ApiGateway::Stage').find(belongs);
  if (stage) return stage.properties;
  const deployment = resourcesOf(context, 'AWS::ApiGateway::Deployment').find(belongs);
  return deployment
    ? { ...resolvedObject(context, deployment.properties['StageDescription']), StageName: deployment.properties['StageName'] }
    : {};
}

/** Everything the API does around a route, whoever declares the route. */
export function restApiFeatures(context: TemplateContext, api: Api, route: Route): GatewayFeature[] {
  const { properties, path } = api;
  const document = documentOf(context, api);
  const settings = api.kind === 'sam' ? properties['MethodSettings'] : stageOf(context, api)['MethodSettings'];
  const range = context.range(path);
  const place = range && { range };
  const endpoint = JSON.stringify(context.resolve(properties['EndpointConfiguration']) ?? '');
  const fromBytes = numberOf(context, properties['MinimumCompressionSize']);
  return [
    ...(document ? documentFeatures(context, document) : []),
    // Serverless writes an empty policy to take an earlier one away.
    ...(properties['Policy'] === undefined || textOf(context, properties['Policy']) === ''
      ? []
      : [{ kind: 'resource-policy' as const, ...place }]),
    ...(endpoint.includes('PRIVATE') ? [{ kind: 'other' as const, detail: 'private endpoint', ...place }] : []),
    ...(fromBytes === undefined ? [] : [{ kind: 'compression' as const, fromBytes, ...place }]),
    ...gatewayResponses(context, api),
    ...domainFeatures(context, api),
    ...methodSettings(context, settings, route, path),
  ];
}

function gatewayResponses(context: TemplateContext, api: Api): GatewayFeature[] {
  const range = context.range(api.path);
  const own = Object.entries(resolvedObject(context, api.properties['GatewayResponses'])).map(([detail, written]) => {
    const { ResponseParameters: parameters, ResponseTemplates: templates, StatusCode: status } = objectOf(written);
    const { Headers: headers, ...others } = resolvedObject(context, parameters);
    const adds = addedHeaders({
      type: detail,
      headers: textsOf(context, headers),
      templates: resolvedObject(context, templates),
      doesMore: status !== undefined || Object.keys(others).length > 0,
    });
    return { kind: 'gateway-response' as const, detail, ...(adds && { adds }), ...(range && { range }) };
  });
  const raw = resourcesOf(context, 'AWS::ApiGateway::GatewayResponse')
    .filter(({ properties }) => context.resourceOf(properties['RestApiId']) === api.id)
    .map(({ id, properties }) => {
      const at = context.range(['Resources', id]);
      const type = textOf(context, properties['ResponseType']);
      const headers = headersOfParameters(textsOf(context, properties['ResponseParameters']));
      const adds = addedHeaders({
        type,
        headers: headers ?? {},
        templates: resolvedObject(context, properties['ResponseTemplates']),
        doesMore: headers === undefined || properties['StatusCode'] !== undefined,
      });
      return {
        kind: 'gateway-response' as const,
        detail: type ?? 'a gateway response',
        ...(adds && { adds }),
        ...(at && { range: at }),
      };
    });
  return [...own, ...raw];
}

function textsOf(context: TemplateContext, value: unknown): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(resolvedObject(context, value)).map(([key, each]) => [key, textOf(context, each)]));
}

/** A route that an event of SAM asks for. */
export interface EventRoute extends Route {
  auth: PlainObject;
}

/** Routes of all events for an API, also of those that its own document ignores. */
export function eventRoutes(context: TemplateContext, api: Api): EventRoute[] {
  return once(context, `events ${api.id}`, () =>
    resourcesOf(context, 'AWS::Serverless::Function', 'AWS::Serverless::StateMachine').flatMap(({ properties }) =>
      Object.values(resolvedObject(context, properties['Events'])).flatMap((event) => {
        const settings = objectOf(objectOf(event)['Properties']);
        const [method, path] = [textOf(context, settings['Method']), textOf(context, settings['Path'])];
        const isOurs =
          objectOf(event)['Type'] === 'Api' &&
          method !== undefined &&
          path !== undefined &&
          restApiOf(context, settings['RestApiId']).id === api.id;
        return isOurs ? [{ method: methodOf(method), path: rooted(path), auth: objectOf(settings['Auth']) }] : [];
      }),
    ),
  );
}

const everyMethod = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** Preflight answers: those of the document, or the ones that SAM makes for `Cors`. */
export function restCors(context: TemplateContext, api: Api, { path }: Route): GatewayFeature[] {
  const document = documentOf(context, api);
  const written = document ? preflightOf(context, api, document, path) : [];
  if (written.length > 0 || api.kind !== 'sam' || api.properties['Cors'] === undefined) return written;
  const events = eventsMakeRoutes(context, api) ? eventRoutes(context, api) : [];
  const methods = [...events, ...(document ? operationsOf(document) : [])]
    .filter((route) => route.path === path)
    .map(({ method }) => method);
  // SAM leaves a path alone whose OPTIONS route is the template's own.
  if (methods.includes('OPTIONS')) return [];
  const guarded = preflightGuard(context, api);
  return guarded ? [guarded] : [{ kind: 'cors', cors: samCors(context, api.properties['Cors'], methods) }];
}

/** A default authorizer or key also holds for preflights unless it is told not to; they failed, so nothing answers them. */
function preflightGuard(context: TemplateContext, api: Api): GatewayFeature | undefined {
  const auth = resolvedObject(context, api.properties['Auth']);
  const authorizer = textOf(context, auth['DefaultAuthorizer']);
  const byAuthorizer =
    authorizer !== undefined && authorizer !== 'NONE' && booleanOf(context, auth['AddDefaultAuthorizerToCorsPreflight']) !== false;
  const byKey =
    booleanOf(context, auth['ApiKeyRequired']) === true && booleanOf(context, auth['AddApiKeyRequiredToCorsPreflight']) !== false;
  if (!byAuthorizer && !byKey) return undefined;
  return guardedPreflight(byAuthorizer ? `the authorizer ${authorizer}` : 'an API key', context.range([...api.path, 'Properties', 'Cors']));
}

function samCors(context: TemplateContext, written: unknown, methods: readonly string[]): CorsConfig {
  const known = context.resolve(written);
  const settings =
    typeof known === 'object' && known !== null && describe(context, known) === JSON.stringify(known)
      ? objectOf(known)
      : { AllowOrigin: known };
  const text = (key: string) => (settings[key] === undefined ? undefined : unquoted(describe(context, settings[key]) ?? ''));
  const list = (key: string) =>
    (text(key) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  const maxAge = numberOf(context, text('MaxAge'));
  const found = methods.includes('ANY') ? everyMethod : [...new Set([...methods, 'OPTIONS'])].sort();
  const allowMethods = list('AllowMethods');
  return {
    mode: 'preflight',
    allowOrigins: text('AllowOrigin') === undefined ? ['*'] : list('AllowOrigin'),
    allowMethods: allowMethods.length > 0 ? allowMethods : found,
    allowHeaders: list('AllowHeaders'),
    exposeHeaders: [],
    allowCredentials: booleanOf(context, settings['AllowCredentials']) === true,
    ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
    preflightStatus: 200,
  };
}
