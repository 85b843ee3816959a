import { AsyncLocalStorage } from 'node:async_hooks';
import { format, inspect } from 'node:util';

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What the running code works for. */
export interface RequestScope {
  requestId: string;
  /** Ends the invocation with an error that nothing handled; false when it was over. */
  fail?: (error: unknown) => boolean;
}

/** Which request the running code works for; it follows promises, timers and callbacks. */
export const requestScope = new AsyncLocalStorage<RequestScope>();

/** Writes one JSON line to stdout. `fields` must not repeat `time`, `level`, `requestId` or `message`. */
export function logLine(level: Level, message: unknown, fields: Record<string, unknown> = {}): void {
  const requestId = requestScope.getStore()?.requestId;
  write(toJson({ time: new Date().toISOString(), level, ...(requestId !== undefined && { requestId }), message, ...fields }));
}

/** Lines of requests that wait to be written together. */
let waiting = '';

/**
 * Writes one JSON line a request, with no more than plain values. A write of its own for each would cost as much as the request: those of
 * one turn of the event loop share one.
 */
export function logRequestLine(fields: Record<string, string | number>): void {
  if (waiting === '') setImmediate(writeWaiting);
  waiting += `${JSON.stringify(fields)}\n`;
}

function writeWaiting(): void {
  if (waiting === '') return;
  const lines = waiting;
  waiting = '';
  process.stdout.write(lines);
}

process.on('exit', writeWaiting);

/** What the log tells of an error; anything can be thrown. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // The first three are not enumerable; what libraries add to an error (code, response) is.
  const { name, message, stack, cause } = error as Error & { cause?: unknown };
  return Object.assign({ name, message, stack, ...(cause !== undefined && { cause }) }, error);
}

let captured = false;

/**
 * Turns the console lines of the service's code into JSON lines that carry the request id. A line that is a JSON object
 * already (a structured logger wrote it) is kept as it is; the request id is added when it has none.
 */
export function captureConsole(): void {
  if (captured) return;
  captured = true;
  const levels = { trace: 'trace', debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...values: unknown[]) => consoleLine(level, values);
  }
}

function consoleLine(level: Level, values: unknown[]): void {
  const [first] = values;
  const ready = values.length === 1 && typeof first === 'string' ? ownJsonLine(first) : undefined;
  if (ready !== undefined) {
    write(ready);
    return;
  }
  const errors = values.filter((value) => value instanceof Error);
  const isData = values.length === 1 && typeof first === 'object' && first !== null && errors.length === 0;
  const fields = {
    ...(errors.length > 0 && { error: describeError(errors[0]) }),
    ...(level === 'trace' && { stack: new Error('trace').stack }),
  };
  const text = errors.length > 0 ? format(...values.map((value) => (value instanceof Error ? String(value) : value))) : format(...values);
  logLine(level, isData ? first : text, fields);
}

/** A text that is one JSON object, on one line and with the request id; undefined for any other text. */
function ownJsonLine(text: string): string | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return undefined;
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(trimmed) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  // Line breaks of JSON stand between its tokens only. The text is edited, not printed anew: that keeps numbers as written.
  const line = trimmed.replace(/\s*\n\s*/g, ' ');
  const requestId = requestScope.getStore()?.requestId;
  if (requestId === undefined || 'requestId' in parsed) return line;
  const comma = Object.keys(parsed).length > 0 ? ',' : '';
  return `${line.slice(0, -1)}${comma}"requestId":${JSON.stringify(requestId)}}`;
}

function write(line: string): void {
  writeWaiting();
  process.stdout.write(`${line}\n`);
}

/** JSON of anything: circular references, big integers, errors and broken getters must not stop a service from logging. */
function toJson(fields: Record<string, unknown>): string {
  try {
    return JSON.stringify(fields, withoutCycles());
  } catch {
    const entries = Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : inspect(value)]);
    return JSON.stringify(Object.fromEntries(entries));
  }
}

function withoutCycles(): (this: unknown, key: string, value: unknown) => unknown {
  const ancestors: { value: unknown; shown: unknown }[] = [];
  return function replace(this: unknown, _key: string, value: unknown) {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    // `this` holds the value: what was visited after it on the way down is no ancestor.
    while (ancestors.length > 0 && ancestors.at(-1)?.shown !== this) ancestors.pop();
    if (ancestors.some((ancestor) => ancestor.value === value)) return '[Circular]';
    const shown = value instanceof Error ? describeError(value) : value;
    ancestors.push({ value, shown });
    return shown;
  };
}
