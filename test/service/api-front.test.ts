import { expect, it, vi } from 'vitest';

vi.hoisted(() => {
  process.env['BEHIND_API_GATEWAY'] = 'true';
});

import { eventOf, route, send, withService } from './client.js';

/** As an API sends it on: what it adds, beside what it overwrites. */
const headers: [string, string][] = [
  ['Host', 'internal-balancer.example.com:8000'],
  ['X-Forwarded-For', '198.51.100.9, 203.0.113.1'],
  ['Via', 'HTTP/1.1 AmazonAPIGateway'],
  ['Forwarded', 'by=3.0.0.1;for=203.0.113.1;host=api.example.com;proto=https'],
  ['X-Amzn-Apigateway-Api-Id', 'abc123'],
  ['x-api-gateway-source-ip', '203.0.113.1'],
  ['x-api-gateway-domain', 'api.example.com'],
  ['x-api-gateway-request-id', 'request-1'],
  ['x-api-gateway-api-id', 'abc123'],
  ['x-api-gateway-api-key', 'secret'],
  ['x-api-gateway-api-key-id', 'key-1'],
  ['X-Own', 'kept'],
];

const withoutHandler = ({ function: _, ...made }: ReturnType<typeof route>) => made;

it('an HTTP API in front tells who was called, and by whom', async () => {
  const event = await eventOf(withoutHandler(route('http-api', async () => ({}))), { path: '/a?b=c', headers });
  expect(event['requestContext']).toMatchObject({
    domainName: 'api.example.com',
    domainPrefix: 'api',
    apiId: 'abc123',
    requestId: 'request-1',
    http: { sourceIp: '203.0.113.1' },
  });
  const seen = event['headers'] as Record<string, string>;
  expect(seen).toMatchObject({ host: 'api.example.com', 'x-own': 'kept' });
  expect(Object.keys(seen).filter((name) => /^(via|forwarded|x-api-gateway.*|x-amzn-apigateway.*)$/.test(name))).toEqual([]);
});

it('what a client says of its own proxies is handed on', async () => {
  const own: [string, string][] = [
    ['Host', 'x'],
    ['Via', '1.1 proxy.example.com'],
  ];
  const event = await eventOf(withoutHandler(route('http-api', async () => ({}))), { headers: own });
  expect(event['headers']).toMatchObject({ via: '1.1 proxy.example.com', host: 'x' });
});

it('a REST API in front has checked the key, and tells which', async () => {
  const guard = { status: 403, body: '{}', doneByApi: 'api-key' as const };
  const event = await eventOf({ ...withoutHandler(route('rest-api', async () => ({}))), guard }, { path: '/a', headers });
  expect(event['requestContext']).toMatchObject({
    apiId: 'abc123',
    identity: { sourceIp: '203.0.113.1', apiKey: 'secret', apiKeyId: 'key-1' },
  });
});

it('a key on a route that asks for none is a word of the client', async () => {
  const event = await eventOf(withoutHandler(route('rest-api', async () => ({}))), { path: '/a', headers });
  expect(JSON.stringify(event)).not.toContain('secret');
});

it('what no API does stays closed', async () => {
  const closed = { ...route('rest-api', async () => ({ statusCode: 200 })), guard: { status: 403, body: '{}' } };
  expect((await withService([closed], (port) => send(port, { path: '/a', headers }))).status).toBe(403);
});
