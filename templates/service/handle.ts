import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isPreflight, preflight, withCors } from './cors.js';
import { eventOf } from './event.js';
import type { Answer } from './fronts.js';
import { badRequest, fronts } from './fronts.js';
import { invoke, runUntilDeadline, withinLimit } from './invoke.js';
import { describeError, logLine, requestScope } from './log.js';
import { serveRoute } from './native.js';
import type { HttpRequest } from './request.js';
import { headersOf, statusOf, toAnswer } from './result.js';
import type { Match, Router } from './router.js';
import { createRouter } from './router.js';
import type { StreamMetadata } from './streaming.js';
import { isStreaming, ResponseStream } from './streaming.js';
import type { Cors, Front, Route } from './types.js';

/** Answers requests as the fronts of its routes did. */
export interface RequestHandler {
  /** Sends the answer to a request. */
  handle(request: HttpRequest, exchange: Exchange): Promise<void>;
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
    refuseBody: (request, response) => send(response, fronts[router.find(request)?.route.front ?? front].tooLarge),
    hasOwnRoute: (path) => routes.some((route) => route.path === path && (route.method === 'GET' || route.method === 'ANY')),
  };
}

interface Service {
  router: Router;
  routes: readonly Route[];
  /** Speaks for requests that no route takes. */
  front: Front;
}

async function handle(service: Service, request: HttpRequest, exchange: Exchange): Promise<void> {
  const { raw: response } = exchange.reply;
  const scope = { requestId: request.requestId };
  const started = Date.now();
  response.once('close', () => requestScope.run(scope, () => logRequest(request, response, started)));
  await requestScope.run(scope, async () => {
    const match = service.router.find(request);
    const cors = corsOf(service, match, request);
    const finish = (answer: Answer) => {
      const front = fronts[match?.route.front ?? service.front];
      const own = new Set(answer.headers.map(([name]) => name.toLowerCase()));
      const trace = front.trace(request).filter(([name]) => !own.has(name.toLowerCase()));
      const traced = { ...answer, headers: [...answer.headers, ...trace] };
      return cors ? withCors(traced, cors, request) : traced;
    };
    const answered = (answer: Answer) => send(exchange.reply.hijack().raw, answer);
    // An OPTIONS method of the service's own wins over the mock integration of a REST API, never over an API's CORS settings.
    const isOwnOptions = cors?.mode === 'preflight' && match?.route.method === 'OPTIONS';
    if (cors && isPreflight(cors, request) && !isOwnOptions) return answered(preflight(cors, request));
    if (!match) return answered(finish(fronts[service.front].unmatched));
    const { guard } = match.route;
    if (guard) return answered(finish({ status: guard.status, headers: [['content-type', 'application/json']], body: guard.body }));
    const called = await authorized(match, request);
    if ('status' in called) return answered(finish(called));
    const problem = match.route.validate?.(request, match.parameters);
    if (problem) return answered(finish(badRequest(problem)));
    if (match.route.function.native) return serveRoute(called, request, exchange, finish);
    if (match.route.streaming || isStreaming(match.route.function.handler))
      return stream(called, request, exchange.reply.hijack().raw, finish);
    answered(finish(await answerOf(called, request)));
  });
}

/** The call with what its authorizer told of the caller, or the answer to a caller whom it refused. */
async function authorized(match: Match, request: HttpRequest): Promise<Match | Answer> {
  const { authorize, front } = match.route;
  if (!authorize) return match;
  try {
    const { refusal, ...told } = await authorize(request, match);
    return refusal ?? { ...match, ...told };
  } catch (error) {
    logLine('error', 'the authorizer failed', { error: describeError(error) });
    return fronts[front].failed;
  }
}

/** CORS settings of the route, or of the most specific route of the path when its methods do not fit. */
function corsOf({ router, routes }: Service, match: Match | undefined, request: HttpRequest): Cors | undefined {
  if (match && match.route.method !== 'ANY') return match.route.cors;
  const ofPath = match?.route.cors ?? router.findPath(request.path)?.route.cors;
  // An HTTP API answers preflights of any path.
  return ofPath ?? (match ? undefined : routes.find(({ cors }) => cors?.mode === 'headers')?.cors);
}

async function answerOf(match: Match, request: HttpRequest): Promise<Answer> {
  const { route } = match;
  const front = fronts[route.front];
  try {
    const answered = invoke(route.function, eventOf(match, request), request.requestId).then((result) => toAnswer(result, route, request));
    return await withinLimit(answered, front.limitSeconds, front.timedOut);
  } catch (error) {
    logFailure(route, error);
    return front.failed;
  }
}

async function stream(match: Match, request: HttpRequest, response: ServerResponse, finish: (answer: Answer) => Answer): Promise<void> {
  const { route } = match;
  const body = new ResponseStream(response, (contentType, metadata) =>
    writeHead(response, finish(streamHead(route, contentType, metadata))),
  );
  const closed = new Promise<void>((resolve, reject) => {
    body.once('finish', resolve);
    body.on('error', reject);
    body.once('close', () => reject(new Error('the client went away')));
  });
  // Nobody waits for it when the handler fails first.
  closed.catch(() => undefined);
  try {
    await runUntilDeadline(route.function, request.requestId, (context, settle) => {
      const returned: unknown = route.function.handler(eventOf(match, request), body, context);
      if (!(returned instanceof Promise)) throw new Error('Streaming does not support non-async handlers.');
      // Like the runtime: the invocation is over when the handler is done and its stream has ended.
      Promise.all([returned, closed]).then(() => settle.resolve(null), settle.reject);
    });
  } catch (error) {
    logFailure(route, error);
    // Once the head is sent only a broken connection can tell the client that the body is not whole.
    if (response.headersSent) response.destroy();
    else send(response, finish(fronts[route.front].failed));
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

function logRequest({ method, path, traceId }: HttpRequest, response: ServerResponse, started: number): void {
  const isWhole = response.writableFinished;
  const fields = { method, path, traceId, status: response.statusCode, milliseconds: Date.now() - started };
  logLine(isWhole ? 'info' : 'warn', isWhole ? 'request' : 'the client did not get the whole answer', fields);
}

function logFailure({ function: { name } }: Route, error: unknown): void {
  logLine('error', 'the function failed', { function: name, error: describeError(error) });
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body);
  const hasNoBody = answer.status === 204 || answer.status === 304;
  if (!hasNoBody) response.setHeader('content-length', body.length);
  writeHead(response, answer);
  response.end(hasNoBody ? undefined : body);
}

/** One line a value: Set-Cookie must never be joined. */
function writeHead(response: ServerResponse, { status, statusText, headers }: Answer): void {
  const names = new Map(headers.map(([name]) => [name.toLowerCase(), name]));
  for (const [lower, name] of names) {
    const values = headers.filter(([each]) => each.toLowerCase() === lower).map(([, value]) => value);
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  }
  if (statusText) response.writeHead(status, statusText);
  else response.writeHead(status);
}
