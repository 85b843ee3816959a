import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { lambdaSettings, tokenSource } from '../../../authorizer-settings.js';
import { isPlainObject, listOf, objectOf, type PlainObject, stringsOf } from '../../../data.js';
import type { AuthorizerConfig, GatewayFeature } from '../../../trigger.js';
import { literalText, numberOf, toValue } from '../values.js';
import { describe, functionNamed, providerOf } from './service.js';

/** `authorizer:` of an `http` event: `aws_iam`, a function of the service, the ARN of one, or of a Cognito user pool. */
export function restAuthorizer(value: unknown, context: ServerlessEventContext): GatewayFeature[] {
  if (!value) return [];
  const settings = isPlainObject(value) && !isIntrinsic(value) ? value : { arn: value };
  const scopes = stringsOf(settings['scopes']);
  const authorizer: AuthorizerConfig = { ...restAuthorizerType(settings, context), ...(scopes.length > 0 && { scopes }) };
  return [feature(authorizer, context)];
}

function restAuthorizerType(settings: PlainObject, context: ServerlessEventContext): AuthorizerConfig {
  const type = String(settings['type'] ?? '').toLowerCase();
  const target = settings['arn'] ?? settings['name'];
  const name = typeof settings['name'] === 'string' ? settings['name'] : describe(target ?? settings['authorizerId']);
  if (type === 'aws_iam' || (typeof target === 'string' && target.toLowerCase() === 'aws_iam')) return { type: 'iam', name: 'aws_iam' };
  if (type === 'cognito_user_pools' || (typeof target === 'string' && target.includes(':userpool/')))
    return cognitoAuthorizer(name, target, settings);
  const functionId = functionNamed(target, context);
  if (functionId !== undefined) return { type: 'lambda', name, functionId, ...restLambdaSettings(settings) };
  if (isUserPool(target, context)) return cognitoAuthorizer(name, target, settings);
  return { type: type === 'request' || type === 'token' || type === 'custom' || isFunctionArn(target) ? 'lambda' : 'unknown', name };
}

/** Serverless' own defaults: `lib/plugins/aws/package/compile/events/api-gateway/lib/validate.js`. */
function restLambdaSettings(settings: PlainObject): Pick<AuthorizerConfig, 'lambda' | 'unclear'> {
  const kind = literalText(settings['type'] ?? 'token')?.toLowerCase();
  return lambdaSettings({
    kind: kind === 'custom' ? 'token' : kind,
    payload: '1.0',
    simpleResponses: false,
    sources: textsOf(settings['identitySource'] ?? authorizationHeader),
    ttlSeconds: numberOf(settings['resultTtlInSeconds'] ?? 300),
    validation: settings['identityValidationExpression'] === undefined ? null : literalText(settings['identityValidationExpression']),
  });
}

const authorizationHeader = 'method.request.header.Authorization';

function cognitoAuthorizer(name: string, pool: unknown, settings: PlainObject): AuthorizerConfig {
  const { identitySource, identityValidationExpression: validation } = settings;
  const pattern = literalText(validation);
  return {
    type: 'cognito',
    name,
    ...(pool !== undefined && { userPools: [toValue(pool)] }),
    ...(identitySource !== undefined && tokenSource(textsOf(identitySource))),
    ...(pattern !== undefined && { validation: pattern }),
    ...(validation !== undefined && pattern === undefined && { unclear: 'the validation of its token' }),
  };
}

/** Texts of a list; undefined when one of them is not known. */
function textsOf(value: unknown): string[] | undefined {
  const texts = listOf(value).map((entry) => literalText(entry));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function isFunctionArn(value: unknown): boolean {
  return typeof value === 'string' && /:function:/.test(value);
}

function isUserPool(target: unknown, context: ServerlessEventContext): boolean {
  const resource = context.template?.resourceOf(target);
  if (resource !== undefined) return context.template?.resources[resource]?.type === 'AWS::Cognito::UserPool';
  return JSON.stringify(target ?? '').includes('userpool');
}

/** `authorizer:` of an `httpApi` event; the authorizers themselves stand in `provider.httpApi.authorizers`. */
export function httpApiAuthorizer(value: unknown, context: ServerlessEventContext): GatewayFeature[] {
  if (!value) return [];
  const settings = isPlainObject(value) ? value : { name: value };
  const name = describe(settings['name'] ?? settings['id'] ?? settings['type']);
  const scopes = stringsOf(settings['scopes']);
  if (settings['type'] === 'aws_iam' || name === 'aws_iam') return [feature({ type: 'iam', name: 'aws_iam' }, context)];
  const declared = objectOf(objectOf(providerOf(context)['httpApi'])['authorizers'])[name];
  const kind = String(objectOf(declared)['type'] ?? settings['type'] ?? (declared === undefined ? '' : 'jwt')).toLowerCase();
  if (kind === 'jwt') return [feature({ ...jwtAuthorizer(name, objectOf(declared)), ...(scopes.length > 0 && { scopes }) }, context)];
  if (kind !== 'request') return [feature({ type: 'unknown', name }, context)];
  const functionId = functionNamed(objectOf(declared)['functionName'] ?? objectOf(declared)['functionArn'], context);
  return [
    feature({ type: 'lambda', name, ...(functionId !== undefined && { functionId }), ...requestSettings(objectOf(declared)) }, context),
  ];
}

function requestSettings(declared: PlainObject): Pick<AuthorizerConfig, 'lambda' | 'unclear'> {
  const { enableSimpleResponses: simple, payloadVersion, resultTtlInSeconds, identitySource } = declared;
  return lambdaSettings({
    kind: 'request',
    payload: literalText(String(payloadVersion ?? '2.0')),
    simpleResponses: simple === undefined ? false : typeof simple === 'boolean' ? simple : undefined,
    sources: textsOf(identitySource),
    ttlSeconds: numberOf(resultTtlInSeconds ?? 0),
    validation: null,
  });
}

function jwtAuthorizer(name: string, declared: PlainObject): AuthorizerConfig {
  const audience = listOf(declared['audience']).map((entry) => toValue(entry));
  return {
    type: 'jwt',
    name,
    ...(declared['issuerUrl'] !== undefined && { issuer: toValue(declared['issuerUrl']) }),
    ...(audience.length > 0 && { audience }),
    ...(declared['identitySource'] !== undefined && tokenSource(textsOf(declared['identitySource']))),
  };
}

/** `authorizer: aws_iam` of a function URL. */
export function urlAuthorizer(value: unknown, context: ServerlessEventContext): GatewayFeature[] {
  if (value === undefined || value === null || String(value).toUpperCase() === 'NONE') return [];
  return [feature({ type: String(value).toLowerCase() === 'aws_iam' ? 'iam' : 'unknown', name: describe(value) }, context)];
}

/** `authorizer:` of an `alb` event: the listener signs users in with Cognito or OpenID Connect. */
export function albAuthorizers(value: unknown, context: ServerlessEventContext): GatewayFeature[] {
  return listOf(value).map((name) => feature({ type: 'alb-oidc', name: describe(name) }, context));
}

function feature(authorizer: AuthorizerConfig, context: ServerlessEventContext): GatewayFeature {
  return { kind: 'authorizer', authorizer, ...(context.range && { range: context.range }) };
}

function isIntrinsic(value: Record<string, unknown>): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || (keys[0]?.startsWith('Fn::') ?? false));
}
