import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsRequest, type OutsideCall, readCall } from './call.js';
import { type TestQueue, testQueue } from './queue.js';
import { awsServices } from './services/index.js';
import { type AwsAnswer, type AwsService, jsonError } from './services/service.js';

/** AWS on loopback: records what a side asks, and gives both sides the same answers. */
export interface RecordingEndpoint {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** The calls since the last time. */
  takeCalls(): OutsideCall[];
  /** A queue for a worker; its own traffic is no call to the outside. */
  openQueue(name: string): TestQueue;
  /** Forgets everything that was put into its services. */
  reset(): void;
  close(): Promise<void>;
}

export async function startEndpoint(): Promise<RecordingEndpoint> {
  let services = new Map<string, AwsService>();
  let calls: OutsideCall[] = [];
  let inProgress = 0;
  let group = 0;
  const queues = new Map<string, TestQueue>();
  const serviceNamed = (name: string): AwsService | undefined => {
    const known = services.get(name) ?? awsServices[name]?.();
    if (known) services.set(name, known);
    return known;
  };
  const begin = () => {
    if (inProgress++ === 0) group++;
    return { group, end: () => void inProgress-- };
  };
  const server = createServer((incoming, response) => {
    void answer(incoming, response, { serviceNamed, queues, begin, record: (call) => calls.push(call) });
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
    openQueue: (name) => {
      const queue = testQueue(name);
      queues.set(name, queue);
      return queue;
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

interface Answering {
  serviceNamed(name: string): AwsService | undefined;
  queues: ReadonlyMap<string, TestQueue>;
  /** A call is being answered; those that overlap are of one group. */
  begin(): { group: number; end(): void };
  record(call: OutsideCall): void;
}

/** Calls that are made side by side reach the endpoint before one of them is answered. */
const overlapMilliseconds = 5;

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { serviceNamed, queues, begin, record }: Answering,
): Promise<void> {
  const call = readCall(await readRequest(incoming));
  const queue = call.service === 'sqs' ? queues.get(queueName(call.input['QueueUrl'])) : undefined;
  const fromQueue = await queue?.answer(call);
  if (fromQueue) return send(response, fromQueue);
  const found = serviceNamed(call.service)?.(call);
  const { group, end } = begin();
  record({
    service: call.service,
    operation: call.operation,
    parameters: JSON.stringify(call.input),
    answered: found !== undefined,
    group,
  });
  await sleep(overlapMilliseconds);
  end();
  send(response, found ?? jsonError('UnknownOperationException', `${call.service} ${call.operation} has no answer here`));
}

function queueName(url: unknown): string {
  return String(url).slice(String(url).lastIndexOf('/') + 1);
}

function send(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
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
