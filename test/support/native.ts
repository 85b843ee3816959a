/** A handler's text before and after the rewrite, both behind the service's runtime: what they answer must be the same. */
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { modulesOf } from '../../src/analysis/modules.js';
import { Resolver } from '../../src/analysis/resolve.js';
import { parseModule } from '../../src/analysis/source-module.js';
import { Values } from '../../src/analysis/values.js';
import type { Project } from '../../src/project/model.js';
import { Repository } from '../../src/project/repository.js';
import type { Authorize, Handler, Route } from '../../templates/service/types.js';
import { createWeb } from '../../templates/service/web.js';
import { type RouteRewrite, type RouteShape, rewriteRoute } from '../../transforms/http-route-native/index.js';
import type { VersionOf } from '../../transforms/http-route-native/middy.js';

export interface NativeCase {
  text: string;
  extension?: string;
  routes: readonly RouteShape[];
  exportPath?: readonly string[];
  takesPlainValues?: boolean;
  versionOf?: VersionOf;
}

const repository = new Repository(mkdtempSync(join(tmpdir(), 'native-')));
const project = {
  root: '',
  functions: [],
  resources: {},
  packageInfo: { workspaceRoot: null, json: {}, nested: [] },
} as unknown as Project;
const values = new Values(modulesOf(repository), new Resolver(repository, project));

/** The route of each front that fixtures are written for. */
export function routeOf(front: RouteShape['front'], { path = '/items/{id}', payload }: Partial<RouteShape> = {}): RouteShape {
  return {
    front,
    payload: payload ?? (front === 'http-api' || front === 'function-url' ? '2.0' : '1.0'),
    method: 'ANY',
    path: front === 'function-url' ? '$default' : front === 'alb' ? '*' : path,
    stage: front === 'rest-api' ? 'Prod' : '$default',
    binaryMediaTypes: false,
    multiValueHeaders: false,
  };
}

/** What `answers` runs handlers as. */
const deployed = { functionName: 'Test', memoryMb: 128 };

export function rewriteText({
  text,
  extension = 'js',
  routes,
  exportPath = ['handler'],
  takesPlainValues = false,
  versionOf = () => null,
}: NativeCase): RouteRewrite {
  const module = parseModule(`handler.${extension}`, text);
  return rewriteRoute(values, { module, exportPath, routes, takesPlainValues, deployed, versionOf });
}

/** Runs a module's text and gives its exports. */
export function load(text: string, extension = 'js'): Record<string, unknown> {
  const { code } = transformSync(text, { loader: extension === 'ts' ? 'ts' : 'js', format: 'cjs', target: 'node20' });
  const module = { exports: {} as Record<string, unknown> };
  new Function('exports', 'module', 'require', code)(module.exports, module, createRequire(import.meta.url));
  return module.exports;
}

export interface Sent {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

const claims = { sub: 'user-1', email: 'Ada@Example.com', 'cognito:groups': 'a,b' };

/** Tells of the caller what authorizers of all kinds tell, and nothing where a caller says nothing. */
const authorize: Authorize = async (request, { route }) => {
  const isKnown = request.headers.some(([name]) => name.toLowerCase() === 'authorization');
  const told = route.payload === '2.0' ? { jwt: { claims, scopes: null }, lambda: { tenant: 'shop' } } : { claims, principalId: 'user-1' };
  return { authorizer: isKnown ? told : (undefined as unknown as typeof told) };
};

/** What a client sees of an answer: all but what differs from request to request. */
export async function answers(
  handler: unknown,
  native: boolean,
  routes: readonly RouteShape[],
  requests: readonly Sent[],
  callbacks = false,
) {
  const { app } = createWeb({
    name: 'test',
    routes: routes.map(
      (route): Route => ({
        front: route.front,
        payload: route.payload,
        method: route.method,
        path: route.path,
        stage: route.stage,
        authorize,
        function: {
          name: deployed.functionName,
          handler: handler as Handler,
          timeoutSeconds: 3,
          memoryMb: deployed.memoryMb,
          ...(native ? { native } : callbacks && { callbacks }),
        },
      }),
    ),
  });
  const found = [];
  for (const { method, url, headers = {}, body } of requests) {
    const answer = await app.inject({
      method,
      url,
      headers: { host: 'api.example.com', ...headers },
      ...(body !== undefined && { payload: body }),
    });
    const kept = Object.entries(answer.headers).filter(([name]) => !ownHeaders.has(name));
    found.push({ status: answer.statusCode, headers: Object.fromEntries(kept), body: sameEachTime(answer.body) });
  }
  await app.close();
  return found;
}

/** What an event says that differs from request to request. */
function sameEachTime(body: string): string {
  return body
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, '<id>')
    .replace(/Root=1-[0-9a-f]+-[0-9a-f]+/g, '<trace>')
    .replace(/\d{2}\/\w{3}\/\d{4}:[\d:]+ \+0000/g, '<time>')
    .replace(/((?:requestTime|time)Epoch\W{1,4})\d+/g, '$1<time>');
}

const ownHeaders = new Set(['date', 'connection', 'x-amzn-requestid', 'x-amzn-trace-id', 'apigw-requestid']);

/** Requests that tell mistakes of the rewrite: with and without a query, a body, headers. */
export function requestsFor(front: RouteShape['front']): Sent[] {
  const path = front === 'function-url' || front === 'alb' ? '/any/thing' : '/items/a%2Fb%20c';
  const json = { 'content-type': 'application/json' };
  return [
    { method: 'GET', url: path },
    { method: 'GET', url: `${path}?name=Ada&limit=5` },
    { method: 'GET', url: `${path}?name=Ada&name=Bob%20C&limit=` },
    {
      method: 'GET',
      url: `${path}?other=1`,
      headers: { authorization: 'Bearer t', 'x-api-key': 'k', cookie: 'a=1; b=2', origin: 'https://example.com' },
    },
    { method: 'POST', url: path, headers: json, body: '{"name":"Zoë","count":2,"text":"t","checked":true}' },
    { method: 'POST', url: `${path}?name=x`, headers: { ...json, 'user-agent': 'test' }, body: '{"name":""}' },
    { method: 'POST', url: path, headers: json, body: '{broken' },
    { method: 'PUT', url: path, headers: json, body: 'null' },
    { method: 'POST', url: path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=Ada&x=1' },
    { method: 'DELETE', url: `${path}?limit=%25` },
  ];
}
