/** For unit tests: a route handler behind Fastify alone, to be asked with `app.inject()`. No port is opened, nothing has to be closed. */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    path: string;
    isBase64Encoded: boolean;
    // biome-ignore lint/suspicious/noExplicitAny: what it tells is up to the authorizer
    authorizer: any;
  }
}

/** Types of a route's own request and reply say more than this file may know of them. */
type RouteHandler = (request: never, reply: never) => unknown;

/** Serves every method of a path, written as in API Gateway: `/orders/{id}`, `/{proxy+}`, `$default`. */
export function routeApp(handler: RouteHandler, path: string): FastifyInstance {
  const app = fastify();
  const rest = /\{([^}]+)\+\}$/.exec(path)?.[1];
  // As in the service, a body is text and the answer's content type is what the route says.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.decorateRequest('path', '');
  app.decorateRequest('isBase64Encoded', false);
  app.decorateRequest('authorizer', undefined);
  app.addHook('preHandler', async (request, reply) => {
    const params = request.params as Record<string, string>;
    if (rest !== undefined) request.params = { ...params, [rest]: params['*'] };
    request.path = request.url.replace(/\?.*$/s, '');
    reply.serializer((payload: unknown) => {
      if (typeof payload === 'string' || payload === null) return payload ?? '';
      if (!reply.hasHeader('content-type')) reply.header('content-type', 'application/json');
      return JSON.stringify(payload);
    });
  });
  app.all(fastifyPath(path), async (request, reply) => {
    await new Promise<void>((resolve, reject) => {
      reply.raw.once('finish', resolve);
      const returned = handler(request as never, reply as never) as { then?: PromiseLike<unknown>['then'] } | null | undefined;
      if (typeof returned?.then === 'function') returned.then(() => resolve(), reject);
    });
    return reply;
  });
  return app;
}

function fastifyPath(path: string): string {
  if (!path.startsWith('/')) return '/*';
  return path.replace(/\{[^}]+\+\}$/, '*').replace(/\{([^}]+)\}/g, ':$1');
}
