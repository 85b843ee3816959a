/** The thread that speaks HTTP for `runtime-client.cjs`. It also ends the process when the one that started it is gone. */
'use strict';
const { Agent, request } = require('node:http');
const { parentPort, workerData } = require('node:worker_threads');

const { api, parent, signal } = workerData;
const [hostname, port] = api.split(':');
const agent = new Agent({ keepAlive: true });

parentPort.on('message', ({ method, path, headers, body }) => {
  const outgoing = request({ hostname, port, path, method, agent, headers: headersFor(headers, body) }, (incoming) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => answer(method, { bodyJson: Buffer.concat(chunks).toString('utf8'), headers: incoming.headers }));
  });
  outgoing.on('error', (failure) => answer(method, { failed: failure.message }));
  outgoing.end(body);
});

function headersFor(headers, body) {
  return body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
}

function answer(method, message) {
  if (method === 'GET') return parentPort.postMessage(message);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
}

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 1000).unref();
