/** Handlers behind middy: what becomes of its middlewares, and that the answers stay the same. */
import { expect, it } from 'vitest';
import { definition, migrated } from '../../support/native-project.js';

const packageOf = (major: number) =>
  `{"name":"shop","type":"module","dependencies":{"@middy/core":"^${major}.0.0","@middy/http-json-body-parser":"^${major}.0.0","@middy/http-event-normalizer":"^${major}.0.0","@middy/http-cors":"^${major}.0.0","@middy/http-error-handler":"^${major}.0.0"}}`;
const base = 'async (event) => {\n  return { statusCode: 200, body: JSON.stringify({ name: event.body.name }) };\n};\n';

it('begins with what the middlewares did, from the file that put them around handlers', async () => {
  const handler = (name: string) =>
    `import { middyfy } from './lib/lambda.js';\n\nconst ${name} = ${base}\nexport const main = middyfy(${name});\n`;
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.main', b: 'src/b.main' }),
    'package.json': packageOf(2),
    'src/lib/lambda.js':
      "import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\n\nexport const middyfy = (handler) => middy(handler).use(jsonBodyParser());\n",
    'src/a.js': handler('first'),
    'src/b.js': handler('second'),
  });
  expect(reasons).toEqual([]);
  expect(texts['src/lib/lambda.js']).toMatchInlineSnapshot(`
    "/** Puts the value of a JSON body in the place of its text; fails when it is none. */
    export const parseJsonBody = (request) => {
      if (!/^application\\/(.+\\+)?json(;.*)?$/.test(request.headers['content-type'])) return;
      const text = request.isBase64Encoded ? Buffer.from(request.body, 'base64').toString() : request.body;
      request.body = JSON.parse(text);
    };
    "
  `);
  expect(texts['src/a.js']).toMatchInlineSnapshot(`
    "import { parseJsonBody } from './lib/lambda.js';

    const first = async (request, reply) => {
      parseJsonBody(request);
      return reply.code(200).send({ name: request.body.name });
    };

    export const main = first;
    "
  `);
  expect(texts['src/b.js']).toContain('parseJsonBody(request);');
});

it('puts it into the file of a handler that has its own chain', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': packageOf(5),
    'src/a.js': `import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\nimport normalize from '@middy/http-event-normalizer';\n\n// Says who asked.\nconst hello = async (event) => {\n  const { name } = event.queryStringParameters;\n  return { statusCode: 200, body: JSON.stringify({ name, body: event.body }) };\n};\n\nexport const handler = middy(hello)\n  .use([jsonBodyParser(), normalize()]);\n`,
  });
  expect(reasons).toEqual([]);
  expect(texts['src/a.js']).toMatchInlineSnapshot(`
    "/** Puts the value of a JSON body in the place of its text; fails for any other body. */
    const parseJsonBody = (request) => {
      if (!/^application\\/(.+\\+)?json($|;.+)/.test(request.headers['content-type'])) throw new Error('Unsupported Media Type');
      const text = request.isBase64Encoded ? Buffer.from(request.body, 'base64').toString() : request.body;
      request.body = JSON.parse(text);
    };

    // Says who asked.
    const hello = async (request, reply) => {
      parseJsonBody(request);
      const { name } = request.query;
      return reply.code(200).send({ name, body: request.body });
    };

    export const handler = hello;
    "
  `);
});

it('puts what they change into the event of a handler that answers with it', async () => {
  const files = (major: number) => ({
    'serverless.yml': definition({ a: 'src/a.main' }),
    'package.json': packageOf(major),
    'src/a.js':
      "import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\n\nconst respond = (data) => ({ statusCode: 200, body: JSON.stringify(data) });\n\nconst hello = async (event) => {\n  return respond({ message: `Hello ${event.body.name}`, event });\n};\n\nexport const main = middy(hello).use(jsonBodyParser());\n",
  });
  const { texts, reasons } = await migrated(files(3));
  expect(reasons).toEqual([]);
  expect(texts['src/a.js']).toMatchInlineSnapshot(`
    "const sendResponse = (reply, data) => reply.code(200).type('application/json').send(JSON.stringify(data));

    /** Puts the value of a JSON body in the place of its text; fails when it is none. */
    const parseJsonBodyOfEvent = (request) => {
      if (!/^application\\/(.+\\+)?json(;.*)?$/.test(request.headers['content-type'])) return;
      const text = request.isBase64Encoded ? Buffer.from(request.body, 'base64').toString() : request.body;
      request.event.rawBody = request.body;
      request.body = JSON.parse(text);
      request.event.body = request.body;
    };

    const hello = async (request, reply) => {
      parseJsonBodyOfEvent(request);
      return sendResponse(reply, { message: \`Hello \${request.body.name}\`, event: request.event });
    };

    export const main = hello;
    "
  `);
  expect((await migrated(files(4))).texts['src/a.js']).not.toContain('rawBody');
  expect((await migrated(files(2))).reasons).toEqual([
    'what its middlewares put into the event, which it uses as a whole, depends on their minor version',
  ]);
});

it('knows the type of the body from that of the event', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.main', b: 'src/b.main' }),
    'package.json': packageOf(1).replace('"type":"module",', '').replace('{"name"', '{"devDependencies":{"typescript":"^5.0.0"},"name"'),
    'src/lib/types.ts':
      "import type { APIGatewayProxyEvent, APIGatewayProxyResult, Handler } from 'aws-lambda';\nimport type { FromSchema } from 'json-schema-to-ts';\n\ntype Validated<S> = Omit<APIGatewayProxyEvent, 'body'> & { body: FromSchema<S> };\nexport type ValidatedHandler<S> = Handler<Validated<S>, APIGatewayProxyResult>;\n",
    'src/lib/lambda.ts':
      "import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\n\nexport const middyfy = (handler) => {\n  return middy(handler).use(jsonBodyParser());\n};\n",
    'src/a.ts': `import type { ValidatedHandler } from './lib/types';\nimport { middyfy } from './lib/lambda';\nimport schema from './schema';\n\nconst hello: ValidatedHandler<typeof schema> = ${base}\nexport const main = middyfy(hello);\n`,
    'src/b.ts':
      'import { middyfy } from "./lib/lambda";\n\nconst hi = async () => {\n  return { statusCode: 200, body: "hi" };\n};\n\nexport const main = middyfy(hi);\n',
    'src/schema.ts': "export default { type: 'object', properties: { name: { type: 'string' } } } as const;\n",
  });
  expect(reasons).toEqual([]);
  expect(texts['src/a.ts']).toMatchInlineSnapshot(`
    "import type { FromSchema } from 'json-schema-to-ts';
    import type { FastifyReply, FastifyRequest } from 'fastify';
    import { parseJsonBody } from './lib/lambda';
    import schema from './schema';

    const hello = async (
      request: FastifyRequest<{ Body: FromSchema<typeof schema> }>,
      reply: FastifyReply,
    ) => {
      parseJsonBody(request);
      return reply.code(200).send({ name: request.body.name });
    };

    export const main = hello;
    "
  `);
  expect(texts['src/lib/lambda.ts']).toMatchInlineSnapshot(`
    "import type { FastifyRequest } from 'fastify';

    /** Puts the value of a JSON body in the place of its text; fails when it is none. */
    export const parseJsonBody = (request: Pick<FastifyRequest, 'body' | 'headers' | 'isBase64Encoded'>): void => {
      const type = request.headers['content-type'];
      if (type && !/^\\s*[\\w!#$%&*+.^|~-]+\\/[\\w!#$%&*+.^|~-]+\\s*(; *[\\w!#$%&*+.^|~-]+ *= *("[^"]*"|[\\w!#$%&*+.^|~-]+) *)*$/.test(type)) throw new Error('invalid media type');
      if (!/^\\s*application\\/(.*\\+)?json\\s*(;|$)/i.test(type ?? '')) return;
      const text = request.isBase64Encoded ? Buffer.from(String(request.body), 'base64').toString() : String(request.body);
      request.body = JSON.parse(text);
    };
    "
  `);
});

it.each([
  ['another middleware', 'middy(hello).use(warmup())', 'the middleware @middy/warmup runs around it'],
  ['a middleware around what others are around', 'wrap(hello).use(tracing())', 'the middleware `tracing` around it is not understood'],
  ['its options', 'middy(hello).use(cors({ getOrigin }))', 'the middleware @middy/http-cors 4 runs around it'],
  ['options', 'middy(hello).use(jsonBodyParser({ reviver }))', 'the middleware @middy/http-json-body-parser 4 runs around it'],
  ['a named middleware', 'middy(hello).use(tracing())', 'the middleware `tracing` around it is not understood'],
  ['a middleware of its own', 'middy(hello).use({ before: async () => {} })', 'a middleware around it is not understood'],
  ['a hook', 'middy(hello).before(async () => {})', 'a function that `before` of middy names runs around it'],
  [
    'a middleware that comes later',
    'middy(hello);\nexport const start = () => handler.use(cors());',
    'middlewares are put around it later',
  ],
  ['what is no async function', 'middy(() => hello())', 'what its middlewares run is no async function of its file'],
])('keeps a handler behind %s', async (_what, chain, reason) => {
  const { reasons, texts } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': packageOf(4),
    'src/a.js': `import middy from '@middy/core';\nimport cors from '@middy/http-cors';\nimport jsonBodyParser from '@middy/http-json-body-parser';\nimport warmup from '@middy/warmup';\n\nconst tracing = () => ({ before: async () => {} });\nconst wrap = (handler) => middy(handler).use(jsonBodyParser());\nconst getOrigin = () => 'https://a.example.com';\nconst reviver = (_key, value) => value;\nconst hello = ${base}\nexport const handler = ${chain};\n`,
  });
  expect(reasons).toEqual([reason]);
  expect(texts['src/a.js']).toContain('event.body.name');
});

it('keeps a handler behind a version that the project leaves open', async () => {
  const { reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': packageOf(4).replace('"@middy/http-json-body-parser":"^4.0.0"', '"@middy/http-json-body-parser":">=4"'),
    'src/a.js': `import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\n\nconst hello = ${base}\nexport const handler = middy(hello).use(jsonBodyParser());\n`,
  });
  expect(reasons).toEqual(['the middleware @middy/http-json-body-parser runs around it']);
});

it('answers errors and lets other origins read the answers in the file that put both around handlers', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.main', b: 'src/b.main' }),
    'package.json': packageOf(4),
    'src/lib/lambda.js':
      "import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\nimport cors from '@middy/http-cors';\nimport errors from '@middy/http-error-handler';\n\nexport const middyfy = (handler) => middy(handler).use([jsonBodyParser(), cors(), errors()]);\n",
    'src/a.js': `import { middyfy } from './lib/lambda.js';\n\nconst hello = ${base}\nexport const main = middyfy(hello);\n`,
    'src/b.js': `import { middyfy } from './lib/lambda.js';\n\nconst hello = ${base}\nexport const main = middyfy(hello);\n`,
  });
  expect(reasons).toEqual([]);
  expect(texts['src/lib/lambda.js']).toMatchInlineSnapshot(`
    "/** Puts the value of a JSON body in the place of its text; fails when it is none. */
    export const parseJsonBody = (request) => {
      if (!/^application\\/(.+\\+)?json($|;.+)/.test(request.headers['content-type'])) return;
      try {
        const text = request.isBase64Encoded ? Buffer.from(request.body, 'base64').toString() : request.body;
        request.body = JSON.parse(text);
      } catch {
        throw Object.assign(new Error('Invalid or malformed JSON was provided'), { statusCode: 415 });
      }
    };

    /** Lets pages of other origins read the answers, and answers errors that name a status below 500, or may be shown. */
    export const answerErrors = (route) => async (request, reply) => {
      const commonHeaders = { 'Access-Control-Allow-Origin': '*' };
      try {
        return await route(request, reply.headers(commonHeaders));
      } catch (error) {
        for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
        console.error(error);
        const { statusCode = 0, message, expose = statusCode < 500, headers = {} } = error;
        if (!statusCode || !expose || typeof (message ?? '') !== 'string') throw error;
        let type = 'text/plain';
        if (message === undefined) type = 'application/json';
        if (/^[{[]/.test(message ?? '')) {
          try {
            JSON.parse(message);
            type = 'application/json';
          } catch {}
        }
        return reply.code(statusCode).headers(commonHeaders).headers(headers).type(type).send(message);
      }
    };
    "
  `);
  expect(texts['src/a.js']).toMatchInlineSnapshot(`
    "import { parseJsonBody, answerErrors } from './lib/lambda.js';

    const hello = async (request, reply) => {
      parseJsonBody(request);
      return reply.code(200).send({ name: request.body.name });
    };

    export const main = answerErrors(hello);
    "
  `);
  expect(texts['src/b.js']).toBe(texts['src/a.js']);
});

it('takes middlewares that are put around it by statements, and types of the handler', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': packageOf(3).replace('{"name"', '{"devDependencies":{"typescript":"^5.0.0"},"name"'),
    'src/a.ts': `import type { APIGatewayProxyEvent, APIGatewayProxyHandler, APIGatewayProxyResult } from 'aws-lambda';
import middy from '@middy/core';
import cors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import { todosOf } from './todos';

// Gives all of them.
export const handler: APIGatewayProxyHandler = middy(
  async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const items = await todosOf(event.headers.Authorization);
    return { statusCode: 200, body: JSON.stringify({ items }) };
  },
);

handler.use(httpErrorHandler()).use(
  cors({
    credentials: true,
  }),
);
`,
    'src/todos.ts': 'export const todosOf = async (user?: string) => [user];\n',
  });
  expect(reasons).toEqual([]);
  expect(texts['src/a.ts']).toMatchInlineSnapshot(`
    "import type { FastifyReply, FastifyRequest } from 'fastify';
    import { todosOf } from './todos';

    /** Lets pages of other origins read the answers, and answers errors that name a status below 500, or may be shown. */
    const answerErrors = <Request extends Pick<FastifyRequest, 'headers'>, Result>(
      route: (request: Request, reply: FastifyReply) => Promise<Result>,
    ) => async (request: Request, reply: FastifyReply): Promise<Result | FastifyReply> => {
      const origin = request.headers.origin || '*';
      const commonHeaders = {
        'Access-Control-Allow-Origin': origin,
        ...(origin !== '*' && { Vary: 'Origin' }),
        'Access-Control-Allow-Credentials': 'true',
      };
      try {
        return await route(request, reply.headers(commonHeaders));
      } catch (error) {
        for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
        console.error(error);
        const { statusCode = 0, message, expose = statusCode < 500, headers = {} } = error as {
          statusCode?: number;
          message?: string;
          expose?: boolean;
          headers?: Record<string, string>;
        };
        if (!statusCode || !expose || typeof (message ?? '') !== 'string') throw error;
        let type = 'text/plain';
        if (message === undefined) type = 'application/json';
        if (/^[{[]/.test(message ?? '')) {
          try {
            JSON.parse(message ?? '');
            type = 'application/json';
          } catch {}
        }
        return reply.code(statusCode).headers(headers).type(type).send(message);
      }
    };

    // Gives all of them.
    export const handler = answerErrors(async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const items = await todosOf(request.headers.authorization);
      return reply.code(200).send({ items });
    });
    "
  `);
});

it('takes a chain that ends with the handler', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }, 'httpApi'),
    'package.json': packageOf(6),
    'src/a.js': `import middy from '@middy/core';\nimport httpErrorHandler from '@middy/http-error-handler';\nimport cors from '@middy/http-cors';\n\nexport const handler = middy()\n  .use(cors({ origin: '*' }))\n  .use(httpErrorHandler({ logger: console.warn, fallbackMessage: 'went wrong' }))\n  .handler(async (event) => {\n    return { statusCode: 200, body: JSON.stringify({ id: event.rawPath }) };\n  });\n`,
  });
  expect(reasons).toEqual([]);
  expect(texts['src/a.js']).toMatchInlineSnapshot(`
    "/** Lets pages of other origins read the answers, and answers errors. */
    const answerErrors = (route) => async (request, reply) => {
      const commonHeaders = { 'Access-Control-Allow-Origin': '*' };
      try {
        return await route(request, reply.headers(commonHeaders));
      } catch (error) {
        for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
        console.warn(error);
        const { statusCode = 0, message, expose = statusCode < 500, headers = {} } = error;
        if (!statusCode || !expose) return reply.code(500).headers(commonHeaders).type('text/plain').send('went wrong');
        if (typeof (message ?? '') !== 'string') throw error;
        if (!message) return reply.code(statusCode).headers(commonHeaders).headers(headers).send();
        let type = 'text/plain';
        if (/^[{[]/.test(message)) {
          try {
            JSON.parse(message);
            type = 'application/json';
          } catch {}
        }
        return reply.code(statusCode).headers(commonHeaders).headers(headers).type(type).send(message);
      }
    };

    export const handler = answerErrors(async (request, reply) => {
      return reply.code(200).send(JSON.stringify({ id: request.path }));
    });
    "
  `);
});

it('has nothing in the place of middlewares that do nothing for a request, and reads headers by the names that one gives them', async () => {
  const names = ['core', 'do-not-wait-for-empty-event-loop', 'warmup', 'http-header-normalizer'];
  const dependencies = Object.fromEntries(names.map((each) => [`@middy/${each}`, '~5.2.0']));
  const files = (header: string) => ({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': JSON.stringify({ type: 'module', dependencies }),
    'src/a.js': `import middy from '@middy/core';\nimport doNotWait from '@middy/do-not-wait-for-empty-event-loop';\nimport warmup from '@middy/warmup';\nimport headers from '@middy/http-header-normalizer';\n\nexport const handler = middy({ timeoutEarlyInMillis: 0 })\n  .use([doNotWait(), warmup({ waitForEmptyEventLoop: false }), headers()])\n  .handler(async (event) => {\n    return { statusCode: 200, body: JSON.stringify({ id: event.headers${header} }) };\n  });\n`,
  });
  const { texts, reasons } = await migrated(files("['x-id']"));
  expect(reasons).toEqual([]);
  expect(texts['src/a.js']).toMatchInlineSnapshot(`
    "export const handler = async (request, reply) => {
      return reply.code(200).send({ id: request.headers['x-id'] });
    };
    "
  `);
  expect((await migrated(files("['X-Id']"))).reasons).toEqual([expect.stringContaining('is never there')]);
});

it.each([
  ['a default export', 'export default (handler) =>\n  middy(handler).use(errors());\n'],
  ['a function that is exported below', 'const wrap = (handler) => middy(handler).use(errors());\n\nexport default wrap;\n'],
])('knows the function that puts middlewares around handlers as %s', async (_what, maker) => {
  const handler =
    "import wrap from './lib/wrap.js';\n\nconst hello = async () => {\n  return { statusCode: 200, body: 'hi' };\n};\n\nexport const handler = wrap(hello);\n";
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler', b: 'src/b.handler' }),
    'package.json': packageOf(5),
    'src/lib/wrap.js': `import middy from '@middy/core';\nimport errors from '@middy/http-error-handler';\n\n${maker}`,
    'src/a.js': handler,
    'src/b.js': handler,
  });
  expect(reasons).toEqual([]);
  expect(texts['src/a.js']).toBe(
    "import { answerErrors } from './lib/wrap.js';\n\nconst hello = async (_request, reply) => {\n  return reply.code(200).type('application/json').send('hi');\n};\n\nexport const handler = answerErrors(hello);\n",
  );
  expect(texts['src/b.js']).toBe(texts['src/a.js']);
  expect(texts['src/lib/wrap.js']?.match(/export const answerErrors/g)).toHaveLength(1);
});

it('knows it as the whole of a CommonJS module, and what a handler adds to it', async () => {
  const hello = "const hello = async () => {\n  return { statusCode: 200, body: 'hi' };\n};\n";
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler', b: 'src/b.handler' }),
    'package.json': packageOf(2).replace('"type":"module",', ''),
    'src/lib/wrap.js':
      "const middy = require('@middy/core');\nconst errors = require('@middy/http-error-handler');\n\nmodule.exports = (handler) => middy(handler).use(errors());\n",
    'src/a.js': `const wrap = require('./lib/wrap');\n\n${hello}\nmodule.exports.handler = wrap(hello);\n`,
    'src/b.js': `const wrap = require('./lib/wrap');\nconst cors = require('@middy/http-cors');\n\n${hello}\nmodule.exports.handler = wrap(hello).use(cors());\n`,
  });
  expect(reasons).toEqual([]);
  expect(texts['src/a.js']).toContain("const { answerErrors } = require('./lib/wrap');");
  expect(texts['src/lib/wrap.js']).toContain('module.exports.answerErrors = (route) => async (request, reply) => {');
  expect(texts['src/b.js']).toContain("reply.headers({ 'Access-Control-Allow-Origin': '*' })");
  expect(texts['src/b.js']).toContain('module.exports.handler = answerErrors(hello);');
});

it.each([
  [
    'spells a header otherwise',
    "'access-control-allow-origin': '*'",
    'the header Access-Control-Allow-Origin is also added by a middleware',
  ],
  ['says another origin', "'Access-Control-Allow-Origin': 'https://a.example.com'", 'a middleware sets other headers than its result'],
  ['says something of credentials', "'Access-Control-Allow-Credentials': true", 'a middleware sets other headers than its result'],
])('keeps a handler that %s', async (_what, header, reason) => {
  const { reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': packageOf(4),
    'src/a.js': `import middy from '@middy/core';\nimport cors from '@middy/http-cors';\n\nconst hello = async () => ({ statusCode: 200, headers: { ${header} }, body: 'hi' });\n\nexport const handler = middy(hello).use(cors());\n`,
  });
  expect(reasons).toEqual([reason]);
});

it.each([
  [
    'the lockfile of npm',
    'package-lock.json',
    '{"packages":{"node_modules/@middy/core":{"version":"2.4.0"},"node_modules/@middy/http-error-handler": {\n "version": "2.4.0"}}}',
  ],
  ['the lockfile of yarn', 'yarn.lock', '"@middy/http-error-handler@^2.0.0":\n  version "2.4.0"\n'],
  ['the lockfile of pnpm', 'pnpm-lock.yaml', 'packages:\n\n  /@middy/http-error-handler/2.4.0:\n    resolution: {}\n'],
])('keeps a handler behind a version that %s names', async (_what, file, text) => {
  const { reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': packageOf(2),
    [file]: text,
    'src/a.js': `import middy from '@middy/core';\nimport errors from '@middy/http-error-handler';\n\nconst hello = ${base}\nexport const handler = middy(hello).use(errors());\n`,
  });
  expect(reasons).toEqual(['the middleware @middy/http-error-handler 2.4 runs around it']);
});

it('keeps a handler whose function a test calls', async () => {
  const { reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.main' }),
    'package.json': packageOf(4),
    'src/a.js': `import middy from '@middy/core';\n\nexport const hello = ${base}\nexport const main = middy(hello);\n`,
    'src/a.test.js': "import { hello } from './a.js';\n\nit('says hello', () => hello({ body: { name: 'Ada' } }));\n",
  });
  expect(reasons).toEqual(['src/a.test.js calls it with an event']);
});
