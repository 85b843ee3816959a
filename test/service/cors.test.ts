import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cors, Front, Route } from '../../templates/service/types.js';
import { type Answer, lambda, route, send, withService } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const cors: Cors = {
  mode: 'headers',
  allowOrigins: ['https://a.example.com', 'https://b.example.com'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['x-token'],
  exposeHeaders: ['x-total'],
  allowCredentials: false,
  maxAgeSeconds: 600,
  preflightStatus: 204,
};
const handler = vi.fn(async () => ({
  statusCode: 200,
  headers: { 'Access-Control-Allow-Origin': 'https://own', Vary: 'Accept' },
  body: 'own',
}));
beforeEach(() => handler.mockClear());

const origin = (value: string): [string, string] => ['Origin', value];
const preflightHeaders = (value: string): [string, string][] => [origin(value), ['Access-Control-Request-Method', 'GET']];

function ask(
  front: Front,
  settings: Partial<Cors>,
  sent: { method?: string; path?: string; headers?: [string, string][] },
  more: Partial<Route> = {},
) {
  const made = route(front, handler, { method: 'GET', path: '/a', cors: { ...cors, ...settings }, ...more });
  return withService([made], (port) => send(port, { path: '/a', ...sent }));
}
function corsHeaders({ headers }: Answer): Record<string, string> {
  const names = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
  return Object.fromEntries(names.map((name) => [name.slice('access-control-'.length), headers[name]?.join('|') ?? '']));
}

describe('CORS of an HTTP API or function URL', () => {
  it.each(['/a', '/somewhere/else'])('answers the preflight of %s itself', async (path) => {
    const answer = await ask('http-api', {}, { method: 'OPTIONS', path, headers: preflightHeaders('https://b.example.com') });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
    expect(corsHeaders(answer)).toEqual({
      'allow-origin': 'https://b.example.com',
      'allow-methods': 'GET,POST',
      'allow-headers': 'x-token',
      'max-age': '600',
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('answers it before an OPTIONS or ANY route', async () => {
    await ask('http-api', {}, { method: 'OPTIONS', headers: preflightHeaders('https://b.example.com') }, { method: 'ANY' });
    await ask('http-api', {}, { method: 'OPTIONS', headers: preflightHeaders('https://b.example.com') }, { method: 'OPTIONS' });
    expect(handler).not.toHaveBeenCalled();
  });

  it('tells a foreign origin nothing', async () => {
    const answer = await ask('http-api', {}, { method: 'OPTIONS', headers: preflightHeaders('https://evil.example.com') });
    expect({ status: answer.status, ...corsHeaders(answer) }).toEqual({ status: 204 });
  });

  it('an OPTIONS request without the headers of a preflight is none', async () => {
    expect((await ask('http-api', {}, { method: 'OPTIONS', headers: [origin('https://a.example.com')] }, { method: 'ANY' })).text).toBe(
      'own',
    );
  });

  it.each([
    ['allowed origin', {}, 'https://a.example.com', { 'allow-origin': 'https://a.example.com', 'expose-headers': 'x-total' }],
    ['foreign origin', {}, 'https://evil.example.com', {}],
    ['no origin', {}, undefined, {}],
    ['any origin', { allowOrigins: ['*'] }, 'https://x.example.com', { 'allow-origin': '*', 'expose-headers': 'x-total' }],
    [
      'any origin of a scheme',
      { allowOrigins: ['https://*'] },
      'https://x.example.com',
      { 'allow-origin': 'https://x.example.com', 'expose-headers': 'x-total' },
    ],
    ['a dot is a dot', {}, 'https://a-example.com', {}],
    [
      'any origin with credentials',
      { allowOrigins: ['*'], allowCredentials: true },
      'https://x.example.com',
      { 'allow-origin': 'https://x.example.com', 'allow-credentials': 'true', 'expose-headers': 'x-total' },
    ],
  ] as const)('replaces the headers of the handler: %s', async (_name, settings, from, expected) => {
    const answer = await ask('http-api', settings as Partial<Cors>, { headers: from === undefined ? [] : [origin(from)] });
    expect(answer.text).toBe('own');
    expect(corsHeaders(answer)).toEqual(expected);
    const isNamed = 'allow-origin' in expected && expected['allow-origin'] !== '*';
    expect(answer.headers['vary']).toEqual(isNamed ? ['Accept', 'Origin'] : ['Accept']);
  });

  it('covers refusals and failures', async () => {
    const headers = [origin('https://a.example.com')];
    const guarded = await ask('http-api', {}, { headers }, { guard: { status: 401, body: '{}' } });
    const broken = await ask('http-api', {}, { headers }, { function: lambda(() => Promise.reject(new Error('x'))) });
    const lost = await ask('http-api', {}, { headers, path: '/lost' });
    expect([guarded.status, broken.status, lost.status]).toEqual([401, 500, 404]);
    for (const answer of [guarded, broken, lost]) expect(corsHeaders(answer)).toMatchObject({ 'allow-origin': 'https://a.example.com' });
  });

  it('leaves a guarded route closed though its preflight is answered', async () => {
    const guard = { status: 401, body: '{}' };
    const asked = await ask('http-api', {}, { method: 'OPTIONS', headers: preflightHeaders('https://a.example.com') }, { guard });
    expect(asked.status).toBe(204);
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('CORS of a REST API', () => {
  const mock: Partial<Cors> = { mode: 'preflight', allowOrigins: ['*'], preflightStatus: 200 };

  it.each(['GET', 'ANY'])('answers OPTIONS of a %s route from the definition, without conditions', async (method) => {
    const answer = await ask('rest-api', mock, { method: 'OPTIONS' }, { method });
    expect({ status: answer.status, text: answer.text, type: answer.headers['content-type'] }).toEqual({
      status: 200,
      text: '',
      type: ['application/json'],
    });
    expect(corsHeaders(answer)).toEqual({ 'allow-origin': '*', 'allow-methods': 'GET,POST', 'allow-headers': 'x-token', 'max-age': '600' });
    expect(handler).not.toHaveBeenCalled();
  });

  it('leaves the headers of other answers to the handler', async () => {
    const answer = await ask('rest-api', mock, { headers: [origin('https://x.example.com')] });
    expect(corsHeaders(answer)).toEqual({ 'allow-origin': 'https://own' });
  });

  it("yields to an OPTIONS method of the service's own", async () => {
    expect((await ask('rest-api', mock, { method: 'OPTIONS' }, { method: 'OPTIONS' })).text).toBe('own');
  });

  it('is not there for other paths', async () => {
    expect((await ask('rest-api', mock, { method: 'OPTIONS', path: '/other' })).status).toBe(403);
  });

  it.each([
    ['https://b.example.com', 'https://b.example.com'],
    ['https://evil.example.com', 'https://a.example.com'],
    [undefined, 'https://a.example.com'],
  ])('of several origins, for %s', async (from, expected) => {
    const settings = { ...mock, allowOrigins: cors.allowOrigins };
    const answer = await ask('rest-api', settings, { method: 'OPTIONS', headers: from === undefined ? [] : [origin(from)] });
    expect(corsHeaders(answer)).toMatchObject({ 'allow-origin': expected });
  });
});
