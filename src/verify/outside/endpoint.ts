import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsRequest, type OutsideCall, readCall } from './call.js';
import { awsServices } from './services/index.js';
import { type AwsService, jsonError } from './services/service.js';

/** AWS on loopback: records what a side asks, and gives both sides the same answers. */
export interface RecordingEndpoint {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** The calls since the last time. */
  takeCalls(): OutsideCall[];
  /** Forgets everything that was put into its services. */
  reset(): void;
  close(): Promise<void>;
}

export async function startEndpoint(): Promise<RecordingEndpoint> {
  let services = new Map<string, AwsService>();
  let calls: OutsideCall[] = [];
  const serviceNamed = (name: string): AwsService | undefined => {
    const known = services.get(name) ?? awsServices[name]?.();
    if (known) services.set(name, known);
    return known;
  };
  const server = createServer((incoming, response) => {
    void answer(incoming, response, serviceNamed, (call) => calls.push(call));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    reset: () => {
      services = new Map();
      calls = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  serviceNamed: (name: string) => AwsService | undefined,
  record: (call: OutsideCall) => void,
): Promise<void> {
  const call = readCall(await readRequest(incoming));
  const found = serviceNamed(call.service)?.(call);
  record({ service: call.service, operation: call.operation, parameters: JSON.stringify(call.input), answered: found !== undefined });
  const { status, headers, body } = found ?? jsonError('UnknownOperationException', `${call.service} ${call.operation} has no answer here`);
  response.writeHead(status, { 'x-amzn-requestid': 'recorded', ...headers });
  response.end(body);
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const path = url.pathname.split('/').filter((segment) => segment !== '');
  return {
    method: incoming.method ?? 'GET',
    path: path.map(decodeSegment),
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
