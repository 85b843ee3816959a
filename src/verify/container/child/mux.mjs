/** Many TCP connections over one pair of streams. Runs on this machine and, given as it is, in an image: no dependencies. */
import net from 'node:net';

const kinds = { open: 1, data: 2, end: 3, close: 4, ready: 5 };
const headerSize = 9;

/**
 * @param {import('node:stream').Readable} input frames of the other end: id, kind, length, payload
 * @param {import('node:stream').Writable} output
 * @param {{ firstId: number, onReady?: () => void }} options the two ends count from different first ids, by twos
 */
export function multiplex(input, output, { firstId, onReady = () => undefined }) {
  /** @type {Map<number, net.Socket>} */
  const sockets = new Map();
  let nextId = firstId;

  const write = (/** @type {number} */ id, /** @type {number} */ kind, payload = Buffer.alloc(0)) => {
    const header = Buffer.alloc(headerSize);
    header.writeUInt32BE(id, 0);
    header.writeUInt8(kind, 4);
    header.writeUInt32BE(payload.length, 5);
    output.write(Buffer.concat([header, payload]));
  };
  const carry = (/** @type {number} */ id, /** @type {net.Socket} */ socket) => {
    sockets.set(id, socket);
    socket.on('data', (chunk) => write(id, kinds.data, chunk));
    socket.on('end', () => write(id, kinds.end));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (sockets.delete(id)) write(id, kinds.close);
    });
  };
  const receive = (/** @type {number} */ id, /** @type {number} */ kind, /** @type {Buffer} */ payload) => {
    const socket = sockets.get(id);
    if (kind === kinds.ready) onReady();
    else if (kind === kinds.open) carry(id, net.connect({ port: payload.readUInt16BE(0), host: '127.0.0.1', allowHalfOpen: true }));
    else if (kind === kinds.data) socket?.write(payload);
    else if (kind === kinds.end) socket?.end();
    else if (kind === kinds.close) {
      sockets.delete(id);
      socket?.destroy();
    }
  };
  let rest = Buffer.alloc(0);
  input.on('data', (/** @type {Buffer} */ chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headerSize) {
      const end = headerSize + rest.readUInt32BE(5);
      if (rest.length < end) break;
      receive(rest.readUInt32BE(0), rest.readUInt8(4), rest.subarray(headerSize, end));
      rest = rest.subarray(end);
    }
  });
  let isClosed = false;
  // Without its other end a connection would wait for ever: its own end is half of one, since both halves are carried apart.
  const close = () => {
    isClosed = true;
    for (const socket of sockets.values()) socket.destroy();
  };
  input.on('close', close);
  return {
    /** Tells the other end that this one listens. */
    ready: () => write(0, kinds.ready),
    /** Listens on loopback; the other end connects to `target` on its own for each connection. */
    listen: (/** @type {number} */ port, /** @type {number} */ target) =>
      /** @type {Promise<net.Server>} */ (
        new Promise((resolve, reject) => {
          const server = net.createServer({ allowHalfOpen: true }, (socket) => {
            if (isClosed) return void socket.destroy();
            const id = nextId;
            nextId += 2;
            const payload = Buffer.alloc(2);
            payload.writeUInt16BE(target);
            write(id, kinds.open, payload);
            carry(id, socket);
          });
          server.once('error', reject);
          server.listen(port, '127.0.0.1', () => resolve(server));
        })
      ),
    close,
  };
}
