/** Every way out of a Node.js process: sockets, TLS and datagrams. */
import dgram from 'node:dgram';
import net from 'node:net';
import tls from 'node:tls';
import { isLocal, refusedError } from './refusal.mjs';

/** Ports of protocols that are no HTTP, some of which wait for the server to speak first. */
const otherProtocols = new Set([
  21, 22, 23, 25, 110, 143, 389, 465, 587, 636, 993, 995, 1433, 1521, 1883, 2049, 3306, 5432, 5671, 5672, 6379, 6380, 8883, 9042, 9092,
  9094, 9096, 9098, 11211, 27017,
]);

const connect = net.Socket.prototype.connect;

/** @param door port of loopback where HTTP connections arrive; NaN or 0 when there is none */
export function guardConnections(door, refuse) {
  const isHttp = (port) => door > 0 && !otherProtocols.has(Number(port));

  net.Socket.prototype.connect = function guarded(...args) {
    const { host, port, options, callback } = plainTarget(args);
    if (typeof host !== 'string' || isLocal(host)) return connect.apply(this, args);
    if (isHttp(port)) return lead(this, door, { scheme: 'http', host, port: Number(port) }, options, callback);
    process.nextTick(() => this.destroy(refuse(`${host}:${port}`)));
    return this;
  };

  const connectTls = tls.connect;
  tls.connect = function guarded(...args) {
    const { options, callback } = tlsTarget(args);
    const { host, port, socket, path, ALPNProtocols } = options;
    if (socket || path || isLocal(host)) return connectTls.apply(this, args);
    const inPlain = new net.Socket({ allowHalfOpen: options.allowHalfOpen });
    if (options.timeout) inPlain.setTimeout(options.timeout);
    if (isHttp(port) && !speaksOnlyHttp2(ALPNProtocols)) return leadTls(inPlain, door, options, callback);
    process.nextTick(() => inPlain.destroy(refuse(`${host}:${port}`)));
    return inPlain;
  };

  dgram.Socket.prototype.send = function guarded(...args) {
    const callback = args.findLast((argument) => typeof argument === 'function');
    const error = refuse('udp');
    if (callback) process.nextTick(callback, error);
    else process.nextTick(() => this.emit('error', error));
  };
}

/** `connect(options, callback)`, `connect(port, host, callback)`, or what `net.connect` makes of them. */
function plainTarget(args) {
  const [first, ...rest] = Array.isArray(args[0]) ? args[0] : args;
  const callback = rest.findLast((argument) => typeof argument === 'function');
  if (typeof first === 'object' && first !== null) return { host: first.host, port: first.port, options: first, callback };
  return { host: typeof rest[0] === 'string' ? rest[0] : undefined, port: first, options: {}, callback };
}

/** `connect(options, callback)`, `connect(port, host, options, callback)`. */
function tlsTarget(args) {
  const options = Object.assign({}, ...args.filter((argument) => typeof argument === 'object' && argument !== null));
  if (typeof args[0] !== 'object') options.port = args[0];
  if (typeof args[1] === 'string') options.host = args[1];
  return { options, callback: args.findLast((argument) => typeof argument === 'function') };
}

function speaksOnlyHttp2(protocols) {
  return Array.isArray(protocols) && protocols.length > 0 && !protocols.some((protocol) => String(protocol).startsWith('http/1'));
}

/** Connects to the door and names the target in the first line; a door that closes without a word has refused. */
function lead(socket, door, target, { host, port, lookup, family, localAddress, localPort, ...options }, callback) {
  const refused = () => refusedError(`${target.host}:${target.port}`);
  const { push, destroy } = socket;
  socket.push = function pushOrRefuse(chunk, ...rest) {
    if (chunk !== null || this.bytesRead > 0) return push.call(this, chunk, ...rest);
    this.destroy(refused());
    return false;
  };
  socket.destroy = function destroyAsRefused(error, ...rest) {
    const isBroken = error && this.bytesRead === 0 && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    return destroy.call(this, isBroken ? refused() : error, ...rest);
  };
  connect.call(socket, { ...options, host: '127.0.0.1', port: door }, callback);
  socket.write(`${JSON.stringify(target)}\n`);
  return socket;
}

/** A socket that looks like one of TLS: the door speaks in plain, nobody's certificate is needed. */
function leadTls(socket, door, options, callback) {
  const { host, port, servername, ALPNProtocols } = options;
  Object.assign(socket, {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol: ALPNProtocols ? 'http/1.1' : false,
    servername: servername || host,
    getPeerCertificate: () => ({}),
    getPeerX509Certificate: () => undefined,
    getCertificate: () => ({}),
    getSession: () => undefined,
    getFinished: () => undefined,
    getPeerFinished: () => undefined,
    getTLSTicket: () => undefined,
    isSessionReused: () => false,
    getProtocol: () => 'TLSv1.3',
    getCipher: () => ({ name: 'TLS_AES_256_GCM_SHA384', standardName: 'TLS_AES_256_GCM_SHA384', version: 'TLSv1.3' }),
    getEphemeralKeyInfo: () => ({}),
    setServername: () => undefined,
    setSession: () => undefined,
    setMaxSendFragment: () => true,
  });
  if (callback) socket.once('secureConnect', callback);
  socket.once('connect', () => socket.emit('secureConnect'));
  return lead(socket, door, { scheme: 'https', host: String(servername || host), port: Number(port) }, options, undefined);
}
