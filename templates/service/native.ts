import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { eventOf, partsOf } from './event.js';
import type { RequestParts } from './event-parts.js';
import { cookiesOf, routeKeyOf } from './event-v2.js';
import type { Answer } from './fronts.js';
import { fronts } from './fronts.js';
import type { Settle } from './invoke.js';
import { afterLimit, outlasts, runUntilDeadline } from './invoke.js';
import { describeError, logLine } from './log.js';
import type { HttpRequest } from './request.js';
import { headerValue } from './request.js';
import { headersOf, isPlainHeader, MalformedResultError, statusOf } from './result.js';
import type { Match } from './router.js';
import type { Compress } from './types.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The path as the front gave it: HTTP APIs decode it, the others do not. */
    path: string;
    /** The path of its route as the definition has it: `/orders/{id}`. */
    routePath: string;
    /** Method and path of its route, as HTTP APIs write them: `GET /orders/{id}`, `$default`. */
    routeKey: string;
    /** The query as it was sent, without the question mark. */
    queryString: string;
    /** All values of each name, where `query` has one. */
    queryValues: Record<string, string[]>;
    /** All values of each header, by lower-case names. */
    headerValues: Record<string, string[]>;
    /** The cookies one by one, `name=value`; undefined without any. */
    cookieList: string[] | undefined;
    /** The body is no text: it came as bytes, and is their base64. */
    isBase64Encoded: boolean;
    // biome-ignore lint/suspicious/noExplicitAny: what it tells is up to the authorizer, as in the types of Lambda's events
    authorizer: any;
    /** The whole event as the front would have written it, for routes that answer with it. */
    // biome-ignore lint/suspicious/noExplicitAny: its form depends on the front
    event: any;
  }
}

/** Adds what the front added to every answer. */
export interface Finish {
  finish(answer: Answer): Answer;
  /** The headers that are all it adds, unless it does more. */
  only?: Answer['headers'] | undefined;
}

/** A request that a route handler answers through Fastify's reply. */
interface Exchange {
  match: Match;
  http: HttpRequest;
  parts: RequestParts;
  finish: Finish;
  /** What the front told of the request, from the time when it is asked for. */
  headers?: Record<string, string>;
  event?: Record<string, unknown>;
  isBase64Encoded: boolean;
  /** The reply is on its way; what fails until it is written still replaces it. */
  isSending: boolean;
  answered: boolean;
  /** The front has answered in place of a handler that took too long. */
  isLate: boolean;
  /** The handler returned a promise, so that what it does beside its answer is not waited for. */
  isAsync: boolean;
  /** What the handler gave for a status is none. */
  hasBadStatus: boolean;
  /** Called once there is an answer. */
  done?(): void;
  /** Called when Fastify has it. */
  ended?(): void;
  /** Set when not the handler but the front answers. */
  replaced?: Answer;
}

const exchangeKey = Symbol('exchange');

type Exchanging = FastifyRequest & { [exchangeKey]?: Exchange };

/** What a request tells beside what Fastify's own does, each made when it is asked for. */
const told: Readonly<Record<string, (exchange: Exchange) => unknown>> = {
  path: ({ parts, http, match }) => parts.path(http, match.route),
  routePath: ({ match }) => match.route.path,
  routeKey: ({ match }) => routeKeyOf(match.route),
  queryString: ({ http }) => http.query,
  queryValues: ({ parts, http }) => parts.queryValues(http),
  headerValues: ({ parts, http, match }) => parts.headerValues(http, match.route),
  cookieList: ({ http }) => {
    const cookies = cookiesOf(http.headers);
    return cookies.length > 0 ? cookies : undefined;
  },
  isBase64Encoded: ({ isBase64Encoded }) => isBase64Encoded,
  authorizer: ({ match }) => match.authorizer,
  event: (exchange) => {
    exchange.event ??= eventOf(exchange.match, exchange.http);
    return exchange.event;
  },
};

/** What every answer of a route handler goes through; hijacked replies do not come here. */
export function addRouteHooks(app: FastifyInstance): void {
  app.decorateRequest(exchangeKey, undefined);
  for (const [name, read] of Object.entries(told)) {
    app.decorateRequest(name, {
      getter(this: Exchanging) {
        return read(this[exchangeKey] as Exchange);
      },
    });
  }
  app.addHook('onSend', (request: Exchanging, reply, payload, done) => {
    const exchange = request[exchangeKey];
    if (!exchange) {
      done(null, payload);
      return;
    }
    exchange.isSending = true;
    afterHandler(exchange, () => {
      exchange.answered = true;
      exchange.done?.();
      let outcome: unknown;
      try {
        outcome = finished(exchange, reply, payload);
      } catch (error) {
        done(error as Error);
        return;
      }
      const end = (sent: unknown) => {
        done(null, sent);
        exchange.ended?.();
      };
      const compressed = compressedOf(exchange, reply, outcome);
      if (!compressed) end(outcome);
      else
        compressed.then(({ coding, body }) => {
          reply.header('content-encoding', coding);
          end(body);
        }, done);
    });
  });
  // What Fastify itself fails at: a value that JSON cannot write.
  app.setErrorHandler(async (error, request: Exchanging, reply) => {
    const exchange = request[exchangeKey];
    if (!exchange) throw error;
    logFailure(exchange.match, error);
    exchange.replaced = fronts[exchange.match.route.front].failed;
    return reply.send('');
  });
}

/**
 * Runs a route handler with Fastify's own request and reply; answers as the front did when the handler fails or takes too long. Settles
 * when the answer is on its way: Fastify would answer itself for a promise that settles before.
 */
export function serveRoute(
  match: Match,
  http: HttpRequest,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  finish: Finish,
): Promise<void> {
  const { route } = match;
  const { function: fn } = route;
  const front = fronts[route.front];
  const exchange: Exchange = {
    match,
    http,
    parts: partsOf(route),
    finish,
    isBase64Encoded: false,
    isSending: false,
    answered: false,
    isLate: false,
    isAsync: false,
    hasBadStatus: false,
  };
  describe(request, exchange);
  // A text is sent as it is, nothing as nothing, a value as JSON, without the charset that Fastify would add to the type.
  reply.serializer((payload: unknown) => {
    if (typeof payload === 'string' || payload === null) return payload ?? '';
    if (!reply.hasHeader('content-type')) reply.header('content-type', 'application/json');
    else if (!/json/i.test(String(reply.getHeader('content-type')))) return textOf(payload);
    return JSON.stringify(payload);
  });
  takeAnyStatus(exchange, reply);
  const replace = (answer: Answer) => {
    if (exchange.answered) return;
    exchange.replaced = answer;
    if (!exchange.isSending) reply.send('');
  };
  const fail = (error: unknown) => {
    stop();
    if (exchange.isLate) return;
    logFailure(match, error);
    replace(front.failed);
  };
  const stop = !outlasts(fn, front.limitSeconds)
    ? () => {}
    : afterLimit(front.limitSeconds, () => {
        exchange.isLate = true;
        replace(front.timedOut);
      });
  const resolve = () => {
    stop();
    if (!exchange.isSending && !exchange.isLate) fail(new Error('the route handler sent no answer'));
  };
  const start = (settle: Settle) => {
    const returned: unknown = fn.handler(request, reply);
    exchange.isAsync = isPromise(returned);
    if (isPromise(returned)) returned.then(settle.resolve, settle.reject);
    // A handler that is not async may answer later, from a callback.
    else exchange.done = () => settle.resolve(undefined);
  };
  return new Promise((ended) => {
    exchange.ended = ended;
    runUntilDeadline(fn, http.requestId, start, { resolve, reject: fail });
  });
}

const settled = Promise.resolve();

/**
 * What fails in the turn in which an answer is sent still replaces it. For the answer of a callback Lambda waited even longer, for an empty
 * event loop: an error that nothing handles until then counts.
 */
function afterHandler(exchange: Exchange, run: () => void): void {
  void settled.then(() => {
    if (exchange.isAsync) run();
    else setImmediate(run);
  });
}

/** Fastify's request with what the front told of it: the same values, decoded the same way, under Fastify's names. */
function describe(request: Exchanging, exchange: Exchange): void {
  const { match, http, parts } = exchange;
  const { route } = match;
  request[exchangeKey] = exchange;
  readHeadersOfFront(request);
  request.raw.url = http.path + (http.query === '' ? '' : `?${http.query}`);
  request.id = http.requestId;
  request.params = parts.parameters(match) ?? {};
  request.query = parts.query(http, route);
  request.body = parts.noBody;
  if (http.body.length > 0) {
    const { text, isBase64Encoded } = parts.body(http, route);
    request.body = text;
    exchange.isBase64Encoded = isBase64Encoded;
  }
}

/** Headers and address come from the connection otherwise. The prototype is that of this application's requests alone. */
function readHeadersOfFront(request: Exchanging): void {
  const prototype = Object.getPrototypeOf(request) as Exchanging;
  if (Object.hasOwn(prototype, 'ip')) return;
  Object.defineProperties(prototype, {
    headers: {
      get(this: Exchanging) {
        const exchange = this[exchangeKey];
        if (!exchange) return this.raw.headers;
        exchange.headers ??= exchange.parts.headers(exchange.http, exchange.match.route);
        return exchange.headers;
      },
    },
    ip: {
      get(this: Exchanging) {
        return this[exchangeKey]?.http.sourceIp ?? this.socket.remoteAddress;
      },
    },
  });
}

/** Nothing but text went out under another type than JSON. The result left Lambda as JSON: a date was a text there, `NaN` nothing. */
function textOf(payload: unknown): string {
  const value = JSON.parse(JSON.stringify(payload) ?? 'null') as unknown;
  if (typeof value === 'string' || value === null) return value ?? '';
  throw new MalformedResultError('the payload is no text');
}

/** A status that is none made the front answer with its own failure, where Fastify would throw into the handler's code. */
function takeAnyStatus(exchange: Exchange, reply: FastifyReply): void {
  const { code } = Object.getPrototypeOf(reply) as { code(this: FastifyReply, status: number): FastifyReply };
  const take = (status: number) => {
    const isStatus = Number.isInteger(Number(status)) && Number(status) >= 100 && Number(status) <= 599;
    exchange.hasBadStatus = !isStatus;
    return isStatus ? code.call(reply, status) : reply;
  };
  reply.code = take;
  reply.status = take;
}

/** Puts what the front answers into Fastify's reply; gives the payload. */
function finished(exchange: Exchange, reply: FastifyReply, payload: unknown): unknown {
  const {
    replaced,
    finish: { finish, only },
    match,
  } = exchange;
  if (replaced || !only || !isSendable(exchange, reply)) return write(reply, finish(replaced ?? answerOf(exchange, reply, payload)));
  if (!reply.hasHeader('content-type')) reply.header('content-type', fronts[match.route.front].contentType);
  for (const [name, value] of only) if (!reply.hasHeader(name)) reply.header(name, value);
  return hasNoBody(reply.statusCode) ? null : (payload ?? '');
}

function compressedOf({ match: { route }, http }: Exchange, reply: FastifyReply, payload: unknown): ReturnType<Compress> {
  if (!route.compress || reply.hasHeader('content-encoding')) return undefined;
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return undefined;
  return route.compress(payload, headerValue(http.headers, 'accept-encoding'));
}

/** Would `answerOf` change nothing? */
function isSendable({ hasBadStatus }: Exchange, reply: FastifyReply): boolean {
  if (hasBadStatus || reply.statusCode < 200) return false;
  const headers = reply.getHeaders();
  for (const name in headers) if (!isPlainHeader(name, headers[name])) return false;
  return true;
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
  return hasNoBody(status) ? null : body;
}

/** Without a payload Fastify keeps the type, as the gateways do. */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function logFailure({ route }: Match, error: unknown): void {
  logLine('error', 'the function failed', { function: route.function.name, error: describeError(error) });
}
