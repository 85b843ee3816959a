/**
 * How long a queue may take to stop, in milliseconds: STOP_TIMEOUT, the seconds between SIGTERM and SIGKILL, less what giving
 * unfinished messages back takes.
 */
export function drainMilliseconds(): number {
  const seconds = Number(process.env['STOP_TIMEOUT'] ?? 30);
  const milliseconds = (Number.isFinite(seconds) && seconds > 0 ? seconds : 30) * 1000;
  return Math.max(milliseconds - 5_000, milliseconds * 0.4);
}

/** Longest poll in seconds: one that is under way when the process is to stop must come to its end in time. */
export function pollSeconds(): number {
  return Math.max(1, Math.min(20, Math.floor(drainMilliseconds() / 1000) - 2));
}
