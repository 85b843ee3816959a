/** `Auth` of SAM's APIs and events. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { objectOf, type PlainObject } from '../../../../data.js';
import type { AuthorizerConfig, GatewayFeature } from '../../../../trigger.js';
import { booleanOf, describe, resolvedObject } from '../resources.js';
import { type Api, authorizerFeature, jwtAuthorizer, lambdaAuthorizer, scopesOf, withScopes } from './route.js';

/** The authorizer of an event, or the one that the API gives every route; `NONE` takes it away. */
export function samAuthorizer(context: TemplateContext, api: Api, auth: PlainObject, path: (string | number)[]): GatewayFeature[] {
  const ofApi = resolvedObject(context, api.properties['Auth']);
  const name = describe(context, auth['Authorizer'] ?? ofApi['DefaultAuthorizer']);
  if (name === undefined || name === '' || name === 'NONE') return [];
  const range = context.range(path);
  if (name === 'AWS_IAM') return [authorizerFeature({ type: 'iam', name }, range)];
  const declared = objectOf(objectOf(ofApi['Authorizers'])[name]);
  const scopes = scopesOf(context, auth['AuthorizationScopes'] ?? declared['AuthorizationScopes']);
  return [authorizerFeature(declaredAuthorizer(context, name, declared, scopes), range)];
}

function declaredAuthorizer(context: TemplateContext, name: string, declared: PlainObject, scopes: readonly string[]): AuthorizerConfig {
  if (declared['UserPoolArn'] !== undefined) return { type: 'cognito', name, ...withScopes(scopes) };
  if (declared['FunctionArn'] !== undefined) return lambdaAuthorizer(context, name, declared['FunctionArn']);
  const jwt = declared['JwtConfiguration'] ?? declared['OpenIdConnectUrl'];
  return jwt === undefined ? { type: 'unknown', name } : jwtAuthorizer(context, name, jwt, scopes);
}

/** API keys and policies of a REST API. */
export function samKeysAndPolicies(context: TemplateContext, api: Api, auth: PlainObject, path: (string | number)[]): GatewayFeature[] {
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
