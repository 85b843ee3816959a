/** Entry file of a service whose handler only wrapped an HTTP server: that server listens, the adapter is left out. */
import type { UnwrappedServerPlan } from '../planning/plan.js';
import type { HttpTrigger } from '../project/trigger.js';
import { Code, render, stringLiteral } from '../render.js';
import { type EntryInput, handlerSpecifier } from './entry.js';
import { Imports } from './imports.js';
import { applyStyle } from './style.js';

/** How Node's HTTP server hands a request to a server of a framework. */
interface ServerKind {
  /** Expression that the entry keeps once as its app, when that is not what the module exports. */
  make?: { name: string; value: (exported: string) => string };
  /** Expression of the request listener. */
  listener: (app: string) => string;
  /** Promise to wait for before listening. */
  ready?: (app: string) => string;
  /** Getting ready may fail: the process then ends, whatever the app does about rejections. */
  fails?: boolean;
  /** Promise of closing what the server holds. */
  close?: (app: string) => string;
  /** Package that bridges to Node's HTTP server: name, import and range. */
  bridge?: { package: string; import: string; range: string };
}

const emitOn = (server: string) => `(request, response) => void ${server}.emit('request', request, response)`;

/** Nest's own server has its request listener from `init` on, in every version; it listens to no port here. */
const nest: ServerKind = {
  make: { name: 'application', value: (create) => `${create}()` },
  listener: (app) => `(request, response) => void ${app}.then(({ nest }) => nest.getHttpServer().emit('request', request, response))`,
  ready: (app) => app,
  close: (app) => `${app}.then(({ nest }) => nest.close())`,
  fails: true,
};

const serverKinds: Readonly<Record<string, ServerKind>> = {
  express: { listener: (app) => app },
  koa: { listener: (app) => `${app}.callback()` },
  fastify: {
    listener: (app) => emitOn(`${app}.server`),
    ready: (app) => `${app}.ready()`,
    close: (app) => `${app}.close()`,
  },
  hono: {
    listener: (app) => `getRequestListener(${app}.fetch)`,
    bridge: { package: '@hono/node-server', import: 'getRequestListener', range: '^2.1.0' },
  },
  hapi: {
    listener: (app) => emitOn(`${app}.listener`),
    ready: (app) => `${app}.initialize()`,
    close: (app) => `${app}.stop()`,
  },
  nest,
  // Only here, not where the application is made: the Lambda adapter decorates a Fastify that has not started.
  'nest-fastify': { ...nest, ready: (app) => `${app}.then(({ nest }) => nest.getHttpAdapter().getInstance().ready())` },
  'node-http': { listener: (app) => emitOn(app) },
};

/** What each front answers when its function fails, and the type that it gives an answer without one. */
const fronts: Readonly<Record<HttpTrigger['type'], { status: number; type: string; body: string; untyped: string }>> = {
  'rest-api': { status: 502, type: 'application/json', body: '{"message": "Internal server error"}', untyped: 'application/json' },
  'http-api': { status: 500, type: 'application/json', body: '{"message":"Internal Server Error"}', untyped: 'text/plain; charset=utf-8' },
  'function-url': { status: 502, type: 'application/json', body: 'Internal Server Error', untyped: 'application/json' },
  alb: { status: 502, type: 'text/plain', body: '502 Bad Gateway', untyped: 'application/octet-stream' },
};

/** True when servers of that framework can listen by themselves. */
export function canListen({ framework, binding }: UnwrappedServerPlan): boolean {
  return binding !== null && framework in serverKinds;
}

/** Packages that the entry of a server needs besides the framework. */
export function serverDependencies({ framework }: UnwrappedServerPlan): Record<string, string> {
  const bridge = serverKinds[framework]?.bridge;
  return bridge ? { [bridge.package]: bridge.range } : {};
}

function parameters(isTyped: boolean): string {
  return isTyped ? '(request: IncomingMessage, response: ServerResponse)' : '(request, response)';
}

/** `exported`: name under which the module exports its server. */
export function serverEntry(input: EntryInput, server: UnwrappedServerPlan, exported: string): string {
  const { project, facts, service, folder, module, style } = input;
  const kind = serverKinds[server.framework] as ServerKind;
  const quoted = (text: string) => stringLiteral(text, style.quote);
  const isTyped = module.language === 'typescript';
  const requote = (code: string) => code.replaceAll("'request'", quoted('request')).replace('(request, response)', parameters(isTyped));
  const reserved = [
    'createServer',
    'listener',
    'AsyncLocalStorage',
    'answers',
    'withType',
    'writeHead',
    'parts',
    'draining',
    'failed',
    'onUncaught',
    'server',
    'shutDown',
    'address',
    'hostname',
    'port',
    'servicePort',
    'request',
    'response',
    'nest',
    'IncomingMessage',
    'ServerResponse',
    ...(kind.make ? [kind.make.name] : []),
    ...(kind.bridge ? [kind.bridge.import] : []),
  ];
  const imports = new Imports({ module, quote: style.quote, reserved });
  imports.runtime('node:async_hooks', 'AsyncLocalStorage');
  imports.runtime('node:http', 'createServer');
  if (isTyped && kind.listener('').startsWith('(request, response)')) imports.type('node:http', 'IncomingMessage');
  if (isTyped) imports.type('node:http', 'ServerResponse');
  if (kind.bridge) imports.runtime(kind.bridge.package, kind.bridge.import);
  // Before the server, whose module is to find the environment that it found on Lambda.
  const ownPort = imports.runtime(`./runtime/environment${module.importExtension}`, 'servicePort');
  const format = facts.functions[server.function]?.format ?? 'commonjs';
  const found = imports.handler(handlerSpecifier(folder, server.file, module), { exportPath: [exported], format }, 'app');
  const app = kind.make?.name ?? found;
  const variable = (name: string) => (module.language === 'typescript' ? `process.env[${quoted(name)}]` : `process.env.${name}`);
  const listen = 'server.listen(Number(port || 80), hostname)';
  const ended = '.catch((error) => {\n  console.error(error);\n  process.exit(1);\n})';
  const code = (text: string) => new Code(text);
  const exit = '() => process.exit()';
  const front = fronts[service.routes[0]?.trigger.type ?? 'http-api'];
  return applyStyle(
    render(
      'entry/server.hbs',
      {
        project: project.name,
        adapter: server.adapter,
        imports: code(imports.statements()),
        make: code(kind.make ? `const ${kind.make.name} = ${kind.make.value(found)};\n` : ''),
        listener: code(requote(kind.listener(app))),
        address: code(`${variable('AWS_LAMBDA_HTTP_ENDPOINT')} ?? \`0.0.0.0:\${${ownPort} ?? 8080}\``),
        none: code(quoted('')),
        listen: code(kind.ready ? `${kind.ready(app)}.then(() => ${listen})${kind.fails ? ended : ''}` : listen),
        closing: code(kind.close ? `() => void ${kind.close(app)}.finally(${exit})` : exit),
        // Types of older Node versions do not know the method, which every version that this runs on has.
        idle: code(isTyped ? '(server as typeof server & { closeIdleConnections(): void })' : 'server'),
        graceMilliseconds: code(String(Math.max(1, service.stopTimeout - 2) * 1000).replace(/\B(?=(\d{3})+$)/g, '_')),
        healthPath: code(quoted('/healthz')),
        contentType: code(quoted('content-type')),
        json: code(quoted('application/json')),
        answerType: code(isTyped ? '<ServerResponse>' : ''),
        responseType: code(isTyped ? ': ServerResponse' : ''),
        partsType: code(isTyped ? ': [status: number]' : ''),
        untyped: code(quoted(front.untyped)),
        decodesPath: (service.routes[0]?.trigger.type ?? 'http-api') === 'http-api',
        url: code(isTyped ? `(request.url ?? ${quoted('')})` : 'request.url'),
        errorType: code(isTyped ? ': unknown' : ''),
        failedStatus: code(String(front.status)),
        failedType: code(quoted(front.type)),
        failedBody: code(quoted(front.body)),
        uncaughtException: code(quoted('uncaughtException')),
        unhandledRejection: code(quoted('unhandledRejection')),
        stateFailed: code(quoted('failed')),
        stateDraining: code(quoted('draining')),
        stateOk: code(quoted('ok')),
        connection: code(quoted('connection')),
        closed: code(quoted('close')),
        sigterm: code(quoted('SIGTERM')),
        sigint: code(quoted('SIGINT')),
      },
      input.options,
    ),
    style,
  );
}
