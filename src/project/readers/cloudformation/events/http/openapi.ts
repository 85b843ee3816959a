/** OpenAPI documents of APIs: inline, included, or in a file beside the template. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../../../data.js';
import type { TextRange } from '../../../../model.js';
import { validationFeature } from '../../../../request-validation.js';
import type { AuthorizerConfig, CorsConfig, GatewayFeature } from '../../../../trigger.js';
import { readYaml } from '../../../../yaml.js';
import { intrinsicOf } from '../../intrinsics.js';
import { booleanOf, numberOf, resourcesOf, textOf } from '../resources.js';
import { jwtAuthorizer, namedAuthorizer, requestAuthorizer, restAuthorizer } from './authorizers.js';
import { importedModel } from './models.js';
import { type Api, authorizerFeature, methodOf, once, type Route, rooted } from './route.js';

export interface ApiDocument {
  content: PlainObject;
  /** Where it stands in the template; a file counts as standing where it is named. */
  path: (string | number)[];
  inline: boolean;
}

export interface Operation extends Route {
  operation: PlainObject;
  integration: PlainObject;
  path: string;
  place: (string | number)[];
}

/** An operation and the document it stands in. */
export interface DocumentedRoute {
  document: ApiDocument;
  operation: Operation;
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'x-amazon-apigateway-any-method']);

/** Property of the API resource that holds its document, with the ones that only name a file. */
const sources = { inline: ['DefinitionBody', 'Body'], file: ['DefinitionUri', 'BodyS3Location'] };

/** The document of an API, with what is known put in; undefined when it has none or it cannot be read. */
export function documentOf(context: TemplateContext, api: Api): ApiDocument | undefined {
  return once(context, `document ${api.id}`, () => findDocument(context, api));
}

function findDocument(context: TemplateContext, { properties, path }: Api): ApiDocument | undefined {
  for (const key of sources.inline) {
    const body = context.resolve(properties[key]);
    if (!isPlainObject(body)) continue;
    const place = [...path, 'Properties', key];
    const included = textOf(context, objectOf(objectOf(body['Fn::Transform'])['Parameters'])['Location']);
    if (included === undefined) return { content: body, path: place, inline: true };
    return fromFile(context, included, place);
  }
  for (const key of sources.file) {
    const file = textOf(context, properties[key]);
    if (file !== undefined) return fromFile(context, file, [...path, 'Properties', key]);
  }
  return undefined;
}

function fromFile(context: TemplateContext, file: string, path: (string | number)[]): ApiDocument | undefined {
  const text = /^\w+:\/\//.test(file) ? undefined : context.readFile?.(file);
  const content = text === undefined ? undefined : context.resolve(readYaml(file, text, { yesIsTrue: true }).value);
  return isPlainObject(content) ? { content, path, inline: false } : undefined;
}

/** Every operation with an integration. */
export function operationsOf({ content, path: documentPath, inline }: ApiDocument): Operation[] {
  return Object.entries(objectOf(content['paths'])).flatMap(([path, item]) =>
    Object.entries(withBranches(item)).flatMap(([key, value]): Operation[] => {
      if (!methods.has(key.toLowerCase())) return [];
      const operation = withBranches(value);
      const integration = dereferenced(content, operation['x-amazon-apigateway-integration']);
      const parameters = [...listOf(objectOf(item)['parameters']), ...listOf(operation['parameters'])];
      const place = inline ? [...documentPath, 'paths', path, key] : documentPath;
      return [{ method: methodOf(key), path, operation: { ...operation, parameters }, integration, place }];
    }),
  );
}

/** The operation of an API's document for a route, also one whose integration an event of SAM brings. */
export function operationFor(context: TemplateContext, api: Api, { method, path }: Route): DocumentedRoute | undefined {
  const document = documentOf(context, api);
  const operation = document && operationsOf(document).find((found) => found.method === method && rooted(found.path) === rooted(path));
  return document && operation ? { document, operation } : undefined;
}

/** The object, or what either branch of a condition holds that only the deployment decides. */
function withBranches(value: unknown): PlainObject {
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name !== 'Fn::If') return objectOf(value);
  const [whenTrue, whenFalse] = listOf(intrinsic.argument).slice(1).map(branch);
  const security = [...listOf(whenTrue?.['security']), ...listOf(whenFalse?.['security'])];
  return { ...whenFalse, ...whenTrue, ...(security.length > 0 && { security }) };
}

function branch(value: unknown): PlainObject {
  return intrinsicOf(value) ? {} : objectOf(value);
}

/** The object itself, or what its `$ref` names in the document. */
function dereferenced(content: PlainObject, value: unknown): PlainObject {
  const pointer = objectOf(value)['$ref'];
  if (typeof pointer !== 'string' || !pointer.startsWith('#/')) return objectOf(value);
  const names = pointer
    .slice(2)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return objectOf(names.reduce<unknown>((at, name) => objectOf(at)[name], content));
}

/** Security of an operation in the document, which an event of SAM can only replace by an authorizer of its own. */
export function operationSecurity(
  context: TemplateContext,
  api: Api,
  { document, operation }: DocumentedRoute,
): GatewayFeature[] | undefined {
  const range = context.range(operation.place);
  const auth = objectOf(operation.operation['x-amazon-apigateway-auth']);
  if (String(auth['type']).toUpperCase() === 'AWS_IAM') return [authorizerFeature({ type: 'iam', name: 'AWS_IAM' }, range)];
  const required = operation.operation['security'];
  return required === undefined ? undefined : requirements(context, api, document, required, range);
}

/** Security that the document asks of every operation without its own. */
export function documentSecurity(context: TemplateContext, api: Api, path: (string | number)[]): GatewayFeature[] {
  const document = documentOf(context, api);
  return document ? requirements(context, api, document, document.content['security'], context.range(path)) : [];
}

function requirements(
  context: TemplateContext,
  api: Api,
  { content }: ApiDocument,
  required: unknown,
  range: TextRange | undefined,
): GatewayFeature[] {
  const schemes = { ...objectOf(content['securityDefinitions']), ...objectOf(objectOf(content['components'])['securitySchemes']) };
  return listOf(required).flatMap((requirement) =>
    Object.entries(objectOf(requirement)).flatMap(([name, scopes]): GatewayFeature[] => {
      // SAM marks operations so that its default authorizer is not meant for.
      if (name === 'NONE') return [];
      const scheme = dereferenced(content, schemes[name]);
      if (isApiKey(scheme)) return [{ kind: 'api-key', ...(range && { range }) }];
      const authorizer =
        schemes[name] === undefined
          ? namedAuthorizer(context, api, name)
          : schemeAuthorizer(context, api.front, name, scheme, stringsOf(scopes));
      return authorizer ? [authorizerFeature(authorizer, range)] : [];
    }),
  );
}

function isApiKey(scheme: PlainObject): boolean {
  const isHeader = scheme['type'] === 'apiKey' && String(scheme['name']).toLowerCase() === 'x-api-key';
  return isHeader && scheme['x-amazon-apigateway-authorizer'] === undefined && scheme['x-amazon-apigateway-authtype'] === undefined;
}

/** API Gateway acts on a scheme with its own extension only; any other scheme documents what the handler does. */
function schemeAuthorizer(
  context: TemplateContext,
  front: Api['front'],
  name: string,
  scheme: PlainObject,
  scopes: readonly string[],
): AuthorizerConfig | undefined {
  const { 'x-amazon-apigateway-authtype': authType, 'x-amazon-apigateway-authorizer': extension } = scheme;
  if (String(authType).toLowerCase() === 'awssigv4') return { type: 'iam', name };
  if (extension === undefined) return authType === undefined ? undefined : { type: 'unknown', name };
  const settings = objectOf(extension);
  const type = String(settings['type'] ?? '').toLowerCase();
  if (type === 'jwt' || settings['jwtConfiguration'] !== undefined)
    return jwtAuthorizer(context, name, settings['jwtConfiguration'], scopes, settings['identitySource']);
  if (type !== 'cognito_user_pools' && settings['authorizerUri'] === undefined) return { type: 'unknown', name };
  if (front === 'http-api') return requestAuthorizer(context, name, settings);
  // A scheme of the type `token` names the header of its token itself.
  const header =
    type === 'token' && typeof scheme['name'] === 'string' ? { identitySource: `method.request.header.${scheme['name']}` } : {};
  return restAuthorizer(context, name, { ...header, ...settings }, scopes);
}

/** Integrations other than the proxy translate the request and the answer. */
export function integrationType(context: TemplateContext, type: unknown, path: (string | number)[]): GatewayFeature[] {
  const name = textOf(context, type)?.toLowerCase() ?? 'aws_proxy';
  const range = context.range(path);
  return name === 'aws_proxy' ? [] : [{ kind: 'mapping-template', detail: `integration type ${name}`, ...(range && { range }) }];
}

/** Headers, paths and statuses that an HTTP API rewrites; a REST API does not do so for a proxy integration. */
export function parameterMappings(
  context: TemplateContext,
  request: unknown,
  response: unknown,
  path: (string | number)[],
): GatewayFeature[] {
  const range = context.range(path);
  const details = [
    ...(Object.keys(objectOf(context.resolve(request))).length > 0 ? ['request parameters are mapped'] : []),
    ...(Object.keys(objectOf(context.resolve(response))).length > 0 ? ['response parameters are mapped'] : []),
  ];
  return details.map((detail) => ({ kind: 'mapping-template', detail, ...(range && { range }) }));
}

/** Requests that the document lets through only when they fit. */
export function validationOf(
  context: TemplateContext,
  api: Api,
  { document: { content }, operation: found }: DocumentedRoute,
): GatewayFeature[] {
  const { operation, place } = found;
  const name = operation['x-amazon-apigateway-request-validator'] ?? content['x-amazon-apigateway-request-validator'];
  if (name === undefined) return [];
  const validators = objectOf(content['x-amazon-apigateway-request-validators']);
  const validator = Object.hasOwn(validators, String(name)) ? objectOf(validators[String(name)]) : undefined;
  const isOff = (key: string) => validator !== undefined && booleanOf(context, validator[key] ?? false) === false;
  const [parametersOff, bodyOff] = [isOff('validateRequestParameters'), isOff('validateRequestBody')];
  const parameters = listOf(operation['parameters']).map((parameter) => dereferenced(content, parameter));
  const required = parameters.flatMap(({ name: parameter, in: location, required: isRequired }) =>
    isRequired === true && (location === 'query' || location === 'header')
      ? [`${location === 'query' ? 'querystring' : 'header'}.${String(parameter)}`]
      : [],
  );
  const schemas = Object.entries(bodySchemas(content, operation, parameters)).map(
    ([mediaType, schema]) => [mediaType, importedModel(context, api, content, schema)] as const,
  );
  const checks = { body: bodyOff ? {} : Object.fromEntries(schemas), required: parametersOff ? [] : required };
  return validationFeature({ ...checks, uncertain: validator === undefined }, context.range(place));
}

/** Media type → schema: of `requestBody`, or of Swagger's parameter `in: body` for each type that the operation consumes. */
function bodySchemas(content: PlainObject, operation: PlainObject, parameters: readonly PlainObject[]): PlainObject {
  const body = objectOf(dereferenced(content, operation['requestBody'])['content']);
  const written = Object.entries(body).flatMap(([mediaType, media]) => {
    const { schema } = objectOf(media);
    return schema === undefined ? [] : [[mediaType, schema] as const];
  });
  const parameter = parameters.find((each) => each['in'] === 'body');
  const consumed = stringsOf(operation['consumes'] ?? content['consumes'] ?? 'application/json');
  const ofSwagger = parameter?.['schema'] === undefined ? [] : consumed.map((mediaType) => [mediaType, parameter['schema']] as const);
  return Object.fromEntries([...written, ...ofSwagger]);
}

/** What a document says about all of its routes. */
export function documentFeatures(context: TemplateContext, { content, path, inline }: ApiDocument): GatewayFeature[] {
  const place = (key: string) => {
    const range = context.range(inline ? [...path, key] : path);
    return range && { range };
  };
  const features: GatewayFeature[] = [];
  if (content['x-amazon-apigateway-policy'] !== undefined)
    features.push({ kind: 'resource-policy', ...place('x-amazon-apigateway-policy') });
  for (const type of Object.keys(objectOf(content['x-amazon-apigateway-gateway-responses']))) {
    features.push({ kind: 'gateway-response', detail: type, ...place('x-amazon-apigateway-gateway-responses') });
  }
  return features;
}

/** Preflight answers of a REST API: a mock integration under OPTIONS that sets the headers. */
export function preflightOf(context: TemplateContext, api: Api, document: ApiDocument, path: string): GatewayFeature[] {
  const options = operationsOf(document).find((found) => found.path === path && found.method === 'OPTIONS');
  if (!options || String(options.integration['type']).toLowerCase() !== 'mock') return [];
  const guards = operationSecurity(context, api, { document, operation: options }) ?? [];
  if (guards.length > 0) return [guardedPreflight('what guards them', context.range(options.place))];
  const responses = Object.values(objectOf(options.integration['responses']));
  return mockCors(
    context,
    responses.map((response) => objectOf(response)['responseParameters']),
    responses.map((response) => objectOf(response)['statusCode']),
  );
}

/** Preflights that ask for credentials fail in every browser, so nothing answers them. */
export function guardedPreflight(guard: string, range: TextRange | undefined): GatewayFeature {
  return { kind: 'other', detail: `CORS preflights that need ${guard}`, ...(range && { range }) };
}

/** `responseParameters` of mock answers → CORS; nothing when they set no origin. */
export function mockCors(context: TemplateContext, parameters: readonly unknown[], statusCodes: readonly unknown[]): GatewayFeature[] {
  const headers = new Map<string, string>();
  for (const [key, value] of parameters.flatMap((each) => Object.entries(objectOf(each)))) {
    const name = /^method\.response\.header\.(.+)$/i.exec(key)?.[1]?.toLowerCase();
    const text = textOf(context, value);
    if (name !== undefined && text !== undefined) headers.set(name, unquoted(text));
  }
  const list = (name: string) =>
    (headers.get(`access-control-${name}`) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  const allowOrigins = list('allow-origin');
  if (allowOrigins.length === 0) return [];
  const maxAge = numberOf(context, headers.get('access-control-max-age'));
  const cors: CorsConfig = {
    mode: 'preflight',
    allowOrigins,
    allowMethods: list('allow-methods'),
    allowHeaders: list('allow-headers'),
    exposeHeaders: list('expose-headers'),
    allowCredentials: headers.get('access-control-allow-credentials') === 'true',
    ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
    preflightStatus:
      numberOf(
        context,
        statusCodes.find((code) => numberOf(context, code) !== undefined),
      ) ?? 200,
  };
  return [{ kind: 'cors', cors }];
}

/** Static values of a mapping are written in single quotes: `"'*'"`. */
export function unquoted(text: string): string {
  return text.trim().replace(/^'(.*)'$/s, '$1');
}

/** Resources of these types as APIs. */
export function apisOf(context: TemplateContext, sam: string, raw: string): Api[] {
  return resourcesOf(context, sam, raw).map(({ id, type, properties }) => ({
    id,
    kind: type === sam ? 'sam' : 'raw',
    front: sam === 'AWS::Serverless::Api' ? 'rest-api' : 'http-api',
    properties,
    path: ['Resources', id],
  }));
}
