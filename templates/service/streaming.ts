import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import type { Handler } from './types.js';

/** Marks a handler that writes its answer as a stream; the same symbol as Lambda's runtime uses. */
const streamingMark = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Content type that announces a prelude: the answer's status, headers and cookies as JSON before its body. */
const preludeContentType = 'application/vnd.awslambda.http-integration-response';

/** What a streaming handler says of its answer with `awslambda.HttpResponseStream.from(stream, metadata)`. */
export interface StreamMetadata {
  statusCode?: unknown;
  headers?: Record<string, unknown>;
  multiValueHeaders?: Record<string, unknown[]>;
  cookies?: unknown[];
}

interface PreludeTarget {
  setContentType(type: string): void;
  _onBeforeFirstWrite?: ((write: (chunk: unknown) => void) => void) | undefined;
}

/** The global `awslambda` of Lambda's Node.js runtime. */
const awslambda = {
  streamifyResponse<Streaming extends Handler>(handler: Streaming): Streaming {
    return Object.assign(handler, { [streamingMark]: 'response' });
  },
  HttpResponseStream: {
    from<Target extends PreludeTarget>(stream: Target, metadata: StreamMetadata): Target {
      stream.setContentType(preludeContentType);
      stream._onBeforeFirstWrite = (write) => {
        write(JSON.stringify(metadata));
        write(new Uint8Array(8));
      };
      return stream;
    },
  },
};

// Handler modules use the global while they load, so it is made as soon as this module is.
const holder = globalThis as { awslambda?: object };
holder.awslambda = Object.assign(holder.awslambda ?? {}, { ...awslambda, ...holder.awslambda });

/** Is the handler wrapped in `awslambda.streamifyResponse`? */
export function isStreaming(handler: Handler): boolean {
  return (handler as Handler & { [streamingMark]?: unknown })[streamingMark] === 'response';
}

/**
 * The second argument of a streaming handler. `begin` is called once, before the first byte or when the stream ends without
 * one, with the content type that was set or the metadata of the prelude; it must write the head of the response.
 */
export class ResponseStream extends Writable implements PreludeTarget {
  _onBeforeFirstWrite: PreludeTarget['_onBeforeFirstWrite'] = undefined;
  private readonly response: ServerResponse;
  private readonly begin: (contentType: string | undefined, metadata: StreamMetadata) => void;
  private contentType: string | undefined;
  private begun = false;

  constructor(response: ServerResponse, begin: (contentType: string | undefined, metadata: StreamMetadata) => void) {
    super();
    this.response = response;
    this.begin = begin;
    response.once('close', () => this.destroy());
  }

  /** Sets the type of a body without a prelude; the runtime's default is application/octet-stream. */
  setContentType(type: string): void {
    if (this.begun) throw new Error('Cannot set content-type, too late.');
    this.contentType = type;
  }

  // Lambda's stream takes any value and writes the JSON of what is neither text nor bytes.
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    const write = super.write as (chunk: unknown, ...rest: unknown[]) => boolean;
    return write.call(this, isBytes ? chunk : JSON.stringify(chunk), ...rest);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (!this.tryToBegin(done)) return;
    if (this.response.write(chunk)) done();
    else this.response.once('drain', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.tryToBegin(done)) return;
    this.response.end(() => done());
  }

  private tryToBegin(done: (error: Error) => void): boolean {
    if (this.begun) return true;
    try {
      this.begun = true;
      if (this.contentType === preludeContentType) this.begin(undefined, this.prelude());
      else this.begin(this.contentType, {});
      return true;
    } catch (error) {
      done(error as Error);
      return false;
    }
  }

  private prelude(): StreamMetadata {
    const chunks: unknown[] = [];
    this._onBeforeFirstWrite?.((chunk) => chunks.push(chunk));
    return typeof chunks[0] === 'string' ? (JSON.parse(chunks[0]) as StreamMetadata) : {};
  }
}
