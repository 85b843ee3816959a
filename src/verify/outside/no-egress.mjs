/**
 * Loaded before the user's code on both sides: nothing but loopback can be reached. What was tried is written to the file that
 * the import's `?log=` names; `layer=` names the folders of Lambda layers. Plain JavaScript: it runs inside the user's process.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import Module, { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const log = new URL(import.meta.url).searchParams.get('log');

function isLocal(host) {
  return host === undefined || host === '' || host === 'localhost' || host === '::1' || host === '0.0.0.0' || /^(::ffff:)?127\./.test(host);
}

function refuse(target) {
  if (log) appendFileSync(log, `${JSON.stringify(target)}\n`);
  return Object.assign(new Error(`connect ECONNREFUSED ${target} (verify lets nothing leave this machine)`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof options === 'object' ? options?.host : typeof options === 'number' ? args[1] : undefined;
  if (typeof host !== 'string' || isLocal(host)) return connect.apply(this, args);
  const port = typeof options === 'object' ? options.port : options;
  process.nextTick(() => this.destroy(refuse(`${host}:${port}`)));
  return this;
};

dgram.Socket.prototype.send = function guarded(...args) {
  const callback = args.findLast((argument) => typeof argument === 'function');
  const error = refuse('udp');
  if (callback) process.nextTick(callback, error);
  else process.nextTick(() => this.emit('error', error));
};

function refuseNames(owner, name) {
  const original = owner[name];
  owner[name] = (host, ...rest) => {
    if (isLocal(host)) return original.call(owner, host, ...rest);
    const error = Object.assign(refuse(`dns ${host}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host });
    const callback = rest.at(-1);
    if (typeof callback === 'function') return void process.nextTick(callback, error);
    return Promise.reject(error);
  };
}

for (const owner of [dns, dns.promises]) {
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveTxt', 'resolveSrv', 'resolveCname'])
    refuseNames(owner, name);
}
// Layers are mounted at /opt on Lambda; here their folders stand for it.
const layers = new URL(import.meta.url).searchParams.getAll('layer');
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function resolveInLayers(request, ...rest) {
  const folder = request.startsWith('/opt/') ? layers.find((each) => canResolve(this, each + request.slice(4), rest)) : undefined;
  return resolveFilename.call(this, folder === undefined ? request : folder + request.slice(4), ...rest);
};

function canResolve(module, request, rest) {
  try {
    return Boolean(resolveFilename.call(module, request, ...rest));
  } catch {
    return false;
  }
}

// Version 2 of the SDK knows no AWS_ENDPOINT_URL: it is told when it is loaded.
const load = Module._load;
Module._load = function loadWithEndpoint(request, parent, ...rest) {
  const loaded = load.call(this, request, parent, ...rest);
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (endpoint && /^aws-sdk(\/|$)/.test(request)) {
    const { config } = load.call(this, 'aws-sdk/lib/core', parent, false);
    if (config.endpoint !== endpoint) config.update({ endpoint, s3ForcePathStyle: true, maxRetries: 0 });
  }
  return loaded;
};

syncBuiltinESMExports();
