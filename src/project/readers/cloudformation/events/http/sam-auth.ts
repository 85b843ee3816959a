/** `Auth` of SAM's APIs and events. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import type { PlainObject } from '../../../../data.js';
import type { AuthorizerConfig, GatewayFeature } from '../../../../trigger.js';
import { booleanOf, describe, resolvedObject } from '../resources.js';
import { type DocumentedRoute, documentSecurity, operationSecurity } from './openapi.js';
import { type Api, authorizerFeature, namedAuthorizer, scopesOf, withScopes } from './route.js';

/**
 * Who may call a route: the event's own authorizer, what the document says about the operation, the default of the API,
 * what the document says about all operations. `NONE` takes the default away.
 */
export function guardsOf(
  context: TemplateContext,
  api: Api,
  documented: DocumentedRoute | undefined,
  auth: PlainObject,
  path: (string | number)[],
): GatewayFeature[] {
  const named = describe(context, auth['Authorizer']);
  if (named !== undefined && named !== 'NONE')
    return [authorizerFeature(withEventScopes(context, namedAuthorizer(context, api, named), auth), context.range(path))];
  const own = documented && operationSecurity(context, api, documented);
  if (own) return own;
  const byDefault = describe(context, resolvedObject(context, api.properties['Auth'])['DefaultAuthorizer']);
  if (named === 'NONE' || byDefault === 'NONE') return [];
  if (byDefault !== undefined)
    return [authorizerFeature(withEventScopes(context, namedAuthorizer(context, api, byDefault), auth), context.range(path))];
  return documented ? documentSecurity(context, api, documented) : [];
}

/** Scopes of the event replace those of its authorizer. */
function withEventScopes(context: TemplateContext, authorizer: AuthorizerConfig, auth: PlainObject): AuthorizerConfig {
  return authorizer.type === 'lambda' || authorizer.type === 'iam'
    ? authorizer
    : { ...authorizer, ...withScopes(scopesOf(context, auth['AuthorizationScopes'])) };
}

/** API keys and policies of a REST API. */
export function keysAndPolicies(context: TemplateContext, api: Api, auth: PlainObject, path: (string | number)[]): GatewayFeature[] {
  const ofApi = resolvedObject(context, api.properties['Auth']);
  const range = context.range(path);
  const place = range && { range };
  const needsKey = booleanOf(context, auth['ApiKeyRequired'] ?? ofApi['ApiKeyRequired']) === true;
  const throttles = needsKey && JSON.stringify(ofApi['UsagePlan'] ?? '').includes('Throttle');
  return [
    ...(needsKey ? [{ kind: 'api-key' as const, ...place }] : []),
    ...(throttles ? [{ kind: 'throttling' as const, ...place }] : []),
    ...((auth['ResourcePolicy'] ?? ofApi['ResourcePolicy']) === undefined ? [] : [{ kind: 'resource-policy' as const, ...place }]),
  ];
}
