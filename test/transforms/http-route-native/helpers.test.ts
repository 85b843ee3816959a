/** Functions that make results, in files of their own: what becomes of them, and of the code that calls them. */
import { expect, it } from 'vitest';
import { definition, migrated } from '../../support/native-project.js';

const echo = (body: string, imports: string) => `${imports}\nexport const handler = async (event) => ${body};\n`;

it('replaces a helper of another module once every caller is rewritten', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler', b: 'src/b.handler' }),
    'package.json': '{"name":"shop","type":"module"}',
    'src/lib/responses.js':
      'const build = (statusCode, body) => ({ statusCode, body: JSON.stringify(body) });\n\n/** 200 */\nexport const ok = (data) => build(200, data);\n\nexport function notFound(what) {\n  return build(404, { message: what });\n}\n',
    'src/a.js': echo('ok({ path: event.path })', "import { ok } from './lib/responses.js';"),
    'src/b.js': echo("event.body ? ok([event.body]) : notFound('body')", "import { notFound, ok } from './lib/responses.js';"),
  });
  expect(reasons).toEqual([]);
  expect(texts['src/lib/responses.js']).toBe(
    "const sendBuild = (reply, statusCode, body) => reply\n  .code(statusCode)\n  .type('application/json')\n  .send(JSON.stringify(body));\n\n/** 200 */\nexport const sendOk = (reply, data) => sendBuild(reply, 200, data);\n\nexport function sendNotFound(reply, what) {\n  return sendBuild(reply, 404, { message: what });\n}\n",
  );
  expect(texts['src/a.js']).toBe(
    "import { sendOk } from './lib/responses.js';\nexport const handler = async (request, reply) => sendOk(reply, { path: request.path });\n",
  );
  expect(texts['src/b.js']).toBe(
    "import { sendNotFound, sendOk } from './lib/responses.js';\nexport const handler = async (request, reply) => request.body ? sendOk(reply, [request.body]) : sendNotFound(reply, 'body');\n",
  );
});

it('keeps a helper that another handler still needs', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler', b: 'src/b.handler' }),
    'src/responses.js': 'function ok(data) {\n  return { statusCode: 200, body: JSON.stringify(data) };\n}\nmodule.exports = { ok };\n',
    'src/a.js': "const { ok } = require('./responses');\n\nexports.handler = async (event) => ok({ path: event.path });\n",
    'src/b.js': "const { ok } = require('./responses');\n\nexports.handler = async (event, context) => ok(context);\n",
  });
  expect(reasons).toEqual(['`context` of the context has no equal in a service']);
  expect(texts['src/responses.js']).toBe(
    "function ok(data) {\n  return { statusCode: 200, body: JSON.stringify(data) };\n}\n\nfunction sendOk(reply, data) {\n  return reply.code(200).type('application/json').send(JSON.stringify(data));\n}\nmodule.exports = { ok, sendOk };\n",
  );
  expect(texts['src/a.js']).toContain("const { sendOk } = require('./responses');");
  expect(texts['src/b.js']).toContain("const { ok } = require('./responses');");
});

it.each([
  [
    'a property of exports',
    'exports.ok = (data) => ({ statusCode: 200, body: JSON.stringify(data) });\n',
    "exports.sendOk = (reply, data) => reply.code(200).type('application/json').send(JSON.stringify(data));\n",
  ],
  [
    'a name that is exported later',
    'const ok = (data) => ({ statusCode: 204 });\nexports.ok = ok;\n',
    'const sendOk = (reply, data) => reply.code(204).send();\nexports.sendOk = sendOk;\n',
  ],
  [
    'a member of what is exported',
    'module.exports = {\n  ok(data) {\n    return { statusCode: 204 };\n  },\n  other: 1,\n};\n',
    'module.exports = {\n  sendOk(reply, data) {\n    return reply.code(204).send();\n  },\n  other: 1,\n};\n',
  ],
])('replaces %s', async (_what, before, after) => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'src/responses.js': before,
    'src/a.js': "const responses = require('./responses');\n\nexports.handler = async (event) => responses.ok(event.path);\n",
  });
  expect(reasons).toEqual([]);
  expect(texts['src/responses.js']).toBe(after);
  expect(texts['src/a.js']).toContain('responses.sendOk(reply, ');
});

it('uses the sender that an earlier run has made', async () => {
  const made = "export const sendOk = (reply, data) => reply.code(200).type('application/json').send(JSON.stringify(data));\n";
  const { texts } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': '{"name":"shop","type":"module"}',
    'src/responses.js': `export const ok = (data) => {\n  return { statusCode: 200, body: JSON.stringify(data) };\n};\n\n${made.replace('reply.code', '{\n  return reply.code').replace('));\n', '));\n};\n')}`,
    'src/a.js': echo('ok({ path: event.path })', "import { ok } from './responses.js';"),
  });
  expect(texts['src/responses.js']?.match(/sendOk/g)).toHaveLength(1);
  expect(texts['src/a.js']).toContain("import { sendOk } from './responses.js';");
});

it('keeps a handler whose helper comes through a module that names it', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': '{"name":"shop","type":"module"}',
    'src/lib/responses.js': 'export const ok = (data) => ({ statusCode: 200, body: JSON.stringify(data) });\n',
    'src/lib/index.js': "export { ok } from './responses.js';\n",
    'src/a.js': echo('ok({ path: event.path })', "import { ok } from './lib/index.js';"),
  });
  expect(reasons).toEqual(['how `ok` comes into the file is not understood']);
  expect(texts['src/lib/responses.js']).not.toContain('reply');
});

it('writes types where the project has them', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler' }),
    'package.json': '{"name":"shop","devDependencies":{"typescript":"^5.0.0"}}',
    'src/responses.ts':
      "import type { APIGatewayProxyResult } from 'aws-lambda';\n\nexport const json = (body: Record<string, unknown>, statusCode = 200): APIGatewayProxyResult => ({\n  statusCode,\n  body: JSON.stringify(body),\n});\n",
    'src/a.ts':
      "import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';\nimport { json } from './responses';\n\nexport const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => json({ path: event.path });\n",
  });
  expect(reasons).toEqual([]);
  expect(texts['src/responses.ts']).toBe(
    "import type { FastifyReply } from 'fastify';\n\nexport const sendJson = (reply: FastifyReply, body: Record<string, unknown>, statusCode = 200): FastifyReply => reply\n  .code(statusCode)\n  .type('application/json')\n  .send(JSON.stringify(body));\n",
  );
});

it('has a helper of another module take the request, and drops it once every caller is rewritten', async () => {
  const read = (name: string) =>
    `import { getUserId } from '../lib/auth';\nimport type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';\n\nexport const ${name} = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {\n  const user = getUserId(event);\n  return { statusCode: 200, body: JSON.stringify({ user, path: event.path }) };\n};\n`;
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.list', b: 'src/b.show' }),
    'package.json': '{"name":"shop","devDependencies":{"typescript":"^5.0.0"}}',
    'lib/auth.ts':
      "import type { APIGatewayProxyEvent } from 'aws-lambda';\n\n/** Who asks. */\nexport function getUserId(event: APIGatewayProxyEvent): string {\n  const [, token] = (event.headers.Authorization ?? '').split(' ');\n  return token ?? 'nobody';\n}\n",
    'src/a.ts': read('list'),
    'src/b.ts': read('show'),
  });
  expect(reasons).toEqual([]);
  expect(texts['lib/auth.ts']).toMatchInlineSnapshot(`
    "import type { FastifyRequest } from 'fastify';

    /** Who asks. */
    export function getUserIdFromRequest(request: FastifyRequest): string {
      const [, token] = (request.headers.authorization ?? '').split(' ');
      return token ?? 'nobody';
    }
    "
  `);
  expect(texts['src/b.ts']).toMatchInlineSnapshot(`
    "import { getUserIdFromRequest } from '../lib/auth';
    import type { FastifyReply, FastifyRequest } from 'fastify';

    export const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const user = getUserIdFromRequest(request);
      return reply.code(200).send({ user, path: request.path });
    };
    "
  `);
});

it('keeps a helper for the handlers that still give it their event', async () => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ a: 'src/a.handler', b: 'src/b.handler' }),
    'src/lib/body.js': 'exports.parse = (event) => JSON.parse(event.body);\n',
    'src/a.js':
      "const body = require('./lib/body');\n\nexports.handler = async (event) => ({ statusCode: 200, body: String(body.parse(event).name) });\n",
    'src/b.js':
      "const body = require('./lib/body');\n\nexports.handler = async (event, context) => ({ statusCode: 200, body: `${context.getRemainingTimeInMillis()} ${body.parse(event)}` });\n",
  });
  expect(reasons).toEqual(['`context.getRemainingTimeInMillis` of the context has no equal in a service']);
  expect(texts['src/lib/body.js']).toBe(
    'exports.parse = (event) => JSON.parse(event.body);\n\nexports.parseFromRequest = (request) => JSON.parse(request.body);\n',
  );
  expect(texts['src/a.js']).toContain('String(body.parseFromRequest(request).name)');
});
