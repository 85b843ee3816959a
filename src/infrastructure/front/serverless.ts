/**
 * The API of a Serverless service calls containers: `resources.extensions` replaces properties of what Serverless generates, as a whole, so
 * that what it writes for the function is written again beside it (`lib/plugins/aws/package/compile/events`, and `lib/naming.js`).
 */
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../project/data.js';
import { routeOf } from '../../project/readers/serverless/events/service.js';
import { functionLogicalId } from '../../project/readers/serverless/names.js';
import type { Trigger } from '../../project/trigger.js';
import { getAtt, join, noValue, ref, when } from '../cloudformation.js';
import type { Backend, Rerouted } from '../origins/origin.js';
import { httpIntegration, pathVariables, type RestRoute, restIntegration } from './integration.js';

interface RoutedFunction {
  /** Of `functions`. */
  key: string;
  /** As the reader understood them. */
  triggers: readonly Trigger[];
}

export function rerouteService(service: PlainObject, { key, triggers }: RoutedFunction, to: Backend): Rerouted {
  const provider = objectOf(service['provider']);
  const fn = objectOf(objectOf(service['functions'])[key]);
  const result: Rerouted = { extensions: {}, left: [] };
  const routes = triggers.flatMap((each) => (each.type === 'rest-api' || each.type === 'http-api' ? [each] : []));
  const obstacle = obstacleIn(fn);
  if (obstacle !== undefined) {
    result.left.push(...routes.map(({ method, path }) => ({ route: `${method} ${path}`, reason: obstacle })));
    return result;
  }
  const events = listOf(fn['events']).map(objectOf);
  const taken = takenExtensions(service);
  for (const event of events.filter((each) => 'http' in each)) addMethod(result, { key, provider, taken }, event['http'], to);
  const [http] = routes.filter(({ type }) => type === 'http-api');
  if (http) addIntegration(result, { key, payload: http.payload, taken }, to);
  const seen = events.filter((each) => 'http' in each).length;
  const known = routes.filter(({ type }) => type === 'rest-api').length;
  if (seen < known) result.left.push({ route: `routes of ${key}`, reason: 'not all of its events stand in the definition' });
  return result;
}

/** Serverless calls an alias then, which it generates with a name that changes. */
function obstacleIn(fn: PlainObject): string | undefined {
  if (Object.keys(fn).length === 0) return 'the function is declared in another file';
  for (const setting of ['provisionedConcurrency', 'snapStart'])
    if (fn[setting] !== undefined && fn[setting] !== false) return `the function has ${setting}, and is called by an alias`;
  return undefined;
}

/** Resources that the user extends already. */
function takenExtensions({ resources }: PlainObject): Set<string> {
  return new Set(listOf(resources).flatMap((each) => Object.keys(objectOf(objectOf(each)['extensions']))));
}

interface MethodOf {
  key: string;
  provider: PlainObject;
  taken: ReadonlySet<string>;
}

function addMethod(result: Rerouted, { key, provider, taken }: MethodOf, written: unknown, to: Backend): void {
  const event = objectOf(written);
  const route = routeOf(written);
  const path = `/${(route?.path ?? '').replace(/^\/+|\/+$/g, '')}`;
  const method = route?.method ?? 'ANY';
  const id = `ApiGatewayMethod${path.split('/').map(pathPart).join('')}${upperFirst(method.toLowerCase())}`;
  const obstacle = route ? obstacleOfEvent(event, `${method} ${path}`) : 'it is not written as a method and a path';
  const reason = taken.has(id) ? `${id} has extensions of yours` : obstacle;
  if (reason !== undefined) {
    result.left.push({ route: route ? `${method} ${path}` : `a route of ${key}`, reason });
    return;
  }
  const timeout = event['timeoutInMillis'] ?? objectOf(provider['apiGateway'])['timeoutInMillis'];
  const limit = timeout === undefined ? {} : { TimeoutInMillis: timeout };
  const rest: RestRoute = { method, path, isPrivate: Boolean(event['private']) };
  result.extensions[id] = {
    Properties: {
      Integration: when(to.condition, { ...restIntegration(rest, to), ...limit }, { ...lambdaIntegration(key), ...limit }),
      ...(pathVariables(path).length > 0 && { RequestParameters: methodParameters(event, path) }),
    },
  };
}

function obstacleOfEvent(event: PlainObject, route: string): string | undefined {
  if (route.includes('${')) return 'its path or method is a variable';
  const integration = String(event['integration'] ?? 'lambda-proxy').toLowerCase();
  if (event['async']) return 'it is asynchronous';
  if (!/^(lambda|aws)[-_]proxy$/.test(integration)) return `its integration is ${integration}`;
  if (objectOf(event['response'])['transferMode'] !== undefined) return 'its answers are streamed';
  const parameters = objectOf(event['request'])['parameters'];
  if (parameters !== undefined && !isPlainObject(parameters)) return 'its parameters stand in another file';
  return undefined;
}

function lambdaIntegration(key: string): PlainObject {
  const uri = ['arn:', ref('AWS::Partition'), ':apigateway:', ref('AWS::Region'), ':lambda:path/2015-03-31/functions/'];
  return {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: join('', [...uri, getAtt(functionLogicalId(key), 'Arn'), '/invocations']),
  };
}

/** Those that Serverless declares, and those of the path. */
function methodParameters(event: PlainObject, path: string): PlainObject {
  const declared = objectOf(objectOf(event['request'])['parameters']);
  const entries = ['querystrings', 'paths', 'headers'].flatMap((place) =>
    Object.entries(objectOf(declared[place])).map(([name, value]) => {
      const isRequired = isPlainObject(value) ? (value['required'] ?? true) : value;
      return [`method.request.${place.slice(0, -1)}.${name}`, isRequired] as const;
    }),
  );
  const ofPath = pathVariables(path).map((name) => [`method.request.path.${name}`, true] as const);
  return Object.fromEntries([...entries, ...ofPath]);
}

interface IntegrationOf {
  key: string;
  payload: string;
  taken: ReadonlySet<string>;
}

/** One integration serves all routes of a function. */
function addIntegration(result: Rerouted, { key, payload, taken }: IntegrationOf, to: Backend): void {
  const logicalId = functionLogicalId(key);
  const id = `HttpApiIntegration${logicalId.slice(0, -'LambdaFunction'.length)}`;
  if (taken.has(id)) {
    result.left.push({ route: `routes of ${key}`, reason: `${id} has extensions of yours` });
    return;
  }
  const before: PlainObject = { IntegrationType: 'AWS_PROXY', IntegrationUri: getAtt(logicalId, 'Arn'), PayloadFormatVersion: payload };
  const entries = Object.entries(httpIntegration(to)).map(([name, value]) => [name, when(to.condition, value, before[name] ?? noValue)]);
  result.extensions[id] = { Properties: Object.fromEntries(entries) };
}

/** As Serverless names a part of a path. */
function pathPart(part: string): string {
  const named = `${part.charAt(0).toUpperCase()}${part.slice(1).toLowerCase()}`
    .replace(/-/g, 'Dash')
    .replace(/\{(.*)\}/g, '$1Var')
    .replace(/[^0-9A-Za-z]/g, '');
  return upperFirst(named);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
