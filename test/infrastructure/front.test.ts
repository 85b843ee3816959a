import { describe, expect, it } from 'vitest';
import { rerouteService } from '../../src/infrastructure/front/serverless.js';
import type { PlainObject } from '../../src/project/data.js';
import type { HttpTrigger } from '../../src/project/trigger.js';

const to = { condition: 'Moves', link: (api: string) => ({ Ref: api }), address: ['host', ':8000'], listener: { Ref: 'Listener' } };

function rerouted(fn: PlainObject, more: PlainObject = {}, types: HttpTrigger['type'][] = ['rest-api']) {
  const triggers = types.map((type): HttpTrigger => ({ type, method: 'GET', path: '/x', api: 'A', payload: '2.0', gateway: [] }));
  return rerouteService({ functions: { 'my-fn_a': fn }, ...more }, { key: 'my-fn_a', triggers }, to);
}

/** Ids as Serverless 3 gives them. */
it.each([
  ['GET users/{userId}/pet-names', 'ApiGatewayMethodUsersUseridVarPetDashnamesGet'],
  [{ method: 'post', path: '/' }, 'ApiGatewayMethodPost'],
  [{ method: '*', path: 'a/{proxy+}' }, 'ApiGatewayMethodAProxyVarAny'],
  [{ path: 'v1.2/x_y' }, 'ApiGatewayMethodV12XyAny'],
])('the method of %j is extended by its id', (http, id) => {
  expect(Object.keys(rerouted({ events: [{ http }] }).extensions)).toEqual([id]);
});

describe('an integration', () => {
  it('of an HTTP API belongs to the function, and is as it was until it moves', () => {
    const { extensions } = rerouted({ events: [{ httpApi: 'GET /x' }] }, {}, ['http-api']);
    expect(extensions['HttpApiIntegrationMyDashfnUnderscorea']).toMatchObject({
      Properties: {
        IntegrationType: { 'Fn::If': ['Moves', 'HTTP_PROXY', 'AWS_PROXY'] },
        IntegrationUri: { 'Fn::If': ['Moves', { Ref: 'Listener' }, { 'Fn::GetAtt': ['MyDashfnUnderscoreaLambdaFunction', 'Arn'] }] },
        PayloadFormatVersion: { 'Fn::If': ['Moves', '1.0', '2.0'] },
      },
    });
  });

  it('keeps its limit, and the parameters that the method has', () => {
    const request = { parameters: { querystrings: { page: false }, headers: { 'X-Id': { required: true, mappedValue: 'context.x' } } } };
    const http = { method: 'get', path: 'a/{id}', timeoutInMillis: 5000, request };
    const [entry] = Object.values(rerouted({ events: [{ http }] }).extensions) as PlainObject[];
    const { Integration: integration, RequestParameters: parameters } = (entry?.['Properties'] ?? {}) as Record<string, PlainObject>;
    expect(parameters).toEqual({
      'method.request.querystring.page': false,
      'method.request.header.X-Id': true,
      'method.request.path.id': true,
    });
    for (const each of ((integration?.['Fn::If'] ?? []) as PlainObject[]).slice(1)) expect(each['TimeoutInMillis']).toBe(5000);
  });
});

it.each<[string, PlainObject, PlainObject]>([
  ['a variable', { events: [{ http: 'GET ${self:custom.base}/a' }] }, {}],
  ['an integration of its own', { events: [{ http: { path: 'a', method: 'get', integration: 'lambda' } }] }, {}],
  ['what answers at once', { events: [{ http: { path: 'a', method: 'get', async: true } }] }, {}],
  ['an alias', { provisionedConcurrency: 2, events: [{ http: 'GET a' }] }, {}],
  ['a function of another file', {}, {}],
  ['what is extended already', { events: [{ http: 'GET a' }] }, { resources: { extensions: { ApiGatewayMethodAGet: {} } } }],
])('%s is left, with a reason', (_, fn, more) => {
  const { extensions, left } = rerouted(fn, more);
  expect(extensions).toEqual({});
  expect(left).toHaveLength(1);
});
