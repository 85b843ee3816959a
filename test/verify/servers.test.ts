import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

/** The same small server in each framework: it echoes, sets a header twice, throws, and answers with bytes. */
const servers = {
  express: {
    dependencies: { express: '^4.22.0', 'serverless-http': '^3.2.0' },
    source: `const serverless = require('serverless-http');
const express = require('express');
const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: false }));
app.get('/echo', (req, res) => res.json({ query: req.query }));
app.post('/echo', (req, res) => res.status(201).json({ body: req.body }));
app.get('/twice', (req, res) => res.append('Set-Cookie', 'a=1').append('Set-Cookie', 'b=2').append('X-Two', ['one', 'two']).send('twice'));
app.get('/fail', () => { throw new Error('no such luck'); });
app.get('/bytes', (req, res) => res.type('application/octet-stream').send(Buffer.from([0, 255, 128, 10])));
module.exports.handler = serverless(app, { binary: ['application/octet-stream'] });
`,
  },
  koa: {
    dependencies: { koa: '^3.3.0', 'serverless-http': '^3.2.0' },
    source: `const serverless = require('serverless-http');
const Koa = require('koa');
const app = new Koa();
const read = async (stream) => { let text = ''; for await (const part of stream) text += part; return text; };
app.use(async (ctx, next) => {
  if (ctx.path === '/echo' && ctx.method === 'GET') ctx.body = { query: ctx.query };
  else if (ctx.path === '/echo' && ctx.method === 'POST') { ctx.status = 201; ctx.body = { type: ctx.request.type, body: await read(ctx.req) }; }
  else if (ctx.path === '/twice') { ctx.append('Set-Cookie', 'a=1'); ctx.append('Set-Cookie', 'b=2'); ctx.append('X-Two', ['one', 'two']); ctx.body = 'twice'; }
  else if (ctx.path === '/fail') throw new Error('no such luck');
  else if (ctx.path === '/bytes') { ctx.type = 'application/octet-stream'; ctx.body = Buffer.from([0, 255, 128, 10]); }
  else await next();
});
module.exports.handler = serverless(app, { binary: ['application/octet-stream'] });
`,
  },
  hono: {
    dependencies: { hono: '^4.13.0', '@hono/node-server': '^2.1.0' },
    source: `const { Hono } = require('hono');
const { handle } = require('hono/aws-lambda');
const app = new Hono();
app.get('/echo', (c) => c.json({ query: c.req.queries() }));
app.post('/echo', async (c) => c.json({ type: c.req.header('content-type'), body: await c.req.text() }, 201));
app.get('/twice', (c) => {
  c.header('Set-Cookie', 'a=1', { append: true });
  c.header('Set-Cookie', 'b=2', { append: true });
  c.header('X-Two', 'one', { append: true });
  c.header('X-Two', 'two', { append: true });
  return c.text('twice');
});
app.get('/fail', () => { throw new Error('no such luck'); });
app.get('/bytes', (c) => c.body(new Uint8Array([0, 255, 128, 10]), 200, { 'Content-Type': 'application/octet-stream' }));
module.exports.handler = handle(app);
`,
  },
  hapi: {
    dependencies: { '@hapi/hapi': '^21.4.0', 'serverless-http': '^3.2.0' },
    source: `const serverless = require('serverless-http');
const Hapi = require('@hapi/hapi');
const app = Hapi.server();
app.route([
  { method: 'GET', path: '/echo', handler: (request) => ({ query: request.query }) },
  { method: 'POST', path: '/echo', handler: (request, h) => h.response({ body: request.payload }).code(201) },
  { method: 'GET', path: '/twice', handler: (request, h) => h.response('twice').header('set-cookie', 'a=1', { append: true }).header('set-cookie', 'b=2', { append: true }).header('x-two', 'one', { append: true }).header('x-two', 'two', { append: true }) },
  { method: 'GET', path: '/fail', handler: () => { throw new Error('no such luck'); } },
  { method: 'GET', path: '/bytes', handler: (request, h) => h.response(Buffer.from([0, 255, 128, 10])).type('application/octet-stream') },
]);
module.exports.handler = serverless(app, { binary: ['application/octet-stream'] });
`,
  },
  fastify: {
    dependencies: { fastify: '^5.12.0', '@fastify/aws-lambda': '^6.4.0' },
    source: `const awsLambdaFastify = require('@fastify/aws-lambda');
const app = require('fastify')();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body))));
app.get('/echo', async (request) => ({ query: request.query }));
app.post('/echo', async (request, reply) => reply.code(201).send({ body: request.body }));
app.get('/twice', async (request, reply) => reply.header('Set-Cookie', 'a=1').header('Set-Cookie', 'b=2').header('X-Two', ['one', 'two']).send('twice'));
app.get('/fail', async () => { throw new Error('no such luck'); });
app.get('/bytes', async (request, reply) => reply.type('application/octet-stream').send(Buffer.from([0, 255, 128, 10])));
exports.handler = awsLambdaFastify(app, { binaryMimeTypes: ['application/octet-stream'] });
`,
  },
} as const;

const fronts = {
  'http-api': { provider: {}, events: [{ httpApi: '*' }] },
  'rest-api': {
    provider: { apiGateway: { binaryMediaTypes: ['application/octet-stream'] } },
    events: [{ http: 'ANY /' }, { http: 'ANY /{proxy+}' }],
  },
} as const;

/** As the project's own test events, which are sent besides what every route is asked. */
const requests = {
  query: { httpMethod: 'GET', path: '/echo', queryStringParameters: { q: 'a b', n: '1' } },
  json: { httpMethod: 'POST', path: '/echo', headers: { 'Content-Type': 'application/json' }, body: '{"name":"Ada","items":[1,2.5]}' },
  form: {
    httpMethod: 'POST',
    path: '/echo',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'name=a+b&other=c%26d',
  },
  bytes: {
    httpMethod: 'POST',
    path: '/echo',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: Buffer.from([0, 255, 128, 10, 13]).toString('base64'),
    isBase64Encoded: true,
  },
  unknown: { httpMethod: 'GET', path: '/nowhere/at/all' },
  twice: { httpMethod: 'GET', path: '/twice' },
  fail: { httpMethod: 'GET', path: '/fail' },
  head: { httpMethod: 'HEAD', path: '/echo' },
  download: { httpMethod: 'GET', path: '/bytes', headers: { Accept: 'application/octet-stream' } },
};

async function projectOf(framework: keyof typeof servers, front: keyof typeof fronts): Promise<string> {
  const { dependencies, source } = servers[framework];
  const { provider, events } = fronts[front];
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'shop', version: '1.0.0', dependencies }),
    'serverless.yml': JSON.stringify({
      service: 'shop',
      provider: { name: 'aws', runtime: 'nodejs22.x', ...provider },
      functions: { api: { handler: 'app.handler', events } },
    }),
    'app.js': source,
    ...Object.fromEntries(Object.entries(requests).map(([name, event]) => [`events/${name}.json`, JSON.stringify(event)])),
  };
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/**
 * What clients and servers see otherwise without the adapter: lines of a header that it joined with commas, which HTTP calls equal;
 * and the bytes that serverless-http puts on the request where no parser takes them.
 */
const told: Record<keyof typeof servers, string[]> = {
  express: ['bytes: body', 'bytes: header etag', 'twice: header x-two'],
  koa: ['twice: header x-two'],
  hono: [],
  hapi: [],
  fastify: ['twice: header x-two'],
};

describe.each(Object.keys(fronts) as (keyof typeof fronts)[])('behind a %s', (front) => {
  it.each(Object.keys(servers) as (keyof typeof servers)[])(
    'a server of %s that listens by itself answers as its handler did',
    async (framework) => {
      const folder = await projectOf(framework, front);
      let entry = '';
      const alter = async (migrated: string) => {
        entry = await readFile(join(migrated, 'service/web.js'), 'utf8');
      };
      const { functions } = await verify({ folder, alter, install: linkDependencies, runs: 0 });
      expect(entry.match(/runtime\/[\w-]+/g)).toEqual(['runtime/environment']);
      expect(functions[0]?.compared).toBeGreaterThan(Object.keys(requests).length);
      const different = (functions[0]?.findings ?? []).flatMap(({ name, differences }) => {
        const event = /events\/(\w+)\.json/.exec(name)?.[1];
        return event === undefined ? [] : differences.map(({ what }) => `${event}: ${what}`);
      });
      expect(different.sort()).toEqual(told[framework]);
    },
  );
});

it('a server that reads the body of the adapter keeps it', async () => {
  const folder = await projectOf('express', 'http-api');
  const file = join(folder, 'app.js');
  const source = await readFile(file, 'utf8');
  await writeFile(file, source.replace(/^app\.use\(.*\n/gm, '').replace('req.body }', 'req.body.toString() }'));
  const { functions } = await verify({ folder, install: linkDependencies, runs: 3 });
  expect(functions).toMatchObject([{ verdict: 'equal', findings: [] }]);
});

it.each([
  ['that listens whenever it is loaded', 'app.listen(process.env.PORT || 3000);'],
  ['that listens where it is not on Lambda', 'if (!process.env.AWS_LAMBDA_FUNCTION_NAME) app.listen(process.env.PORT || 8080);'],
  ['that answers by where it is', "if (process.env.LAMBDA_TASK_ROOT) app.set('etag', false);"],
])('a server %s answers as on Lambda', async (_, statement) => {
  const folder = await projectOf('express', 'http-api');
  const file = join(folder, 'app.js');
  const source = await readFile(file, 'utf8');
  await writeFile(file, source.replace('app.get(', `${statement}\napp.get(`));
  const { functions } = await verify({ folder, install: linkDependencies, runs: 3 });
  const { verdict, findings } = functions[0] ?? {};
  expect(findings?.filter(({ name }) => !/bytes|twice/.test(name))).toEqual([]);
  expect(verdict).not.toBe('not-comparable');
});
