/** What the runtime reports of an invocation. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

/** How an invocation ended, as the Lambda service sees it. */
export type InvokeOutcome =
  /** JSON text that the runtime posted. */
  | { kind: 'result'; payload: string }
  /** The handler wrote its answer as a stream. */
  | { kind: 'stream'; stream: StreamedAnswer }
  /** The handler threw, rejected or called back with an error. */
  | { kind: 'error'; error: FunctionError }
  /** The function's time was up; its process was killed. */
  | { kind: 'timeout'; error: FunctionError }
  /** The process ended before it answered. */
  | { kind: 'exit'; error: FunctionError; code: number | null; signal: string | null }
  /** The module could not be loaded, or its top level failed. */
  | { kind: 'init-error'; error: FunctionError };

export interface StreamedAnswer {
  contentType: string;
  /** Status, headers and cookies, when the handler gave them (`HttpResponseStream.from`). */
  prelude: StreamPrelude | null;
  body: Buffer;
  /** The error that ended the stream early. */
  error: FunctionError | null;
}

interface StreamPrelude {
  statusCode?: unknown;
  headers?: unknown;
  cookies?: unknown;
}

/** Whether the Lambda service answers with `FunctionError` set. */
export function failed(outcome: InvokeOutcome): outcome is Exclude<InvokeOutcome, { kind: 'result' | 'stream' }> {
  return outcome.kind !== 'result' && outcome.kind !== 'stream';
}

const preludeType = 'application/vnd.awslambda.http-integration-response';

/**
 * Splits a streamed answer into prelude and body: JSON, eight NUL bytes, body.
 * A prelude that is not JSON counts as none.
 */
export function readStream(contentType: string, bytes: Buffer, error: FunctionError | null): StreamedAnswer {
  const whole = { contentType, prelude: null, body: bytes, error };
  if (contentType !== preludeType) return whole;
  const end = bytes.indexOf(Buffer.alloc(8));
  if (end < 0) return whole;
  try {
    return { contentType, prelude: JSON.parse(bytes.subarray(0, end).toString('utf8')), body: bytes.subarray(end + 8), error };
  } catch {
    return whole;
  }
}
