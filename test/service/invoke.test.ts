import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { invoke } from '../../templates/service/invoke.js';
import { requestScope } from '../../templates/service/log.js';
import type { Handler, ServiceFunction } from '../../templates/service/types.js';
import { lambda } from './client.js';

let log = '';
beforeEach(() => {
  log = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    log += String(chunk);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const later = (run: () => void) => void setTimeout(run, 5);
const run = (handler: Handler, more: Partial<ServiceFunction> = {}) =>
  invoke(lambda(handler, { timeoutSeconds: 0.2, ...more }), { a: 1 }, 'id-1');
const old = { callbacks: true };
const timedOut = { name: 'TimeoutError', message: 'Task timed out after 0.20 seconds' };

describe('up to nodejs22.x', () => {
  it.each<[string, Handler, unknown]>([
    ['promise', async (event) => event, { a: 1 }],
    ['promise of nothing', async () => undefined, null],
    // biome-ignore lint/suspicious/noThenProperty: what the runtime looks for
    ['thenable', () => ({ then: (resolve: (value: unknown) => void) => resolve(7) }), 7],
    ['callback', (_event, _context, callback) => callback(null, 7), 7],
    ['callback later', (_event, _context, callback) => later(() => callback(undefined, 7)), 7],
    ['callback without a result', (_event, _context, callback) => callback(), null],
    ['context.succeed', (_event, context) => later(() => context.succeed(7)), 7],
    ['context.done', (_event, context) => later(() => context.done(null, 7)), 7],
    [
      'arguments[2]',
      function handler() {
        // biome-ignore lint/complexity/noArguments: handlers of old do it
        const callback = arguments[2];
        later(() => callback(null, 7));
      } as Handler,
      7,
    ],
    ['rest parameters', (...all: unknown[]) => later(() => (all[2] as (error: null, result: number) => void)(null, 7)), 7],
    [
      'the first completion counts',
      (_event, context, callback) => {
        callback(null, 1);
        context.succeed(2);
        callback(new Error('late'));
      },
      1,
    ],
    [
      'callback before the promise',
      async (_event, _context, callback) => {
        callback(null, 1);
        return 2;
      },
      1,
    ],
    [
      'promise before the callback',
      async (_event, _context, callback) => {
        later(() => callback(null, 2));
        return 1;
      },
      1,
    ],
    ['plain value', () => ({ statusCode: 200 }), null],
    ['nothing', (event) => void event, null],
    ['nothing, printing its context', (_event, context) => void JSON.stringify(context), null],
  ])('%s', async (_name, handler, expected) => {
    expect(await run(handler, old)).toEqual(expected);
  });

  it.each<[string, Handler, unknown]>([
    ['rejection', async () => Promise.reject(new TypeError('no')), new TypeError('no')],
    ['rejection with a text', async () => Promise.reject('no'), 'no'],
    ['rejection with nothing', async () => Promise.reject(), 'handled'],
    [
      'exception',
      () => {
        throw new TypeError('no');
      },
      new TypeError('no'),
    ],
    ['callback with an error', (_event, _context, callback) => callback('Unauthorized'), 'Unauthorized'],
    ['context.fail', (_event, context) => later(() => context.fail('no')), 'no'],
    ['context.fail without an error', (_event, context) => context.fail(), 'handled'],
  ])('%s', async (_name, handler, expected) => {
    await expect(run(handler, old)).rejects.toEqual(expected);
  });

  it.each<[string, Handler, Partial<ServiceFunction>]>([
    ['a promise that never settles', () => new Promise(() => undefined), old],
    ['a callback that is never called', (_event, _context, _callback) => undefined, old],
    ['code that the handler does not show', (event) => void event, { ...old, usesCallback: true }],
  ])('%s', async (_name, handler, more) => {
    await expect(run(handler, more)).rejects.toMatchObject(timedOut);
  });

  it('does not wait for a third parameter that is known to be unused', async () => {
    expect(await run((_event, _context, _callback) => undefined, { ...old, usesCallback: false })).toBeNull();
  });
});

describe('from nodejs24.x', () => {
  it('a plain value is the result', async () => {
    expect(await run(() => ({ statusCode: 200 }))).toEqual({ statusCode: 200 });
    expect(await run(() => undefined)).toBeNull();
  });

  it('there is no callback and no context.done', async () => {
    const handler = vi.fn((..._all: unknown[]) => 1);
    await run(handler);
    const [, context] = handler.mock.calls[0] ?? [];
    expect(handler.mock.calls[0]).toHaveLength(2);
    for (const name of ['done', 'succeed', 'fail']) expect(context).not.toHaveProperty(name);
  });
});

describe('the deadline', () => {
  it('is what the context tells', async () => {
    const remaining = (await run((_event, context) => context.getRemainingTimeInMillis())) as number;
    expect(remaining).toBeGreaterThan(100);
    expect(remaining).toBeLessThanOrEqual(200);
  });

  it('of a whole day does not fire at once', async () => {
    expect(await run(async () => new Promise((resolve) => setTimeout(resolve, 20, 'done')), { timeoutSeconds: 90 * 86_400 })).toBe('done');
  });

  it('is over: a later failure is logged and kills nothing', async () => {
    const handler: Handler = () => new Promise((_resolve, reject) => setTimeout(reject, 60, new Error('too late')));
    await expect(run(handler, { timeoutSeconds: 0.02 })).rejects.toMatchObject({ name: 'TimeoutError' });
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(JSON.parse(log)).toMatchObject({ level: 'warn', requestId: 'id-1', error: { message: 'too late' } });
  });
});

describe('the context', () => {
  it("has every field of Lambda's", async () => {
    vi.stubEnv('AWS_REGION', 'cn-north-1');
    const context = await run((_event, given) => ({ ...given }));
    expect(context).toMatchObject({
      functionName: 'fn',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      awsRequestId: 'id-1',
      invokedFunctionArn: 'arn:aws-cn:lambda:cn-north-1:000000000000:function:fn',
      logGroupName: '/aws/lambda/fn',
      logStreamName: expect.any(String),
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: expect.any(Function),
    });
    for (const name of ['identity', 'clientContext', 'tenantId']) expect(context).toHaveProperty(name, undefined);
    expect(Object.keys(JSON.parse(JSON.stringify(context)))).toEqual([
      ...['callbackWaitsForEmptyEventLoop', 'functionVersion', 'functionName', 'memoryLimitInMB', 'logGroupName', 'logStreamName'],
      ...['invokedFunctionArn', 'awsRequestId'],
    ]);
    vi.unstubAllEnvs();
  });

  it('scope follows the request', async () => {
    const ids = await Promise.all(
      ['a', 'b', 'c'].map((id) =>
        invoke(
          lambda(async () => {
            await new Promise((resolve) => setTimeout(resolve, 5));
            return requestScope.getStore()?.requestId;
          }),
          {},
          id,
        ),
      ),
    );
    expect(ids).toEqual(['a', 'b', 'c']);
  });
});
