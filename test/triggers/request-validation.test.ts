import { describe, expect, it } from 'vitest';
import { rawTriggers, samTriggers } from './templates.js';

const uri = `!Sub 'arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations'`;

/** Data of the one validation of the one route; null when it is not known what is checked. */
function validationIn(triggers: unknown[]): unknown {
  const features = (triggers as { gateway?: { kind: string; validation?: unknown }[] }[]).flatMap(({ gateway = [] }) => gateway);
  const found = features.filter(({ kind }) => kind === 'request-validation');
  expect(found.length).toBeLessThan(2);
  return found[0] && (found[0].validation ?? null);
}

describe('RequestModel of SAM', () => {
  const models = `Models:
  Order: { type: object, required: [lines], properties: { lines: { type: array, minItems: 1, items: { $ref: '#/definitions/line' } } } }
  Line: { type: object, properties: { amount: { type: integer, minimum: 0, exclusiveMinimum: true } } }`;
  const api = `Shop:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: live\n${models.replace(/^/gm, '    ')}`;
  const event = (more: string) => `E:\n  Type: Api\n  Properties: { Path: /orders, Method: post, RestApiId: !Ref Shop, ${more} }`;
  const body = {
    'application/json': {
      type: 'object',
      required: ['lines'],
      properties: { lines: { type: 'array', items: { $ref: '#/definitions/line' } } },
      definitions: { line: { type: 'object', properties: { amount: { type: 'integer', exclusiveMinimum: 0 } } } },
    },
  };
  const parameters =
    'RequestParameters: [method.request.querystring.page: { Required: true }, method.request.header.X-A, method.request.header.X-B: { Required: true }]';
  const validationOf = async (more: string) => validationIn(await samTriggers(event(more), api));

  it.each([
    ['RequestModel: { Model: Order, ValidateBody: true }', { body }],
    [
      `RequestModel: { Model: Order, ValidateBody: true, ValidateParameters: true }, ${parameters}`,
      { body, required: ['querystring.page', 'header.X-B'] },
    ],
    [`RequestModel: { Model: Order, ValidateParameters: true }, ${parameters}`, { required: ['querystring.page', 'header.X-B'] }],
    [`RequestModel: { Model: Order }, ${parameters}`, undefined],
    ['RequestModel: { Model: Order, ValidateParameters: true }', undefined],
    ['RequestModel: { Model: Missing, ValidateBody: true }', null],
    ['RequestModel: { Model: Order, ValidateBody: !Ref Check }', null],
  ])('%s', async (more, expected) => expect(await validationOf(more)).toEqual(expected));
});

describe('methods of CloudFormation', () => {
  const template = (method: string, more: string) => `Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
Post:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Api
    ResourceId: !GetAtt Api.RootResourceId
    HttpMethod: POST
    AuthorizationType: NONE
    Integration: { Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: ${uri} }
${method.replace(/^/gm, '    ')}
Both: { Type: AWS::ApiGateway::RequestValidator, Properties: { RestApiId: !Ref Api, ValidateRequestBody: true, ValidateRequestParameters: true } }
Neither: { Type: AWS::ApiGateway::RequestValidator, Properties: { RestApiId: !Ref Api } }
Order: { Type: AWS::ApiGateway::Model, Properties: { RestApiId: !Ref Api, Name: OrderModel, ContentType: application/json, Schema: ${more} } }
Line: { Type: AWS::ApiGateway::Model, Properties: { RestApiId: !Ref Api, Schema: '{"type":"integer"}' } }`;
  const plain = '{ $schema: "http://json-schema.org/draft-04/schema#", type: object, minProperties: 1 }';
  const schema = { type: 'object', minProperties: 1 };
  const validationOf = async (method: string, more = plain) => validationIn(await rawTriggers(template(method, more)));

  it.each([
    ['RequestValidatorId: !Ref Both\nRequestModels: { application/json: !Ref Order }', { body: { 'application/json': schema } }],
    ['RequestValidatorId: !GetAtt Both.RequestValidatorId\nRequestModels: { $default: OrderModel }', { body: { $default: schema } }],
    [
      'RequestValidatorId: !Ref Both\nRequestModels: { application/json: Empty }\nRequestParameters: { method.request.header.X-A: true, method.request.querystring.b: "true", method.request.querystring.c: false, method.request.path.d: true }',
      { body: { 'application/json': { title: 'Empty Schema', type: 'object' } }, required: ['header.X-A', 'querystring.b'] },
    ],
    ['RequestValidatorId: !Ref Neither\nRequestModels: { application/json: !Ref Order }', undefined],
    ['RequestModels: { application/json: !Ref Order }', undefined],
    ['RequestValidatorId: !Ref Both', undefined],
    ['RequestValidatorId: !ImportValue validator\nRequestModels: { application/json: !Ref Order }', null],
    ['RequestValidatorId: !Ref Both\nRequestModels: { application/json: !ImportValue model }', null],
  ])('%s', async (method, expected) => expect(await validationOf(method)).toEqual(expected));

  it.each([
    "{ type: array, items: { $ref: !Sub 'https://apigateway.amazonaws.com/restapis/${Api}/models/${Line}' } }",
    "{ type: array, items: { $ref: !Join ['', ['https://apigateway.amazonaws.com/restapis/', !Ref Api, /models/, !Ref Line]] } }",
  ])('follows references to other models: %s', async (model) => {
    expect(await validationOf('RequestValidatorId: !Ref Both\nRequestModels: { application/json: !Ref Order }', model)).toEqual({
      body: { 'application/json': { type: 'array', items: { $ref: '#/definitions/Line' }, definitions: { Line: { type: 'integer' } } } },
    });
  });
});

describe('OpenAPI documents', () => {
  const integration = `x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${uri} }`;
  const validators =
    'x-amazon-apigateway-request-validators: { all: { validateRequestBody: true, validateRequestParameters: true }, body: { validateRequestBody: true } }';
  const validationOf = async (document: string) =>
    validationIn(
      await samTriggers(
        '',
        `Shop:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: live\n    DefinitionBody:\n${document.replace(/^/gm, '      ')}`,
      ),
    );
  const openapi = (operation: string, head = '') => `openapi: 3.0.1
${validators}
${head}
components:
  schemas:
    Order: { type: object, required: [id], properties: { id: { type: string, nullable: true }, tags: { type: array, maxItems: 2, items: { $ref: '#/components/schemas/Tag' } } } }
    Tag: { type: string }
  parameters: { page: { name: page, in: query, required: true } }
  requestBodies: { order: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
paths:
  /orders:
    parameters: [{ name: X-A, in: header, required: true }]
    post:
      ${integration}
${operation.replace(/^/gm, '      ')}`;
  const order = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, tags: { type: 'array', items: { $ref: '#/definitions/Tag' } } },
    definitions: { Tag: { type: 'string' } },
  };

  it.each([
    [
      "x-amazon-apigateway-request-validator: all\nparameters: [{ $ref: '#/components/parameters/page' }, { name: size, in: query }]\nrequestBody: { $ref: '#/components/requestBodies/order' }",
      '',
      { body: { 'application/json': order }, required: ['header.X-A', 'querystring.page'] },
    ],
    [
      'requestBody: { content: { text/json: { schema: { type: object } } } }',
      'x-amazon-apigateway-request-validator: body',
      { body: { 'text/json': { type: 'object' } } },
    ],
    ['requestBody: { content: { application/json: { schema: { type: object } } } }', '', undefined],
    ['x-amazon-apigateway-request-validator: body\nrequestBody: { content: { application/json: {} } }', '', undefined],
    ['x-amazon-apigateway-request-validator: elsewhere\nrequestBody: { content: { application/json: { schema: {} } } }', '', null],
    [
      "x-amazon-apigateway-request-validator: body\nrequestBody: { content: { application/json: { schema: { $ref: 'order.yaml' } } } }",
      '',
      null,
    ],
  ])('of version 3: %s %s', async (operation, head, expected) => expect(await validationOf(openapi(operation, head))).toEqual(expected));

  it('of Swagger 2, for each type that the operation consumes', async () => {
    const document = `swagger: '2.0'
${validators}
consumes: [application/json, application/vnd.shop+json]
definitions: { Order: { type: object, required: [id] } }
paths:
  /orders:
    post:
      ${integration}
      x-amazon-apigateway-request-validator: all
      parameters: [{ in: body, name: order, required: true, schema: { $ref: '#/definitions/Order' } }, { in: formData, name: a, required: true }]`;
    const schema = { type: 'object', required: ['id'] };
    expect(await validationOf(document)).toEqual({ body: { 'application/json': schema, 'application/vnd.shop+json': schema } });
  });
});
