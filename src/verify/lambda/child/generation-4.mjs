/**
 * The runtime of Node.js 24: promises only, no callbacks, no waiting, and no net below an uncaught error.
 * Plain JavaScript, runs inside the function's process.
 */
import { contextOf } from './context.mjs';
import { runtimeError, serialise4 } from './errors.mjs';
import { load4 } from './load.mjs';
import client from './runtime-client.cjs';
import { failStream, isStreaming, openStream } from './stream.mjs';

const callbackRemoved =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

export async function run(root, handlerText) {
  const handler = await loadOrReport(root, handlerText);
  const invoke = isStreaming(handler) ? invokeStreaming : invokeBuffered;
  for (;;) {
    const { bodyJson, headers } = await client.next();
    await invoke(handler, bodyJson, contextOf(headers));
  }
}

async function loadOrReport(root, handlerText) {
  try {
    const handler = await load4(root, handlerText);
    if (handler.length >= 3 && !isStreaming(handler)) throw runtimeError('CallbackHandlerDeprecated', callbackRemoved);
    return handler;
  } catch (error) {
    client.initError(JSON.stringify(serialise4(error)));
    throw error;
  }
}

async function invokeBuffered(handler, body, context) {
  try {
    const result = await handler(JSON.parse(body), context);
    await turn();
    client.done(context.awsRequestId, jsonOf(result));
  } catch (error) {
    await turn();
    logInvokeError(error);
    client.error(context.awsRequestId, JSON.stringify(serialise4(error)), '');
  }
}

async function invokeStreaming(handler, body, context) {
  const { stream, received } = openStream(context.awsRequestId);
  try {
    const result = handler(JSON.parse(body), stream, context);
    if (typeof result?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
    await received;
    if (!stream.writableFinished) throw new Error('Response stream is not finished.');
  } catch (error) {
    await turn();
    logInvokeError(error);
    void failStream(stream, serialise4(error));
  }
}

/** Logging comes before reporting, and fails for what has no text: then nothing is reported and the process ends. */
function logInvokeError(thrown) {
  console.error('Invoke Error', thrown instanceof Error ? thrown : new Error(String(thrown)));
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

function jsonOf(result) {
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch {
    throw runtimeError('JSONStringifyError', 'Unable to stringify response body');
  }
}
