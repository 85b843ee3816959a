import type { Terminal } from './commands/command.js';

/** How long a run is quiet where the progress line cannot be rewritten (ms). */
const quiet = 10_000;

/** The terminal of this process. `end()` gives the signals back and clears the progress line. */
export function terminalOf(self: NodeJS.Process, colorsWanted: boolean): Terminal & { end(): void } {
  const { stdin, stdout, stderr, env } = self;
  const { signal, release } = interruption(self);
  // A reader that has seen enough (`| head`) is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    self.exit();
  });
  const line = progressLine(stderr);
  const print = (stream: NodeJS.WriteStream) => (text: string) => {
    line.clear();
    stream.write(text);
  };
  return {
    out: print(stdout),
    err: print(stderr),
    interactive: stdin.isTTY === true && stdout.isTTY === true && env['CI'] === undefined,
    colors: colorsWanted && hasColors(stdout, env),
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    progress: (text) => (text === undefined ? line.clear() : line.show(text)),
    signal,
    end: () => {
      line.clear();
      release();
    },
  };
}

/** https://no-color.org and FORCE_COLOR, as other tools read them. */
function hasColors(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
}

/** The first Ctrl-C asks the run to stop and put things back; the second ends the process. */
function interruption(self: NodeJS.Process): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) self.exit(130);
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) self.on(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) self.removeListener(name, stop);
    },
  };
}

function progressLine(stderr: NodeJS.WriteStream): { show(text: string): void; clear(): void } {
  let shown = false;
  let last = Date.now();
  return {
    show: (text) => {
      const wait = stderr.isTTY ? 100 : quiet;
      if (Date.now() - last < wait) return;
      last = Date.now();
      if (stderr.isTTY) stderr.write(`\r\x1b[K${text.slice(0, Math.max(20, (stderr.columns || 80) - 1))}`);
      else stderr.write(`${text}\n`);
      shown = stderr.isTTY === true;
    },
    clear: () => {
      if (shown) stderr.write('\r\x1b[K');
      shown = false;
    },
  };
}
