/**
 * Both sides run on one machine: a port that the code names is a free one instead, always the same within a process; only the
 * service's own, PORT, is kept. Plain JavaScript: it runs inside the user's process.
 */
import net from 'node:net';

export function moveNamedPorts() {
  const moved = new Map();
  // Read before the service, which keeps it from the code of the functions.
  const servicePort = Number(process.env.PORT);
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function listenApart(...args) {
    // `http` hands on its arguments as they are; `net` packs them into a list when it calls itself.
    const [where, ...rest] = Array.isArray(args[0]) ? args[0] : args;
    const isObject = typeof where === 'object' && where !== null;
    const named = Number((isObject ? where.port : where) || 0);
    if (!Number.isInteger(named) || named === 0 || named === servicePort) return listen.apply(this, args);
    const port = moved.get(named) ?? 0;
    this.once('listening', () => moved.set(named, this.address()?.port ?? 0));
    return listen.apply(this, [isObject ? { ...where, port } : port, ...rest]);
  };
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function connectToMoved(...args) {
    const options = Array.isArray(args[0]) ? args[0][0] : args[0];
    const isObject = typeof options === 'object' && options !== null;
    if (isObject && isLoopback(options.host) && moved.has(Number(options.port))) options.port = moved.get(Number(options.port));
    return connect.apply(this, args);
  };
}

function isLoopback(host) {
  return host === undefined || ['localhost', '::1'].includes(host) || /^127\./.test(host);
}
