import { describe, expect, it } from 'vitest';
import { addedHeaders } from '../../src/project/gateway-response.js';
import { functionOf, projectOf, type Tree } from './tree.js';

const sam = (responses: string): Tree => ({
  'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: live, GatewayResponses: ${responses} } }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      Events: { Get: { Type: Api, Properties: { Path: /a, Method: get, RestApiId: !Ref Api } } }
`,
  'app.js': 'exports.handler = async () => ({ statusCode: 200 });',
});
const serverless: Tree = {
  'serverless.yml': `service: a
provider: { name: aws, runtime: nodejs22.x }
functions: { Fn: { handler: app.handler, events: [{ http: { path: a, method: get } }] } }
resources:
  Resources:
    Errors:
      Type: AWS::ApiGateway::GatewayResponse
      Properties:
        ResponseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'*'" }
        ResponseType: DEFAULT_5XX
        RestApiId: { Ref: ApiGatewayRestApi }
`,
  'app.js': 'exports.handler = async () => ({ statusCode: 200 });',
};

async function responsesOf(tree: Tree): Promise<unknown> {
  const { project } = await projectOf(tree);
  const [trigger] = functionOf(project, 'Fn').triggers;
  return 'gateway' in (trigger ?? {})
    ? (trigger as { gateway: { kind: string }[] }).gateway.filter(({ kind }) => kind === 'gateway-response')
    : [];
}

describe('headers of gateway responses', () => {
  it('are read from SAM', async () => {
    const written = `{ DEFAULT_4XX: { ResponseParameters: { Headers: { Access-Control-Allow-Origin: "'*'", X-A: "'b'" } } } }`;
    expect(await responsesOf(sam(written))).toMatchObject([
      {
        detail: 'DEFAULT_4XX',
        adds: {
          errors: '4XX',
          headers: [
            ['Access-Control-Allow-Origin', '*'],
            ['X-A', 'b'],
          ],
        },
      },
    ]);
  });

  it('are read from resources of Serverless', async () => {
    expect(await responsesOf(serverless)).toMatchObject([
      { detail: 'DEFAULT_5XX', adds: { errors: '5XX', headers: [['Access-Control-Allow-Origin', '*']] } },
    ]);
  });

  it.each([
    ['a status of its own', '{ DEFAULT_4XX: { StatusCode: 404 } }'],
    ['a template', `{ DEFAULT_4XX: { ResponseTemplates: { application/json: '{"error": "x"}' } } }`],
    ['one kind of error', `{ UNAUTHORIZED: { ResponseParameters: { Headers: { X-A: "'b'" } } } }`],
    ['a value of the request', '{ DEFAULT_4XX: { ResponseParameters: { Headers: { X-A: method.request.header.X } } } }'],
    ['another parameter', `{ DEFAULT_4XX: { ResponseParameters: { Paths: { a: "'b'" } } } }`],
  ])('are lost beside %s', async (_, written) => {
    const [found] = (await responsesOf(sam(written))) as [{ adds?: unknown }];
    expect(found.adds).toBeUndefined();
  });

  it('do not mind the template that is the default', () => {
    const templates = { 'application/json': '{"message":$context.error.messageString}' };
    expect(addedHeaders({ type: 'DEFAULT_4XX', headers: { A: "'b'" }, templates, doesMore: false })).toEqual({
      errors: '4XX',
      headers: [['A', 'b']],
    });
    expect(addedHeaders({ type: 'DEFAULT_4XX', headers: { A: "'b\r\nc'" }, templates, doesMore: false })).toBeUndefined();
  });
});
