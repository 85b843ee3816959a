import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OutsideCall } from './call.js';
import { openDoor } from './door.js';
import { type TestQueue, testQueue } from './queue.js';
import { createRecorder } from './recorder.js';
import { noRecordings, type Recordings } from './recordings.js';
import { readRequest, type Target } from './request.js';
import type { AwsAnswer } from './services/service.js';
import { type UnansweredLog, unansweredLog } from './unanswered.js';

/** AWS and everybody else on loopback: records what a side asks, and gives both sides the same answers. */
export interface RecordingEndpoint {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Port where HTTP connections arrive that were to go elsewhere. */
  readonly door: number;
  /** The calls since the last time. */
  takeCalls(): OutsideCall[];
  /** A queue for a worker; its own traffic is no call to the outside. */
  openQueue(name: string): TestQueue;
  /** Answers come after uneven times by this seed; null: all after the same. */
  perturb(seed: number | null): void;
  /** Forgets everything that was put into its services. */
  reset(): void;
  close(): Promise<void>;
}

export interface EndpointOptions {
  recordings?: Recordings | undefined;
  unanswered?: UnansweredLog | undefined;
}

export async function startEndpoint({
  recordings = noRecordings,
  unanswered = unansweredLog(),
}: EndpointOptions = {}): Promise<RecordingEndpoint> {
  const queues = new Map<string, TestQueue>();
  const recorder = createRecorder({ recordings, unanswered, queues });
  const serve = (incoming: IncomingMessage, response: ServerResponse, target?: Target) => {
    readRequest(incoming, target)
      .then(async (request) => {
        // The next call of the side is a connection of its own, which can be refused.
        if (target) response.setHeader('connection', 'close');
        send(response, await recorder.answer(request));
      })
      // A side that went away in the middle of its call hears nothing.
      .catch(() => incoming.socket.destroy());
  };
  const server = createServer((incoming, response) => serve(incoming, response));
  // Programs that the user's code starts come here by their proxy variables, and with TLS they cannot be answered.
  server.on('connect', (incoming, socket) => {
    recorder.refused(incoming.url ?? '');
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const door = await openDoor({ serve, refused: recorder.refused });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    door: door.port,
    takeCalls: recorder.takeCalls,
    openQueue: (name) => {
      const queue = testQueue(name);
      queues.set(name, queue);
      return queue;
    },
    perturb: recorder.perturb,
    reset: recorder.reset,
    close: () =>
      new Promise((resolve) => {
        door.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: AwsAnswer | undefined): void {
  if (!answer) {
    response.socket?.destroy();
    return;
  }
  const { status, headers, body } = answer;
  response.writeHead(status, headers);
  response.end(body);
}
