import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ServerStart } from '../../src/analysis/facts.js';
import { repositoryRoot } from '../support/fixtures.js';
import { send } from '../support/requests.js';
import { startService } from '../support/service.js';
import { cleanSamples, http, type Produced, produceSample, type Sample, write } from './sample.js';

afterAll(cleanSamples);

async function produceServer(
  framework: 'express' | 'fastify' | 'koa' | 'hono' | 'hapi' | 'nest' | 'nest-fastify' | 'node-http',
  source: string,
  binding = 'app',
): Promise<Produced> {
  const produced = await produceSample({
    files: { 'package.json': '{"name":"shop","dependencies":{"serverless-http":"^3.2.0"}}', 'app.js': source },
    functions: {
      api: {
        file: 'app.js',
        triggers: [http('ANY', '/'), http('ANY', '/{proxy+}')],
        facts: {
          shape: 'server',
          server: { adapter: 'serverless-http', framework, file: 'app.js', line: 1, binding, unwrappable: true },
        },
      },
    },
  });
  write(produced.folder, produced.files);
  return produced;
}

const wrapped = "const serverless = require('serverless-http');\nexports.handler = serverless(app);\n";

const sources = {
  express: `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.get('/slow', (req, res) => setTimeout(() => res.json({ slow: true }), 600));\napp.post('/echo/:id', (req, res) => res.status(201).json({ id: req.params.id, body: req.body }));\n${wrapped}`,
  fastify: `const app = require('fastify')();\napp.get('/slow', async () => { await new Promise((done) => setTimeout(done, 600)); return { slow: true }; });\napp.post('/echo/:id', async (request, reply) => reply.code(201).send({ id: request.params.id, body: request.body }));\n${wrapped}`,
  'node-http': `const { createServer } = require('node:http');\nconst app = createServer((request, response) => {\n  if (request.url === '/slow') return setTimeout(() => response.end('{"slow":true}'), 600);\n  let body = '';\n  request.on('data', (part) => { body += part; });\n  request.on('end', () => { response.writeHead(201); response.end(JSON.stringify({ id: request.url.slice(6), body: JSON.parse(body) })); });\n});\n${wrapped}`,
};

describe.each(Object.entries(sources))('a server of %s', (framework, source) => {
  it('listens by itself, and finishes what is in flight when it is stopped', async () => {
    const { folder, files } = await produceServer(framework as keyof typeof sources, source);
    expect(files['service/web.js']).not.toMatch(/runtime\/(?!environment)/);
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    for (const name of ['express', 'fastify', 'serverless-http'])
      symlinkSync(join(repositoryRoot, 'node_modules', name), join(folder, 'node_modules', name));
    const service = await startService(folder, 'web');
    const answer = await send(service.url, {
      method: 'POST',
      path: '/echo/7?q=1',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ body: { a: 1 } });

    const slow = send(service.url, { path: '/slow' });
    await sleep(150);
    const ended = service.stop();
    expect(JSON.parse((await slow).body.toString())).toEqual({ slow: true });
    expect(await ended).toBe(0);
  });
});

it('keeps a connection of the load balancer alive longer than that does, and refuses new work while it drains', async () => {
  const { folder } = await produceServer('express', sources.express);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const name of ['express', 'serverless-http'])
    symlinkSync(join(repositoryRoot, 'node_modules', name), join(folder, 'node_modules', name));
  const service = await startService(folder, 'web');
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    request(`${service.url}/healthz`, { headers: { connection: 'keep-alive' } }, (answer) => {
      answer.resume();
      resolve(answer.headers);
    })
      .on('error', reject)
      .end();
  });
  expect(headers['keep-alive']).toBe('timeout=65');
  expect(await service.stop()).toBe(0);
});

describe('a server of Nest', () => {
  /** What of Nest is used here, over Node's own server; `fails` is an application that cannot start. */
  const nestCore = `const { createServer } = require('node:http');
exports.NestFactory = { create: async ({ fails }) => {
  const server = createServer((request, response) => response.end(JSON.stringify({ url: request.url, ready: server.ready === true })));
  return {
    init: async () => { await new Promise((done) => setTimeout(done, 200)); if (fails) throw new Error('no database'); server.ready = true; },
    getHttpServer: () => server,
    getHttpAdapter: () => ({ getInstance: () => server }),
    close: async () => console.log('application closed'),
  };
} };`;
  const source = (fails: boolean) => `const { NestFactory } = require('@nestjs/core');
const serverless = require('serverless-http');
process.on('unhandledRejection', () => {});
let cached;
async function bootstrap() {
  const app = await NestFactory.create({ fails: ${fails} });
  await app.init();
  return serverless(app.getHttpAdapter().getInstance());
}
exports.handler = async (event, context) => {
  cached = cached ?? (await bootstrap());
  return cached(event, context);
};
`;
  async function produceNest(fails: boolean): Promise<Produced> {
    const produced = await produceServer('nest', source(fails), 'createNestApplication');
    const packages = join(produced.folder, 'node_modules');
    write(produced.folder, { 'node_modules/@nestjs/core/index.js': nestCore });
    symlinkSync(join(repositoryRoot, 'node_modules', 'serverless-http'), join(packages, 'serverless-http'));
    return produced;
  }

  it('listens when the application is ready, and closes it when it is stopped', async () => {
    const { folder, files } = await produceNest(false);
    expect(files['service/web.js']).not.toMatch(/runtime\/(?!environment)/);
    const service = await startService(folder, 'web');
    expect(JSON.parse((await send(service.url, { path: '/items?q=1' })).body.toString())).toEqual({ url: '/items?q=1', ready: true });
    expect(await service.stop()).toBe(0);
  });

  it('of Fastify is ready before it listens', async () => {
    const { files } = await produceServer('nest-fastify', source(false), 'createNestApplication');
    expect(files['service/web.js']).toContain('.then(({ nest }) => nest.getHttpAdapter().getInstance().ready())');
  });

  it('ends when the application cannot start', async () => {
    const { folder } = await produceNest(true);
    const ended = spawnSync(process.execPath, ['service/web.js'], { cwd: folder, env: { ...process.env, PORT: '0' }, timeout: 20_000 });
    expect(ended.status).toBe(1);
    expect(ended.stderr.toString()).toContain('no database');
  });

  it('is typed in a TypeScript project, also for types of older Node versions', async () => {
    const file = 'src/main.ts';
    const { files } = await produceSample({
      files: { 'package.json': '{"name":"shop"}', 'tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}', [file]: source(false) },
      functions: {
        api: {
          file,
          triggers: [http('ANY', '/'), http('ANY', '/{proxy+}')],
          lambda: { build: { tool: 'tsc' } },
          facts: {
            shape: 'server',
            server: { adapter: 'serverless-http', framework: 'nest', file, line: 1, binding: 'createNestApplication', unwrappable: true },
          },
        },
      },
    });
    const entry = files['service/web.ts'] ?? '';
    expect(entry).toContain("import type { IncomingMessage, ServerResponse } from 'node:http';");
    expect(entry).toContain('(request: IncomingMessage, response: ServerResponse) => void application.then(');
    expect(entry).toContain('(server as typeof server & { closeIdleConnections(): void }).closeIdleConnections()');
  });

  it('is fed events where its application cannot be made apart', async () => {
    const shared = source(false).replace('await app.init();', 'await app.init(); app.enableCors();');
    const { files, diagnostics } = await produceServer('nest', shared, 'createNestApplication');
    expect(files['service/web.js']).toContain('runtime/');
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'SERVER_NOT_UNWRAPPED' }));
    // What the runtime imports is there: the plan alone does not know that the server stays wrapped.
    expect(JSON.parse(files['package.json'] ?? '').dependencies).toHaveProperty('fastify');
  });
});

describe('what a framework needs to listen', () => {
  it.each([
    ['koa', 'app.callback()', {}],
    ['hono', 'getRequestListener(app.fetch)', { '@hono/node-server': expect.any(String) }],
    ['hapi', 'app.initialize().then(() => server.listen(Number(port || 80), hostname));', {}],
  ] as const)('%s', async (framework, code, dependencies) => {
    const { files } = await produceServer(framework, `const app = make();\n${wrapped}`);
    expect(files['service/web.js']).toContain(code);
    expect(JSON.parse(files['package.json'] ?? '').dependencies).toEqual({ 'serverless-http': '^3.2.0', ...dependencies });
    expect(files['app.js']).toContain('exports.app = app');
  });
});

describe('a program that listens by itself behind the Lambda Web Adapter', () => {
  const start = { command: ['node', 'dist/app.js', '--verbose'], folder: 'web', build: 'build', port: 3000 };
  const sample = (more: Partial<typeof start>, readiness: ServerStart['readiness']): Sample => ({
    files: {
      'web/package.json': '{"name":"shop","scripts":{"build":"tsc","compile":"tsc"},"dependencies":{"express":"5"}}',
      'web/src/app.ts': 'listen();\n',
    },
    functions: {
      api: {
        file: 'web/src/app.ts',
        triggers: [http('ANY', '/{proxy+}'), http('ANY', '/')],
        facts: {
          shape: 'server',
          buildReasons: [],
          server: {
            adapter: 'lambda-web-adapter',
            framework: 'unknown',
            file: 'web/src/app.ts',
            line: 1,
            binding: null,
            unwrappable: true,
            start: { ...start, ...more, readiness },
          },
        },
      },
    },
  });
  const http200: ServerStart['readiness'] = { protocol: 'http', path: '/up', healthy: [[200, 299]] };

  it('is built by its own script and started as it was, in its own package', async () => {
    const { files } = await produceSample(sample({}, http200));
    expect(Object.keys(files).sort()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'MIGRATION.md',
      'compose.yaml',
      'deploy/ecs/task-definition.web.json',
      'web/package.json',
    ]);
    const { scripts, dependencies } = JSON.parse(files['web/package.json'] ?? '');
    expect(scripts).toMatchObject({ build: 'tsc', 'start:web': 'node dist/app.js --verbose' });
    expect(dependencies).toEqual({ express: '5' });
    expect(files['Dockerfile']).toContain('WORKDIR /app/web\n');
    expect(files['Dockerfile']).toContain('RUN npm run build && find /app -name node_modules -prune');
    expect(files['Dockerfile']).toContain('COPY --from=build /app /app\nCOPY --from=dependencies /app /app\n');
    expect(files['Dockerfile']).toContain('EXPOSE 3000');
    expect(files['Dockerfile']).toContain('LANG=en_US.UTF-8 PORT=3000\n');
    expect(files['Dockerfile']).toContain('CMD ["node", "dist/app.js", "--verbose"]');
    expect(files['compose.yaml']).toContain('"8080:3000"');
  });

  it('is asked for its health as the adapter asked', async () => {
    const { files } = await produceSample(sample({ build: 'compile' }, http200));
    expect(files['Dockerfile']).toContain('RUN npm run compile &&');
    const [container] = JSON.parse(files['deploy/ecs/task-definition.web.json'] ?? '').containerDefinitions;
    expect(container.portMappings).toMatchObject([{ containerPort: 3000 }]);
    expect(container.environment).toContainEqual({ name: 'PORT', value: '3000' });
    const check = container.healthCheck.command.at(-1) as string;
    const answers = async (status: number) => {
      const server = createServer((request, response) => response.writeHead(request.url === '/up' ? status : 500).end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const child = spawn('node', ['-e', check], { env: { ...process.env, PORT: String(port) } });
      const [code] = await once(child, 'exit');
      server.close();
      return code as number;
    };
    expect(await answers(204)).toBe(0);
    expect(await answers(404)).toBe(1);
  });

  it('is asked for its port only where the adapter did no more', async () => {
    const { files } = await produceSample(sample({}, { protocol: 'tcp', path: '/', healthy: [[100, 499]] }));
    expect(files['Dockerfile']).toContain(".connect((process.env.PORT || 3000), '127.0.0.1')");
  });
});
