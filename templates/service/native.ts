import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { eventOf } from './event.js';
import type { Answer } from './fronts.js';
import { fronts } from './fronts.js';
import { runUntilDeadline, withinLimit } from './invoke.js';
import { describeError, logLine } from './log.js';
import type { HttpRequest } from './request.js';
import { headersOf, MalformedResultError, statusOf } from './result.js';
import type { Match } from './router.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The path as the front gave it: HTTP APIs decode it, the others do not. */
    path: string;
    /** The body is no text: it came as bytes, and is their base64. */
    isBase64Encoded: boolean;
    // biome-ignore lint/suspicious/noExplicitAny: what it tells is up to the authorizer, as in the types of Lambda's events
    authorizer: any;
  }
}

/** A request that a route handler answers through Fastify's reply. */
interface Exchange {
  match: Match;
  /** Adds what the front added to every answer. */
  finish(answer: Answer): Answer;
  /** The reply is on its way; what fails until it is written still replaces it. */
  isSending: boolean;
  answered: boolean;
  /** The handler returned a promise, so that what it does beside its answer is not waited for. */
  isAsync?: boolean;
  /** What the handler gave for a status is none. */
  hasBadStatus?: boolean;
  /** Called once there is an answer. */
  done?(): void;
  /** Set when not the handler but the front answers. */
  replaced?: Answer;
}

const exchanges = new WeakMap<FastifyRequest, Exchange>();

/** What every answer of a route handler goes through; hijacked replies do not come here. */
export function addRouteHooks(app: FastifyInstance): void {
  app.decorateRequest('path', '');
  app.decorateRequest('isBase64Encoded', false);
  app.decorateRequest('authorizer', undefined);
  app.addHook('onSend', async (request, reply, payload) => {
    const exchange = exchanges.get(request);
    if (!exchange) return payload;
    exchange.isSending = true;
    await undefined;
    if (!exchange.isAsync) await turnEnd();
    exchange.answered = true;
    exchange.done?.();
    return write(reply, exchange.finish(exchange.replaced ?? answerOf(exchange, reply, payload)));
  });
  // What Fastify itself fails at: a value that JSON cannot write.
  app.setErrorHandler(async (error, request, reply) => {
    const exchange = exchanges.get(request);
    if (!exchange) throw error;
    logFailure(exchange.match, error);
    exchange.replaced = fronts[exchange.match.route.front].failed;
    return reply.send('');
  });
}

/** Runs a route handler with Fastify's own request and reply; answers as the front did when the handler fails or takes too long. */
export async function serveRoute(
  match: Match,
  http: HttpRequest,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  finish: Exchange['finish'],
): Promise<void> {
  const { front: name, function: fn } = match.route;
  const front = fronts[name];
  const exchange: Exchange = { match, finish, isSending: false, answered: false };
  exchanges.set(request, exchange);
  describe(request, match, http);
  // A text is sent as it is, nothing as nothing, a value as JSON, without the charset that Fastify would add to the type.
  reply.serializer((payload: unknown) => {
    if (typeof payload === 'string' || payload === null) return payload ?? '';
    if (!reply.hasHeader('content-type')) reply.header('content-type', 'application/json');
    else if (!/json/i.test(String(reply.getHeader('content-type')))) return textOf(payload);
    return JSON.stringify(payload);
  });
  takeAnyStatus(exchange, reply);
  const replace = async (answer: Answer) => {
    if (exchange.answered) return;
    exchange.replaced = answer;
    if (!exchange.isSending) await reply.send('');
  };
  try {
    const ran = runUntilDeadline(fn, http.requestId, (_context, settle) => {
      const returned: unknown = fn.handler(request, reply);
      exchange.isAsync = isPromise(returned);
      if (isPromise(returned)) returned.then(settle.resolve, settle.reject);
      // A handler that is not async may answer later, from a callback.
      else exchange.done = () => settle.resolve(undefined);
    });
    const late = Symbol('late');
    const result = await withinLimit(ran, front.limitSeconds, late);
    if (result === late) await replace(front.timedOut);
    else if (!exchange.isSending) throw new Error('the route handler sent no answer');
  } catch (error) {
    logFailure(match, error);
    await replace(front.failed);
  }
}

/** Lambda waited for an empty event loop before it took the answer of a callback: an error that nothing handles until then counts. */
function turnEnd(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Fastify's request with what the front told of it: the same values, decoded the same way, under Fastify's names. */
function describe(request: FastifyRequest, match: Match, http: HttpRequest): void {
  const event = eventOf(match, http);
  const { pathParameters, queryStringParameters, headers, body } = event as Record<string, Record<string, string> | null>;
  const named = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  request.raw.headers = Object.fromEntries(named);
  request.raw.url = http.path + (http.query === '' ? '' : `?${http.query}`);
  request.id = http.requestId;
  request.params = pathParameters ?? {};
  request.query = queryStringParameters ?? {};
  request.body = body;
  request.path = String(event['path'] ?? event['rawPath']);
  request.isBase64Encoded = event['isBase64Encoded'] === true;
  request.authorizer = match.authorizer;
  Object.defineProperty(request, 'ip', { value: http.sourceIp, configurable: true });
}

/** Nothing but text went out under another type than JSON. The result left Lambda as JSON: a date was a text there, `NaN` nothing. */
function textOf(payload: unknown): string {
  const value = JSON.parse(JSON.stringify(payload) ?? 'null') as unknown;
  if (typeof value === 'string' || value === null) return value ?? '';
  throw new MalformedResultError('the payload is no text');
}

/** A status that is none made the front answer with its own failure, where Fastify would throw into the handler's code. */
function takeAnyStatus(exchange: Exchange, reply: FastifyReply): void {
  const set = reply.code.bind(reply) as (status: number) => FastifyReply;
  const take = (status: number) => {
    const isStatus = Number.isInteger(Number(status)) && Number(status) >= 100 && Number(status) <= 599;
    exchange.hasBadStatus = !isStatus;
    return isStatus ? set(status) : reply;
  };
  reply.code = take;
  reply.status = take;
}

/** What the handler answered; what the front could not have sent becomes its own failure. */
function answerOf({ match, hasBadStatus }: Exchange, reply: FastifyReply, payload: unknown): Answer {
  const { route } = match;
  try {
    if (hasBadStatus) throw new MalformedResultError('statusCode is no status');
    const { 'set-cookie': cookies, ...rest } = reply.getHeaders();
    const lines = headersOf(
      { headers: rest, multiValueHeaders: { 'set-cookie': [cookies ?? []].flat() } },
      { ...route, payload: '1.0', multiValueHeaders: true },
    );
    const hasType = lines.some(([name]) => name.toLowerCase() === 'content-type');
    const body = payload as Answer['body'] | null | undefined;
    return {
      status: statusOf(reply.statusCode),
      headers: hasType ? lines : [...lines, ['content-type', fronts[route.front].contentType]],
      body: body ?? '',
    };
  } catch (error) {
    logFailure(match, error);
    return fronts[route.front].failed;
  }
}

/** Puts an answer into Fastify's reply; gives the payload. */
function write(reply: FastifyReply, { status, headers, body }: Answer): Answer['body'] | null {
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  reply.code(status);
  for (const name of new Set(headers.map(([each]) => each.toLowerCase()))) {
    const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
    reply.header(name, values.length === 1 ? values[0] : values);
  }
  // Without a payload Fastify keeps the type, as the gateways do.
  return status === 204 || status === 304 ? null : body;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function logFailure({ route }: Match, error: unknown): void {
  logLine('error', 'the function failed', { function: route.function.name, error: describeError(error) });
}
