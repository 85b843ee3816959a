/** Sends requests as they are written (duplicate headers, any path) and gives answers as they came. */
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Front, Handler, Route, ServiceFunction } from '../../templates/service/types.js';
import { createWeb } from '../../templates/service/web.js';

export interface Sent {
  method?: string;
  path?: string;
  /** Pairs, in order; Host is added when it is not there. */
  headers?: [string, string][];
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  statusText: string;
  /** Lower-case names; values in the order of the lines. */
  headers: Record<string, string[]>;
  body: Buffer;
  text: string;
}

export function send(port: number, { method = 'GET', path = '/', headers = [], body }: Sent): Promise<Answer> {
  const all: [string, string][] = headers.some(([name]) => name.toLowerCase() === 'host')
    ? headers
    : [['Host', 'api.example.com'], ...headers];
  const isFramed = all.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  if (body !== undefined && !isFramed) all.push(['Content-Length', String(Buffer.byteLength(body))]);
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method, path, headers: all.flat() }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: incoming.statusCode ?? 0,
          statusText: incoming.statusMessage ?? '',
          headers: incoming.headersDistinct as Record<string, string[]>,
          body: bytes,
          text: bytes.toString('utf8'),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const payloads: Record<Front, '1.0' | '2.0'> = { 'rest-api': '1.0', 'http-api': '2.0', 'function-url': '2.0', alb: '1.0' };

export function lambda(handler: Handler, more: Partial<ServiceFunction> = {}): ServiceFunction {
  return { name: 'fn', handler, timeoutSeconds: 3, memoryMb: 256, ...more };
}

export function route(front: Front, handler: Handler, more: Partial<Route> = {}): Route {
  return {
    front,
    payload: payloads[front],
    method: 'ANY',
    path: front === 'rest-api' ? '/{proxy+}' : '$default',
    function: lambda(handler),
    ...more,
  };
}

/** Starts a service with these routes, runs `use` with its port, and closes it. */
export async function withService<T>(routes: Route[], use: (port: number) => Promise<T>): Promise<T> {
  const { app } = createWeb({ name: 'test', routes });
  await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    return await use((app.server.address() as AddressInfo).port);
  } finally {
    await app.close();
  }
}

/** The event that a handler gets for a request. */
export async function eventOf(made: Omit<Route, 'function'>, sent: Sent): Promise<Record<string, unknown>> {
  let seen: Record<string, unknown> | undefined;
  const handler: Handler = async (event) => {
    seen = event as Record<string, unknown>;
    return { statusCode: 200, body: '' };
  };
  await withService([{ ...made, function: lambda(handler) }], (port) => send(port, sent));
  if (!seen) throw new Error('the handler was not called');
  return seen;
}
