import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { IncomingRequest } from './types.js';

/** Lambda's limit for the payload of a synchronous invocation. */
const bodyLimit = 6 * 1024 * 1024;

/** Headers are in the order and case in which they came; hop-by-hop headers are left out. */
export type HttpRequest = IncomingRequest;

/** The body is larger than Lambda took. */
export class BodyTooLargeError extends Error {}

// They belong to one connection (RFC 9110, 7.6.1); no gateway hands them on. `expect` is answered by Node.
const hopByHop = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** Reads a request to its end; `target` is its request target. Rejects with `BodyTooLargeError`, or when the client goes away. */
export async function readRequest(message: IncomingMessage, target: string): Promise<HttpRequest> {
  const { path, query } = splitTarget(target);
  const headers = pairs(message.rawHeaders).filter(([name]) => !hopByHop.has(name.toLowerCase()));
  return {
    method: message.method ?? 'GET',
    path,
    query,
    protocol: `HTTP/${message.httpVersion}`,
    headers,
    body: await readBody(message),
    sourceIp: sourceIp(message),
    requestId: randomUUID(),
    traceId: headerValue(headers, 'x-amzn-trace-id') ?? newTraceId(),
    time: new Date(),
  };
}

/** Last value of a header, whatever its case. */
export function headerValue(headers: HttpRequest['headers'], name: string): string | undefined {
  let found: string | undefined;
  for (const [each, value] of headers) if (each.toLowerCase() === name) found = value;
  return found;
}

/** Path and query of a request target, which may be absolute (`GET http://host/path`). */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : local.slice(mark + 1) };
}

function pairs(rawHeaders: string[]): HttpRequest['headers'] {
  const headers: HttpRequest['headers'] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.push([rawHeaders[index] ?? '', fromBytes(rawHeaders[index + 1] ?? '')]);
  return headers;
}

/** Node reads header bytes as latin1; gateways read them as UTF-8 where they are. */
function fromBytes(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? value : text;
}

/** The rest of a body that is too large is read and dropped, or the client would not get to the answer. */
function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const check = (bytes: number) => {
      if (bytes <= bodyLimit) return;
      chunks.length = 0;
      reject(new BodyTooLargeError());
    };
    check(Number(message.headers['content-length'] ?? 0));
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      check(size);
      if (size <= bodyLimit) chunks.push(chunk);
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', reject);
    message.once('close', () => reject(new Error('the client went away')));
  });
}

/**
 * Address of the client. The last entry of X-Forwarded-For was written by the load balancer in front; what stands before it
 * came from the client and can be forged. TRUSTED_PROXY_HOPS: how many proxies stand in front (default 1, 0 for none).
 */
function sourceIp(message: IncomingMessage): string {
  const hops = Number(process.env['TRUSTED_PROXY_HOPS'] ?? 1);
  const forwarded = [message.headers['x-forwarded-for'] ?? []].flat().join(',');
  const entries = forwarded
    .split(',')
    .map((entry) => withoutPort(entry.trim()))
    .filter((entry) => entry !== '');
  const trusted = hops > 0 ? entries[Math.max(entries.length - hops, 0)] : undefined;
  return trusted ?? (message.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** A load balancer can be told to write `address:port`. */
function withoutPort(entry: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1] ?? entry;
}

function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
