/** APIs of SAM with an OpenAPI document of their own: SAM leaves it alone, so events neither add routes to it nor open any. */
import { describe, expect, it } from 'vitest';
import { readTemplate, samTemplate } from './templates.js';

const integration = (id: string) =>
  `x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations' }`;

const auth =
  'Auth: { DefaultAuthorizer: Guard, Authorizers: { Guard: { FunctionArn: !GetAtt Checker.Arn }, Users: { UserPoolArn: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/x } } }';

interface Documented {
  kind?: 'Api' | 'HttpApi';
  /** Properties of the API beside its document. */
  api?: string;
  /** What the document says about GET /items, beside its integration. */
  operation?: string;
  /** Replaces the document. */
  document?: string;
  event: string;
}

/** Routes of `Fn` as `GET /items [guards]`, and codes. */
async function routes({
  kind = 'Api',
  api = auth,
  operation = '',
  document,
  event,
}: Documented): Promise<{ routes: string[]; codes: string[] }> {
  const body = `DefinitionBody: { openapi: 3.0.1, paths: { /items: { get: { ${operation} ${integration('Fn')} } } } }`;
  const reference = kind === 'Api' ? 'RestApiId' : 'ApiId';
  const more = `
Shop:
  Type: AWS::Serverless::${kind}
  Properties: { ${kind === 'Api' ? 'StageName: Prod, ' : ''}${api}${api === '' ? '' : ', '}${document ?? body} }
Checker:
  Type: AWS::Serverless::Function
  Properties: { Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/ }`;
  const { fn, codes } = await readTemplate(samTemplate(`Get: { Type: ${kind}, Properties: { ${reference}: !Ref Shop, ${event} } }`, more));
  const written = fn.triggers.flatMap((trigger) =>
    'gateway' in trigger
      ? [
          `${trigger.method} ${trigger.path} [${trigger.gateway.map((each) => (each.kind === 'authorizer' ? each.authorizer.name : each.kind)).join(', ')}]`,
        ]
      : [],
  );
  return { routes: written, codes };
}

const get = 'Method: get, Path: /items';

describe('REST APIs with a document of their own', () => {
  it.each<[string, Omit<Documented, 'event'> & { event?: string }, string]>([
    ['does not open a route for an event without authorizer', { event: `${get}, Auth: { Authorizer: NONE }` }, 'Guard'],
    ['does not let an event choose the authorizer', { event: `${get}, Auth: { Authorizer: Users }` }, 'Guard'],
    ['does so with OverrideApiAuth', { event: `${get}, Auth: { Authorizer: Users, OverrideApiAuth: true }` }, 'Users'],
    ['opens a route with OverrideApiAuth', { event: `${get}, Auth: { Authorizer: NONE, OverrideApiAuth: true }` }, ''],
    ['opens a route with MergeDefinitions', { api: `${auth}, MergeDefinitions: true`, event: `${get}, Auth: { Authorizer: NONE }` }, ''],
    ['gives the default to an operation with empty security', { operation: 'security: [],' }, 'Guard'],
    [
      'gives the default to an operation whose scheme is no authorizer',
      { operation: 'security: [{ docs_only: [] }],' },
      'docs_only, Guard',
    ],
    ['lets the document choose another authorizer', { operation: 'security: [{ Users: [] }],' }, 'Users'],
    ['lets the document take the default away', { operation: 'security: [{ NONE: [] }],' }, ''],
    ['needs the key that all routes need', { api: 'Auth: { ApiKeyRequired: true }' }, 'api-key'],
    ['needs a key that only the deployment tells of', { api: 'Auth: { ApiKeyRequired: !Ref AWS::StackId }' }, 'api-key'],
  ])('%s', async (_, parts, guards) => {
    expect(await routes({ event: get, ...parts })).toEqual({ routes: [`GET /items [${guards}]`], codes: [] });
  });

  it('has no route that the document lacks', async () => {
    expect(await routes({ event: 'Method: any, Path: /other' })).toEqual({
      routes: ['GET /items [Guard]'],
      codes: ['EVENT_NOT_IN_DOCUMENT'],
    });
  });

  it('has no route for a function that the document does not lead to', async () => {
    const document = `DefinitionBody: { openapi: 3.0.1, paths: { /items: { get: { ${integration('Checker')} } } } }`;
    expect(await routes({ document, event: get })).toEqual({ routes: [], codes: ['EVENT_NOT_IN_DOCUMENT'] });
  });

  it('has the routes of events with MergeDefinitions as well', async () => {
    const { routes: found } = await routes({ api: `${auth}, MergeDefinitions: true`, event: 'Method: post, Path: /items' });
    expect(found).toEqual(['POST /items [Guard]', 'GET /items [Guard]']);
  });

  it.each([
    ['', `${get}, Auth: { Authorizer: NONE }`, 'what the document of Shop says, which is not in the repository'],
    [auth, `${get}, Auth: { Authorizer: NONE }`, 'Guard'],
    [auth, `${get}, Auth: { Authorizer: Users }`, 'Users'],
  ])('closes the route of a document that is not in the repository: %s', async (api, event, guards) => {
    expect((await routes({ api, document: 'DefinitionUri: s3://bucket/openapi.yaml', event })).routes).toEqual([`GET /items [${guards}]`]);
  });

  it('keeps what the document says about an ANY operation that an event merges with', async () => {
    const document = `DefinitionBody: { openapi: 3.0.1, paths: { /items: { x-amazon-apigateway-any-method: { security: [{ Users: [] }], ${integration('Fn')} } } } }`;
    const event = 'Method: any, Path: /items, Auth: { Authorizer: NONE }';
    expect((await routes({ api: `${auth}, MergeDefinitions: true`, document, event })).routes).toEqual(['ANY /items [Users]']);
  });

  it('lets a policy of one event refuse the other routes', async () => {
    const more = 'Open: { Type: Api, Properties: { Method: get, Path: /open } }';
    const event =
      'Closed: { Type: Api, Properties: { Method: get, Path: /closed, Auth: { ResourcePolicy: { IpRangeWhitelist: [1.2.3.4] } } } }';
    const { fn } = await readTemplate(samTemplate(`${event}\n${more}`));
    const kinds = fn.triggers.map((trigger) => ('gateway' in trigger ? trigger.gateway.map(({ kind }) => kind) : []));
    expect(kinds).toEqual([['resource-policy'], ['resource-policy']]);
  });

  it('leaves OPTIONS routes to their handler when preflights need no authorizer', async () => {
    const api = auth.replace('{ Default', '{ AddDefaultAuthorizerToCorsPreflight: false, Default');
    const document = `DefinitionBody: { openapi: 3.0.1, paths: { /items: { options: { ${integration('Fn')} } } } }`;
    expect((await routes({ api, document, event: 'Method: options, Path: /items' })).routes).toEqual(['OPTIONS /items []']);
    expect((await routes({ document, event: 'Method: options, Path: /items' })).routes).toEqual(['OPTIONS /items [Guard]']);
  });
});

describe('HTTP APIs with a document of their own', () => {
  const jwt =
    'Auth: { DefaultAuthorizer: Guard, Authorizers: { Guard: { JwtConfiguration: { issuer: https://id.example.com, audience: [a] } } } }';
  const read = (parts: Omit<Documented, 'kind'>) => routes({ kind: 'HttpApi', api: jwt, ...parts });

  it('has the routes of events as well', async () => {
    expect(await read({ event: 'Method: post, Path: /items' })).toEqual({
      routes: ['POST /items [Guard]', 'GET /items [Guard]'],
      codes: [],
    });
  });

  it.each([
    ['', `${get}, Auth: { Authorizer: NONE }`, ''],
    ['security: [],', get, 'Guard'],
    ['security: [{ docs_only: [] }],', `${get}, Auth: { AuthorizationScopes: [] }`, 'docs_only, Guard'],
  ])('takes what the document and the event say together: %s %s', async (operation, event, guards) => {
    expect((await read({ operation, event })).routes).toEqual([`GET /items [${guards}]`]);
  });

  it('lets what the document says about all operations hold for the route of an event', async () => {
    const scheme = `{ type: oauth2, x-amazon-apigateway-authorizer: { type: jwt, jwtConfiguration: { issuer: https://id.example.com, audience: [a] } } }`;
    const document = `DefinitionBody: { openapi: 3.0.1, security: [{ Own: [] }], components: { securitySchemes: { Own: ${scheme} } }, paths: {} }`;
    expect((await read({ api: '', document, event: get })).routes).toEqual(['GET /items [Own]']);
  });

  it('adds nothing to a document in a file', async () => {
    const file = `openapi: 3.0.1\npaths: { /items: { get: { ${integration('Fn')} } } }\n`;
    const template = samTemplate(
      `Get: { Type: HttpApi, Properties: { ApiId: !Ref Shop, Method: post, Path: /items } }`,
      'Shop: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionUri: openapi.yaml } }',
    );
    const { fn, codes } = await readTemplate(template, { 'openapi.yaml': file });
    expect(fn.triggers.map((trigger) => ('path' in trigger ? `${trigger.method} ${trigger.path}` : trigger.type))).toEqual(['GET /items']);
    expect(codes).toEqual(['EVENT_NOT_IN_DOCUMENT']);
  });

  it('keeps the payload format of the document', async () => {
    const template = samTemplate(
      `Get: { Type: HttpApi, Properties: { ApiId: !Ref Shop, ${get} } }`,
      `Shop: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionBody: { openapi: 3.0.1, paths: { /items: { get: { ${integration('Fn')} } } } } } }`,
    );
    expect((await readTemplate(template)).triggers).toMatchObject([{ method: 'GET', path: '/items', payload: '1.0' }]);
  });
});
