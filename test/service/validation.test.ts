import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Handler } from '../../templates/service/types.js';
import { type Checks, validate } from '../../templates/service/validate.js';
import { type Answer, route, type Sent, send, withService } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const order = { type: 'object', required: ['id'], properties: { id: { type: 'integer', exclusiveMinimum: 0 } } };
const json: [string, string] = ['Content-Type', 'application/json'];

async function ask(checks: Checks, sent: Sent, handler: Handler = async () => ({ statusCode: 200, body: 'called' })): Promise<Answer> {
  const made = route('rest-api', handler, { path: '/orders/{id}', validate: validate(checks) });
  return withService([made], (port) => send(port, { method: 'POST', path: '/orders/7', ...sent }));
}

const invalid = { status: 400, text: '{"message": "Invalid request body"}' };
const called = { status: 200, text: 'called' };

describe('bodies', () => {
  const checks = { body: { 'application/json': order } };

  it.each<[string, Sent, object]>([
    ['one that fits', { headers: [json], body: '{"id":1}' }, called],
    ['one that does not fit', { headers: [json], body: '{"id":0}' }, invalid],
    ['text that is no JSON', { headers: [json], body: 'id=1' }, invalid],
    ['none, which counts as an empty object', { headers: [json] }, invalid],
    ['a type with parameters', { headers: [['content-type', 'Application/JSON; charset=utf-8']], body: '{}' }, invalid],
    ['no type, which means JSON', { body: '{}' }, invalid],
    ['a type without a model', { headers: [['Content-Type', 'text/plain']], body: '{}' }, called],
    ['names that every object has', { headers: [json], body: '{"__proto__":{"id":1}}' }, invalid],
  ])('%s', async (_, sent, expected) => expect(await ask(checks, sent)).toMatchObject(expected));

  it('answers in the words of the gateway, and does not call the handler', async () => {
    const handler = vi.fn();
    const { headers, text } = await ask(checks, { headers: [json], body: '[]' }, handler);
    expect(text).toBe('{"message": "Invalid request body"}');
    expect(headers).toMatchObject({
      'content-type': ['application/json'],
      'x-amzn-errortype': ['BadRequestException'],
      'x-amzn-requestid': [expect.any(String)],
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('uses the default model for every type without its own', async () => {
    const both = { body: { 'application/json': order, $default: { type: 'array' } } };
    expect(await ask(both, { headers: [['Content-Type', 'text/plain']], body: '{"id":1}' })).toMatchObject(invalid);
    expect(await ask(both, { headers: [['Content-Type', 'text/plain']], body: '[]' })).toMatchObject(called);
    expect(await ask(both, { headers: [json], body: '{"id":1}' })).toMatchObject(called);
    expect(await ask({ body: { $default: order } }, { body: '{}' })).toMatchObject(invalid);
  });

  it('takes no body where the model asks for nothing', async () => {
    expect(await ask({ body: { 'application/json': { type: 'object' } } }, {})).toMatchObject(called);
  });

  it.each([
    ['email', 'a@example.com', 'a'],
    ['date-time', '2026-01-02T03:04:05Z', '2026-01-02'],
    ['uri', 'https://a.example', 'a b'],
    ['ipv4', '10.0.0.1', '10.0.0'],
  ])('checks the format %s', async (format, good, bad) => {
    const one = { body: { 'application/json': { type: 'string', format } } };
    expect(await ask(one, { headers: [json], body: JSON.stringify(good) })).toMatchObject(called);
    expect(await ask(one, { headers: [json], body: JSON.stringify(bad) })).toMatchObject(invalid);
  });

  it('does not look at formats that draft 4 does not have', async () => {
    const one = { body: { 'application/json': { type: 'string', format: 'date' } } };
    expect(await ask(one, { headers: [json], body: '"yesterday"' })).toMatchObject(called);
  });

  it('follows references of the schema', async () => {
    const tree = {
      type: 'object',
      properties: { next: { $ref: '#' }, id: { $ref: '#/definitions/id' } },
      definitions: { id: { type: 'string' } },
    };
    const one = { body: { 'application/json': tree } };
    expect(await ask(one, { headers: [json], body: '{"next":{"id":"a"}}' })).toMatchObject(called);
    expect(await ask(one, { headers: [json], body: '{"next":{"id":1}}' })).toMatchObject(invalid);
  });

  it('fails when the service starts for a schema that is none', () => {
    expect(() => validate({ body: { 'application/json': { type: 'anything' } } })).toThrow(/type/);
  });
});

describe('parameters', () => {
  const required = ['querystring.page', 'header.X-Id', 'path.id'];
  const missing = (names: string) => ({ status: 400, text: `{"message": "Missing required request parameters: [${names}]"}` });

  it.each<[string, Sent, object]>([
    ['all there', { path: '/orders/7?page=1', headers: [['x-id', 'a']] }, called],
    ['all missing', { path: '/orders/7' }, missing('X-Id, page')],
    ['a blank query parameter', { path: '/orders/7?page=&page=%20', headers: [['X-Id', 'a']] }, missing('page')],
    ['a query parameter of another case', { path: '/orders/7?Page=1', headers: [['X-Id', 'a']] }, missing('page')],
    ['a blank header', { path: '/orders/7?page=1', headers: [['X-Id', '']] }, missing('X-Id')],
    ['a name that needs decoding', { path: '/orders/7?p%61ge=1', headers: [['X-Id', 'a']] }, called],
  ])('%s', async (_, sent, expected) => expect(await ask({ required }, sent)).toMatchObject(expected));

  it('of the path that the route does not have are missing', async () => {
    expect(await ask({ required: ['path.other'] }, {})).toMatchObject(missing('other'));
  });

  it('count before the body', async () => {
    const checks = { required: ['header.X-Id'], body: { 'application/json': order } };
    expect(await ask(checks, { body: '{}' })).toMatchObject(missing('X-Id'));
    expect(await ask(checks, { body: '{}', headers: [['X-Id', 'a']] })).toMatchObject(invalid);
  });
});

it('a guard comes before validation', async () => {
  const guard = { status: 401, body: '{"message":"Unauthorized"}' };
  const made = route('rest-api', async () => ({ statusCode: 200 }), { guard, validate: validate({ required: ['header.X-Id'] }) });
  expect(await withService([made], (port) => send(port, { path: '/a' }))).toMatchObject({ status: 401 });
});
