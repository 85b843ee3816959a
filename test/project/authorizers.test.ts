import { describe, expect, it } from 'vitest';
import type { AuthorizerConfig } from '../../src/project/trigger.js';
import { rawTriggers, samTriggers } from '../triggers/templates.js';
import { readYml } from './serverless/service.js';

/** The authorizer of the first route; `lambda` alone where it is one that is understood. */
function authorizerOf(triggers: unknown): Partial<AuthorizerConfig> | undefined {
  const [first] = triggers as { gateway?: { kind: string; authorizer: AuthorizerConfig }[] }[];
  return first?.gateway?.find(({ kind }) => kind === 'authorizer')?.authorizer;
}

const indent = (text: string, spaces: number) => text.replace(/^/gm, ' '.repeat(spaces));

async function ofSam(type: 'Api' | 'HttpApi', authorizer: string): Promise<Partial<AuthorizerConfig> | undefined> {
  const api = `Shop:
  Type: AWS::Serverless::${type}
  Properties:
    StageName: live
    Auth:
      DefaultAuthorizer: Check
      Authorizers:
        Check:
${indent(authorizer.trim(), 10)}`;
  const event = `E:\n  Type: ${type}\n  Properties: { Path: /a, Method: get, ${type === 'Api' ? 'RestApiId' : 'ApiId'}: !Ref Shop }`;
  return authorizerOf(await samTriggers(event, api, 'Parameters:\n  Secret: { Type: String }'));
}

const fn = 'FunctionArn: !GetAtt Fn.Arn';
const token = { kind: 'token', payload: '1.0', simpleResponses: false, identitySources: ['header.Authorization'], ttlSeconds: 300 };
const request = { ...token, kind: 'request' };

describe('SAM, REST APIs', () => {
  it.each<[string, string, object]>([
    ['defaults', '', { lambda: token }],
    [
      'a header, a pattern and a time',
      'Identity: { Header: X-Token, ValidationExpression: "Bearer .*", ReauthorizeEvery: 60 }',
      { lambda: { ...token, identitySources: ['header.X-Token'], validation: 'Bearer .*', ttlSeconds: 60 } },
    ],
    [
      'requests',
      'FunctionPayloadType: REQUEST\nIdentity: { Headers: [A], QueryStrings: [b], StageVariables: [c], Context: [httpMethod], ReauthorizeEvery: 0 }',
      {
        lambda: {
          ...request,
          identitySources: ['header.A', 'querystring.b', 'stageVariables.c', 'context.httpMethod'],
          ttlSeconds: 0,
        },
      },
    ],
    ['requests without an identity', 'FunctionPayloadType: REQUEST', { lambda: { ...request, identitySources: [] } }],
    ['a type of the deployment', 'FunctionPayloadType: !Ref Secret', { unclear: 'its type' }],
    ['a header of the deployment', 'Identity: { Header: !Ref Secret }', { unclear: 'its identity sources' }],
    ['a time of the deployment', 'Identity: { ReauthorizeEvery: !Ref Secret }', { unclear: 'how long its answers are kept' }],
    ['a pattern of the deployment', 'Identity: { ValidationExpression: !Ref Secret }', { unclear: 'the validation of its token' }],
    ['a pattern of Java', 'Identity: { ValidationExpression: "(?i)bearer .*+" }', { unclear: 'the validation of its token' }],
    [
      'a context that the service has not',
      'FunctionPayloadType: REQUEST\nIdentity: { Context: [identity.apiKey] }',
      { unclear: 'its identity sources' },
    ],
  ])('%s', async (_, more, expected) => {
    expect(await ofSam('Api', `${fn}\n${more}`)).toEqual({ type: 'lambda', name: 'Check', functionId: 'Fn', ...expected });
  });

  it.each<[string, string, object]>([
    ['one pool', 'UserPoolArn: arn:1', { userPools: [{ kind: 'literal', value: 'arn:1' }] }],
    [
      'several pools',
      'UserPoolArn: [arn:1, !GetAtt Users.Arn]',
      { userPools: [{ kind: 'literal' }, { kind: 'reference', text: '!GetAtt Users.Arn' }] },
    ],
    [
      'a header and a pattern',
      'UserPoolArn: arn:1\nIdentity: { Header: X-Token, ValidationExpression: a }',
      { identitySource: 'header.X-Token', validation: 'a' },
    ],
    ['the usual header', 'UserPoolArn: arn:1\nIdentity: { Header: Authorization }', { userPools: [{}] }],
    ['a header of the deployment', 'UserPoolArn: arn:1\nIdentity: { Header: !Ref Secret }', { unclear: 'where its token is' }],
  ])('Cognito with %s', async (_, declared, expected) => {
    const found = await ofSam('Api', declared);
    expect(found).toMatchObject({ type: 'cognito', name: 'Check', ...expected });
    if (!('identitySource' in expected)) expect(found).not.toHaveProperty('identitySource');
  });
});

describe('SAM, HTTP APIs', () => {
  it.each<[string, string, object]>([
    [
      'format 2.0',
      'AuthorizerPayloadFormatVersion: 2.0\nEnableSimpleResponses: true\nIdentity: { Headers: [Authorization] }',
      { lambda: { ...request, payload: '2.0', simpleResponses: true, ttlSeconds: 0 } },
    ],
    [
      'format 1.0',
      'AuthorizerPayloadFormatVersion: "1.0"\nIdentity: { QueryStrings: [k], ReauthorizeEvery: 20 }',
      { lambda: { ...request, identitySources: ['querystring.k'], ttlSeconds: 20 } },
    ],
    ['no format', '', { unclear: 'the format of its event' }],
    ['a format of the deployment', 'AuthorizerPayloadFormatVersion: !Ref Secret', { unclear: 'the format of its event' }],
    [
      'an answer of the deployment',
      'AuthorizerPayloadFormatVersion: 2.0\nEnableSimpleResponses: !Ref Secret',
      { unclear: 'the format of its answer' },
    ],
  ])('%s', async (_, more, expected) => {
    expect(await ofSam('HttpApi', `${fn}\n${more}`)).toEqual({ type: 'lambda', name: 'Check', functionId: 'Fn', ...expected });
  });

  it.each<[string, object]>([
    ['IdentitySource: $request.header.Authorization', {}],
    ['IdentitySource: $request.querystring.token', { identitySource: 'querystring.token' }],
    ['IdentitySource: $request.header.X-A', { identitySource: 'header.X-A' }],
    ['IdentitySource: $request.body.token', { unclear: 'where its token is' }],
    ['IdentitySource: !Ref Secret', { unclear: 'where its token is' }],
  ])('tokens: %s', async (source, expected) => {
    expect(await ofSam('HttpApi', `JwtConfiguration: { issuer: 'https://i', audience: [a] }\n${source}`)).toEqual({
      type: 'jwt',
      name: 'Check',
      issuer: { kind: 'literal', value: 'https://i' },
      audience: [{ kind: 'literal', value: 'a' }],
      ...expected,
    });
  });
});

describe('CloudFormation', () => {
  const uri = 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Other.Arn}/invocations';
  const method = (type: string, authorizer: string) => `Api:
  Type: AWS::ApiGateway::RestApi
  Properties: { Name: a }
Check:
  Type: AWS::ApiGateway::Authorizer
  Properties: { RestApiId: !Ref Api, ${authorizer} }
Get:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Api
    ResourceId: !GetAtt Api.RootResourceId
    HttpMethod: GET
    AuthorizationType: ${type}
    AuthorizerId: !Ref Check
    Integration: { Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "${uri.replace('Other', 'Fn')}" }
`;

  it.each<[string, object]>([
    ['Type: TOKEN, IdentitySource: method.request.header.X-Auth', { lambda: { ...token, identitySources: ['header.X-Auth'] } }],
    [
      'Type: REQUEST, IdentitySource: "method.request.header.A, method.request.querystring.b, context.identity.sourceIp", AuthorizerResultTtlInSeconds: 0',
      { lambda: { ...request, identitySources: ['header.A', 'querystring.b', 'context.identity.sourceIp'], ttlSeconds: 0 } },
    ],
    ['Type: TOKEN, IdentitySource: "method.request.header.A, method.request.header.B"', { unclear: 'its identity sources' }],
    ['Type: TOKEN, IdentitySource: method.request.body.a', { unclear: 'its identity sources' }],
  ])('REST: %s', async (declared, expected) => {
    const found = authorizerOf(await rawTriggers(method('CUSTOM', `${declared}, AuthorizerUri: !Sub "${uri}"`)));
    expect(found).toEqual({ type: 'lambda', name: 'Check', functionId: 'Other', ...expected });
  });

  it('reads the pools of an authorizer, and none of one elsewhere', async () => {
    const declared = 'Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Users.Arn]';
    expect(authorizerOf(await rawTriggers(method('COGNITO_USER_POOLS', declared)))).toMatchObject({
      type: 'cognito',
      userPools: [{ text: '!GetAtt Users.Arn' }],
    });
    const elsewhere = method('COGNITO_USER_POOLS', declared).replace('AuthorizerId: !Ref Check', 'AuthorizerId: !ImportValue check');
    expect(authorizerOf(await rawTriggers(elsewhere))).toMatchObject({ type: 'cognito', unclear: expect.any(String) });
  });

  it('reads an authorizer of an HTTP API', async () => {
    const found = await rawTriggers(`Api:
  Type: AWS::ApiGatewayV2::Api
  Properties: { Name: a, ProtocolType: HTTP }
Check:
  Type: AWS::ApiGatewayV2::Authorizer
  Properties: { ApiId: !Ref Api, AuthorizerType: REQUEST, AuthorizerUri: !Sub "${uri}", AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, IdentitySource: [$request.header.Authorization, $context.routeKey], AuthorizerResultTtlInSeconds: 30 }
Integration:
  Type: AWS::ApiGatewayV2::Integration
  Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: '2.0' }
Route:
  Type: AWS::ApiGatewayV2::Route
  Properties: { ApiId: !Ref Api, RouteKey: GET /a, AuthorizationType: CUSTOM, AuthorizerId: !Ref Check, Target: !Sub "integrations/\${Integration}" }
`);
    const identitySources = ['header.Authorization', 'context.routeKey'];
    expect(authorizerOf(found)).toEqual({
      type: 'lambda',
      name: 'Check',
      functionId: 'Other',
      lambda: { kind: 'request', payload: '2.0', simpleResponses: true, identitySources, ttlSeconds: 30 },
    });
  });

  it('reads the extension of a security scheme', async () => {
    const found = await rawTriggers(`Api:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      openapi: 3.0.1
      components:
        securitySchemes:
          check: { type: apiKey, name: X-Token, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: { type: token, authorizerUri: !Sub "${uri}", authorizerResultTtlInSeconds: 60 } }
      paths:
        /a:
          get:
            security: [{ check: [] }]
            x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: !Sub "${uri.replace('Other', 'Fn')}" }
`);
    expect(authorizerOf(found)).toMatchObject({
      functionId: 'Other',
      lambda: { ...token, identitySources: ['header.X-Token'], ttlSeconds: 60 },
    });
  });
});

describe('Serverless', () => {
  const read = async (event: string, provider = '') => {
    const text = `provider:\n  name: aws\n  runtime: nodejs22.x\n${provider}functions:\n  fn:\n    handler: a.b\n    events:\n      - ${event}\n  guard:\n    handler: g.h\n`;
    return authorizerOf((await readYml(text)).functions['fn']?.triggers);
  };
  const http = (authorizer: string) => read(`http: { path: a, method: get, authorizer: ${authorizer} }`);

  it.each<[string, object]>([
    ['guard', { lambda: token }],
    ['{ name: guard, resultTtlInSeconds: 0, type: request }', { lambda: { ...request, ttlSeconds: 0 } }],
    [
      '{ name: guard, identitySource: "method.request.header.A, method.request.querystring.b", type: request }',
      { lambda: { ...request, identitySources: ['header.A', 'querystring.b'] } },
    ],
    ['{ name: guard, identityValidationExpression: "x.*" }', { lambda: { ...token, validation: 'x.*' } }],
    ['{ name: guard, resultTtlInSeconds: "${ssm:/ttl}" }', { unclear: 'how long its answers are kept' }],
    ['{ name: guard, identitySource: "${ssm:/source}" }', { unclear: 'its identity sources' }],
  ])('REST: %s', async (authorizer, expected) => {
    expect(await http(authorizer)).toEqual({ type: 'lambda', name: 'guard', functionId: 'guard', ...expected });
  });

  it('reads authorizers of the HTTP API', async () => {
    const declared = (authorizer: string) => `  httpApi:\n    authorizers:\n      check: ${authorizer}\n`;
    const event = 'httpApi: { path: /a, method: get, authorizer: { name: check, scopes: [read] } }';
    const custom = '{ type: request, functionName: guard, identitySource: [$request.header.Authorization], enableSimpleResponses: true }';
    expect(await read(event, declared(custom))).toMatchObject({
      lambda: { kind: 'request', payload: '2.0', simpleResponses: true, identitySources: ['header.Authorization'], ttlSeconds: 0 },
    });
    const older = custom.replace('enableSimpleResponses: true', "payloadVersion: '1.0', resultTtlInSeconds: 5");
    expect(await read(event, declared(older))).toMatchObject({ lambda: { payload: '1.0', simpleResponses: false, ttlSeconds: 5 } });
    const jwt = '{ identitySource: $request.header.X-Token, issuerUrl: https://i, audience: [a, "${ssm:/audience}"] }';
    expect(await read(event, declared(jwt))).toMatchObject({
      type: 'jwt',
      identitySource: 'header.X-Token',
      issuer: { value: 'https://i' },
      audience: [{ value: 'a' }, { kind: 'reference' }],
      scopes: ['read'],
    });
  });
});
