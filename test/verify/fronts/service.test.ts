/**
 * The models of AWS's fronts and the service that is generated are written apart from each other, from AWS's documentation.
 * Here they meet: random requests and random results must come out the same.
 */
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HttpTrigger } from '../../../src/project/trigger.js';
import { comparableResponse } from '../../../src/verify/compare.js';
import { createGateway } from '../../../src/verify/fronts/gateway.js';
import type { WireRequest, WireResponse } from '../../../src/verify/fronts/http.js';
import type { ModelRoute } from '../../../src/verify/fronts/routing.js';
import type { NormaliseContext } from '../../../src/verify/normalise.js';
import { requestPlans } from '../../../src/verify/requests/generated.js';
import { apiRequests, knownRequests } from '../../../src/verify/requests/known.js';
import { clientAddress, type RequestPlan, toWire } from '../../../src/verify/requests/plan.js';
import { send } from '../../../src/verify/send.js';
import { compress } from '../../../templates/service/compress.js';
import type { Handler, Route } from '../../../templates/service/types.js';
import { createWeb } from '../../../templates/service/web.js';

interface Subject {
  name: string;
  triggers: HttpTrigger[];
}

function trigger(more: Partial<HttpTrigger> & Pick<HttpTrigger, 'type' | 'payload'>): HttpTrigger {
  return { method: 'ANY', path: '/things/{id}', api: 'api', gateway: [], ...more };
}

const rest = { type: 'rest-api', payload: '1.0', stage: 'Prod' } as const;
const http = { type: 'http-api', stage: '$default' } as const;
const cors = {
  allowOrigins: ['https://example.com'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['content-type'],
  exposeHeaders: ['x-total'],
  allowCredentials: true,
  maxAgeSeconds: 60,
};

const subjects: Subject[] = [
  {
    name: 'REST API',
    triggers: [
      trigger(rest),
      trigger({ ...rest, path: '/things', method: 'POST' }),
      trigger({ ...rest, path: '/files/{proxy+}', method: 'GET', stageVariables: { color: 'red' } }),
      trigger({ ...rest, path: '/images', method: 'PUT', binaryMediaTypes: ['image/*', 'application/octet-stream'] }),
      trigger({ ...rest, path: '/all', method: 'POST', binaryMediaTypes: ['*/*'] }),
      // Of the methods of one path, only some may ask for CORS.
      trigger({ ...rest, path: '/shared', method: 'GET' }),
      trigger({
        ...rest,
        path: '/shared',
        method: 'POST',
        gateway: [{ kind: 'cors', cors: { ...cors, mode: 'preflight', preflightStatus: 200 } }],
      }),
    ],
  },
  { name: 'REST API that compresses', triggers: [trigger({ ...rest, gateway: [{ kind: 'compression', fromBytes: 4 }] })] },
  {
    name: 'HTTP API, payload 2.0',
    triggers: [
      trigger({ ...http, payload: '2.0' }),
      trigger({ ...http, payload: '2.0', path: '/things', method: 'POST' }),
      trigger({ ...http, payload: '2.0', path: '/files/{proxy+}', method: 'GET' }),
      trigger({ ...http, payload: '2.0', path: '$default' }),
    ],
  },
  {
    name: 'HTTP API with a stage',
    triggers: [
      trigger({ type: 'http-api', payload: '2.0', stage: 'dev' }),
      trigger({ type: 'http-api', payload: '2.0', stage: 'dev', path: '/a/{b}/c/{d+}', method: 'GET' }),
    ],
  },
  {
    name: 'HTTP API with CORS',
    triggers: [
      trigger({
        ...http,
        payload: '2.0',
        method: 'GET',
        gateway: [{ kind: 'cors', cors: { ...cors, mode: 'headers', preflightStatus: 204 } }],
      }),
    ],
  },
  {
    name: 'HTTP API, payload 1.0',
    triggers: [trigger({ ...http, payload: '1.0' }), trigger({ ...http, payload: '1.0', path: '/files/{proxy+}' })],
  },
  { name: 'function URL', triggers: [trigger({ type: 'function-url', payload: '2.0', path: '$default' })] },
  { name: 'ALB', triggers: [trigger({ type: 'alb', payload: '1.0', path: '/things/*' })] },
  {
    name: 'ALB with multi-value headers',
    triggers: [trigger({ type: 'alb', payload: '1.0', path: '/things/*', multiValueHeaders: true })],
  },
];

const context: NormaliseContext = { now: Date.now(), roots: [], used: () => undefined };

/** One field at a time tells where events differ. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !['extendedRequestId', 'requestId', 'resourceId', 'deploymentId', 'targetGroupArn'].includes(name))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

describe.each(subjects)('$name', ({ triggers }) => {
  let handler: Handler = async () => null;
  let close: () => Promise<unknown>;
  let url = '';
  const routes: ModelRoute[] = triggers.map((each, index) => ({ trigger: each, functionId: String(index) }));
  const front = (triggers[0] as HttpTrigger).type;

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCOUNT_ID', '123456789012');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { app } = createWeb({ name: 'web', routes: triggers.map((each) => serviceRoute(each, (event) => handler(event, {}))) });
    await app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    close = () => app.close();
  });
  afterAll(async () => {
    await close();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  async function both(request: WireRequest): Promise<[unknown, unknown] | null> {
    const gateway = createGateway(front, routes);
    const handling = gateway(request, {
      requestId: 'id',
      time: Date.now(),
      sourceIp: clientAddress,
      accountId: '123456789012',
      region: 'eu-central-1',
    });
    if (handling.kind === 'unknown') return null;
    const expected: WireResponse =
      handling.kind === 'answer' ? handling.response : handling.finish(await outcomeOf(() => handler(handling.event, {})));
    const actual = await send(url, request, 10);
    return [comparableResponse(expected, context), comparableResponse(actual, context)];
  }

  async function agree(each: HttpTrigger, plan: RequestPlan): Promise<void> {
    const answers = await both(toWire(each, plan));
    if (answers) expect(answers[1]).toEqual(answers[0]);
  }

  test('the event is the same, for every known request', async () => {
    handler = async (event) => ({ statusCode: 200, body: JSON.stringify(sorted(event)) });
    for (const each of triggers) {
      for (const { plan } of [...knownRequests(each), ...apiRequests(each)]) await agree(each, plan);
    }
    await agree(
      { ...(triggers[0] as HttpTrigger), path: '/no/such/route' },
      { method: 'GET', variables: [], query: [], headers: [], body: null },
    );
  });

  test('the event is the same, for random requests', async () => {
    handler = async (event) => ({ statusCode: 200, body: JSON.stringify(sorted(event)) });
    for (const each of triggers)
      await fc.assert(
        fc.asyncProperty(requestPlans(each), (plan) => agree(each, plan)),
        { numRuns: 60, seed: 7 },
      );
  });

  test('the answer is the same, for random results', async () => {
    const [each] = triggers as [HttpTrigger];
    const headers: RequestPlan['headers'] = [['Accept-Encoding', 'deflate;q=0.5, gzip']];
    const plan: RequestPlan = { method: each.method === 'ANY' ? 'GET' : each.method, variables: ['1'], query: [], headers, body: null };
    await fc.assert(
      fc.asyncProperty(results, async (result) => {
        handler = async () => {
          if (result === 'throw') throw new Error('secret');
          return result;
        };
        await agree(each, plan);
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});

const headerName = fc.constantFrom(
  'content-type',
  'Content-Type',
  'X-One',
  'x-one',
  'Set-Cookie',
  'set-cookie',
  'Location',
  'Cache-Control',
  'Access-Control-Allow-Origin',
);
const headerValue = fc.oneof(
  fc.constantFrom<unknown>('a', 'text/html', 'a, b', 1, true, '', 'a=1; Path=/'),
  fc.constantFrom<unknown>(null, ['a'], { a: 1 }),
);
const body = fc.oneof(fc.string(), fc.constantFrom<unknown>('{"a":1}', '', null, undefined, 1, { a: 1 }, 'aGVsbG8='));
const results = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        statusCode: fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom<unknown>(200, 201, 204, 302, 304, 404, 418, 500, '200') },
          fc.constantFrom<unknown>('ok', null, 99, 700, 200.5, 0),
        ),
        headers: fc.oneof(fc.dictionary(headerName, headerValue, { maxKeys: 4 }), fc.constant(null)),
        multiValueHeaders: fc.dictionary(headerName, fc.array(fc.constantFrom<unknown>('a', 'b', 1), { maxLength: 3 }), { maxKeys: 3 }),
        cookies: fc.array(fc.constantFrom('a=1', 'b=2; HttpOnly'), { maxLength: 3 }),
        body,
        isBase64Encoded: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 2, arbitrary: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(undefined, null, 'text', 'throw', 0, [], {})) },
);

function serviceRoute(
  { type, payload, method, path, stage, stageVariables, binaryMediaTypes, multiValueHeaders, gateway }: HttpTrigger,
  handler: Handler,
): Route {
  const found = gateway.find((feature) => feature.kind === 'cors')?.cors;
  const { fromBytes } = gateway.find((feature) => feature.kind === 'compression') ?? {};
  return {
    front: type,
    payload,
    method,
    path,
    function: { name: 'fn', handler, timeoutSeconds: 3, memoryMb: 128 },
    ...(stage !== undefined && { stage }),
    ...(stageVariables && { stageVariables }),
    ...(binaryMediaTypes && { binaryMediaTypes }),
    ...(multiValueHeaders !== undefined && { multiValueHeaders }),
    ...(found && { cors: found as Route['cors'] }),
    ...(fromBytes !== undefined && { compress: compress(fromBytes) }),
  } as Route;
}

async function outcomeOf(run: () => unknown) {
  try {
    return { kind: 'result' as const, payload: JSON.stringify(await run()) ?? 'null' };
  } catch (error) {
    return { kind: 'error' as const, error: { errorType: 'Error', errorMessage: String(error) } };
  }
}
