import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from 'fastify';
import { servicePort } from './environment.js';
import { createHandler } from './handle.js';
import { endLoading } from './loading.js';
import { captureConsole, describeError, logLine } from './log.js';
import { addRouteHooks } from './native.js';
import { BodyTooLargeError, ReceivedRequest } from './request.js';
import { onShutdown } from './shutdown.js';
import type { WebService } from './types.js';
import { isSound } from './uncaught.js';

// The entry file imports the handlers after this module: what they print while they load is captured too.
captureConsole();

const healthPath = '/healthz';

/** Longer than a load balancer keeps an idle connection (60 s): it must be the one to close, or it sends into a closed one. */
const keepAliveMilliseconds = 65_000;

/** A client that is slower than this in sending its request is cut off. */
const requestMilliseconds = 120_000;

/** How long requests are still taken after the signal to stop: some are on their way already. */
const lingerMilliseconds = 1_000;

/** Starts the service; entry files call it once. Exits with 1 when the port cannot be had. */
export async function startWeb(service: WebService): Promise<void> {
  endLoading();
  const { app, drain } = createWeb(service);
  onShutdown(drain);
  try {
    const address = await app.listen(listenAddress({ ...process.env, PORT: servicePort }));
    logLine('info', 'listening', { service: service.name, address });
  } catch (error) {
    logLine('error', 'cannot listen', { error: describeError(error) });
    process.exit(1);
  }
}

/** PORT on all interfaces; on Lambda (web functions) the address that Lambda names. */
export function listenAddress(env: NodeJS.ProcessEnv): { host: string; port: number } {
  const endpoint = env['AWS_LAMBDA_HTTP_ENDPOINT'];
  if (!endpoint) return { host: '0.0.0.0', port: Number(env['PORT'] ?? 8080) };
  const { hostname, port } = new URL(endpoint.includes('://') ? endpoint : `http://${endpoint}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
}

/** The server without a port, and what finishes its work. */
export function createWeb({ routes }: WebService): { app: FastifyInstance; drain(): Promise<void> } {
  const handler = createHandler(routes);
  const ownsHealthPath = handler.hasOwnRoute(healthPath);
  let draining = false;

  const app = fastify({
    keepAliveTimeout: keepAliveMilliseconds,
    requestTimeout: requestMilliseconds,
    // The gateways' rules choose the route, from the target as it was sent: Fastify's router would decode it.
    rewriteUrl: () => '/',
    exposeHeadRoutes: false,
    return503OnClosing: false,
  });
  app.server.headersTimeout = keepAliveMilliseconds + 1_000;

  // A body is bytes, whatever its type and the method, and read below: Fastify must neither take nor refuse one.
  for (const method of app.supportedMethods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });

  addRouteHooks(app);

  const answerHealth = (response: ServerResponse, status: string) => {
    response.writeHead(status === 'ok' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status }));
  };
  const refuse = (error: unknown, received: ReceivedRequest, reply: FastifyReply) => {
    const response = reply.hijack().raw;
    if (error instanceof BodyTooLargeError) {
      response.setHeader('connection', 'close');
      handler.refuseBody(received, response);
      return;
    }
    logLine('error', 'the request could not be answered', { error: describeError(error) });
    response.destroy();
  };
  const respond = (received: ReceivedRequest, request: FastifyRequest, reply: FastifyReply) => {
    const refused = (error: unknown) => refuse(error, received, reply);
    const handled = () => handler.handle(received, { request, reply });
    try {
      const pending = received.hasBody() ? received.readBody().then(handled) : handled();
      pending?.catch(refused);
    } catch (error) {
      refused(error);
    }
  };
  // Gives Fastify no promise, for which it would answer: replies are sent or hijacked when it is time.
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    const received = new ReceivedRequest(request.raw, request.originalUrl);
    if (draining) reply.raw.setHeader('connection', 'close');
    const status = draining ? 'draining' : isSound() ? 'ok' : 'failed';
    if (received.path === healthPath && (status !== 'ok' || !ownsHealthPath)) answerHealth(reply.hijack().raw, status);
    else respond(received, request, reply);
  };
  app.all('/', answer);
  app.setNotFoundHandler(answer);

  const drain = async () => {
    draining = true;
    if ((await openConnections(app)) > 0) await new Promise((resolve) => setTimeout(resolve, lingerMilliseconds));
    // A connection that becomes idle only now would keep the server open until its client lets go.
    // Types of older Node versions do not know the method, which every version that this runs on has.
    const server = app.server as typeof app.server & { closeIdleConnections(): void };
    const closing = setInterval(() => server.closeIdleConnections(), 50);
    await app.close();
    clearInterval(closing);
  };
  return { app, drain };
}

function openConnections({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));
}
