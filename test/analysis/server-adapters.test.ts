import { describe, expect, test } from 'vitest';
import { literal } from '../planning/builders.js';
import { understandSource, understandTree } from './understand-tree.js';

const express = "const express = require('express');\nconst app = express();\n";
const http = "const serverless = require('serverless-http');\n";

describe('servers that can listen by themselves', () => {
  test.each<[string, string, string, string, string]>([
    ['serverless-http', `${http}${express}module.exports.handler = serverless(app);`, 'serverless-http', 'express', 'app.js'],
    [
      'serverless-http with Koa',
      `${http}const Koa = require('koa');\nconst app = new Koa();\nexports.handler = serverless(app);`,
      'serverless-http',
      'koa',
      'app.js',
    ],
    [
      'serverless-http, awaited',
      `${http}${express}const run = serverless(app);\nexports.handler = async (event, context) => { return await run(event, context); };`,
      'serverless-http',
      'express',
      'app.js',
    ],
    [
      'serverless-http that binds binary types',
      `${http}${express}exports.handler = serverless(app, { binary: ['image/*'] });`,
      'serverless-http',
      'express',
      'app.js',
    ],
    [
      'aws-serverless-express',
      `const ase = require('aws-serverless-express');\n${express}const server = ase.createServer(app);\nexports.handler = (event, context) => { ase.proxy(server, event, context); };`,
      'aws-serverless-express',
      'express',
      'app.js',
    ],
    [
      'codegenie',
      `const serverlessExpress = require('@codegenie/serverless-express');\n${express}exports.handler = serverlessExpress({ app });`,
      '@codegenie/serverless-express',
      'express',
      'app.js',
    ],
    [
      'vendia',
      `import serverlessExpress from '@vendia/serverless-express';\nimport express from 'express';\nconst app = express();\nexport const handler = serverlessExpress({ app });`,
      '@vendia/serverless-express',
      'express',
      'app.mjs',
    ],
    [
      'fastify',
      `import awsLambdaFastify from '@fastify/aws-lambda';\nimport Fastify from 'fastify';\nconst app = Fastify({ logger: true });\nexport const handler = awsLambdaFastify(app);`,
      '@fastify/aws-lambda',
      'fastify',
      'app.mjs',
    ],
    [
      'fastify, made by a function',
      `import awsLambdaFastify from '@fastify/aws-lambda';\nimport Fastify from 'fastify';\nfunction build() { const app = Fastify(); return app; }\nconst app = build();\nconst proxy = awsLambdaFastify(app);\nexport const handler = async (event, context) => proxy(event, context);`,
      '@fastify/aws-lambda',
      'fastify',
      'app.mjs',
    ],
    [
      'hono',
      `import { Hono } from 'hono';\nimport { handle } from 'hono/aws-lambda';\nconst app = new Hono();\nexport const handler = handle(app);`,
      'hono/aws-lambda',
      'hono',
      'app.mjs',
    ],
    [
      'wrapped express',
      `${http}const express = require('express');\nconst asyncify = require('express-asyncify');\nconst app = asyncify(express());\nexports.handler = serverless(app);`,
      'serverless-http',
      'express',
      'app.js',
    ],
  ])('%s', (_, source, adapter, framework, file) => {
    const { facts, codes } = understandSource(source, file);
    expect(codes).toEqual([]);
    expect(facts.shape).toBe('server');
    expect(facts.server).toEqual({ adapter, framework, file, line: expect.any(Number), binding: 'app', unwrappable: true });
    expect(facts.usesCallback).toBe(false);
  });

  test('the app of another file', () => {
    const app = `${express}module.exports = app;`;
    const { facts } = understandSource(`${http}const app = require('./server');\nexports.handler = serverless(app);`, 'app.js', {
      'server.js': app,
    });
    expect(facts.server).toMatchObject({ framework: 'express', file: 'app.js', binding: 'app', line: 3, unwrappable: true });
    expect(facts.files).toEqual(['app.js', 'server.js']);
  });

  test('the app of another file, required in place', () => {
    const { facts } = understandSource(`${http}exports.handler = serverless(require('./server'));`, 'app.js', {
      'server.js': `${express}module.exports = app;`,
    });
    expect(facts.server).toMatchObject({ framework: 'express', file: 'server.js', line: 2, binding: 'app', unwrappable: true });
  });

  test('arguments that say nothing', () => {
    const source = `const ase = require('aws-serverless-express');\n${express}const server = ase.createServer(app, undefined, ['image/*']);\nexports.handler = (event, context) => ase.proxy(server, event, context, 'PROMISE').promise;`;
    expect(understandSource(source).facts.server).toMatchObject({ framework: 'express', binding: 'app', unwrappable: true });
  });

  test('the flag for the event loop is no obstacle', () => {
    const source = `${http}${express}const run = serverless(app);\nexports.handler = async (event, context) => { context.callbackWaitsForEmptyEventLoop = false; return run(event, context); };`;
    expect(understandSource(source).facts.server).toMatchObject({ unwrappable: true, line: 4 });
  });

  test.each([
    ['by Express', 'app.use(express.json());', 'serverless-http'],
    ['by a package', "app.use(require('body-parser').json());", 'serverless-http'],
    ['by an import', "const { json } = express;\napp.use('/api', json());", 'serverless-http'],
    ['by nobody, behind an adapter that gives none', '', 'aws-serverless-express'],
  ])('bodies parsed %s', (_, parser, adapter) => {
    const read = "app.post('/', (req, res) => res.json(req.body));\n";
    const wrap =
      adapter === 'serverless-http'
        ? 'exports.handler = wrap(app);'
        : 'const s = wrap.createServer(app);\nexports.handler = (e, c) => wrap.proxy(s, e, c);';
    const source = `const wrap = require('${adapter}');\n${express}${parser}\n${read}${wrap}`;
    expect(understandSource(source).facts.server).toMatchObject({ framework: 'express', unwrappable: true });
  });

  test('streaming of hono', () => {
    const source =
      "import { Hono } from 'hono';\nimport { streamHandle } from 'hono/aws-lambda';\nconst app = new Hono();\nexport const handler = streamHandle(app);";
    expect(understandSource(source, 'app.mjs').facts).toMatchObject({ shape: 'server', streaming: true, server: { framework: 'hono' } });
  });
});

const nest = (start: string) =>
  `import { NestFactory } from '@nestjs/core';
import serverlessExpress from '@codegenie/serverless-express';
let cached;
async function bootstrap(prefix) { const app = await NestFactory.create({}); ${start} return serverlessExpress({ app: app.getHttpAdapter().getInstance() }); }
export const handler = async (event, context, callback) => { cached = cached ?? (await bootstrap()); return cached(event, context, callback); };`;

describe('a server of Nest', () => {
  const server = (source: string) => understandSource(source, 'app.mjs').facts.server;

  test('listens by what makes the application, which both will share', () => {
    expect(server(nest('app.enableCors(); await app.init();'))).toMatchObject({
      framework: 'nest',
      file: 'app.mjs',
      binding: 'createNestApplication',
      unwrappable: true,
    });
  });

  test('of Fastify is told apart', () => {
    const source = nest('await app.init();').replace('create({})', 'create({}, new FastifyAdapter())');
    expect(server(source)).toMatchObject({ framework: 'nest-fastify', unwrappable: true });
  });

  test('is found behind a server that the handler keeps, with middleware that nothing reads', () => {
    const source = `import { NestFactory } from '@nestjs/core';
import { createServer, proxy } from 'aws-serverless-express';
import { eventContext } from 'aws-serverless-express/middleware';
import express from 'express';
let cached;
async function bootstrap() {
  if (!cached) {
    const site = express();
    const app = await NestFactory.create({}, site);
    app.use(eventContext());
    await app.init();
    cached = createServer(site);
  }
  return cached;
}
export const handler = async (event, context) => { cached = await bootstrap(); return proxy(cached, event, context, 'PROMISE').promise; };`;
    expect(server(source)).toMatchObject({ framework: 'nest', binding: 'createNestApplication', unwrappable: true });
    expect(server(`${source}\nexport const who = (req) => req.apiGateway;`)).toMatchObject({ unwrappable: false });
  });
});

describe('servers that need their adapter', () => {
  test.each<[string, string, RegExp]>([
    [
      'request hook',
      `${http}${express}exports.handler = serverless(app, { request: (req, event) => { req.event = event; } });`,
      /option request/,
    ],
    ['base path', `${http}${express}exports.handler = serverless(app, { basePath: '/v1' });`, /option basePath/],
    ['options of unknown content', `${http}${express}exports.handler = serverless(app, makeOptions());`, /options/],
    [
      'event source routes',
      `const serverlessExpress = require('@codegenie/serverless-express');\n${express}exports.handler = serverlessExpress({ app, eventSourceRoutes: { AWS_SQS: '/queue' } });`,
      /eventSourceRoutes/,
    ],
    [
      'the current invoke',
      `const serverlessExpress = require('@codegenie/serverless-express');\n${express}app.get('/', (req, res) => res.json(serverlessExpress.getCurrentInvoke()));\nexports.handler = serverlessExpress({ app });`,
      /app\.js:4.*getCurrentInvoke/,
    ],
    [
      'the event on the request',
      `${http}${express}app.get('/', (req, res) => res.json(req.apiGateway.event));\nexports.handler = serverless(app);`,
      /apiGateway/,
    ],
    [
      'bodies that nothing parses',
      `${http}${express}app.post('/', (req, res) => res.json(JSON.parse(req.body)));\nexports.handler = serverless(app);`,
      /app\.js:4 reads the body that the adapter puts on the request/,
    ],
    [
      'bodies taken out of the request',
      `const serverlessExpress = require('@vendia/serverless-express');\n${express}app.post('/', (req, res) => { const { body } = req; res.send(body); });\nexports.handler = serverlessExpress({ app });`,
      /app\.js:4 reads the body/,
    ],
    [
      'the event in hono',
      "import { Hono } from 'hono';\nimport { handle } from 'hono/aws-lambda';\nconst app = new Hono();\napp.get('/', (c) => c.json(c.env.event));\nexport const handler = handle(app);",
      /c\.env\.event/,
    ],
    [
      'work around the adapter',
      `${http}${express}const run = serverless(app);\nexports.handler = async (event, context) => { await connect(); return run(event, context); };`,
      /does more/,
    ],
    [
      'a middleware around the adapter',
      `const middy = require('@middy/core');\n${http}${express}exports.handler = middy(serverless(app)).use(cors());`,
      /middlewares/,
    ],
    [
      'a server made at the first event',
      `const serverlessExpress = require('@codegenie/serverless-express');\n${express}let cached;\nasync function setup() { if (!cached) cached = serverlessExpress({ app }); return cached; }\nexports.handler = async (event, context) => { const run = await setup(); return run(event, context); };`,
      /first event/,
    ],
    ['an unknown server', `${http}exports.handler = serverless(require('some-server'));`, /cannot be told/],
    [
      'lambda-api',
      "const api = require('lambda-api')();\napi.get('/', async () => ({}));\nexports.handler = async (event, context) => await api.run(event, context);",
      /routes events itself/,
    ],
    [
      'apollo',
      "const { ApolloServer } = require('apollo-server-lambda');\nconst server = new ApolloServer({});\nexports.handler = server.createHandler();",
      /starts the server itself/,
    ],
    [
      'apollo integrations',
      "const { startServerAndCreateLambdaHandler, handlers } = require('@as-integrations/aws-lambda');\nconst { ApolloServer } = require('@apollo/server');\nconst server = new ApolloServer({});\nexports.handler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventV2RequestHandler());",
      /answers would change: .*CORS headers/,
    ],
    [
      'trpc',
      "const { awsLambdaRequestHandler } = require('@trpc/server/adapters/aws-lambda');\nexports.handler = awsLambdaRequestHandler({ router });",
      /starts the server itself/,
    ],
    ...(
      [
        ['connects after init', 'await app.init(); await connect();', /shared with a service: the function does more/],
        ['configures after init', 'await app.init(); app.enableCors();', /shared with a service: the function does more/],
        ['never inits', '', /app\.init\(\) is not awaited/],
        ['has shutdown hooks of its own', 'app.enableShutdownHooks(); await app.init();', /shutdown hooks would end requests/],
        ['needs a parameter', 'app.setGlobalPrefix(prefix); await app.init();', /depends on prefix/],
      ] as const
    ).map(([name, start, because]): [string, string, RegExp] => [`nest that ${name}`, nest(start), because]),
    [
      'nest behind another server',
      nest('await app.init();').replace('app: app.getHttpAdapter().getInstance()', 'app: outerApp'),
      /wraps another server than that of Nest/,
    ],
    ['nest made on import', `${nest('await app.init();')}\nbootstrap();`, /as soon as it is imported/],
    ['nest of another module', nest('await app.init();').replace('NestFactory.create', 'make'), /no call of NestFactory.create/],
    [
      'nest made twice',
      nest('await app.init();').replace('let cached;', 'const local = async () => NestFactory.create({});'),
      /several Nest applications/,
    ],
    [
      'nest in a handler that does more',
      nest('await app.init();').replace('return cached(', 'await audit(event); return cached('),
      /does more than to hand the event/,
    ],
  ])('%s', (_, source, because) => {
    const { facts } = understandSource(source, /^import /.test(source) ? 'app.mjs' : 'app.js');
    expect(facts.shape).toBe('server');
    expect(facts.server?.unwrappable).toBe(false);
    expect(facts.server?.because).toMatch(because);
  });

  test('a handler that does not hand its event to the adapter is a function', () => {
    const { facts } = understandSource(
      `${http}${express}const run = serverless(app);\nexports.other = run;\nexports.handler = async (event) => ({ statusCode: 200 });`,
    );
    expect(facts).toMatchObject({ shape: 'function', server: null, returnsHttpResult: true });
  });
});

describe('Lambda Web Adapter', () => {
  const environment = { AWS_LAMBDA_EXEC_WRAPPER: literal('/opt/bootstrap') };
  const server = "require('http').createServer().listen(process.env.PORT);";

  test('the script of the handler names the file', () => {
    const files = { 'run.sh': '#!/bin/bash\nexec node --enable-source-maps server.js\n', 'server.js': server };
    const { facts, codes } = understandTree(files, 'run.sh', { environment });
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({
      file: 'server.js',
      shape: 'server',
      server: { adapter: 'lambda-web-adapter', binding: null, unwrappable: true, file: 'server.js' },
    });
  });

  test('the start script names the file that a build makes', () => {
    const files = {
      'run.sh': '#!/bin/bash\nnpm start\n',
      'package.json': '{"scripts":{"start":"node dist/server.js","build":"tsc"}}',
      'src/server.ts': 'import http from "node:http";\nhttp.createServer().listen(8080);',
    };
    expect(understandTree(files, 'run.sh', { environment }).facts).toMatchObject({
      file: 'src/server.ts',
      language: 'typescript',
      server: { adapter: 'lambda-web-adapter', start: { command: ['node', 'dist/server.js'], folder: '', build: 'build' } },
    });
  });

  test('the command of an image', () => {
    const handler = { declared: 'node server.js', codeRoot: 'app' };
    expect(understandTree({ 'app/server.js': server }, 'node server.js', { packageType: 'image', handler }).facts).toMatchObject({
      file: 'app/server.js',
      server: { adapter: 'lambda-web-adapter' },
    });
  });

  const startOf = (files: Record<string, string>, lambda: Parameters<typeof understandTree>[2] = {}) =>
    understandTree(files, 'run.sh', { environment, ...lambda }).facts?.server?.start;

  test.each([
    ['a script that only starts', 'node app.js', ['node', 'app.js']],
    ['variables', 'export A=1\nHOSTNAME=0.0.0.0 exec node app.js', ['env', 'A=1', 'HOSTNAME=0.0.0.0', 'node', 'app.js']],
    [
      'folders',
      '[ ! -d "/tmp/cache" ] && mkdir -p /tmp/cache\nexec node app.js',
      ['sh', '-c', 'mkdir -p /tmp/cache && exec "$@"', 'sh', 'node', 'app.js'],
    ],
    ['the place on Lambda', 'cd /var/task\nset -e\nexec node "$LAMBDA_TASK_ROOT/app.js" --all', ['node', 'app.js', '--all']],
    ['options of Node', 'exec node \\\n  -r ./app.js --import=./x.js app', ['node', '-r', './app.js', '--import=./x.js', 'app.js']],
    ['a script of package.json', 'exec npm run serve -- -v', ['node', 'app.js', '-v']],
    ['another script', './inner.sh', ['env', 'B=2', 'node', 'app.js']],
    ['a tool of a package', 'npx next start -p 8080', ['node_modules/.bin/next', 'start', '-p', '8080']],
    ['the server that Next makes', 'node server.js', ['node', 'node_modules/next/dist/bin/next', 'start']],
  ])('is started as it was: %s', (_, text, command) => {
    const files = {
      'run.sh': `#!/bin/bash -x\n# starts\n\n${text}\n`,
      'inner.sh': 'B=2 exec node app.js',
      'app.js': server,
      'package.json': '{"dependencies":{"next":"15"},"scripts":{"serve":"node app.js","build":"next build"}}',
    };
    expect(startOf(files)).toMatchObject({ command, folder: '' });
  });

  test.each([
    ['a condition', 'if true; then\n  node app.js\nfi', 2],
    ['two programs', 'node app.js &\nnode other.js', 2],
    ['something before', '\n./prepare --all\nexec node app.js', 3],
    ['a value made elsewhere', 'exec node $MAIN', 2],
    ['a program that is not of Node', 'exec /opt/nginx/bin/nginx -g "daemon off;"', 2],
    ['nothing', '# later', 1],
  ])('is not understood: %s', (_, text, line) => {
    const { facts, codes, diagnostics } = understandTree({ 'run.sh': `#!/bin/sh\n${text}\n`, 'app.js': server }, 'run.sh', { environment });
    expect(codes).toEqual(['WEB_ADAPTER_START_UNKNOWN']);
    expect(diagnostics[0]).toMatchObject({ file: 'run.sh', line });
    expect(facts).toMatchObject({ file: null, server: null });
  });

  test('where a build is needed and none is known', () => {
    const files = { 'run.sh': 'exec node dist/app.js', 'package.json': '{}', 'src/app.ts': server };
    expect(understandTree(files, 'run.sh', { environment }).codes).toEqual(['WEB_ADAPTER_START_UNKNOWN']);
  });

  test('has its package in the folder of its code, and what a build makes is not missing', () => {
    const files = {
      'web/run.sh': 'exec node app.js',
      'web/app.js': "require('./build/index.js');",
      'web/package.json': '{"scripts":{"build":"vite build"}}',
    };
    const { facts, codes } = understandTree(files, 'run.sh', { environment, handler: { declared: 'run.sh', codeRoot: 'web' } });
    expect(codes).toEqual([]);
    expect(facts?.server?.start).toMatchObject({ command: ['node', 'app.js'], folder: 'web', build: 'build' });
  });

  test('port and readiness are those of the adapter', () => {
    const files = { 'run.sh': 'exec node app.js', 'app.js': server };
    const at = (more: Record<string, string>) => {
      const variables = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, literal(value)]));
      return startOf(files, { environment: { ...environment, ...variables } });
    };
    expect(at({})).toMatchObject({ port: 8080, readiness: { protocol: 'http', path: '/', healthy: [[100, 499]] } });
    expect(at({ PORT: '3000' })?.port).toBe(3000);
    expect(at({ PORT: '3000', AWS_LWA_PORT: '4000' })?.port).toBe(4000);
    expect(at({ READINESS_CHECK_PATH: 'up', AWS_LWA_READINESS_CHECK_PROTOCOL: 'tcp' })?.readiness).toMatchObject({
      protocol: 'tcp',
      path: '/up',
    });
    expect(at({ AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: '200-299, 404' })?.readiness.healthy).toEqual([
      [200, 299],
      [404, 404],
    ]);
  });

  test('what the adapter did besides is told', () => {
    const files = { 'run.sh': 'exec node app.js', 'app.js': `${server}\nread('x-amzn-request-context');` };
    const settings = { AWS_LWA_REMOVE_BASE_PATH: literal('/v1'), AWS_LWA_ENABLE_COMPRESSION: literal(false) };
    const { diagnostics } = understandTree(files, 'run.sh', { environment: { ...environment, ...settings } });
    expect(diagnostics.map(({ code, args }) => [code, args['setting']])).toEqual([
      ['WEB_ADAPTER_SETTING_LOST', 'AWS_LWA_REMOVE_BASE_PATH'],
      ['WEB_ADAPTER_SETTING_LOST', 'x-amzn-request-context'],
    ]);
  });
  test('a start that cannot be told', () => {
    const { facts, codes } = understandTree({ 'run.sh': '#!/bin/bash\n./bin/serve\n', 'package.json': '{}' }, 'run.sh', { environment });
    expect(codes).toEqual(['WEB_ADAPTER_START_UNKNOWN']);
    expect(facts).toMatchObject({ file: null, server: null });
  });
});
