/** Authorizers as SAM, CloudFormation and OpenAPI declare them. */
import type { TemplateContext } from '../../../../../triggers/template-context.js';
import { lambdaSettings, tokenSource } from '../../../../authorizer-settings.js';
import { listOf, objectOf, type PlainObject } from '../../../../data.js';
import type { AuthorizerConfig } from '../../../../trigger.js';
import { booleanOf, describe, numberOf, resolvedList, resolvedObject, textOf } from '../resources.js';
import { type Api, scopesOf, withScopes } from './route.js';

/** An authorizer that SAM declares under `Auth` of an API. */
export function namedAuthorizer(context: TemplateContext, api: Api, name: string): AuthorizerConfig {
  const known = objectOf(resolvedObject(context, api.properties['Auth'])['Authorizers'])[name];
  if (name === 'AWS_IAM' && known === undefined) return { type: 'iam', name };
  const declared = objectOf(known);
  const scopes = scopesOf(context, declared['AuthorizationScopes']);
  const identity = resolvedObject(context, declared['Identity']);
  if (declared['UserPoolArn'] !== undefined) {
    const header = identity['Header'];
    const settings = {
      source: header === undefined ? undefined : `method.request.header.${textOf(context, header) ?? '?'}`,
      validation: identity['ValidationExpression'],
    };
    return { ...cognitoAuthorizer(context, name, declared['UserPoolArn'], settings), ...withScopes(scopes) };
  }
  if (declared['FunctionArn'] !== undefined) return samLambdaAuthorizer(context, api.front, name, declared, identity);
  const jwt = declared['JwtConfiguration'] ?? declared['OpenIdConnectUrl'];
  return jwt === undefined ? { type: 'unknown', name } : jwtAuthorizer(context, name, jwt, scopes, declared['IdentitySource']);
}

function samLambdaAuthorizer(
  context: TemplateContext,
  front: Api['front'],
  name: string,
  declared: PlainObject,
  identity: PlainObject,
): AuthorizerConfig {
  const isRest = front === 'rest-api';
  const kind = isRest ? textOf(context, declared['FunctionPayloadType'] ?? 'TOKEN') : 'request';
  const written = (key: string, place: string) =>
    resolvedList(context, identity[key]).map((entry) => `${place}.${textOf(context, entry) ?? '?'}`);
  const request = isRest ? 'method.request' : '$request';
  const sources =
    kind?.toUpperCase() === 'TOKEN'
      ? [`${request}.header.${textOf(context, identity['Header'] ?? 'Authorization') ?? '?'}`]
      : [
          ...written('Headers', `${request}.header`),
          ...written('QueryStrings', `${request}.querystring`),
          ...written('StageVariables', '$stageVariables'),
          ...written('Context', '$context'),
        ];
  return lambdaAuthorizer(context, name, declared['FunctionArn'], {
    kind,
    payload: isRest ? '1.0' : declared['AuthorizerPayloadFormatVersion'],
    simpleResponses: declared['EnableSimpleResponses'],
    sources,
    // SAM leaves it to the gateways, which keep answers of REST APIs for five minutes and those of HTTP APIs not at all.
    ttlSeconds: identity['ReauthorizeEvery'] ?? (isRest ? 300 : 0),
    validation: identity['ValidationExpression'],
  });
}

/** An `AWS::ApiGateway::Authorizer`, or the extension of a security scheme, whose keys begin with a small letter. */
export function restAuthorizer(context: TemplateContext, name: string, declared: PlainObject, scopes: readonly string[]): AuthorizerConfig {
  const value = (key: string) => declared[key] ?? declared[key.charAt(0).toLowerCase() + key.slice(1)];
  const type = textOf(context, value('Type'))?.toUpperCase();
  if (type === 'COGNITO_USER_POOLS') {
    const settings = { source: value('IdentitySource'), validation: value('IdentityValidationExpression') };
    return { ...cognitoAuthorizer(context, name, value('ProviderARNs'), settings), ...withScopes(scopes) };
  }
  const source = value('IdentitySource') ?? (type === 'TOKEN' ? 'method.request.header.Authorization' : []);
  return lambdaAuthorizer(context, name, value('AuthorizerUri'), {
    kind: type,
    payload: '1.0',
    simpleResponses: false,
    sources: textsOf(context, source),
    ttlSeconds: value('AuthorizerResultTtlInSeconds') ?? 300,
    validation: value('IdentityValidationExpression'),
  });
}

/** An `AWS::ApiGatewayV2::Authorizer` of the type REQUEST, or the extension of a security scheme. */
export function requestAuthorizer(context: TemplateContext, name: string, declared: PlainObject): AuthorizerConfig {
  const value = (key: string) => declared[key] ?? declared[key.charAt(0).toLowerCase() + key.slice(1)];
  return lambdaAuthorizer(context, name, value('AuthorizerUri'), {
    kind: 'request',
    payload: value('AuthorizerPayloadFormatVersion'),
    simpleResponses: value('EnableSimpleResponses'),
    sources: textsOf(context, value('IdentitySource')),
    ttlSeconds: value('AuthorizerResultTtlInSeconds') ?? 0,
    validation: undefined,
  });
}

interface LambdaSettings {
  kind: string | undefined;
  payload: unknown;
  simpleResponses: unknown;
  sources: string[] | undefined;
  ttlSeconds: unknown;
  validation: unknown;
}

/** A Lambda authorizer of this template, or of another stack. */
function lambdaAuthorizer(context: TemplateContext, name: string, target: unknown, written: LambdaSettings): AuthorizerConfig {
  const functionId = context.functionOf(target);
  const settings = lambdaSettings({
    kind: written.kind,
    payload: textOf(context, written.payload),
    simpleResponses: written.simpleResponses === undefined ? false : booleanOf(context, written.simpleResponses),
    sources: written.sources,
    ttlSeconds: numberOf(context, written.ttlSeconds),
    validation: written.validation === undefined ? null : textOf(context, written.validation),
  });
  return { type: 'lambda', name, ...(functionId !== undefined && { functionId }), ...settings };
}

/** Texts of a list; undefined when one of them is not known. */
function textsOf(context: TemplateContext, value: unknown): string[] | undefined {
  const texts = resolvedList(context, value).map((entry) => textOf(context, entry));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function cognitoAuthorizer(
  context: TemplateContext,
  name: string,
  pools: unknown,
  { source, validation }: { source: unknown; validation: unknown },
): AuthorizerConfig {
  const userPools = listOf(context.resolve(pools)).map((pool) => context.toValue(pool));
  const pattern = validation === undefined ? undefined : textOf(context, validation);
  return {
    type: 'cognito',
    name,
    ...(userPools.length > 0 && { userPools }),
    ...(source !== undefined && tokenSource(textsOf(context, source))),
    ...(pattern !== undefined && { validation: pattern }),
    ...(validation !== undefined && pattern === undefined && { unclear: 'the validation of its token' }),
  };
}

/** `JwtConfiguration` in any spelling: SAM and OpenAPI write its keys in lower case. */
export function jwtAuthorizer(
  context: TemplateContext,
  name: string,
  configuration: unknown,
  scopes: readonly string[],
  source: unknown,
): AuthorizerConfig {
  const known = objectOf(context.resolve(configuration));
  const issuer = known['issuer'] ?? known['Issuer'];
  const audience = listOf(context.resolve(known['audience'] ?? known['Audience'])).map((entry) => context.toValue(entry));
  return {
    type: 'jwt',
    name,
    ...(issuer !== undefined && { issuer: context.toValue(issuer) }),
    ...(audience.length > 0 && { audience }),
    ...(source !== undefined && tokenSource(textsOf(context, source))),
    ...withScopes(scopes),
  };
}

/** For people: what a raw route names as its authorizer. */
export function authorizerName(context: TemplateContext, value: unknown, type: string): string {
  return context.resourceOf(value) ?? describe(context, value) ?? type;
}
