/**
 * Errors that nothing handled. On Lambda such an error fails the invocation that is running and ends its execution environment;
 * the next request gets a new one, and requests in other environments never notice. Here the invocation fails alike, all others
 * go on, and the service calls itself unhealthy: it serves until the platform has put a new process in its place.
 */
import type { RequestScope } from './log.js';
import { describeError, logLine, requestScope } from './log.js';

type Fail = NonNullable<RequestScope['fail']>;

const openInvocations = new Set<Fail>();
let failed = false;

/** Runs `start` in the scope of one invocation; `fail` ends it from outside until the returned function was called. */
export function openInvocation(fail: Fail): () => void {
  openInvocations.add(fail);
  return () => openInvocations.delete(fail);
}

/** False after an error of which nobody knows what it left behind. */
export function isSound(): boolean {
  return !failed;
}

/** Takes errors that nothing handled from now on; `stop` is called for those that no invocation is to blame for. */
export function watchUncaught(stop: (reason: string) => void): void {
  process.on('unhandledRejection', (reason) => take('unhandled promise rejection', reason, invocationOf(), stop));
  process.on('uncaughtException', (error) => take('uncaught exception', error, invocationOf() ?? theOnlyOne(), stop));
}

function take(message: string, error: unknown, fail: Fail | undefined, stop: (reason: string) => void): void {
  logLine('error', message, { error: describeError(error) });
  failed = true;
  if (fail?.(error) !== true && requestScope.getStore()?.fail === undefined) stop(message);
}

function invocationOf(): Fail | undefined {
  const fail = requestScope.getStore()?.fail;
  return fail && openInvocations.has(fail) ? fail : undefined;
}

/** Callbacks of a shared connection run in the scope of whoever opened it. */
function theOnlyOne(): Fail | undefined {
  const [only] = openInvocations;
  return openInvocations.size === 1 ? only : undefined;
}
