import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRouter } from '../../templates/service/router.js';
import type { Front, Route } from '../../templates/service/types.js';
import { lambda, route, send, withService } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

/** Routes written as `GET /path`, in this order. */
function routes(front: Front, keys: string[]): Route[] {
  return keys.map((key) => {
    const [method = '', path = ''] = key === '$default' ? ['ANY', '$default'] : key.split(' ');
    return route(front, async () => ({ statusCode: 200, body: key }), { method, path });
  });
}

function chosen(front: Front, keys: string[], method: string, path: string): [string, Record<string, string> | null] | undefined {
  const match = createRouter(routes(front, keys)).find({ method, path });
  return match && [match.route.path === '$default' ? '$default' : `${match.route.method} ${match.route.path}`, match.parameters];
}

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'ANY /pets/{id}',
  'GET /pets/{id}',
  'GET /pets/mine',
  'GET /pets/{id}/toys',
  'GET /',
];

describe('precedence, whatever the order', () => {
  it.each([
    ['GET', '/', 'GET /', null],
    ['GET', '/pets/mine', 'GET /pets/mine', null],
    ['GET', '/pets/1', 'GET /pets/{id}', { id: '1' }],
    ['POST', '/pets/1', 'ANY /pets/{id}', { id: '1' }],
    ['POST', '/pets/mine', 'ANY /pets/{id}', { id: 'mine' }],
    ['GET', '/pets/1/toys', 'GET /pets/{id}/toys', { id: '1' }],
    ['POST', '/pets/1/toys', 'ANY /{proxy+}', { proxy: 'pets/1/toys' }],
    ['GET', '/pets/1/toys/2', 'GET /pets/{proxy+}', { proxy: '1/toys/2' }],
    ['GET', '/Pets/mine', 'ANY /{proxy+}', { proxy: 'Pets/mine' }],
    ['POST', '/', '$default', null],
  ] as const)('%s %s → %s', (method, path, key, parameters) => {
    expect(chosen('http-api', keys, method, path)).toEqual([key, parameters]);
    expect(chosen('http-api', [...keys].reverse(), method, path)).toEqual([key, parameters]);
  });
});

describe('what does not match', () => {
  it.each([
    ['http-api', 'GET /{proxy+}', 'GET', '/'],
    ['rest-api', 'GET /{proxy+}', 'GET', '/'],
    ['rest-api', 'GET /files/{proxy+}', 'GET', '/files'],
    ['rest-api', 'GET /files/{proxy+}', 'GET', '/files/'],
    ['http-api', 'GET /a/{id}', 'GET', '/a/'],
    ['http-api', 'GET /a/{id}', 'GET', '/a/b/c'],
    ['http-api', 'GET /a', 'GET', '/a/'],
    ['http-api', 'GET /a', 'HEAD', '/a'],
    ['http-api', 'GET /a', 'OPTIONS', '/a'],
    ['http-api', 'GET /a', 'GET', '/A'],
    ['rest-api', 'GET /a', 'POST', '/a'],
    ['alb', 'GET /a', 'GET', '/a/b'],
    ['alb', 'GET /a?', 'GET', '/a'],
    ['alb', 'GET /a/*', 'GET', '/a'],
  ] as const)('%s %s ≠ %s %s', (front, key, method, path) => {
    expect(chosen(front, [key], method, path)).toBeUndefined();
  });
});

describe('what matches', () => {
  it.each([
    ['rest-api', 'GET /a', '/a/', null],
    ['rest-api', 'GET /a/{id}', '/a/b%2Fc%20d', { id: 'b%2Fc%20d' }],
    ['http-api', 'GET /a/{id}', '/a/b%2Fc%20d', { id: 'b/c d' }],
    ['http-api', 'GET /a/{rest+}', '/a/b%20/c/', { rest: 'b /c/' }],
    ['http-api', 'GET /a/{id}', '/a/%E0%A4%A', { id: '%E0%A4%A' }],
    ['alb', 'GET /a/*', '/a/b/c', null],
    ['alb', 'GET *.png', '/x/y.png', null],
    ['alb', 'GET /a?c', '/abc', null],
    ['alb', 'GET /a.b', '/a.b', null],
  ] as const)('%s %s = %s', (front, key, path, parameters) => {
    expect(chosen(front, [key], 'GET', path)).toEqual([key, parameters]);
  });

  it('the longer literal of a load balancer wins', () => {
    expect(chosen('alb', ['GET *', 'GET /api/*', 'GET /api/v2/*', 'GET /api/v2/me'], 'GET', '/api/v2/me')?.[0]).toBe('GET /api/v2/me');
    expect(chosen('alb', ['GET *', 'GET /api/*', 'GET /api/v2/*'], 'GET', '/api/v2/x')?.[0]).toBe('GET /api/v2/*');
    expect(chosen('alb', ['GET *', 'GET /api/*'], 'GET', '/x')?.[0]).toBe('GET *');
  });
});

describe('no route', () => {
  it.each([
    ['rest-api', 403, '{"message":"Missing Authentication Token"}', ['MissingAuthenticationTokenException']],
    ['http-api', 404, '{"message":"Not Found"}', undefined],
    ['alb', 404, expect.stringContaining('404 Not Found'), undefined],
  ] as const)('%s answers %d', async (front, status, text, errorType) => {
    for (const sent of [{ path: '/nope' }, { path: '/a', method: 'HEAD' }, { path: '/a', method: 'POST', body: 'x' }]) {
      const answer = await withService(routes(front, ['GET /a']), (port) => send(port, sent));
      expect(answer.status).toBe(status);
      if (sent.method !== 'HEAD') expect(answer.text).toEqual(text);
      expect(answer.headers['x-amzn-errortype']).toEqual(errorType);
    }
  });

  it('for a service without routes is 404', async () => {
    expect(await withService([], (port) => send(port, {}))).toMatchObject({ status: 404 });
  });
});

describe('guards', () => {
  it('refuse before the handler, for every request', async () => {
    const handler = vi.fn();
    const guarded = { ...route('http-api', handler), guard: { status: 401, body: '{"message":"Unauthorized"}' } };
    for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
      const answer = await withService([guarded], (port) => send(port, { method, headers: [['Authorization', 'Bearer x']] }));
      expect({ status: answer.status, text: answer.text, type: answer.headers['content-type'] }).toEqual({
        status: 401,
        text: '{"message":"Unauthorized"}',
        type: ['application/json'],
      });
    }
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('health', () => {
  const own = lambda(async () => ({ statusCode: 200, body: 'own' }));

  it('is answered by the service, also beside a catch-all', async () => {
    const catchAll = [{ ...route('http-api', own.handler), function: own }];
    expect(await withService(catchAll, (port) => send(port, { path: '/healthz?x=1' }))).toMatchObject({
      status: 200,
      text: '{"status":"ok"}',
    });
  });

  it('is left to a route of that very path', async () => {
    const exact = [route('http-api', own.handler, { method: 'GET', path: '/healthz' })];
    expect(await withService(exact, (port) => send(port, { path: '/healthz' }))).toMatchObject({ status: 200, text: 'own' });
  });
});

it('a method that no route of a path takes is answered by the front of that path', async () => {
  const routes = [
    route('rest-api', async () => null, { method: 'GET', path: '/rest' }),
    route('http-api', async () => null, { method: 'GET', path: '/http' }),
  ];
  await withService(routes, async (port) => {
    expect((await send(port, { method: 'PUT', path: '/rest' })).status).toBe(403);
    expect((await send(port, { method: 'PUT', path: '/http' })).status).toBe(404);
    expect((await send(port, { path: '/neither' })).status).toBe(403);
  });
});
