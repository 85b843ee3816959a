/** Consumes queues for as long as the process lives. */
import { serveHealth } from './health.js';
import { endLoading } from './loading.js';
import { captureConsole, describeError, logLine } from './log.js';
import type { RunningQueue } from './queue.js';
import { consumeQueue } from './queue.js';
import { onShutdown } from './shutdown.js';
import type { WorkerService } from './types.js';
import { isSound } from './uncaught.js';

/** Starts all consumers; ends the process when one of them cannot start. */
export function startWorker({ name, consumers }: WorkerService): void {
  endLoading();
  captureConsole();
  let isDraining = false;
  const starting = Promise.all(consumers.map(consumeQueue));
  let queues: RunningQueue[] | undefined;
  starting.then(
    (started) => {
      queues = started;
      logLine('info', 'worker started', { service: name });
    },
    (error: unknown) => {
      logLine('error', 'the worker cannot start', { service: name, error: describeError(error) });
      process.exit(1);
    },
  );
  serveHealth(() => isSound() && !isDraining && queues?.every((queue) => queue.isHealthy()) === true);
  onShutdown(async () => {
    isDraining = true;
    const started = await starting;
    await Promise.all(started.map((queue) => queue.stop()));
  });
}
