import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, logLine } from './log.js';

/** A queue that could not be polled for so long makes the service unhealthy. */
const brokenAfterMilliseconds = 5 * 60_000;
const longestPauseMilliseconds = 30_000;

/** How the receives of one queue go; errors are logged and make the next receives wait, longer each time. */
export class PollHealth {
  private readonly queueUrl: string;
  private readonly stopped = new AbortController();
  private failures = 0;
  private failingSince: number | undefined;

  constructor(queueUrl: string) {
    this.queueUrl = queueUrl;
  }

  succeeded(): void {
    this.failures = 0;
    this.failingSince = undefined;
  }

  failed(error: unknown): void {
    if (this.stopped.signal.aborted) return;
    this.failures++;
    this.failingSince ??= Date.now();
    logLine('error', 'polling the queue failed', { queueUrl: this.queueUrl, failures: this.failures, error: describeError(error) });
  }

  async pause(): Promise<void> {
    if (this.failures === 0) return;
    const longest = Math.min(longestPauseMilliseconds, 250 * 2 ** Math.min(this.failures, 10));
    // At random, so that not all pollers of all tasks come back at the same moment.
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: this.stopped.signal });
  }

  isHealthy(): boolean {
    return this.failingSince === undefined || Date.now() - this.failingSince < brokenAfterMilliseconds;
  }

  /** Ends pauses; what fails from now on fails because polling ends. */
  stop(): void {
    this.stopped.abort();
  }
}
