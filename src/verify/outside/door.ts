import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { Target } from './request.js';

/** Where the HTTP connections of a side arrive that were to go elsewhere: a line that names the target, then HTTP in plain. */
export interface Door {
  readonly port: number;
  close(): void;
}

export interface DoorKeeper {
  /** Answers, or destroys the connection: then the side sees a refused one. */
  serve(incoming: IncomingMessage, response: ServerResponse, target: Target): void;
  /** A connection that speaks no HTTP. */
  refused(target: Target): void;
}

/** A client that has not spoken by then waits for the server's greeting, so it speaks no HTTP. */
const silenceMilliseconds = 500;

const requestLine = /^[A-Z-]+ \S+ HTTP\/1\.[01]\r?\n/;
const beginningOfOne = /^[A-Z-]*( [^\r\n]*)?\r?$/;

/** Longest first line that is waited for. */
const longestLine = 64 * 1024;

export async function openDoor({ serve, refused }: DoorKeeper): Promise<Door> {
  const targets = new WeakMap<Socket, Target>();
  const sockets = new Set<Socket>();
  const http = createServer((incoming, response) => {
    const target = targets.get(incoming.socket);
    if (target) serve(incoming, response, target);
    else incoming.socket.destroy();
  });
  http.on('clientError', (_error, socket) => socket.destroy());
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    meet(socket, (target, isHttp) => {
      if (!isHttp) {
        refused(target);
        socket.destroy();
        return;
      }
      targets.set(socket, target);
      http.emit('connection', socket);
      socket.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Reads the target and enough to tell whether HTTP follows; what was read of HTTP is put back. */
function meet(socket: Socket, decide: (target: Target, isHttp: boolean) => void): void {
  let read: Buffer = Buffer.alloc(0);
  let target: Target | undefined;
  const done = (isHttp: boolean) => {
    clearTimeout(silence);
    socket.off('data', onData);
    socket.off('close', onClose);
    socket.pause();
    if (!target) socket.destroy();
    else {
      if (isHttp) socket.unshift(read);
      decide(target, isHttp);
    }
  };
  const silence = setTimeout(() => done(false), silenceMilliseconds);
  const onClose = () => done(false);
  const onData = (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    const end = target ? -1 : read.indexOf('\n');
    if (end >= 0) {
      target = readTarget(read.subarray(0, end).toString('utf8'));
      read = read.subarray(end + 1);
      if (!target) return done(false);
    }
    if (!target || read.length === 0) return;
    const text = read.subarray(0, longestLine).toString('latin1');
    if (requestLine.test(text)) done(true);
    else if (!beginningOfOne.test(text) || read.length >= longestLine) done(false);
  };
  socket.on('data', onData);
  socket.on('close', onClose);
}

function readTarget(line: string): Target | undefined {
  try {
    const { scheme, host, port } = JSON.parse(line) as Target;
    const isTarget = (scheme === 'http' || scheme === 'https') && typeof host === 'string' && Number.isInteger(port);
    return isTarget ? { scheme, host, port } : undefined;
  } catch {
    return undefined;
  }
}
