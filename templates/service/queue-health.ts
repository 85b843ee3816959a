import { describeError, logLine } from './log.js';

/** A queue that could not be polled for so long makes the service unhealthy. */
const brokenAfterMilliseconds = 5 * 60_000;
const longestPauseMilliseconds = 30_000;

/** How the receives of one queue go; errors are logged and make the next receives wait, longer each time. */
export class PollHealth {
  private readonly queueUrl: string;
  private readonly pauses = new Set<() => void>();
  private isStopped = false;
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
    if (this.isStopped) return;
    this.failures++;
    this.failingSince ??= Date.now();
    logLine('error', 'polling the queue failed', { queueUrl: this.queueUrl, failures: this.failures, error: describeError(error) });
  }

  async pause(): Promise<void> {
    if (this.failures === 0) return;
    const longest = Math.min(longestPauseMilliseconds, 250 * 2 ** Math.min(this.failures, 10));
    // At random, so that not all pollers of all tasks come back at the same moment.
    const milliseconds = longest * (0.5 + Math.random() / 2);
    if (!this.isStopped) await this.sleep(milliseconds);
    if (this.isStopped) throw new Error('polling has ended');
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.pauses.add(wake);
    });
  }

  isHealthy(): boolean {
    return this.failingSince === undefined || Date.now() - this.failingSince < brokenAfterMilliseconds;
  }

  /** Ends pauses; what fails from now on fails because polling ends. */
  stop(): void {
    this.isStopped = true;
    for (const wake of this.pauses) wake();
  }
}
