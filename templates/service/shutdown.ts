import { backgroundWorkDone, shutdownWorkDone } from './background.js';
import { describeError, logLine } from './log.js';
import { watchUncaught } from './uncaught.js';

/** Time left between our own hard stop and the platform's kill. */
const marginMilliseconds = 2_000;

const drains: (() => Promise<void>)[] = [];
let stopping = false;

/**
 * Registers work that must be finished before the process ends: requests and messages in flight, connections. On SIGTERM or
 * SIGINT all of it runs at the same time, then what goes on in the background is awaited, then what code wants to do last, and the process
 * exits with 0; after an error that no invocation is to blame for, with 1.
 */
export function onShutdown(drain: () => Promise<void>): void {
  drains.push(drain);
  if (drains.length > 1) return;
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));
  watchUncaught((reason) => void stop(reason, 1));
}

async function stop(reason: string, code: number): Promise<void> {
  if (code !== 0) process.exitCode = code;
  if (stopping) return;
  stopping = true;
  logLine('info', 'shutting down', { reason });
  setTimeout(() => {
    logLine('error', 'work was still in flight when the time to stop was over');
    process.exit(1);
  }, graceMilliseconds()).unref();
  const outcomes = await Promise.allSettled(drains.map((drain) => drain()));
  await backgroundWorkDone();
  for (const error of await shutdownWorkDone()) logLine('error', 'shutting down failed', { error: describeError(error) });
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') logLine('error', 'shutting down failed', { error: describeError(outcome.reason) });
  }
  process.exit(outcomes.some(({ status }) => status === 'rejected') ? 1 : (process.exitCode ?? 0));
}

/** STOP_TIMEOUT: the seconds between SIGTERM and SIGKILL, `stopTimeout` of the task definition. */
function graceMilliseconds(): number {
  const seconds = Number(process.env['STOP_TIMEOUT'] ?? 30);
  const milliseconds = (Number.isFinite(seconds) && seconds > 0 ? seconds : 30) * 1000;
  return Math.max(milliseconds - marginMilliseconds, milliseconds / 2);
}
