import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { makeContext } from './context.js';
import { isPreflight, preflight, withCors } from './cors.js';
import { eventOf } from './event.js';
import type { Answer } from './fronts.js';
import { badRequest, fronts } from './fronts.js';
import type { Settle } from './invoke.js';
import { invoke, outlasts, runUntilDeadline, withinLimit } from './invoke.js';
import { describeError, logLine, logRequestLine, requestScope } from './log.js';
import type { Finish } from './native.js';
import { serveRoute } from './native.js';
import type { HttpRequest } from './request.js';
import { headerValue, isBehindApi } from './request.js';
import { headersOf, statusOf, toAnswer } from './result.js';
import type { Match, Router } from './router.js';
import { createRouter } from './router.js';
import type { StreamMetadata } from './streaming.js';
import { isStreaming, ResponseStream } from './streaming.js';
import type { Authorize, Compress, Cors, ErrorHeaders, Front, Route } from './types.js';

/** Answers requests as the fronts of its routes did. */
export interface RequestHandler {
  /** Sends the answer to a request. */
  handle(request: HttpRequest, exchange: Exchange): Promise<void> | undefined;
  /** Sends the front's answer to a request whose body is too large. */
  refuseBody(request: Pick<HttpRequest, 'method' | 'path'>, response: ServerResponse): void;
  /** A route of the service's own that answers this very path. */
  hasOwnRoute(path: string): boolean;
}

/** A request and its reply as Fastify has them. Only route handlers answer through the reply; everything else writes its bytes. */
export interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

export function createHandler(routes: readonly Route[]): RequestHandler {
  const router = createRouter(routes);
  const front: Front = routes[0]?.front ?? 'http-api';
  return {
    handle: (request, exchange) => handle({ router, routes, front }, request, exchange),
    refuseBody: (request, response) => {
      const match = router.find(request);
      const { tooLarge } = fronts[match?.route.front ?? front];
      const more = errorHeadersOf({ routes }, match)?.['4XX'] ?? [];
      send(response, { ...tooLarge, headers: [...tooLarge.headers, ...more] });
    },
    hasOwnRoute: (path) => routes.some((route) => route.path === path && (route.method === 'GET' || route.method === 'ANY')),
  };
}

interface Service {
  router: Router;
  routes: readonly Route[];
  /** Speaks for requests that no route takes. */
  front: Front;
}

function handle(service: Service, request: HttpRequest, exchange: Exchange): Promise<void> | undefined {
  const { requestId } = request;
  const started = Date.now();
  const { raw: response } = exchange.reply;
  response.on('close', () => logRequest(request, response, started));
  return requestScope.run({ requestId }, () => dispatch(service, request, exchange));
}

/** Not async: what needs no waiting is answered in the turn in which it came. */
function dispatch(service: Service, request: HttpRequest, exchange: Exchange): Promise<void> | undefined {
  const match = service.router.find(request);
  const cors = corsOf(service, match, request);
  const name = frontOf(service, match, request);
  const front = finisher(name, cors, errorHeadersOf(service, match), request);
  const answered = (answer: Answer) => send(exchange.reply.hijack().raw, answer);
  // An OPTIONS method of the service's own wins over the mock integration of a REST API, never over an API's CORS settings.
  const isOwnOptions = cors?.mode === 'preflight' && match?.route.method === 'OPTIONS';
  if (cors && isPreflight(cors, request) && !isOwnOptions) answered(preflight(cors, request));
  else if (!match) answered(front.finish(fronts[name].unmatched));
  else if (match.route.guard && !(match.route.guard.doneByApi && isBehindApi)) {
    const { status, body } = match.route.guard;
    answered(front.finish({ status, headers: [['content-type', 'application/json']], body, isFronts: true }));
  } else if (match.route.authorize) {
    return authorized(match, match.route.authorize, request).then((called) => {
      if (!('status' in called)) return serve(called, request, exchange, front);
      answered(front.finish(called));
      return undefined;
    });
  } else return serve(match, request, exchange, front);
  return undefined;
}

/** Of the route; of the path when its methods do not fit, for a service may take the place of several APIs. */
function frontOf({ router, front }: Service, match: Match | undefined, { path }: HttpRequest): Front {
  return (match ?? router.findPath(path))?.route.front ?? front;
}

/** What the front adds to an answer. */
function finisher(name: Front, cors: Cors | undefined, errors: ErrorHeaders | undefined, request: HttpRequest): Finish {
  const trace = fronts[name].trace(request);
  return {
    only: cors?.mode === 'headers' ? undefined : trace,
    finish: (answer) => {
      const own = new Set(answer.headers.map(([each]) => each.toLowerCase()));
      const added = trace.filter(([each]) => !own.has(each.toLowerCase()));
      const ofErrors = errors && answer.isFronts ? (errors[answer.status < 500 ? '4XX' : '5XX'] ?? []) : [];
      const traced = { ...answer, headers: [...answer.headers, ...added, ...ofErrors] };
      return cors ? withCors(traced, cors, request) : traced;
    },
  };
}

/** Runs the handler of a caller who may call it. */
function serve(called: Match, request: HttpRequest, exchange: Exchange, front: Finish): Promise<void> | undefined {
  const { route } = called;
  const problem = route.validate?.(request, called.parameters);
  if (problem) {
    send(exchange.reply.hijack().raw, front.finish(badRequest(problem)));
    return undefined;
  }
  if (route.function.native) return serveRoute(called, request, exchange, front);
  const response = exchange.reply.hijack().raw;
  if (route.streaming || isStreaming(route.function.handler)) return stream(called, request, response, front);
  const { compress } = route;
  const answered = answerOf(called, request).then((answer) => front.finish(answer));
  return (compress ? answered.then((answer) => compressed(answer, compress, request)) : answered).then((answer) => send(response, answer));
}

async function compressed(answer: Answer, compress: Compress, request: HttpRequest): Promise<Answer> {
  const { headers, body, status } = answer;
  if (status === 204 || status === 304 || headerValue(headers, 'content-encoding') !== undefined) return answer;
  const found = await compress(body, headerValue(request.headers, 'accept-encoding'));
  return found ? { ...answer, headers: [...headers, ['content-encoding', found.coding]], body: found.body } : answer;
}

/** The call with what its authorizer told of the caller, or the answer to a caller whom it refused. */
async function authorized(match: Match, authorize: Authorize, request: HttpRequest): Promise<Match | Answer> {
  try {
    const { refusal, ...told } = await authorize(request, match);
    return refusal ? { ...refusal, isFronts: true } : { ...match, ...told };
  } catch (error) {
    logLine('error', 'the authorizer failed', { error: describeError(error) });
    return fronts[match.route.front].failed;
  }
}

/** CORS settings of the route, or of the most specific path when its methods do not fit. */
function corsOf({ router, routes }: Service, match: Match | undefined, request: HttpRequest): Cors | undefined {
  if (match && match.route.method !== 'ANY') return match.route.cors;
  const { route } = match ?? router.findPath(request.path) ?? {};
  // The methods of a path share their preflight, whichever of them asked for it.
  const ofPath = route?.cors ?? routes.find(({ path, cors }) => path === route?.path && cors)?.cors;
  // An HTTP API answers preflights of any path.
  return ofPath ?? (match ? undefined : routes.find(({ cors }) => cors?.mode === 'headers')?.cors);
}

/** Those of the route; of the API when no route fits. */
function errorHeadersOf({ routes }: Pick<Service, 'routes'>, match: Match | undefined): ErrorHeaders | undefined {
  return match ? match.route.errorHeaders : routes.find(({ errorHeaders }) => errorHeaders)?.errorHeaders;
}

async function answerOf(match: Match, request: HttpRequest): Promise<Answer> {
  const { route } = match;
  const front = fronts[route.front];
  try {
    const answered = invoke(route.function, eventOf(match, request), request.requestId).then((result) => toAnswer(result, route, request));
    return await (outlasts(route.function, front.limitSeconds) ? withinLimit(answered, front.limitSeconds, front.timedOut) : answered);
  } catch (error) {
    logFailure(route, error);
    return front.failed;
  }
}

async function stream(match: Match, request: HttpRequest, response: ServerResponse, front: Finish): Promise<void> {
  const { route } = match;
  const body = new ResponseStream(response, (contentType, metadata) =>
    writeHead(response, front.finish(streamHead(route, contentType, metadata))),
  );
  const closed = new Promise<void>((resolve, reject) => {
    body.once('finish', resolve);
    body.on('error', reject);
    body.once('close', () => reject(new Error('the client went away')));
  });
  // Nobody waits for it when the handler fails first.
  closed.catch(() => undefined);
  try {
    await new Promise<unknown>((resolve, reject) => {
      const start = (settle: Settle, deadline: number) => {
        const context = makeContext(route.function, request.requestId, deadline);
        const returned: unknown = route.function.handler(eventOf(match, request), body, context);
        if (!(returned instanceof Promise)) throw new Error('Streaming does not support non-async handlers.');
        // Like the runtime: the invocation is over when the handler is done and its stream has ended.
        Promise.all([returned, closed]).then(() => settle.resolve(null), settle.reject);
      };
      runUntilDeadline(route.function, request.requestId, start, { resolve, reject });
    });
  } catch (error) {
    logFailure(route, error);
    // Once the head is sent only a broken connection can tell the client that the body is not whole.
    if (response.headersSent) response.destroy();
    else send(response, front.finish(fronts[route.front].failed));
    body.destroy();
  }
}

function streamHead(route: Route, contentType: string | undefined, metadata: StreamMetadata): Answer {
  const payload = route.front === 'rest-api' ? '1.0' : '2.0';
  const headers = headersOf(metadata, { ...route, payload });
  for (const cookie of payload === '1.0' ? (metadata.cookies ?? []) : []) headers.push(['set-cookie', String(cookie)]);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['content-type', contentType ?? 'application/octet-stream']);
  return { status: metadata.statusCode === undefined ? 200 : statusOf(metadata.statusCode), headers, body: '' };
}

function logRequest({ method, path, traceId, requestId }: HttpRequest, response: ServerResponse, started: number): void {
  const isWhole = response.writableFinished;
  logRequestLine({
    time: new Date().toISOString(),
    level: isWhole ? 'info' : 'warn',
    requestId,
    message: isWhole ? 'request' : 'the client did not get the whole answer',
    method,
    path,
    traceId,
    status: response.statusCode,
    milliseconds: Date.now() - started,
  });
}

function logFailure({ function: { name } }: Route, error: unknown): void {
  logLine('error', 'the function failed', { function: name, error: describeError(error) });
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const { body } = answer;
  const hasNoBody = answer.status === 204 || answer.status === 304;
  writeHead(response, answer, hasNoBody ? undefined : Buffer.byteLength(body));
  response.end(hasNoBody ? undefined : body);
}

/** One line a value: Set-Cookie must never be joined. */
function writeHead(response: ServerResponse, { status, statusText, headers }: Answer, length?: number): void {
  const lines = new Map<string, [name: string, value: string | string[]]>();
  if (length !== undefined) lines.set('content-length', ['content-length', String(length)]);
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const before = lines.get(lower);
    lines.set(lower, before ? [before[0], [before[1], value].flat()] : [name, value]);
  }
  response.writeHead(status, statusText || undefined, Object.fromEntries(lines.values()));
}
