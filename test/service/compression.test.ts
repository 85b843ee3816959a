import { gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { compress } from '../../templates/service/compress.js';
import { lambda, route, send, withService } from './client.js';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const long = JSON.stringify({ text: 'long '.repeat(400) });
const handlers = {
  adapter: lambda(async () => ({ statusCode: 200, body: long })),
  native: lambda(async (_request, reply) => reply.code(200).header('content-type', 'application/json').send(long), { native: true }),
};

function ask(style: keyof typeof handlers, accepted: string | undefined, fromBytes = 1024) {
  const made = route('rest-api', async () => null, { path: '/a', function: handlers[style], compress: compress(fromBytes) });
  return withService([made], (port) => send(port, { path: '/a', headers: accepted === undefined ? [] : [['Accept-Encoding', accepted]] }));
}

it.each(['adapter', 'native'] as const)('compresses what an %s route answers as the client likes it best', async (style) => {
  const gzipped = await ask(style, 'gzip, deflate, br');
  expect(gzipped.headers).toMatchObject({ 'content-encoding': ['gzip'], 'content-type': ['application/json'] });
  expect(gzipped.headers['content-length']).toEqual([String(gzipped.body.length)]);
  expect(gunzipSync(gzipped.body).toString()).toBe(long);
  const deflated = await ask(style, 'gzip;q=0.5, DEFLATE');
  expect(deflated.headers['content-encoding']).toEqual(['deflate']);
  expect(inflateSync(deflated.body).toString()).toBe(long);
});

it.each<['adapter' | 'native', string | undefined, number?]>([
  ['adapter', undefined],
  ['native', undefined],
  ['adapter', '*'],
  ['adapter', 'br, gzip'],
  ['native', 'identity, gzip;q=0.5'],
  ['adapter', 'gzip;q=0'],
  ['adapter', 'gzip', 10_000],
  ['native', 'gzip', 10_000],
])('%s: leaves it as it is for %s from %s bytes on', async (style, accepted, fromBytes) => {
  const { headers, text } = await ask(style, accepted, fromBytes);
  expect(headers['content-encoding']).toBeUndefined();
  expect(text).toBe(long);
});

it('leaves what the handler encoded itself, and answers without a body', async () => {
  const encoded = async () => ({ statusCode: 200, headers: { 'Content-Encoding': 'br' }, body: long });
  const none = async () => ({ statusCode: 204, body: long });
  const routes = [encoded, none].map((handler, index) => route('rest-api', handler, { path: `/${index}`, compress: compress(0) }));
  await withService(routes, async (port) => {
    const headers: [string, string][] = [['Accept-Encoding', 'gzip']];
    expect(await send(port, { path: '/0', headers })).toMatchObject({ text: long, headers: { 'content-encoding': ['br'] } });
    expect((await send(port, { path: '/1', headers })).headers['content-encoding']).toBeUndefined();
  });
});
