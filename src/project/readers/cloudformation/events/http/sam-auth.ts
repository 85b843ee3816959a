/** `Auth` of SAM's APIs and events. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { listOf, objectOf, type PlainObject } from '../../../../data.js';
import type { AuthorizerConfig, GatewayFeature } from '../../../../trigger.js';
import { booleanOf, describe, resolvedObject } from '../resources.js';
import { namedAuthorizer } from './authorizers.js';
import { type DocumentedRoute, documentSecurity, operationSecurity } from './openapi.js';
import { countingAuth } from './own-document.js';
import { eventRoutes } from './rest-settings.js';
import { type Api, authorizerFeature, type Route, scopesOf, withScopes } from './route.js';

export interface GuardedRoute {
  front: 'rest-api' | 'http-api';
  api: Api;
  route: Route;
  documented: DocumentedRoute | undefined;
  /** `Auth` of the event, as far as it counts. */
  auth: PlainObject;
  path: (string | number)[];
}

/**
 * Who may call a route: what the document says about the operation, the event's own authorizer, the default of the API, what
 * the document says about all operations. `NONE` takes the default away, not what the document says. Follows
 * `set_path_default_authorizer` of SAM's `SwaggerEditor` and `OpenApiEditor`.
 */
export function guardsOf(context: TemplateContext, guarded: GuardedRoute): GatewayFeature[] {
  const { api, documented, auth, path } = guarded;
  const named = describe(context, auth['Authorizer']);
  const ofEvent =
    named === undefined || named === 'NONE'
      ? []
      : [authorizerFeature(withEventScopes(context, namedAuthorizer(context, api, named), auth), context.range(path))];
  const ofOperation = documented && operationSecurity(context, api, documented);
  const written = [...(ofOperation ?? []), ...ofEvent];
  const byDefault = defaultAuthorizer(context, api);
  if (byDefault !== undefined && named === undefined && defaultHolds(context, guarded))
    return [...written, authorizerFeature(withEventScopes(context, namedAuthorizer(context, api, byDefault), auth), context.range(path))];
  return ofOperation || named !== undefined ? written : documentSecurity(context, api, path);
}

function defaultAuthorizer(context: TemplateContext, api: Api): string | undefined {
  const name = api.kind === 'sam' ? describe(context, resolvedObject(context, api.properties['Auth'])['DefaultAuthorizer']) : undefined;
  return name === 'NONE' ? undefined : name;
}

/** Whether the operation is left to the default authorizer. */
function defaultHolds(context: TemplateContext, { front, api, route, documented, auth }: GuardedRoute): boolean {
  const required = listOf(documented?.operation.operation['security']);
  if (front === 'http-api') return Object.keys(auth).length > 0 || (required.length === 0 && route.method !== 'OPTIONS');
  const ofApi = resolvedObject(context, api.properties['Auth']);
  if (route.method === 'OPTIONS' && booleanOf(context, ofApi['AddDefaultAuthorizerToCorsPreflight']) === false) return false;
  const authorizers = ['AWS_IAM', 'NONE', ...Object.keys(objectOf(ofApi['Authorizers']))];
  return required.every((requirement) => Object.keys(objectOf(requirement)).every((name) => !authorizers.includes(name)));
}

/** The document that decides is out of sight: what the template names holds, and without that something unknown. */
export function unreadGuards(context: TemplateContext, { api, auth, path }: GuardedRoute): GatewayFeature[] {
  const named = describe(context, auth['Authorizer']);
  const name = named === undefined || named === 'NONE' ? defaultAuthorizer(context, api) : named;
  const authorizer: AuthorizerConfig =
    name === undefined
      ? { type: 'unknown', name: `what the document of ${api.id} says, which is not in the repository` }
      : namedAuthorizer(context, api, name);
  return [authorizerFeature(authorizer, context.range(path))];
}

/** Scopes of the event replace those of its authorizer. */
function withEventScopes(context: TemplateContext, authorizer: AuthorizerConfig, auth: PlainObject): AuthorizerConfig {
  const { scopes, ...config } = authorizer;
  if (auth['AuthorizationScopes'] === undefined || config.type === 'lambda' || config.type === 'iam') return authorizer;
  return { ...config, ...withScopes(scopesOf(context, auth['AuthorizationScopes'])) };
}

/** API keys and policies of a REST API. */
export function keysAndPolicies(
  context: TemplateContext,
  { api, route, auth, path }: Pick<GuardedRoute, 'api' | 'route' | 'auth' | 'path'>,
): GatewayFeature[] {
  const ofApi = resolvedObject(context, api.properties['Auth']);
  const range = context.range(path);
  const place = range && { range };
  const isLeftOut = route.method === 'OPTIONS' && booleanOf(context, ofApi['AddApiKeyRequiredToCorsPreflight']) === false;
  const needsKey = isRequired(context, auth['ApiKeyRequired'] ?? (isLeftOut ? undefined : ofApi['ApiKeyRequired']));
  const throttles = needsKey && JSON.stringify(ofApi['UsagePlan'] ?? '').includes('Throttle');
  return [
    ...(needsKey ? [{ kind: 'api-key' as const, ...place }] : []),
    ...(throttles ? [{ kind: 'throttling' as const, ...place }] : []),
    ...(hasPolicy(context, api) ? [{ kind: 'resource-policy' as const, ...place }] : []),
  ];
}

/** Anything but a known "no": what only the deployment tells may be a "yes". */
export function isRequired(context: TemplateContext, value: unknown): boolean {
  return value !== undefined && booleanOf(context, value) !== false;
}

/** A policy that allows one route refuses those that it does not name. */
function hasPolicy(context: TemplateContext, api: Api): boolean {
  const ofApi = resolvedObject(context, api.properties['Auth'])['ResourcePolicy'];
  return (
    ofApi !== undefined || eventRoutes(context, api).some(({ auth }) => countingAuth(context, api, auth)['ResourcePolicy'] !== undefined)
  );
}
