/**
 * The runtime of Node.js 22 and earlier: callbacks, `context.done`, and an answer that waits for an empty event loop.
 * Plain JavaScript, runs inside the function's process.
 */
import { contextOf } from './context.mjs';
import { runtimeError, serialise3 } from './errors.mjs';
import { load3 } from './load.mjs';
import client from './runtime-client.cjs';
import { failStream, isStreaming, openStream } from './stream.mjs';

/** What happens when the event loop is empty; the runtime looks at it once each time. */
let whenIdle = () => {};
/** Where an error that nobody caught is reported. */
let reportFatal = (error) => client.initError(JSON.stringify(serialise3(error)));

export async function run(root, handlerText) {
  process.on('uncaughtException', (error) => fatal(error, 129));
  process.on('unhandledRejection', (reason) => fatal(runtimeError('UnhandledPromiseRejection', reason), 128));
  process.on('beforeExit', () => whenIdle());
  const handler = await load3(root, handlerText).catch((error) => fatal(error, 129));
  const invoke = isStreaming(handler) ? invokeStreaming : invokeBuffered;
  schedule(() => nextInvocation(handler, invoke));
}

function fatal(error, code) {
  console.error(error);
  reportFatal(error);
  process.exit(code);
}

function schedule(step) {
  setImmediate(() => step().catch((error) => fatal(error, 129)));
}

async function nextInvocation(handler, invoke) {
  const { bodyJson, headers } = await client.next();
  const id = headers['lambda-runtime-aws-request-id'];
  reportFatal = (error) => client.error(id, JSON.stringify(serialise3(error)), '');
  await invoke(handler, bodyJson, headers, id, () => schedule(() => nextInvocation(handler, invoke)));
}

async function invokeBuffered(handler, body, headers, id, goOn) {
  const succeedNow = (result) => {
    client.done(id, jsonOf(result));
    goOn();
  };
  const failNow = (error) => {
    logInvokeError(error);
    client.error(id, JSON.stringify(serialise3(error)), '');
    goOn();
  };
  let waits = true;
  let finished = false;
  /** The first completion wins; one that threw has not completed. */
  const once = (complete) => (error, result) => {
    if (finished) return;
    whenIdle = () => {};
    complete(error, result);
    finished = true;
  };
  const given = (error) => error !== undefined && error !== null;
  const done = once((error, result) => (given(error) ? failNow(error) : succeedNow(result)));
  const callback = once((error, result) => {
    if (given(error)) failNow(error);
    else if (!waits) succeedNow(result);
    else whenIdle = idleOnce(() => setImmediate(() => succeedNow(result)));
  });
  const context = Object.assign(
    {
      get callbackWaitsForEmptyEventLoop() {
        return waits;
      },
      set callbackWaitsForEmptyEventLoop(value) {
        waits = value;
      },
      succeed: (result) => done(null, result),
      fail: (error) => done(given(error) ? error : 'handled'),
      done,
    },
    contextOf(headers),
  );
  whenIdle = idleOnce(() => {
    finished = true;
    succeedNow(null);
  });
  try {
    const result = handler(JSON.parse(body), context, callback);
    if (result && typeof result.then === 'function') result.then(context.succeed, context.fail).catch(context.fail);
  } catch (error) {
    callback(error);
  }
}

/** Logging comes before reporting, and fails for what has no text: then that is the error. */
function logInvokeError(thrown) {
  console.error('Invoke Error', thrown instanceof Error ? thrown : new Error(thrown));
}

function idleOnce(action) {
  return () => {
    whenIdle = () => {};
    action();
  };
}

function jsonOf(result) {
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function invokeStreaming(handler, body, headers, id, goOn) {
  const { stream, received } = openStream(id);
  const fail = async (error) => {
    logInvokeError(error);
    await failStream(stream, serialise3(error));
    goOn();
  };
  whenIdle = idleOnce(goOn);
  try {
    const result = handler(JSON.parse(body), stream, { callbackWaitsForEmptyEventLoop: true, ...contextOf(headers) });
    if (!(result && typeof result.then === 'function')) return await fail('Streaming does not support non-async handlers.');
    if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
    await received;
    if (!stream.writableFinished) return await fail('Response stream is not finished.');
    whenIdle = idleOnce(goOn);
  } catch (error) {
    await fail(error);
  }
}
