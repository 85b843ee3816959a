import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Front } from '../../templates/service/types.js';
import { createWeb, listenAddress } from '../../templates/service/web.js';
import { route, send, withService } from './client.js';
import { launch, removeFolders, start } from './process.js';

afterAll(removeFolders);

describe('limits', () => {
  beforeEach(() => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(() => vi.restoreAllMocks());
  const echoSize = async (event: { body?: string; isBase64Encoded: boolean }) => ({ statusCode: 200, body: String(event.body?.length) });
  const text: [string, string] = ['Content-Type', 'text/plain'];

  it('takes 5.9 MB', async () => {
    const body = 'x'.repeat(5_900_000);
    const answer = await withService([route('http-api', echoSize)], (port) => send(port, { method: 'POST', headers: [text], body }));
    expect(answer).toMatchObject({ status: 200, text: '5900000' });
  });

  it('gives back 5.9 MB', async () => {
    const body = 'x'.repeat(5_900_000);
    const answer = await withService([route('http-api', async () => ({ statusCode: 200, body }))], (port) => send(port, {}));
    expect(answer.body.length).toBe(5_900_000);
  });

  it.each([
    ['rest-api', '{"message":"Request Too Long"}'],
    ['http-api', '{"message":"Request Entity Too Large"}'],
    ['function-url', '{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}'],
    ['alb', expect.stringContaining('413 Request Entity Too Large')],
  ] as const)('%s refuses more than 6 MB in its own words', async (front, expected) => {
    const handler = vi.fn();
    const body = Buffer.alloc(7 * 1024 * 1024);
    await withService([route(front as Front, handler)], async (port) => {
      for (const headers of [[text], [text, ['Transfer-Encoding', 'chunked'] as [string, string]]]) {
        expect(await send(port, { method: 'POST', path: '/a', headers, body })).toMatchObject({ status: 413, text: expected });
      }
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('keeps idle connections longer than a load balancer', () => {
    const { server } = createWeb({ name: 'test', routes: [] }).app;
    expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
    expect(server.headersTimeout).toBeGreaterThan(server.keepAliveTimeout);
  });

  it('serves on after a client that went away in the middle of its body', async () => {
    await withService([route('http-api', echoSize)], async (port) => {
      const socket = connect(port, '127.0.0.1');
      socket.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
      expect((await send(port, {})).status).toBe(200);
    });
  });

  it.each(['PROPFIND', 'TRACE', 'PATCH', 'QUERY'])('hands on the method %s', async (method) => {
    const echo = async (event: { requestContext: { http: { method: string } } }) => ({
      statusCode: 200,
      body: event.requestContext.http.method,
    });
    const answer = await withService([route('function-url', echo)], (port) =>
      send(port, { method, headers: [['Content-Type', 'text/plain']] }),
    );
    expect(answer).toMatchObject({ status: 200, text: method });
  });
});

describe('where it listens', () => {
  it.each([
    [{}, { host: '0.0.0.0', port: 8080 }],
    [{ PORT: '3000' }, { host: '0.0.0.0', port: 3000 }],
    [
      { PORT: '3000', AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:9000' },
      { host: '127.0.0.1', port: 9000 },
    ],
    [{ AWS_LAMBDA_HTTP_ENDPOINT: 'http://[::1]:9000' }, { host: '::1', port: 9000 }],
  ])('%j', (env, expected) => expect(listenAddress(env)).toEqual(expected));
});

const entry = (handler: string, more = '') => `
import { startWeb } from './runtime/web.js';
import { requestScope } from './runtime/log.js';
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
${more}
const handler = ${handler};
startWeb({ name: 'test', routes: [
  { front: 'http-api', payload: '2.0', method: 'ANY', path: '$default', function: { name: 'fn', handler, timeoutSeconds: 10, memoryMb: 128 } },
] });
`;

describe('a running service', () => {
  it('keeps the data of 50 requests at the same time apart, in answers and in the log', async () => {
    const service = await start(
      entry(`async (event, context) => {
        await sleep(Math.random() * 50);
        console.log('work for', event.rawPath);
        await sleep(Math.random() * 50);
        return { statusCode: 200, headers: { 'x-id': context.awsRequestId, 'x-scope': requestScope.getStore().requestId }, body: event.rawPath + event.body + event.cookies };
      }`),
    );
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        send(service.port, {
          method: index % 2 ? 'POST' : 'PUT',
          path: `/r${index}`,
          headers: [
            ['Cookie', `c=${index}`],
            ['Content-Type', 'text/plain'],
          ],
          body: `b${index}`,
        }),
      ),
    );
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    const worked = new Map(service.lines().map(({ message, requestId }) => [message, requestId]));
    for (const [index, { text, headers }] of answers.entries()) {
      expect(text).toBe(`/r${index}b${index}c=${index}`);
      expect(headers['x-scope']).toEqual(headers['x-id']);
      expect([worked.get(`work for /r${index}`)]).toEqual(headers['x-id']);
    }
    expect(new Set(answers.map(({ headers }) => headers['x-id']?.[0])).size).toBe(50);
  });

  it('waits for work in the background before it ends, also for what such work starts', async () => {
    const later = `async () => {
      const work = (globalThis[Symbol.for('backgroundWork')] ??= new Set());
      work.add(sleep(200).then(() => work.add(sleep(100).then(() => console.log('done at last')))));
      return { statusCode: 200, body: 'answered' };
    }`;
    const service = await start(entry(later));
    expect(await send(service.port, {})).toMatchObject({ status: 200, text: 'answered' });
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(service.lines().map(({ message }) => message)).toContain('done at last');
  });

  it('loses nothing on SIGTERM under load, and tells the load balancer', async () => {
    const service = await start(entry(`async () => { await sleep(20 + Math.random() * 200); return { statusCode: 200, body: 'done' }; }`));
    const agent = new Agent({ keepAlive: true });
    const outcomes: unknown[] = [];
    let stopped = false;
    const client = async () => {
      while (!stopped) outcomes.push(await once200(service.port, agent));
    };
    const clients = Array.from({ length: 20 }, client);
    await new Promise((resolve) => setTimeout(resolve, 300));
    service.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const health = await send(service.port, { path: '/healthz' });
    expect({ status: health.status, text: health.text, connection: health.headers['connection'] }).toEqual({
      status: 503,
      text: '{"status":"draining"}',
      connection: ['close'],
    });
    stopped = true;
    await Promise.all(clients);
    expect(await service.exit).toBe(0);
    expect(outcomes.length).toBeGreaterThanOrEqual(20);
    expect(outcomes.filter((outcome) => outcome !== 200)).toEqual([]);
  });

  it('ends at once when nobody is connected', async () => {
    const service = await start(entry('async () => ({ statusCode: 200 })'));
    const started = Date.now();
    service.child.kill('SIGINT');
    expect(await service.exit).toBe(0);
    expect(Date.now() - started).toBeLessThan(900);
  });

  it('gives up before the platform does', async () => {
    const service = await start(entry('() => new Promise(() => undefined)'), { STOP_TIMEOUT: '2' });
    const lost = send(service.port, {}).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(1);
    await lost;
    expect(service.log()).toContain('still in flight');
  });

  it.each([
    ['unhandled promise rejection', 'Promise.reject(new Error("stray"))'],
    ['uncaught exception', 'setTimeout(() => { throw new Error("stray"); })'],
  ])('after an %s: that request fails, the others go on, and the platform is told', async (message, stray) => {
    const service = await start(
      entry(
        `async (event) => { if (event.rawPath === '/stray') { ${stray}; } await sleep(100); return { statusCode: 200, body: 'done' }; }`,
      ),
    );
    const answers = await Promise.all([send(service.port, {}), send(service.port, { path: '/stray' })]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, 'done'],
      [500, '{"message":"Internal Server Error"}'],
    ]);
    expect(await send(service.port, {})).toMatchObject({ status: 200, text: 'done' });
    expect(await send(service.port, { path: '/healthz' })).toMatchObject({ status: 503, text: '{"status":"failed"}' });
    expect(service.lines()).toContainEqual(
      expect.objectContaining({ level: 'error', message, error: expect.objectContaining({ message: 'stray' }) }),
    );
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
  });

  it('after an error of an invocation that is over: goes on', async () => {
    const service = await start(
      entry(`async () => { setTimeout(() => { throw new Error('late'); }, 20); return { statusCode: 200, body: 'done' }; }`),
    );
    expect((await send(service.port, {})).text).toBe('done');
    while (!service.log().includes('"late"')) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await send(service.port, {})).text).toBe('done');
    service.child.kill('SIGKILL');
    await service.exit;
  });

  it('charges an error in a callback of a shared connection to the only request', async () => {
    const service = await start(
      entry(
        `() => new Promise(() => { wanted = true; })`,
        `let wanted = false;
         setInterval(() => { if (wanted) { wanted = false; throw new Error('shared'); } }, 5);`,
      ),
    );
    expect(await send(service.port, {})).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
    service.child.kill('SIGKILL');
    await service.exit;
  });

  it('after an error of no invocation: finishes what is in flight and exits with 1', async () => {
    const service = await start(
      entry(
        `async () => { wanted += 1; await sleep(200); return { statusCode: 200, body: 'done' }; }`,
        `let wanted = 0;
         setInterval(() => { if (wanted > 1) { wanted = -10; throw new Error('stray'); } }, 5);`,
      ),
    );
    const answers = await Promise.all([send(service.port, {}), send(service.port, {})]);
    expect(answers.map(({ text }) => text)).toEqual(['done', 'done']);
    expect(await service.exit).toBe(1);
  });

  it('exits with 1 when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { exit, log } = await launch(entry('async () => 1'), { AWS_LAMBDA_HTTP_ENDPOINT: `127.0.0.1:${port}` });
    expect(await exit).toBe(1);
    expect(log()).toContain('EADDRINUSE');
    taken.close();
  });

  it('has the global awslambda before handlers load', async () => {
    const service = await start(
      entry('loaded', `const loaded = awslambda.streamifyResponse(async (_event, stream) => { stream.end('streamed'); });`),
    );
    expect((await send(service.port, {})).text).toBe('streamed');
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
  });

  it('logs one line a request, without the query', async () => {
    const service = await start(entry('async () => ({ statusCode: 201 })', 'console.log("loading");'));
    expect(service.lines()[0]).toMatchObject({ level: 'info', message: 'loading' });
    await send(service.port, { path: '/a?token=hunter2' });
    service.child.kill('SIGTERM');
    await service.exit;
    expect(service.lines()).toContainEqual(
      expect.objectContaining({ level: 'info', message: 'request', method: 'GET', path: '/a', status: 201, requestId: expect.any(String) }),
    );
    expect(service.log()).not.toContain('hunter2');
  });
});

/** Status of a request over a kept connection, or what broke it. */
function once200(port: number, agent: Agent): Promise<unknown> {
  return new Promise((resolve) => {
    const outgoing = request({ port, host: '127.0.0.1', agent }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode));
      incoming.on('error', resolve);
    });
    outgoing.on('error', resolve);
    outgoing.end();
  });
}
