/** While functions load, an error ends the start, also when their own code takes errors that nothing handles and goes on. */
import './environment.js';
import { describeError, logLine } from './log.js';

function tell(error: unknown): void {
  process.exitCode = 1;
  logLine('error', 'the functions cannot be loaded', { error: describeError(error) });
}

process.on('uncaughtExceptionMonitor', tell);

/** The functions are there: from now on errors are those of invocations. */
export function endLoading(): void {
  process.off('uncaughtExceptionMonitor', tell);
}
