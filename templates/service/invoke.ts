import type { LambdaContext } from './context.js';
import { makeContext } from './context.js';
import { offerInvokeStore } from './invoke-store.js';
import type { RequestScope } from './log.js';
import { describeError, logLine, requestScope } from './log.js';
import type { ServiceFunction } from './types.js';
import { openInvocation } from './uncaught.js';

// The entry file imports the handlers after this module: libraries find the store when they load.
offerInvokeStore();

/** The function did not finish before its own `timeoutSeconds`. What it does is not stopped: nothing can stop it. */
export class TimeoutError extends Error {
  override name = 'TimeoutError';
}

/** Ways of completing an invocation that Lambda offers up to nodejs22.x. */
interface Completion {
  done(error?: unknown, result?: unknown): void;
  succeed(result?: unknown): void;
  fail(error?: unknown): void;
}

/** Node fires longer timers at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs a handler as Lambda's runtime would: the first completion counts, be it the promise, the callback (up to nodejs22.x), or
 * an exception. Rejects with what the handler failed with, which can be any value, or with `TimeoutError`.
 */
export function invoke(fn: ServiceFunction, event: unknown, requestId: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const start = (settle: Settle, deadline: number) => {
      const context = makeContext(fn, requestId, deadline);
      if (fn.callbacks) {
        invokeWithCallback(fn, event, context, settle);
        return;
      }
      const returned: unknown = fn.handler(event, context);
      if (isPromise(returned)) returned.then(settle.resolve, settle.reject);
      else settle.resolve(returned);
    };
    runUntilDeadline(fn, requestId, start, { resolve: (result) => resolve(result === undefined ? null : result), reject });
  });
}

function invokeWithCallback(fn: ServiceFunction, event: unknown, context: LambdaContext, settle: Settle): void {
  let completed = false;
  const once = (outcome: () => void) => {
    if (completed) return;
    completed = true;
    outcome();
  };
  const fail = (error: unknown) => once(() => settle.reject(error));
  const succeed = (result: unknown) => once(() => settle.resolve(result));
  const isGiven = (error: unknown) => error !== undefined && error !== null;
  const completion: Completion = {
    done: (error, result) => (isGiven(error) ? fail(error) : succeed(result)),
    succeed,
    // The runtime's own word for a failure without an error.
    fail: (error) => fail(error ?? 'handled'),
  };
  // The runtime waits for an empty event loop: an error that nothing handles until then still fails the invocation.
  const soon = (result: unknown) => once(() => setImmediate(() => settle.resolve(result)));
  const callback: Completion['done'] = (error, result) => {
    if (isGiven(error)) fail(error);
    else if (context.callbackWaitsForEmptyEventLoop) soon(result);
    else succeed(result);
  };
  const watched = withCompletion(context, completion);
  try {
    const returned: unknown = fn.handler(event, watched.context, callback);
    if (isPromise(returned)) returned.then(completion.succeed, completion.fail);
    else if (!watched.isUsed() && !mayCallBack(fn)) settle.resolve(null);
  } catch (error) {
    fail(error);
  }
}

/** What becomes of an invocation. */
export interface Settle {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * Runs `start` in the request's scope and hands on its first outcome, or a `TimeoutError` at the function's deadline (milliseconds since
 * the epoch).
 */
export function runUntilDeadline(
  fn: ServiceFunction,
  requestId: string,
  start: (settle: Settle, deadline: number) => void,
  outcome: Settle,
): void {
  const milliseconds = fn.timeoutSeconds * 1000;
  const scope: RequestScope = { requestId };
  let settled = false;
  const isFirst = () => {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    close();
    return true;
  };
  const settle: Settle = {
    resolve: (result) => {
      if (isFirst()) outcome.resolve(result);
    },
    reject: (error) => {
      if (isFirst()) outcome.reject(error);
      else if (error !== undefined) logLine('warn', 'the handler failed after its invocation was over', { error: describeError(error) });
    },
  };
  scope.fail = (error) => {
    if (settled) return false;
    settle.reject(error);
    return true;
  };
  const close = openInvocation(scope.fail);
  const timeOut = () => settle.reject(new TimeoutError(`Task timed out after ${fn.timeoutSeconds.toFixed(2)} seconds`));
  const timer = setTimeout(timeOut, Math.min(milliseconds, longestTimer));
  requestScope.run(scope, () => {
    try {
      start(settle, Date.now() + milliseconds);
    } catch (error) {
      settle.reject(error);
    }
  });
}

/**
 * The context with `done`, `succeed` and `fail`, which tells whether the handler has looked at one of them. They are not
 * enumerable, so that printing the context does not count as looking.
 */
function withCompletion(context: LambdaContext, completion: Completion): { context: LambdaContext; isUsed(): boolean } {
  let isUsed = false;
  for (const name of ['done', 'succeed', 'fail'] as const) {
    Object.defineProperty(context, name, {
      configurable: true,
      get: () => {
        isUsed = true;
        return completion[name];
      },
    });
  }
  return { context, isUsed: () => isUsed };
}

/**
 * Lambda ended an invocation that returned no promise with `null` when the event loop was empty. A service never has an empty
 * event loop, so what counts is whether the handler could still call back.
 */
function mayCallBack({ handler, usesCallback }: ServiceFunction): boolean {
  if (usesCallback !== undefined) return usesCallback;
  return handler.length >= 3 || /\barguments\b|\.\.\.|\.\s*(?:done|succeed|fail)\b/.test(Function.prototype.toString.call(handler));
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Can the function still run when the gateway has ceased to wait for it? */
export function outlasts({ timeoutSeconds }: ServiceFunction, seconds: number): boolean {
  return timeoutSeconds > seconds;
}

/** Calls `late` when the gateway waits no longer, unless the returned function was called before. */
export function afterLimit(seconds: number, late: () => void): () => void {
  const timer = setTimeout(
    () => {
      logLine('error', 'the answer came too late for the gateway', { limitSeconds: seconds });
      late();
    },
    Math.min(seconds * 1000, longestTimer),
  );
  return () => clearTimeout(timer);
}

/** The gateway did not wait longer, and gets `late`; the function went on, and so does it here. */
export function withinLimit<Result, Late>(result: Promise<Result>, seconds: number, late: Late): Promise<Result | Late> {
  return new Promise((resolve, reject) => {
    const stop = afterLimit(seconds, () => resolve(late));
    result.then(resolve, reject).finally(stop);
  });
}
