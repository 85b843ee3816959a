/**
 * Client of the Runtime API as the runtime has it: `next` waits without blocking, `done` and `error` return once the answer is
 * posted. All HTTP is done by a worker thread, so that nothing the handler patches or leaves running can touch it, and so that
 * an empty event loop is the handler's own. It has the shape of the native add-on of `aws-lambda-ric` and stands in for it.
 *
 * Plain JavaScript: it runs inside the function's process.
 */
'use strict';
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');

const signal = new Int32Array(new SharedArrayBuffer(4));
const worker = new Worker(join(__dirname, 'runtime-client-worker.cjs'), {
  workerData: { api: process.env.AWS_LAMBDA_RUNTIME_API, parent: process.ppid, signal },
  execArgv: [],
  env: {},
});
worker.unref();

/** Waits for the next invocation; rejects when the Runtime API is gone. */
function next() {
  return new Promise((resolve, reject) => {
    worker.ref();
    worker.once('message', (message) => {
      worker.unref();
      if (message.failed) reject(new Error(message.failed));
      else resolve(message);
    });
    worker.postMessage({ method: 'GET', path: '/2018-06-01/runtime/invocation/next' });
  });
}

function post(path, headers, ...texts) {
  if (texts.some((text) => typeof text !== 'string')) throw new TypeError('Wrong arguments');
  Atomics.store(signal, 0, 0);
  worker.postMessage({ method: 'POST', path, headers, body: texts[0] });
  Atomics.wait(signal, 0, 0);
}

/** Posts the result of an invocation, JSON text. */
function done(id, body) {
  post(`/2018-06-01/runtime/invocation/${id}/response`, {}, body);
}

/** Posts the error of an invocation, JSON text; the cause for X-Ray is checked like the native client does, and dropped. */
function error(id, body, cause) {
  post(`/2018-06-01/runtime/invocation/${id}/error`, {}, body, cause);
}

/** Posts an error of the init phase, JSON text. */
function initError(body) {
  post('/2018-06-01/runtime/init/error', {}, body);
}

module.exports = { next, done, error, initError };
