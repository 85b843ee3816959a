import { describe, expect, it } from 'vitest';
import type { GatewayFeature, HttpTrigger } from '../../../src/project/trigger.js';
import { withoutRanges } from '../tree.js';
import { readYml, triggersOf } from './service.js';

async function routesOf(events: string, rest = ''): Promise<HttpTrigger[]> {
  return (await triggersOf(events, rest)) as HttpTrigger[];
}

async function gatewayOf(events: string, rest = ''): Promise<GatewayFeature[]> {
  return (await routesOf(events, rest)).flatMap(({ gateway }) => gateway);
}

describe('http: a REST API', () => {
  it.each([
    ['- http: GET orders/{id}', 'GET', '/orders/{id}'],
    ['- http: get /orders', 'GET', '/orders'],
    ['- http: ANY /', 'ANY', '/'],
    ['- http:\n    path: /orders/\n    method: post', 'POST', '/orders'],
    ["- http:\n    path: '{proxy+}'\n    method: any", 'ANY', '/{proxy+}'],
  ])('%s', async (event, method, path) => {
    expect(await routesOf(event)).toEqual([
      { type: 'rest-api', method, path, api: 'ApiGatewayRestApi', payload: '1.0', stage: 'dev', gateway: [] },
    ]);
  });

  it('takes API, stage and binary types from the provider', async () => {
    const settings =
      'provider:\n  name: aws\n  stage: live\n  apiGateway:\n    restApiId: !ImportValue shared-api\n    binaryMediaTypes: ["*/*"]\n';
    expect(await routesOf('- http: GET /a', settings)).toMatchObject([
      { api: '!ImportValue shared-api', stage: 'live', binaryMediaTypes: ['*/*'] },
    ]);
  });

  it('takes binary types from serverless-apigw-binary', async () => {
    const plugin = "plugins: [serverless-apigw-binary]\ncustom: { apigwBinary: { types: ['image/*'] } }\n";
    expect(await routesOf('- http: GET /a', plugin)).toMatchObject([{ binaryMediaTypes: ['image/*'] }]);
  });

  it('answers preflights with the union of what the events of one path say', async () => {
    const features = await gatewayOf(`- http:
    path: orders
    method: get
    cors: true
- http:
    path: /orders
    method: post
    cors:
      origins: [https://a.test, https://b.test]
      headers: [X-Shop]
      allowCredentials: true
      maxAge: 60
- http: DELETE /orders`);
    const cors = {
      mode: 'preflight',
      allowOrigins: ['https://a.test', 'https://b.test'],
      allowMethods: ['OPTIONS', 'GET', 'POST'],
      allowHeaders: expect.arrayContaining(['Content-Type', 'X-Amzn-Trace-Id', 'X-Shop']),
      exposeHeaders: [],
      allowCredentials: true,
      maxAgeSeconds: 60,
      preflightStatus: 200,
    };
    expect(features).toEqual([
      { kind: 'cors', cors },
      { kind: 'cors', cors },
    ]);
  });

  it('allows every method for ANY and one origin with commas', async () => {
    const [feature] = await gatewayOf("- http:\n    path: a\n    method: any\n    cors: { origin: 'https://a.test, https://b.test' }");
    expect(feature).toMatchObject({
      cors: {
        allowOrigins: ['https://a.test', 'https://b.test'],
        allowMethods: ['OPTIONS', 'DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'],
      },
    });
  });

  it('never loses a CORS setting that it cannot resolve', async () => {
    expect(await gatewayOf('- http:\n    path: a\n    method: get\n    cors: ${ssm:/cors}')).toEqual([
      { kind: 'other', detail: 'cors: ${ssm:/cors}' },
    ]);
  });

  const authorizers = `  guard:
    handler: auth.handler
resources:
  Resources:
    Users: { Type: AWS::Cognito::UserPool }
`;
  it.each([
    ['guard', { type: 'lambda', name: 'guard', functionId: 'guard' }],
    ['aws_iam', { type: 'iam', name: 'aws_iam' }],
    ['{ type: AWS_IAM }', { type: 'iam', name: 'aws_iam' }],
    ['{ name: guard, type: request, resultTtlInSeconds: 0 }', { type: 'lambda', name: 'guard', functionId: 'guard' }],
    [
      '{ name: pool, type: COGNITO_USER_POOLS, arn: !GetAtt Users.Arn, scopes: [read] }',
      { type: 'cognito', name: 'pool', scopes: ['read'] },
    ],
    ['{ name: pool, arn: !GetAtt Users.Arn }', { type: 'cognito', name: 'pool' }],
    [
      'arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_x',
      { type: 'cognito', name: 'arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_x' },
    ],
    ['arn:aws:lambda:eu-west-1:1:function:other', { type: 'lambda', name: 'arn:aws:lambda:eu-west-1:1:function:other' }],
    ['{ type: TOKEN, authorizerId: !Ref Shared }', { type: 'lambda', name: '!Ref Shared' }],
    ['${ssm:/authorizer}', { type: 'unknown', name: '${ssm:/authorizer}' }],
  ])('authorizer: %s', async (authorizer, expected) => {
    expect(await gatewayOf(`- http:\n    path: a\n    method: get\n    authorizer: ${authorizer}`, authorizers)).toMatchObject([
      { kind: 'authorizer', authorizer: expected },
    ]);
  });

  it('finds schemas that the provider names, and models of the resources', async () => {
    const settings = `provider:
  name: aws
  apiGateway: { request: { schemas: { order: { name: Order, schema: { $ref: !Sub "https://apigateway.amazonaws.com/restapis/\${ApiGatewayRestApi}/models/\${Shared}" } } } } }
resources:
  Resources: { Shared: { Type: AWS::ApiGateway::Model, Properties: { Schema: { type: object, required: [id] } } } }
`;
    const [feature] = await gatewayOf('- http: { path: a, method: post, request: { schemas: { application/json: order } } }', settings);
    expect(feature).toMatchObject({ validation: { body: { 'application/json': { type: 'object', required: ['id'] } } } });
  });

  it.each([
    '{ type: object, properties: { a: "${self:custom.missing}" } }',
    '{ type: object, properties: { a: { enum: ["${ssm:/a}"] } } }',
    'unknown',
  ])('does not know a schema like %s', async (schema) => {
    const [feature] = await gatewayOf(`- http: { path: a, method: post, request: { schemas: { application/json: ${schema} } } }`);
    expect(feature).toEqual({ kind: 'request-validation', detail: 'body: application/json' });
  });

  describe('with serverless-reqvalidator-plugin and serverless-aws-documentation', () => {
    const service = (validator: string, event: string) => `plugins: [serverless-reqvalidator-plugin, serverless-aws-documentation]
custom:
  documentation:
    models:
      - { name: NewNote, contentType: application/json, schema: { type: object, required: [text], properties: { text: { $ref: '{{model: Text}}' } } } }
      - { name: Text, contentType: application/json, schema: { type: string, minLength: 1 } }
functions:
  fn:
    handler: a.b
    events:
      - http: { path: a, method: post, reqValidatorName: Checks, ${event} }
resources:
  Resources:
    Checks: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { RestApiId: { Ref: ApiGatewayRestApi }, ${validator} } }
`;
    const documented =
      'documentation: { requestModels: { application/json: NewNote }, queryParams: [{ name: page, required: true }, { name: size }] }';
    const schema = {
      type: 'object',
      required: ['text'],
      properties: { text: { $ref: '#/definitions/Text' } },
      definitions: { Text: { type: 'string', minLength: 1 } },
    };

    it.each([
      [
        'ValidateRequestBody: true',
        documented,
        [{ detail: 'body: application/json', validation: { body: { 'application/json': schema } } }],
      ],
      [
        'ValidateRequestParameters: true',
        documented,
        [{ detail: 'required: querystring.page', validation: { required: ['querystring.page'] } }],
      ],
      ['ValidateRequestBody: false', documented, []],
      ['ValidateRequestBody: true', 'cors: false', []],
      [
        'ValidateRequestBody: true',
        'documentation: { requestModels: { application/json: Missing } }',
        [{ detail: 'body: application/json' }],
      ],
      ['ValidateRequestBody: { Ref: Strict }', documented, [{ detail: 'body: application/json' }]],
    ])('%s, %s', async (validator, event, expected) => {
      const { functions } = await readYml(service(validator, event));
      const trigger = functions['fn']?.triggers[0] as HttpTrigger;
      expect(withoutRanges(trigger.gateway)).toEqual(expected.map((each) => ({ kind: 'request-validation', ...each })));
    });
  });

  it.each(['[some-validator]', '${file(plugins.yml)}'])('does not know what plugins like %s make of a validator', async (plugins) => {
    const { functions } = await readYml(
      `plugins: ${plugins}\nfunctions:\n  fn: { handler: a.b, events: [{ http: { path: a, method: get, reqValidatorName: shared } }] }\n`,
    );
    const trigger = functions['fn']?.triggers[0] as HttpTrigger;
    expect(withoutRanges(trigger.gateway)).toEqual([{ kind: 'request-validation', detail: 'body: application/json' }]);
  });

  it('makes the function behind an authorizer one', async () => {
    const { functions } = await readYml(
      `functions:\n  fn:\n    handler: a.b\n    events:\n      - http: { path: a, method: get, authorizer: guard }\n${authorizers}`,
    );
    expect(withoutRanges(functions['guard']?.triggers)).toEqual([{ type: 'authorizer', source: 'guard' }]);
  });

  it.each([
    ['private: true', [{ kind: 'api-key' }]],
    ['private: "${ssm:/private}"', [{ kind: 'api-key' }]],
    [
      'request: { schemas: { application/json: "${file(schema.json)}" } }',
      [{ kind: 'request-validation', detail: 'body: application/json' }],
    ],
    [
      'request: { schemas: { application/json: { type: object } } }',
      [{ kind: 'request-validation', detail: 'body: application/json', validation: { body: { 'application/json': { type: 'object' } } } }],
    ],
    [
      'request: { schemas: { text/json: { name: Order, schema: { type: array } } }, parameters: { headers: { X-Id: true } } }',
      [
        {
          kind: 'request-validation',
          detail: 'body: text/json; required: header.X-Id',
          validation: { body: { 'text/json': { type: 'array' } }, required: ['header.X-Id'] },
        },
      ],
    ],
    ['reqValidatorName: shared', []],
    [
      'request: { parameters: { querystrings: { page: true, size: false }, headers: { X-Id: { required: true } }, paths: { id: true } } }',
      [
        {
          kind: 'request-validation',
          detail: 'required: querystring.page, header.X-Id',
          validation: { required: ['querystring.page', 'header.X-Id'] },
        },
      ],
    ],
    ['integration: lambda', [{ kind: 'mapping-template', detail: 'integration: lambda' }]],
    [
      'integration: lambda, response: { headers: {} }',
      [{ kind: 'mapping-template', detail: 'integration: lambda with templates of its own' }],
    ],
    ['async: true', [{ kind: 'mapping-template', detail: 'async: true (answers before the function ends)' }]],
    ['integration: lambda-proxy, response: { headers: {} }', []],
    ['integration: LAMBDA_PROXY', []],
  ])('%s', async (setting, expected) => {
    expect(await gatewayOf(`- http: { path: a, method: get, ${setting} }`)).toEqual(expected);
  });

  it('tells what holds for the whole API', async () => {
    const rest = `provider:
  name: aws
  endpointType: PRIVATE
  apiGateway:
    minimumCompressionSize: 1024
    usagePlan: { throttle: { rateLimit: 1 } }
    resourcePolicy: [{ Effect: Allow }]
plugins: [serverless-domain-manager]
custom:
  customDomain: { domainName: api.shop.test, basePath: v1, tlsTruststoreUri: s3://x }
resources:
  Resources:
    Denied: { Type: AWS::ApiGateway::GatewayResponse, Properties: { ResponseType: UNAUTHORIZED } }
`;
    expect(await gatewayOf('- http: { path: a, method: get, private: true }', rest)).toEqual([
      { kind: 'api-key' },
      { kind: 'resource-policy' },
      { kind: 'throttling' },
      { kind: 'other', detail: 'private endpoint' },
      { kind: 'compression', fromBytes: 1024 },
      { kind: 'gateway-response', detail: 'UNAUTHORIZED' },
      { kind: 'mutual-tls' },
      { kind: 'other', detail: 'base path "v1" of the custom domain' },
    ]);
  });
});

describe('httpApi', () => {
  it.each([
    ["- httpApi: '*'", 'ANY', '$default'],
    ['- httpApi: GET /orders/{id}', 'GET', '/orders/{id}'],
    ['- httpApi: "* /any"', 'ANY', '/any'],
    ['- httpApi:\n    path: /orders\n    method: POST', 'POST', '/orders'],
    ["- httpApi:\n    path: '*'", 'ANY', '$default'],
  ])('%s', async (event, method, path) => {
    expect(await routesOf(event)).toEqual([
      { type: 'http-api', method, path, api: 'HttpApi', payload: '2.0', stage: '$default', gateway: [] },
    ]);
  });

  it('takes the payload of the function, else of the provider', async () => {
    const { functions } = await readYml(`provider: { name: aws, httpApi: { payload: '1.0', id: shared } }
functions:
  one: { handler: a.b, events: [{ httpApi: GET /one }] }
  two: { handler: a.b, httpApi: { payload: '2.0' }, events: [{ httpApi: GET /two }] }
`);
    expect(functions['one']?.triggers).toMatchObject([{ payload: '1.0', api: 'shared' }]);
    expect(functions['two']?.triggers).toMatchObject([{ payload: '2.0' }]);
  });

  it('allows the methods of all routes when cors names none', async () => {
    expect(await gatewayOf('- httpApi: GET /a\n- httpApi: PUT /b', 'provider:\n  name: aws\n  httpApi:\n    cors: true\n')).toMatchObject([
      {
        cors: {
          mode: 'headers',
          allowOrigins: ['*'],
          allowMethods: ['OPTIONS', 'GET', 'PUT'],
          preflightStatus: 204,
          allowCredentials: false,
        },
      },
      { cors: { allowMethods: ['OPTIONS', 'GET', 'PUT'] } },
    ]);
  });

  it('reads the settings of cors', async () => {
    const cors =
      '{ allowedOrigins: [https://a.test], allowedHeaders: [X-A], allowedMethods: [GET], allowCredentials: true, exposedResponseHeaders: [X-B], maxAge: 5 }';
    expect(await gatewayOf('- httpApi: GET /a', `provider:\n  name: aws\n  httpApi:\n    cors: ${cors}\n`)).toEqual([
      {
        kind: 'cors',
        cors: {
          mode: 'headers',
          allowOrigins: ['https://a.test'],
          allowMethods: ['GET'],
          allowHeaders: ['X-A'],
          exposeHeaders: ['X-B'],
          allowCredentials: true,
          maxAgeSeconds: 5,
          preflightStatus: 204,
        },
      },
    ]);
  });

  const authorizers = `provider:
  name: aws
  httpApi:
    authorizers:
      users: { type: jwt, identitySource: $request.header.Authorization, issuerUrl: https://issuer.test, audience: [shop, !Ref Client] }
      custom: { type: request, functionName: guard }
      remote: { type: request, functionArn: arn:aws:lambda:eu-west-1:1:function:other }
functions:
  guard: { handler: auth.handler }
  fn:
    handler: a.b
    events:
`;
  it.each([
    [
      'users',
      {
        type: 'jwt',
        name: 'users',
        issuer: { kind: 'literal', value: 'https://issuer.test' },
        audience: [
          { kind: 'literal', value: 'shop' },
          { kind: 'reference', text: '!Ref Client', names: ['Client'] },
        ],
      },
    ],
    ['{ name: users, scopes: [read] }', { type: 'jwt', name: 'users', scopes: ['read'] }],
    ['custom', { type: 'lambda', name: 'custom', functionId: 'guard' }],
    ['remote', { type: 'lambda', name: 'remote' }],
    ['{ type: aws_iam }', { type: 'iam', name: 'aws_iam' }],
    ['{ id: abc, type: request }', { type: 'lambda', name: 'abc' }],
    ['nobody', { type: 'unknown', name: 'nobody' }],
  ])('authorizer: %s', async (authorizer, expected) => {
    const { functions } = await readYml(`${authorizers}      - httpApi: { path: /a, method: get, authorizer: ${authorizer} }\n`);
    expect(functions['fn']?.triggers).toMatchObject([{ gateway: [{ kind: 'authorizer', authorizer: expected }] }]);
    expect(functions['guard']?.triggers[0]?.type).toBe('functionId' in expected ? 'authorizer' : 'invoke');
  });
});

describe('url and alb', () => {
  it('reads url: true', async () => {
    const { functions } = await readYml('functions:\n  fn:\n    handler: a.b\n    url: true\n');
    expect(withoutRanges(functions['fn']?.triggers)).toEqual([
      { type: 'function-url', method: 'ANY', path: '$default', api: 'fn', payload: '2.0', stage: '$default', gateway: [] },
    ]);
    expect(functions['fn']?.triggers[0]?.range).toMatchObject({ file: 'serverless.yml', line: 9, column: 5 });
  });

  it('reads the settings of a url', async () => {
    const { functions } = await readYml(
      'functions:\n  fn:\n    handler: a.b\n    url:\n      invokeMode: RESPONSE_STREAM\n      authorizer: aws_iam\n      cors: { allowedOrigins: [https://a.test], allowedHeaders: null }\n',
    );
    expect(withoutRanges(functions['fn']?.triggers)).toMatchObject([
      {
        streaming: true,
        gateway: [
          { kind: 'cors', cors: { allowOrigins: ['https://a.test'], allowHeaders: [], allowMethods: ['*'], preflightStatus: 200 } },
          { kind: 'authorizer', authorizer: { type: 'iam', name: 'aws_iam' } },
        ],
      },
    ]);
  });

  it('allows the headers that Serverless allows a url', async () => {
    const { functions } = await readYml('functions:\n  fn:\n    handler: a.b\n    url: { cors: true }\n');
    const allowHeaders = ['Content-Type', 'X-Amz-Date', 'Authorization', 'X-Api-Key', 'X-Amz-Security-Token', 'X-Amzn-Trace-Id'];
    expect(withoutRanges(functions['fn']?.triggers)).toMatchObject([{ gateway: [{ kind: 'cors', cors: { allowHeaders } }] }]);
  });

  it('reads a listener rule: one route for each method and path, other conditions by their names at AWS', async () => {
    const event = `- alb:
    listenerArn: !Ref Listener
    priority: 1
    multiValueHeaders: true
    authorizer: login
    conditions: { path: [/a, /b*], method: [get], host: shop.test, ip: [10.0.0.0/8] }`;
    const route = {
      type: 'alb',
      method: 'GET',
      api: '!Ref Listener',
      payload: '1.0',
      multiValueHeaders: true,
      conditions: ['host-header: shop.test', 'source-ip: 10.0.0.0/8'],
      gateway: [{ kind: 'authorizer', authorizer: { type: 'alb-oidc', name: 'login' } }],
    };
    expect(await triggersOf(event)).toEqual([
      { ...route, path: '/a' },
      { ...route, path: '/b*' },
    ]);
  });
});
