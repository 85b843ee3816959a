import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { IncomingRequest } from './types.js';

/** Lambda's limit for the payload of a synchronous invocation. */
const bodyLimit = 6 * 1024 * 1024;

/** The body is larger than Lambda took. */
export class BodyTooLargeError extends Error {}

// They belong to one connection (RFC 9110, 7.6.1); no gateway hands them on. `expect` is answered by Node.
const hopByHop = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

const noBody = Buffer.alloc(0);

/**
 * BEHIND_API_GATEWAY=true: nothing reaches this process but an API of API Gateway through its VPC link. What only the API knows of
 * a request stands in headers that it overwrites, `x-api-gateway-*`; anywhere else they are headers like others.
 */
export const isBehindApi = process.env['BEHIND_API_GATEWAY'] === 'true';

const told = 'x-api-gateway-';

/** What the events are made of. */
export type HttpRequest = IncomingRequest;

/** A request from Node's server. What few routes look at is made when it is asked for. */
export class ReceivedRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly requestId: string;
  readonly time = new Date();
  body: Buffer = noBody;
  private readonly message: IncomingMessage;
  private knownHeaders: HttpRequest['headers'] | undefined;
  private knownTraceId: string | undefined;
  private knownSourceIp: string | undefined;

  /** `target` is the request target as it was sent. */
  constructor(message: IncomingMessage, target: string) {
    const { path, query } = splitTarget(target);
    this.message = message;
    this.method = message.method ?? 'GET';
    this.path = path;
    this.query = query;
    this.requestId = this.told('request-id') ?? randomUUID();
  }

  /** Id of the API in front. */
  get apiId(): string | undefined {
    return this.told('api-id');
  }

  /** The API key of the caller, and its id. */
  get apiKey(): { apiKey: string; apiKeyId: string } | undefined {
    const [apiKey, apiKeyId] = [this.told('api-key'), this.told('api-key-id')];
    return apiKey !== undefined && apiKeyId !== undefined ? { apiKey, apiKeyId } : undefined;
  }

  private told(name: string): string | undefined {
    return isBehindApi ? rawHeader(this.message, told + name) : undefined;
  }

  get protocol(): string {
    return `HTTP/${this.message.httpVersion}`;
  }

  /** In the order and case in which they came; hop-by-hop headers are left out. */
  get headers(): HttpRequest['headers'] {
    this.knownHeaders ??= isBehindApi ? asTheApiGotThem(pairs(this.message.rawHeaders)) : pairs(this.message.rawHeaders);
    return this.knownHeaders;
  }

  get sourceIp(): string {
    this.knownSourceIp ??= this.told('source-ip') ?? sourceIp(this.message);
    return this.knownSourceIp;
  }

  get traceId(): string {
    this.knownTraceId ??= rawHeader(this.message, 'x-amzn-trace-id') ?? newTraceId();
    return this.knownTraceId;
  }

  /** Reads the message to its end. Rejects with `BodyTooLargeError`, or when the client goes away. */
  async readBody(): Promise<void> {
    this.body = await readBody(this.message);
  }

  /** A message that announces no body has none (RFC 9112, 6.3): there is nothing to wait for. */
  hasBody(): boolean {
    return rawHeader(this.message, 'content-length') !== undefined || rawHeader(this.message, 'transfer-encoding') !== undefined;
  }
}

/** Last value of a header, whatever its case. */
export function headerValue(headers: HttpRequest['headers'], name: string): string | undefined {
  for (let index = headers.length - 1; index >= 0; index--) {
    const [each, value] = headers[index] as [string, string];
    if (isNamed(each, name)) return value;
  }
  return undefined;
}

function isNamed(header: string, name: string): boolean {
  return header.length === name.length && header.toLowerCase() === name;
}

function rawHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2)
    if (isNamed(rawHeaders[index] ?? '', name)) return fromBytes(rawHeaders[index + 1] ?? '');
  return undefined;
}

/** Path and query of a request target, which may be absolute (`GET http://host/path`). */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : local.slice(mark + 1) };
}

function pairs(rawHeaders: string[]): HttpRequest['headers'] {
  const headers: HttpRequest['headers'] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!hopByHop.has(name.toLowerCase())) headers.push([name, fromBytes(rawHeaders[index + 1] ?? '')]);
  }
  return headers;
}

/** Without what an API adds on its way to a service, and with the host that the client called. */
function asTheApiGotThem(headers: HttpRequest['headers']): HttpRequest['headers'] {
  const host = headerValue(headers, `${told}domain`);
  return headers
    .filter(([name, value]) => !isAdded(name.toLowerCase(), value))
    .map(([name, value]) => (host !== undefined && isNamed(name, 'host') ? [name, host] : [name, value]));
}

function isAdded(name: string, value: string): boolean {
  if (name === 'forwarded' || name === 'x-amzn-apigateway-api-id') return true;
  return name.startsWith(told) || (name === 'via' && value.includes('AmazonAPIGateway'));
}

/** Node reads header bytes as latin1; gateways read them as UTF-8 where they are. */
function fromBytes(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
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
    check(Number(rawHeader(message, 'content-length') ?? 0));
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      check(size);
      if (size <= bodyLimit) chunks.push(chunk);
    });
    message.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    message.once('error', reject);
    message.once('close', () => {
      if (!message.readableEnded) reject(new Error('the client went away'));
    });
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
  return `Root=1-${seconds}-${randomHex()}`;
}

const randomLength = 24;
let random = '';

/** 96 random bits; asking for them one request at a time would cost more than the rest of the id. */
function randomHex(): string {
  if (random === '') random = randomBytes(randomLength * 128).toString('hex');
  const taken = random.slice(0, randomLength);
  random = random.slice(randomLength);
  return taken;
}
