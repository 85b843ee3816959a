import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Where a connection of a side was to go, had it not been led to the recorder. */
export interface Target {
  scheme: 'http' | 'https';
  host: string;
  port: number;
}

/** A request as it reached the recorder. */
export interface OutsideRequest {
  method: string;
  /** Absolute when it was meant for somebody else; undefined when it was sent to the recording AWS endpoint. */
  url: string | undefined;
  /** Host without port; undefined like `url`. */
  host: string | undefined;
  /** Decoded path segments. */
  path: string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** More than any service takes in one request; what is longer is cut. */
const maximumBody = 32 * 1024 * 1024;

/** @param target where the connection was to go; a request line with an absolute URL (a proxy's) names it by itself */
export async function readRequest(incoming: IncomingMessage, target: Target | undefined): Promise<OutsideRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maximumBody) chunks.push(chunk);
  }
  const line = incoming.url ?? '/';
  const isAbsolute = /^https?:\/\//i.test(line);
  const origin = target === undefined ? undefined : originOf(target, incoming.headers.host);
  const url = new URL(line, origin ?? 'http://127.0.0.1');
  const path = url.pathname.split('/').filter((segment) => segment !== '');
  return {
    method: incoming.method ?? 'GET',
    url: origin !== undefined || isAbsolute ? url.href : undefined,
    host: origin !== undefined || isAbsolute ? url.hostname : undefined,
    path: path.map(decodeSegment),
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

/** The Host header names the site even where the connection went to an address; the port is the connection's. */
function originOf({ scheme, host, port }: Target, header: string | undefined): string {
  const name = header?.replace(/:\d+$/, '') || (host.includes(':') ? `[${host}]` : host);
  try {
    return new URL(`${scheme}://${name}:${port}`).origin;
  } catch {
    return `${scheme}://invalid.host`;
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
