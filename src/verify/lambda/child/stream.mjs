/** Response streaming: the `awslambda` global and the stream a handler writes to. Plain JavaScript, runs inside the function's process. */
import { request } from 'node:http';

const streamingMark = Symbol.for('aws.lambda.runtime.handler.streaming');
const preludeType = 'application/vnd.awslambda.http-integration-response';
const [hostname, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');

/** Puts `awslambda` where handlers look for it, unless the function switched it off. */
export function defineGlobal() {
  if (['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return;
  globalThis.awslambda = {
    streamifyResponse: (handler) => Object.assign(handler, { [streamingMark]: 'response' }),
    HttpResponseStream: { from: withPrelude },
  };
}

export function isStreaming(handler) {
  return Boolean(handler[streamingMark]);
}

/** Status, headers and cookies go before the first byte, ended by eight NUL bytes. */
function withPrelude(stream, prelude) {
  stream.setContentType(preludeType);
  stream._onBeforeFirstWrite = (write) => {
    write(JSON.stringify(prelude));
    write(new Uint8Array(8));
  };
  return stream;
}

/** Opens the streamed answer of an invocation: `stream` for the handler, `received` when the Runtime API has all of it. */
export function openStream(id) {
  const { promise: received, resolve, reject } = deferred();
  const stream = request({
    hostname,
    port,
    path: `/2018-06-01/runtime/invocation/${encodeURIComponent(id)}/response`,
    method: 'POST',
    agent: false,
    headers: {
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
      'Content-Type': 'application/octet-stream',
      'Transfer-Encoding': 'chunked',
    },
  });
  stream.on('response', (answer) => answer.resume().on('end', resolve).on('error', reject));
  stream.on('error', reject);
  received.catch(() => undefined);
  const write = stream.write.bind(stream);
  let written = false;
  stream.setContentType = (type) => {
    if (written) throw Object.assign(new Error('Cannot set content-type, too late.'), { name: 'Runtime.InvalidStreamingOperation' });
    stream.setHeader('Content-Type', type);
  };
  stream.write = (chunk, ...rest) => {
    if (!written) stream._onBeforeFirstWrite?.(write);
    written = true;
    return write(typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk), ...rest);
  };
  return { stream, received };
}

/** Ends a stream with an error in its trailers. */
export function failStream(stream, error) {
  stream.addTrailers({
    'Lambda-Runtime-Function-Error-Type': String(error.errorType),
    'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(error)).toString('base64'),
  });
  return new Promise((resolve) => stream.end(resolve));
}

function deferred() {
  let settle;
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
