/** Functions that run the same code: it becomes one route handler for the routes of all of them, or none of them has a route. */
import { expect, it } from 'vitest';
import { migrated } from '../../support/native-project.js';

const definition = (functions: readonly string[]) =>
  `service: shop\nprovider: { name: aws, runtime: nodejs20.x }\nfunctions:\n${functions.map((each) => `  ${each}\n`).join('')}`;

const list = "list: { handler: handler.items, events: [{ http: 'GET /items' }] }";
const show = "show: { handler: handler.items, events: [{ http: 'GET /items/{id}' }] }";
const items = `exports.items = async (event) => {
  const id = event.pathParameters?.id ?? 'all';
  return { statusCode: 200, body: JSON.stringify({ id, route: event.resource }) };
};
`;

it('serves the routes of all functions', async () => {
  const { texts, reasons } = await migrated({ 'serverless.yml': definition([list, show]), 'handler.js': items });
  expect(reasons).toEqual([]);
  expect(texts['handler.js']).toBe(`exports.items = async (request, reply) => {
  const id = request.params.id ?? 'all';
  return reply.code(200).send({ id, route: request.routePath });
};
`);
});

it('serves functions that know the code by different names', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition([list.replace('items,', 'list,'), show]),
    'handler.js': `${items}exports.list = exports.items;\n`,
  });
  expect(reasons).toEqual([]);
  expect(texts['handler.js']).toContain('request.routePath');
  expect(texts['handler.js']).toContain('exports.list = exports.items;');
});

it.each([
  ['a schedule', 'clean: { handler: handler.items, events: [{ schedule: rate(1 day) }] }'],
  ['nothing that is known', 'clean: { handler: handler.items }'],
  ['a queue beside its route', "clean: { handler: handler.items, events: [{ http: 'GET /c' }, { sqs: 'arn:aws:sqs:us-east-1:1:q' }] }"],
])('keeps code that a function runs for %s', async (_what, other) => {
  const { texts, reasons } = await migrated({ 'serverless.yml': definition([list, other]), 'handler.js': items });
  expect(reasons).toContain('clean runs the same code');
  expect(texts['handler.js']).toBe(items);
});

it('keeps code that asks for the name of its function', async () => {
  const text = 'exports.items = async (event, context) => ({ statusCode: 200, body: context.functionName });\n';
  const { reasons } = await migrated({ 'serverless.yml': definition([list, show]), 'handler.js': text });
  expect(new Set(reasons)).toEqual(new Set(['`context.functionName` of the context has no equal in a service']));
});

it('keeps code that functions of different fronts run', async () => {
  const other = "other: { handler: handler.items, events: [{ httpApi: 'GET /o' }] }";
  const { reasons } = await migrated({ 'serverless.yml': definition([list, other]), 'handler.js': items });
  expect(new Set(reasons)).toEqual(new Set(['its routes belong to different fronts']));
});
