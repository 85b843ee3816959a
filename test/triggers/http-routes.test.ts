import { describe, expect, it } from 'vitest';
import { rawTriggers, readTemplate, samTemplate, samTriggers } from './templates.js';

const uri = `!Sub 'arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations'`;
const rest = { type: 'rest-api', method: 'GET', path: '/orders', api: 'ServerlessRestApi', payload: '1.0', stage: 'Prod', gateway: [] };
const http = { type: 'http-api', method: 'GET', path: '/orders', api: 'ServerlessHttpApi', payload: '2.0', stage: '$default', gateway: [] };
/** What the settings of an authorizer are: authorizers.test.ts. */
const authorizer = (authorizer: object) => ({ kind: 'authorizer', authorizer: expect.objectContaining(authorizer) });
const api = (properties: string, type = 'AWS::Serverless::Api') =>
  `Shop:\n  Type: ${type}\n  Properties:\n${properties.trim().replace(/^/gm, '    ')}`;
const event = (more = '') => `E:\n  Type: Api\n  Properties: { Path: /orders, Method: get, RestApiId: !Ref Shop${more} }`;
const httpEvent = (more = '') => `E:\n  Type: HttpApi\n  Properties: { Path: /orders, Method: get, ApiId: !Ref Shop${more} }`;
const gatewayOf = (triggers: unknown[]) => (triggers[0] as { gateway: unknown[] }).gateway;

describe('REST APIs of SAM', () => {
  it('reads a route of the implicit API with what Globals say about it', async () => {
    expect(await samTriggers('E: { Type: Api, Properties: { Path: /orders, Method: get } }')).toEqual([rest]);
    const head = 'Globals:\n  Api:\n    BinaryMediaTypes: [image~1png]\n    Cors: "\'https://a.example\'"\n    Variables: { MODE: test }';
    const events =
      'E: { Type: Api, Properties: { Path: /orders, Method: any } }\nF: { Type: Api, Properties: { Path: /orders, Method: POST } }';
    const [first] = await samTriggers(events, '', head);
    expect(first).toEqual({
      ...rest,
      method: 'ANY',
      binaryMediaTypes: ['image/png'],
      stageVariables: { MODE: 'test' },
      gateway: [
        {
          kind: 'cors',
          cors: {
            mode: 'preflight',
            allowOrigins: ['https://a.example'],
            allowMethods: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
            allowHeaders: [],
            exposeHeaders: [],
            allowCredentials: false,
            preflightStatus: 200,
          },
        },
      ],
    });
  });

  it('reads the settings of an explicit API', async () => {
    const shop = api(`StageName: live
Cors: { AllowMethods: "'GET,PUT'", AllowHeaders: "'X-A,X-B'", AllowOrigin: "'*'", MaxAge: "'600'" }
Domain: { DomainName: a.example, CertificateArn: c, BasePath: [v1], MutualTlsAuthentication: { TruststoreUri: s3://x } }
EndpointConfiguration: PRIVATE
MethodSettings: [{ ResourcePath: /~1orders, HttpMethod: GET, ThrottlingRateLimit: 5 }, { ResourcePath: /~1other, HttpMethod: '*', ThrottlingRateLimit: 5 }]
GatewayResponses: { DEFAULT_4XX: {} }
MinimumCompressionSize: 0`);
    expect(await samTriggers(event(), shop)).toEqual([
      {
        ...rest,
        api: 'Shop',
        stage: 'live',
        gateway: [
          {
            kind: 'cors',
            cors: {
              mode: 'preflight',
              allowOrigins: ['*'],
              allowMethods: ['GET', 'PUT'],
              allowHeaders: ['X-A', 'X-B'],
              exposeHeaders: [],
              allowCredentials: false,
              maxAgeSeconds: 600,
              preflightStatus: 200,
            },
          },
          { kind: 'other', detail: 'private endpoint' },
          { kind: 'compression', fromBytes: 0 },
          { kind: 'gateway-response', detail: 'DEFAULT_4XX', adds: { errors: '4XX', headers: [] } },
          { kind: 'mutual-tls' },
          { kind: 'other', detail: 'base path /v1 of a custom domain' },
          { kind: 'throttling' },
        ],
      },
    ]);
  });

  const auth = `StageName: live
Auth:
  DefaultAuthorizer: Users
  Authorizers:
    Users: { UserPoolArn: !Ref PoolArn, AuthorizationScopes: [a] }
    Token: { FunctionArn: !GetAtt Guard.Arn }`;
  const guard = '\nGuard:\n  Type: AWS::Serverless::Function\n  Properties: { Runtime: nodejs22.x, Handler: app.guard, CodeUri: src/ }';

  it.each([
    ['', [authorizer({ type: 'cognito', name: 'Users', scopes: ['a'] })]],
    [', Auth: { AuthorizationScopes: [b] }', [authorizer({ type: 'cognito', name: 'Users', scopes: ['b'] })]],
    [', Auth: { Authorizer: NONE }', []],
    [', Auth: { Authorizer: AWS_IAM }', [authorizer({ type: 'iam', name: 'AWS_IAM' })]],
    [
      ', Auth: { Authorizer: Token, ApiKeyRequired: true }',
      [authorizer({ type: 'lambda', name: 'Token', functionId: 'Guard' }), { kind: 'api-key' }],
    ],
    [', Auth: { Authorizer: Missing }', [authorizer({ type: 'unknown', name: 'Missing' })]],
    [', Auth: { Authorizer: NONE, ResourcePolicy: { IpRangeWhitelist: [10.0.0.0/8] } }', [{ kind: 'resource-policy' }]],
  ])('reads who may call a route: %s', async (more, expected) => {
    expect(gatewayOf(await samTriggers(event(more), api(auth) + guard))).toEqual(expected);
  });

  it('calls the function of an authorizer one, also when no route of a function uses it', async () => {
    const { functions } = await readTemplate(samTemplate('', api(auth) + guard));
    expect(functions.find(({ id }) => id === 'Guard')?.triggers).toMatchObject([{ type: 'authorizer', source: 'Shop' }]);
  });

  it('answers no preflight that the default authorizer or a key refused', async () => {
    const withCors = (more: string) => api(`StageName: live\nCors: "'*'"\nAuth: { Authorizers: { Users: { UserPoolArn: p } }, ${more} }`);
    const kinds = async (more: string) =>
      gatewayOf(await samTriggers(event(), withCors(more))).map((feature) => (feature as { kind: string }).kind);
    expect(await kinds('DefaultAuthorizer: Users')).toEqual(['other', 'authorizer']);
    expect(await kinds('DefaultAuthorizer: Users, AddDefaultAuthorizerToCorsPreflight: false')).toEqual(['cors', 'authorizer']);
    expect(await kinds('ApiKeyRequired: true')).toEqual(['other', 'api-key']);
    expect(await kinds('ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false')).toEqual(['cors', 'api-key']);
  });

  it('reads validation only where a validator is switched on', async () => {
    const parameters = ', RequestParameters: [method.request.querystring.page: { Required: true }, method.request.header.X-A]';
    const details = async (more: string) => gatewayOf(await samTriggers(event(more), api('StageName: live')));
    expect(await details(parameters)).toEqual([]);
    expect(await details(`${parameters}, RequestModel: { Model: Order, ValidateBody: true, ValidateParameters: true }`)).toEqual([
      expect.objectContaining({ kind: 'request-validation', detail: expect.stringContaining('required: querystring.page') as unknown }),
    ]);
  });

  it('closes the routes of an API outside the template', async () => {
    expect(await samTriggers('E: { Type: Api, Properties: { Path: /orders, Method: get, RestApiId: !ImportValue Shop } }')).toMatchObject([
      { api: '!ImportValue Shop', gateway: [{ kind: 'authorizer', authorizer: { type: 'unknown' } }] },
    ]);
  });

  it('keeps the OPTIONS route of the template itself', async () => {
    const events = `${event()}\nO:\n  Type: Api\n  Properties: { Path: /orders, Method: options, RestApiId: !Ref Shop }`;
    const triggers = await samTriggers(events, api(`StageName: live\nCors: "'*'"`));
    expect(triggers).toMatchObject([
      { method: 'GET', gateway: [] },
      { method: 'OPTIONS', gateway: [] },
    ]);
  });
});

describe('OpenAPI documents of REST APIs', () => {
  const document = `openapi: 3.0.1
x-amazon-apigateway-request-validators: { all: { validateRequestBody: true, validateRequestParameters: true } }
x-amazon-apigateway-binary-media-types: [image/png]
components:
  securitySchemes:
    key: { type: apiKey, name: x-api-key, in: header }
    iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
    bearer: { type: http, scheme: bearer }
    users: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: cognito_user_pools, x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: [p] } }
    token: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authorizer: { type: token, authorizerUri: ${uri} } }
paths:
  /orders:
    get: { security: [{ users: [a] }, { key: [] }], x-amazon-apigateway-integration: &proxy { type: aws_proxy, httpMethod: POST, uri: ${uri} } }
    options:
      x-amazon-apigateway-integration:
        type: mock
        responses:
          default:
            statusCode: '204'
            responseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'", method.response.header.Access-Control-Allow-Methods: "'GET,OPTIONS'" }
  /iam: { put: { security: [{ iam: [] }], x-amazon-apigateway-integration: *proxy } }
  /bearer: { delete: { security: [{ bearer: [] }], x-amazon-apigateway-integration: *proxy } }
  /token: { x-amazon-apigateway-any-method: { security: [{ token: [] }], x-amazon-apigateway-integration: *proxy } }
  /checked:
    post:
      x-amazon-apigateway-request-validator: all
      parameters: [{ name: page, in: query, required: true }, { name: X-A, in: header }]
      requestBody: {}
      x-amazon-apigateway-integration: { type: AWS, uri: ${uri} }
  /elsewhere: { get: { x-amazon-apigateway-integration: { type: http, uri: 'https://a.example' } } }`;
  const common = { type: 'rest-api', api: 'Shop', payload: '1.0', stage: 'live', binaryMediaTypes: ['image/png'] };
  const cors = {
    kind: 'cors',
    cors: {
      mode: 'preflight',
      allowOrigins: ['*'],
      allowMethods: ['GET', 'OPTIONS'],
      allowHeaders: [],
      exposeHeaders: [],
      allowCredentials: false,
      preflightStatus: 204,
    },
  };
  const expected = [
    {
      ...common,
      method: 'GET',
      path: '/orders',
      gateway: [cors, authorizer({ type: 'cognito', name: 'users', scopes: ['a'] }), { kind: 'api-key' }],
    },
    { ...common, method: 'PUT', path: '/iam', gateway: [authorizer({ type: 'iam', name: 'iam' })] },
    { ...common, method: 'DELETE', path: '/bearer', gateway: [] },
    { ...common, method: 'ANY', path: '/token', gateway: [authorizer({ type: 'lambda', name: 'token', functionId: 'Fn' })] },
    {
      ...common,
      method: 'POST',
      path: '/checked',
      gateway: [
        { kind: 'mapping-template', detail: 'integration type aws' },
        expect.objectContaining({
          kind: 'request-validation',
          detail: expect.stringContaining('required: querystring.page') as unknown,
        }) as object,
      ],
    },
  ];
  const routesOf = (triggers: unknown[]) => triggers.filter((trigger) => (trigger as { type: string }).type === 'rest-api');

  it('reads a document in the template', async () => {
    const shop = api(`StageName: live\nDefinitionBody:\n${document.replace(/^/gm, '  ')}`);
    expect(routesOf(await samTriggers('', shop))).toEqual(expected);
  });

  it.each([
    ['named by DefinitionUri', 'StageName: live\nDefinitionUri: api/openapi.yaml'],
    ['included', 'StageName: live\nDefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: api/openapi.yaml } } }'],
  ])('reads a document %s', async (_, properties) => {
    const { triggers, codes } = await readTemplate(samTemplate('', api(properties)), { 'api/openapi.yaml': document });
    expect(routesOf(triggers)).toEqual(expected);
    expect(codes).toEqual([]);
  });

  it.each([
    ['{}', [{ kind: 'resource-policy' }]],
    ["''", []],
  ])('reads the document of a raw API with its stage and its policy %s', async (policy, guards) => {
    const stage = '\nStage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Shop, StageName: live } }';
    const shop = api(`Policy: ${policy}\nBody:\n${document.replace(/^/gm, '  ')}`, 'AWS::ApiGateway::RestApi');
    expect(routesOf(await rawTriggers(shop + stage))).toEqual(
      expected.map((route) => ({ ...route, gateway: [...route.gateway, ...guards] })),
    );
  });

  it('lets the security of the document guard a route that an event declares as well', async () => {
    const shop = api(`StageName: live\nDefinitionBody:\n${document.replace(/^/gm, '  ')}`);
    const [first] = routesOf(await samTriggers(event(), shop));
    expect(gatewayOf([first])).toContainEqual(authorizer({ type: 'cognito', name: 'users', scopes: ['a'] }));
  });
});

describe('raw REST APIs', () => {
  const method = (properties: string, more = '') => `Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
Orders: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders } }
Order: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: '{id}' } }
Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api, StageName: prod } }
Get:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Api
    ResourceId: !Ref Order
    HttpMethod: GET
    Integration: { Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: ${uri} }
${properties.replace(/^/gm, '    ')}
${more}`;
  const route = { type: 'rest-api', method: 'GET', path: '/orders/{id}', api: 'Api', payload: '1.0', stage: 'prod' };

  it.each([
    ['AuthorizationType: NONE', '', []],
    ['AuthorizationType: AWS_IAM\nApiKeyRequired: true', '', [authorizer({ type: 'iam', name: 'AWS_IAM' }), { kind: 'api-key' }]],
    [
      'AuthorizationType: COGNITO_USER_POOLS\nAuthorizerId: !Ref Pool\nAuthorizationScopes: [a]',
      'Pool: { Type: AWS::ApiGateway::Authorizer, Properties: { Type: COGNITO_USER_POOLS } }',
      [authorizer({ type: 'cognito', name: 'Pool', scopes: ['a'] })],
    ],
    [
      'AuthorizationType: CUSTOM\nAuthorizerId: !Ref Token',
      `Token: { Type: AWS::ApiGateway::Authorizer, Properties: { Type: TOKEN, AuthorizerUri: !GetAtt Other.Arn } }`,
      [authorizer({ type: 'lambda', name: 'Token', functionId: 'Other' })],
    ],
    ['AuthorizationType: !Ref Kind', '', [authorizer({ type: 'unknown', name: '!Ref Kind' })]],
    [
      'RequestValidatorId: !Ref V\nRequestModels: { application/json: !Ref M }\nRequestParameters: { method.request.querystring.page: true, method.request.header.X-A: false }',
      'V: { Type: AWS::ApiGateway::RequestValidator, Properties: { ValidateRequestBody: true, ValidateRequestParameters: true } }',
      [expect.objectContaining({ kind: 'request-validation', detail: expect.stringContaining('required: querystring.page') as unknown })],
    ],
  ])('reads a method with %s', async (properties, more, gateway) => {
    expect(await rawTriggers(method(properties, more))).toEqual([{ ...route, gateway }]);
  }); // prettier-ignore

  it('reads mock preflights, and leaves out those that need credentials', async () => {
    const options = (type: string) => `Options:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Api
    ResourceId: !Ref Order
    HttpMethod: OPTIONS
    AuthorizationType: ${type}
    Integration:
      Type: MOCK
      IntegrationResponses: [{ StatusCode: 204, ResponseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" } }]`;
    const kinds = async (type: string) =>
      gatewayOf(await rawTriggers(method('', options(type)))).map((feature) => (feature as { kind: string }).kind);
    expect(await kinds('NONE')).toEqual(['cors']);
    expect(await kinds('AWS_IAM')).toEqual(['other']);
  });

  it('says when a path begins outside the template', async () => {
    const text = method('').replace('ParentId: !GetAtt Api.RootResourceId', 'ParentId: !ImportValue Parent');
    expect(await rawTriggers(text)).toEqual([
      { ...route, gateway: [{ kind: 'other', detail: 'a path that begins outside the template' }] },
    ]);
  });
});

describe('HTTP APIs', () => {
  it.each([
    ['{ Path: /orders, Method: get }', {}],
    ['{ Path: /orders, Method: get, PayloadFormatVersion: "1.0" }', { payload: '1.0' }],
    ['{ Path: /orders, Method: "*" }', { method: 'ANY' }],
    ['{}', { method: 'ANY', path: '$default' }],
    ['{ Path: $default, Method: ANY }', { method: 'ANY', path: '$default' }],
    ['{ Path: /orders, Method: get, RouteSettings: { ThrottlingBurstLimit: 5 } }', { gateway: [{ kind: 'throttling' }] }],
  ])('reads an event %s', async (properties, expected) => {
    expect(await samTriggers(`E: { Type: HttpApi, Properties: ${properties} }`)).toEqual([{ ...http, ...expected }]);
  });

  it('reads an event without properties', async () => {
    expect(await samTriggers('E: { Type: HttpApi }')).toEqual([{ ...http, method: 'ANY', path: '$default' }]);
  });

  it.each([
    ['true', { allowOrigins: ['*'], allowMethods: [], allowHeaders: [], exposeHeaders: [], allowCredentials: false }],
    [
      '{ AllowOrigins: [https://a.example], AllowMethods: [get], AllowHeaders: [X-A], ExposeHeaders: [X-B], MaxAge: 5, AllowCredentials: true }',
      {
        allowOrigins: ['https://a.example'],
        allowMethods: ['GET'],
        allowHeaders: ['X-A'],
        exposeHeaders: ['X-B'],
        allowCredentials: true,
        maxAgeSeconds: 5,
      },
    ],
  ])('reads CORS %s', async (cors, expected) => {
    const shop = api(`CorsConfiguration: ${cors}\nStageName: live`, 'AWS::Serverless::HttpApi');
    expect(await samTriggers(httpEvent(), shop)).toEqual([
      { ...http, api: 'Shop', stage: 'live', gateway: [{ kind: 'cors', cors: { mode: 'headers', ...expected, preflightStatus: 204 } }] },
    ]);
  });

  it.each([
    [
      '',
      [
        authorizer({
          type: 'jwt',
          name: 'Jwt',
          issuer: { kind: 'literal', value: 'https://i' },
          audience: [{ kind: 'literal', value: 'a' }],
        }),
      ],
    ],
    [', Auth: { Authorizer: NONE }', []],
    [', Auth: { Authorizer: AWS_IAM }', [authorizer({ type: 'iam', name: 'AWS_IAM' })]],
    [', Auth: { Authorizer: Check }', [authorizer({ type: 'lambda', name: 'Check', functionId: 'Fn' })]],
  ])('reads who may call a route of SAM: %s', async (more, expected) => {
    const shop = api(
      'Auth: { DefaultAuthorizer: Jwt, Authorizers: { Jwt: { JwtConfiguration: { issuer: https://i, audience: [a] } }, Check: { FunctionArn: !GetAtt Fn.Arn } } }',
      'AWS::Serverless::HttpApi',
    );
    expect(gatewayOf(await samTriggers(httpEvent(more), shop))).toEqual(expected);
  });

  const raw = (
    properties: string,
    integration = "PayloadFormatVersion: '2.0'",
    protocol = 'HTTP',
    more = '',
  ) => `Shop: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: ${protocol}, Name: shop } }
Integration:
  Type: AWS::ApiGatewayV2::Integration
  Properties: { ApiId: !Ref Shop, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, ${integration} }
Route:
  Type: AWS::ApiGatewayV2::Route
  Properties: { ApiId: !Ref Shop, Target: !Join [/, [integrations, !Ref Integration]], ${properties} }
${more}`;

  it.each([
    ['RouteKey: GET /orders', undefined, {}],
    ['RouteKey: $default', undefined, { method: 'ANY', path: '$default' }],
    ['RouteKey: ANY /orders', 'IntegrationMethod: POST', { method: 'ANY', payload: '1.0' }],
    [
      'RouteKey: GET /orders',
      'RequestParameters: { overwrite:header.a: b }',
      { payload: '1.0', gateway: [{ kind: 'mapping-template', detail: 'request parameters are mapped' }] },
    ],
    ['RouteKey: GET /orders, AuthorizationType: AWS_IAM', undefined, { gateway: [authorizer({ type: 'iam', name: 'AWS_IAM' })] }],
    [
      'RouteKey: GET /orders, AuthorizationType: CUSTOM, AuthorizerId: !Ref A',
      undefined,
      { gateway: [authorizer({ type: 'lambda', name: 'A', functionId: 'Other' })] },
    ],
  ])('reads a raw route %s with %s', async (properties, integration, expected) => {
    const more = 'A: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { AuthorizerType: REQUEST, AuthorizerUri: !GetAtt Other.Arn } }';
    expect(await rawTriggers(raw(properties, integration, 'HTTP', more))).toEqual([{ ...http, api: 'Shop', ...expected }]);
  }); // prettier-ignore

  it('reads a JWT authorizer of a raw route', async () => {
    const more =
      'J: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { AuthorizerType: JWT, JwtConfiguration: { Issuer: !Sub "https://${Pool}", Audience: [a] } } }';
    expect(
      gatewayOf(
        await rawTriggers(
          raw('RouteKey: GET /orders, AuthorizationType: JWT, AuthorizerId: !Ref J, AuthorizationScopes: [s]', undefined, 'HTTP', more),
        ),
      ),
    ).toEqual([
      authorizer({
        type: 'jwt',
        name: 'J',
        issuer: { kind: 'reference', text: '!Sub "https://${Pool}"', names: ['Pool'] },
        audience: [{ kind: 'literal', value: 'a' }],
        scopes: ['s'],
      }),
    ]);
  });

  it('reads a quick create API and an OpenAPI body', async () => {
    expect(await rawTriggers(api('ProtocolType: HTTP\nTarget: !GetAtt Fn.Arn', 'AWS::ApiGatewayV2::Api'))).toEqual([
      { ...http, api: 'Shop', method: 'ANY', path: '$default' },
    ]);
    const body = `Body:\n  paths:\n    /orders: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri}, payloadFormatVersion: '2.0' } } }\n    /$default: { x-amazon-apigateway-any-method: { x-amazon-apigateway-integration: { type: aws_proxy, uri: ${uri} } } }`;
    expect(await rawTriggers(api(body, 'AWS::ApiGatewayV2::Api'))).toEqual([
      { ...http, api: 'Shop' },
      { ...http, api: 'Shop', method: 'ANY', path: '$default', payload: '1.0' },
    ]);
  });

  it('reads WebSocket routes as such', async () => {
    expect(await rawTriggers(raw('RouteKey: $connect', undefined, 'WEBSOCKET'))).toEqual([{ type: 'websocket', source: '$connect' }]);
    const shop = api(
      'RouteSelectionExpression: $request.body.action\nRoutes: { $default: { FunctionArn: !GetAtt Fn.Arn } }',
      'AWS::Serverless::WebSocketApi',
    );
    expect(await samTriggers('', shop)).toEqual([{ type: 'websocket', source: '$default' }]);
  });
});

describe('function URLs', () => {
  const url = { type: 'function-url', method: 'ANY', path: '$default', api: 'Fn', payload: '2.0', stage: '$default', gateway: [] };

  it.each([
    ['{ AuthType: NONE }', {}],
    ['{ AuthType: AWS_IAM, InvokeMode: RESPONSE_STREAM }', { streaming: true, gateway: [authorizer({ type: 'iam', name: 'AWS_IAM' })] }],
    ['{ AuthType: !Ref Kind }', { gateway: [authorizer({ type: 'unknown', name: '!Ref Kind' })] }],
    [
      '{ AuthType: NONE, Cors: { AllowOrigins: ["*"], AllowMethods: [GET], MaxAge: 5 } }',
      {
        gateway: [
          {
            kind: 'cors',
            cors: {
              mode: 'headers',
              allowOrigins: ['*'],
              allowMethods: ['GET'],
              allowHeaders: [],
              exposeHeaders: [],
              allowCredentials: false,
              maxAgeSeconds: 5,
              preflightStatus: 200,
            },
          },
        ],
      },
    ],
  ])('reads %s of SAM and of a raw resource', async (settings, expected) => {
    const sam = samTemplate('').replace('      CodeUri: src/\n', `      CodeUri: src/\n      FunctionUrlConfig: ${settings}\n`);
    expect((await readTemplate(sam)).triggers).toEqual([{ ...url, ...expected }]);
    const properties = settings.replace('{', '{ TargetFunctionArn: !Ref Fn,');
    expect(await rawTriggers(`U: { Type: AWS::Lambda::Url, Properties: ${properties} }`)).toEqual([{ ...url, ...expected }]);
  });
});

describe('load balancers', () => {
  const base = `Group:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt Fn.Arn }], TargetGroupAttributes: [{ Key: lambda.multi_value_headers.enabled, Value: 'true' }] }`;
  const listener = (more: string) =>
    `Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { Port: 80, DefaultActions: [${more}] } }`;
  const forward = '{ Type: forward, TargetGroupArn: !Ref Group }';
  const alb = { type: 'alb', method: 'ANY', path: '/*', api: 'Listener', payload: '1.0', multiValueHeaders: true, gateway: [] };

  it('reads default actions and weighted groups', async () => {
    expect(await rawTriggers(`${base}\n${listener(forward)}`)).toEqual([alb]);
    expect(
      await rawTriggers(
        `${base}\n${listener('{ Type: forward, ForwardConfig: { TargetGroups: [{ TargetGroupArn: !Ref Group, Weight: 1 }] } }')}`,
      ),
    ).toEqual([alb]);
  });

  it('reads a rule with its conditions, one route for each method and path', async () => {
    const rule = `Rule:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    ListenerArn: !Ref Listener
    Actions: [{ Type: authenticate-oidc, Order: 1 }, ${forward}]
    Conditions:
      - { Field: path-pattern, PathPatternConfig: { Values: [/a/*, /b] } }
      - { Field: http-request-method, HttpRequestMethodConfig: { Values: [GET] } }
      - { Field: host-header, Values: [a.example] }
      - { Field: query-string, QueryStringConfig: { Values: [{ Key: v, Value: '1' }] } }`;
    const expected = {
      ...alb,
      method: 'GET',
      conditions: ['host-header: a.example', 'query-string: v=1'],
      gateway: [authorizer({ type: 'alb-oidc', name: 'authenticate-oidc' })],
    };
    expect(await rawTriggers(`${base}\n${listener('{ Type: fixed-response }')}\n${rule}`)).toEqual([
      { ...expected, path: '/a/*' },
      { ...expected, path: '/b' },
    ]);
  });
});
