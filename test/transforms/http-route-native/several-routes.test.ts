/** Handlers with several routes: what they read of a route differs from request to request. */
import { beforeAll, expect, it, vi } from 'vitest';
import type { RouteShape } from '../../../transforms/http-route-native/index.js';
import { answers, load, rewriteText, routeOf, type Sent } from '../../support/native.js';

beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

const requests: Sent[] = [
  { method: 'GET', url: '/items' },
  { method: 'POST', url: '/items?name=x', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
  { method: 'GET', url: '/items/5?name=x' },
  { method: 'DELETE', url: '/items/a%2Fb' },
];

const routesOf = (front: 'rest-api' | 'http-api'): RouteShape[] =>
  [
    ['GET', '/items'],
    ['POST', '/items'],
    ['GET', '/items/{id}'],
    ['DELETE', '/items/{id}'],
  ].map(([method = '', path = '']) => ({ ...routeOf(front), method, path }));

async function rewritten(front: 'rest-api' | 'http-api', text: string, extension = 'js'): Promise<string> {
  const routes = routesOf(front);
  const outcome = rewriteText({ text, extension, routes });
  if (outcome.kind === 'refused') return `refused: ${outcome.because}`;
  const before = await answers(load(text, extension)['handler'], false, routes, requests);
  expect(await answers(load(outcome.text, extension)['handler'], true, routes, requests)).toEqual(before);
  return outcome.text;
}

it('switches on the route of an HTTP API', async () => {
  const text = `exports.handler = async (event) => {
  switch (event.routeKey) {
    case 'GET /items':
      return { statusCode: 200, body: JSON.stringify({ all: true }) };
    case 'GET /items/{id}':
      return { statusCode: 200, body: JSON.stringify({ id: event.pathParameters?.id }) };
    default:
      return { statusCode: 405, body: event.requestContext.http.method };
  }
};
`;
  expect(await rewritten('http-api', text)).toContain(`  switch (request.routeKey) {
    case 'GET /items':
      return reply.code(200).send(JSON.stringify({ all: true }));
    case 'GET /items/{id}':
      return reply.code(200).send(JSON.stringify({ id: request.params.id }));
    default:
      return reply.code(405).send(request.method);`);
});

it('switches on method and resource of a REST API', async () => {
  const text = `exports.handler = async ({ httpMethod, resource, pathParameters: params }) => {
  switch (\`\${httpMethod} \${resource}\`) {
    case 'GET /items':
      return { statusCode: 200, body: '[]' };
    case 'GET /items/{id}':
      return { statusCode: 200, body: JSON.stringify({ id: params?.id }) };
    default:
      return { statusCode: 405, body: params ? 'for ' + params.id : 'none' };
  }
};
`;
  expect(await rewritten('rest-api', text)).toContain(
    'exports.handler = async ({ method: httpMethod, routePath: resource, params }, reply) => {',
  );
});

it('reads a variable that only some of the routes have, and says so in the types', async () => {
  const text = `import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const parameters = event.pathParameters;
  if (event.httpMethod === 'DELETE' && parameters?.id) return { statusCode: 204, body: '' };
  const id = event.pathParameters?.id ?? 'none';
  return { statusCode: 200, body: JSON.stringify({ id, hasId: parameters !== null }) };
};
`;
  expect(await rewritten('rest-api', text, 'ts')).toBe(`import type { FastifyReply, FastifyRequest } from 'fastify';

export const handler = async (
  request: FastifyRequest<{ Params: { id?: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const parameters = request.params;
  if (request.method === 'DELETE' && parameters.id) return reply.code(204).type('application/json').send('');
  const id = request.params.id ?? 'none';
  return reply.code(200).send({ id, hasId: Object.keys(parameters).length > 0 });
};
`);
});

it.each(['event.pathParameters.id', 'event.pathParameters!.id'])('keeps a handler that fails without variables: %s', async (read) => {
  const text = `export const handler = async (event: any) => ({ statusCode: 200, body: JSON.stringify({ id: ${read} }) });\n`;
  expect(await rewritten('rest-api', text, 'ts')).toMatch(/refused: .* fails for a route without variables, and the route would not/);
});
