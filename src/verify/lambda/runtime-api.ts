import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FunctionError, type InvokeOutcome, readStream } from './outcome.js';

/** One event for the function, with what the headers of the Runtime API tell about it. */
interface InvocationRequest {
  id: string;
  /** JSON text. */
  payload: string;
  arn: string;
  traceId: string;
  timeoutSeconds: number;
}

/** What the runtime told: the end of an invocation, or that it could not start. */
export type RuntimeReport = { id: string; outcome: InvokeOutcome } | { id: null; outcome: Extract<InvokeOutcome, { kind: 'init-error' }> };

/**
 * The Runtime API on loopback, for one runtime at a time.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export interface RuntimeApi {
  /** `127.0.0.1:port`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Hands an event to the runtime as soon as it asks; `onTaken` is called at that moment, when the clock starts. */
  offer(request: InvocationRequest, onTaken: () => void): void;
  /** Resolves when the runtime asks for an event and there is none: it is done with the one before. */
  idle(): Promise<void>;
  /** Takes back an event that nobody asked for yet, and forgets a runtime that waits. */
  reset(): void;
  /** Called for every report; those about an invocation that is over are told as well. */
  onReport: (report: RuntimeReport) => void;
  close(): Promise<void>;
}

interface Offer {
  request: InvocationRequest;
  onTaken: () => void;
}

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let offer: Offer | undefined;
  let waiting: ServerResponse | undefined;
  let awaited: (() => void)[] = [];
  const give = () => {
    if (!waiting) return;
    if (!offer) {
      for (const resolve of awaited.splice(0)) resolve();
      return;
    }
    answerNext(waiting, offer);
    offer = undefined;
    waiting = undefined;
  };
  const server = createServer((incoming, response) => {
    incoming.on('error', () => undefined);
    const path = incoming.url ?? '';
    if (path === '/2018-06-01/runtime/invocation/next') {
      waiting = response;
      response.on('close', () => {
        if (waiting === response) waiting = undefined;
      });
      give();
    } else void report(incoming, response, path, api);
  });
  const api: RuntimeApi = {
    address: await listen(server),
    offer: (request, onTaken) => {
      offer = { request, onTaken };
      give();
    },
    idle: () =>
      new Promise((resolve) => {
        awaited.push(resolve);
        give();
      }),
    reset: () => {
      offer = undefined;
      waiting = undefined;
      awaited = [];
    },
    onReport: () => undefined,
    close: () => close(server),
  };
  return api;
}

async function listen(server: Server): Promise<string> {
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answerNext(response: ServerResponse, { request, onTaken }: Offer): void {
  onTaken();
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': request.id,
    'lambda-runtime-deadline-ms': String(Date.now() + request.timeoutSeconds * 1000),
    'lambda-runtime-invoked-function-arn': request.arn,
    'lambda-runtime-trace-id': request.traceId,
  });
  response.end(request.payload);
}

const reportPath = /^\/2018-06-01\/runtime\/(?:invocation\/([^/]+)\/(response|error)|(init)\/error)$/;

async function report(incoming: IncomingMessage, response: ServerResponse, path: string, api: RuntimeApi): Promise<void> {
  const match = incoming.method === 'POST' ? reportPath.exec(path) : null;
  if (!match) {
    incoming.resume();
    return void response.writeHead(404).end();
  }
  const { bytes, whole } = await readBody(incoming);
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  const id = match[1] === undefined ? null : decodeURIComponent(match[1]);
  if (id === null) api.onReport({ id, outcome: { kind: 'init-error', error: readError(bytes) } });
  else api.onReport({ id, outcome: match[2] === 'error' ? { kind: 'error', error: readError(bytes) } : answerOf(incoming, bytes, whole) });
}

function answerOf(incoming: IncomingMessage, bytes: Buffer, whole: boolean): InvokeOutcome {
  if (incoming.headers['lambda-runtime-function-response-mode'] !== 'streaming') return { kind: 'result', payload: bytes.toString('utf8') };
  const contentType = incoming.headers['content-type'] ?? 'application/octet-stream';
  return { kind: 'stream', stream: readStream(contentType, bytes, trailingError(incoming, whole)) };
}

function trailingError(incoming: IncomingMessage, whole: boolean): FunctionError | null {
  const body = incoming.trailers['lambda-runtime-function-error-body'];
  if (body) return readError(Buffer.from(body, 'base64'));
  return whole ? null : { errorType: 'Runtime.TruncatedResponse', errorMessage: 'The response stream was destroyed' };
}

/** Node has no way to wait for trailers but the end of the message; a destroyed request ends with `close` alone. */
function readBody(incoming: IncomingMessage): Promise<{ bytes: Buffer; whole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('close', () => resolve({ bytes: Buffer.concat(chunks), whole: incoming.complete }));
    incoming.on('end', () => resolve({ bytes: Buffer.concat(chunks), whole: true }));
  });
}

function readError(bytes: Buffer): FunctionError {
  const text = bytes.toString('utf8');
  try {
    const { errorType, errorMessage, trace } = JSON.parse(text) as Partial<FunctionError>;
    return { errorType: String(errorType), errorMessage: String(errorMessage), ...(Array.isArray(trace) && { trace }) };
  } catch {
    return { errorType: 'Runtime.Unknown', errorMessage: text };
  }
}
