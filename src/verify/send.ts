import { Agent, request } from 'node:http';
import type { HeaderLine, WireRequest, WireResponse } from './fronts/http.js';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Sends a request as it stands: target, header spelling and order are kept.
 * @throws Error when there is no whole answer.
 */
export function send(url: string, { method, target, headers, body }: WireRequest, timeoutSeconds: number): Promise<WireResponse> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path: target, agent, setHost: false, headers: headers.flat() }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: pairs(incoming.rawHeaders), body: Buffer.concat(chunks) }),
      );
    });
    outgoing.setTimeout(timeoutSeconds * 1000, () => outgoing.destroy(new Error(`no answer within ${timeoutSeconds} s`)));
    outgoing.on('error', reject);
    outgoing.end(body.length > 0 ? body : undefined);
  });
}

function pairs(rawHeaders: readonly string[]): HeaderLine[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[2 * index] as string,
    rawHeaders[2 * index + 1] as string,
  ]);
}
