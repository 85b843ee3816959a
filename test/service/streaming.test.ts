import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResponseStream } from '../../templates/service/streaming.js';
import type { Front, Handler } from '../../templates/service/types.js';
import { lambda, route, send, withService } from './client.js';

interface AwsLambda {
  streamifyResponse(handler: Handler): Handler;
  HttpResponseStream: { from(stream: ResponseStream, metadata: unknown): ResponseStream };
}
const { awslambda } = globalThis as unknown as { awslambda: AwsLambda };

let log = '';
beforeEach(() => {
  log = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log += String(chunk);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

type Write = (stream: ResponseStream, event: Record<string, unknown>, context: { awsRequestId: string }) => Promise<void>;
function streaming(write: Write, front: Front = 'function-url', timeoutSeconds = 3) {
  const handler = awslambda.streamifyResponse(async (event, stream, context) => write(stream as ResponseStream, event, context));
  return [{ ...route(front, handler), function: lambda(handler, { timeoutSeconds }) }];
}

describe('a streaming handler', () => {
  it('gets event, stream and context, and may say nothing of the answer', async () => {
    const answer = await withService(
      streaming(async (stream, event, context) => {
        stream.write(`${String(event['rawPath'])} ${context.awsRequestId.length} `);
        stream.write(Buffer.from([0xff]));
        stream.end();
      }),
      (port) => send(port, { path: '/x' }),
    );
    expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({ status: 200, type: ['application/octet-stream'] });
    expect(answer.body).toEqual(Buffer.concat([Buffer.from('/x 36 '), Buffer.from([0xff])]));
    expect(answer.headers['x-amzn-requestid']).toHaveLength(1);
  });

  it.each(['function-url', 'rest-api'] as const)('%s: sets status, headers and cookies', async (front) => {
    const metadata = { statusCode: 201, headers: { 'Content-Type': 'text/html', 'X-Count': 2 }, cookies: ['a=1', 'b=2'] };
    const answer = await withService(
      streaming(async (raw) => {
        const stream = awslambda.HttpResponseStream.from(raw, metadata);
        await pipeline(Readable.from(['<p>', 'hi']), stream);
      }, front),
      (port) => send(port, { path: '/x' }),
    );
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 201, text: '<p>hi' });
    expect(answer.headers).toMatchObject({ 'content-type': ['text/html'], 'x-count': ['2'], 'set-cookie': ['a=1', 'b=2'] });
  });

  it('sends its head though it writes nothing', async () => {
    const answer = await withService(
      streaming(async (raw) => {
        awslambda.HttpResponseStream.from(raw, { statusCode: 403 }).end();
      }),
      (port) => send(port, {}),
    );
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 403, text: '' });
  });

  it('writes values as JSON, and takes a content type', async () => {
    const answer = await withService(
      streaming(async (stream) => {
        stream.setContentType('application/x-ndjson');
        stream.write({ a: 1 });
        stream.write([2]);
        expect(() => stream.setContentType('text/plain')).toThrow('too late');
        stream.end('é');
      }),
      (port) => send(port, {}),
    );
    expect({ text: answer.text, type: answer.headers['content-type'] }).toEqual({ text: '{"a":1}[2]é', type: ['application/x-ndjson'] });
  });

  it('sends the first bytes before the last are there', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await withService(
      streaming(async (stream) => {
        stream.write('first');
        await released;
        stream.end('last');
      }),
      (port) =>
        new Promise<void>((resolve, reject) => {
          let text = '';
          request({ port, host: '127.0.0.1' }, (incoming) => {
            incoming.on('data', (chunk: Buffer) => {
              text += chunk.toString();
              if (text === 'first') release();
            });
            incoming.on('end', () => {
              expect(text).toBe('firstlast');
              resolve();
            });
          })
            .on('error', reject)
            .end();
        }),
    );
  });

  it('moves more than a socket takes at once', async () => {
    const answer = await withService(
      streaming(async (stream) => pipeline(Readable.from(Array.from({ length: 200 }, () => Buffer.alloc(100_000, 'x'))), stream)),
      (port) => send(port, {}),
    );
    expect(answer.body.length).toBe(20_000_000);
  });
});

describe('a streaming handler that fails', () => {
  const secret = 'password=hunter2';

  it.each([
    ['before the first byte', streaming(() => Promise.reject(new Error(secret)))],
    [
      'without a promise',
      [
        route(
          'function-url',
          awslambda.streamifyResponse(() => secret),
        ),
      ],
    ],
    ['with a status that is none', streaming(async (raw) => void awslambda.HttpResponseStream.from(raw, { statusCode: 'no' }).end('x'))],
    ['by ending never', streaming(() => Promise.resolve(), 'function-url', 0.1)],
  ] as const)('%s gets the answer of the front', async (_name, routes) => {
    const answer = await withService([...routes], (port) => send(port, {}));
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 502, text: 'Internal Server Error' });
    expect(log).toContain('the function failed');
  });

  it('after the first byte breaks the connection', async () => {
    const routes = streaming(async (stream) => {
      stream.write('first');
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error(secret);
    });
    await expect(withService(routes, (port) => send(port, {}))).rejects.toThrow(/aborted|socket hang up|ECONNRESET/);
    expect(log).toContain(secret);
  });
});

it('is guarded like others', async () => {
  const write = vi.fn();
  const [made] = streaming(write);
  if (!made) throw new Error('no route');
  const answer = await withService([{ ...made, guard: { status: 403, body: '{}' } }], (port) => send(port, {}));
  expect(answer.status).toBe(403);
  expect(write).not.toHaveBeenCalled();
});
