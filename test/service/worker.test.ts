import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, SendMessageCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../support/fixtures.js';
import { freePort, type ServiceProcess, serviceFolder, startProcess, until } from '../support/service-process.js';

let server: FauxqsServer;
let sqs: SQSClient;
let count = 0;
const running: ServiceProcess[] = [];

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  sqs = clientOf(server.address);
});

afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  sqs.destroy();
  await server.stop();
  await cleanUp();
});

function clientOf(endpoint: string): SQSClient {
  return new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    useQueueUrlAsEndpoint: false,
  });
}

interface Options {
  /** Body of `handler(event, context)`; `record(text)` tells the test, `sleep(ms)` waits. */
  handler: string;
  consumer?: Record<string, unknown>;
  attributes?: Record<string, string>;
  fifo?: boolean;
  env?: Record<string, string>;
}

interface Worker {
  name: string;
  url: string;
  /** What the handler recorded, in order. */
  records(): Promise<string[]>;
  start(): Promise<ServiceProcess>;
  /** How many messages are visible, and the bodies of those in flight. */
  state(): { ready: string[]; inFlight: string[] };
  send(body: string, more?: Partial<SendMessageCommandInput>): Promise<string>;
}

async function makeWorker({ handler, consumer, attributes, fifo = false, env = {} }: Options): Promise<Worker> {
  const name = `queue-${++count}${fifo ? '.fifo' : ''}`;
  const { queueUrl } = server.createQueue(name, {
    attributes: { VisibilityTimeout: '30', ...(fifo && { FifoQueue: 'true', ContentBasedDeduplication: 'true' }), ...attributes },
  });
  const settings = {
    queueUrl,
    fifo,
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    reportBatchItemFailures: false,
    concurrency: 2,
    filters: [],
    ...consumer,
  };
  const folder = await serviceFolder(
    'worker',
    `import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from './runtime/worker.mjs';
const record = (text) => appendFileSync('records', text + '\\n');
const handler = async (event, context) => {${handler}};
startWorker({ name: 'test', consumers: [{ ...${JSON.stringify(settings)}, function: { name: 'fn', handler, timeoutSeconds: 20, memoryMb: 128 } }] });
`,
  );
  await appendFile(join(folder, 'records'), '');
  return {
    name,
    url: queueUrl,
    records: async () => (await readFile(join(folder, 'records'), 'utf8')).split('\n').filter(Boolean),
    start: async () => {
      const started = await startProcess(folder, { AWS_ENDPOINT_URL: server.address, ...env });
      running.push(started);
      return started;
    },
    state: () => {
      const messages = server.inspectQueue(name)?.messages;
      // The server moves messages whose time is over only when somebody receives.
      const inFlight = (messages?.inflight ?? []).map(({ message, visibilityDeadline }) => ({
        message,
        isOver: visibilityDeadline <= Date.now(),
      }));
      return {
        ready: [...(messages?.ready ?? []), ...inFlight.filter(({ isOver }) => isOver).map(({ message }) => message)].map(
          ({ body }) => body,
        ),
        inFlight: inFlight.filter(({ isOver }) => !isOver).map(({ message }) => message.body),
      };
    },
    send: async (body, more) =>
      (await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...more }))).MessageId ?? '',
  };
}

const empty = { ready: [], inFlight: [] };
const recordBodies = 'for (const { body } of event.Records) record(body);';

describe('success', () => {
  it("deletes the messages and hands them over in Lambda's form", async () => {
    const worker = await makeWorker({ handler: 'record(JSON.stringify(event)); record(context.awsRequestId); console.log("seen");' });
    const id = await worker.send('hello', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 16]) },
        size: { DataType: 'Number', StringValue: '7' },
      },
    });
    const started = await worker.start();
    const [text = '', requestId] = await until(async () => ((await worker.records()).length === 2 ? worker.records() : undefined));
    const { Records } = JSON.parse(text) as SQSEvent;
    expect(Records).toEqual([
      {
        messageId: id,
        receiptHandle: expect.stringMatching(/./),
        body: 'hello',
        attributes: {
          ApproximateReceiveCount: '1',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          kind: { stringValue: 'order', stringListValues: [], binaryListValues: [], dataType: 'String' },
          bytes: { binaryValue: 'AP8Q', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          size: { stringValue: '7', stringListValues: [], binaryListValues: [], dataType: 'Number' },
        },
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${worker.name}`,
        awsRegion: 'us-east-1',
      },
    ]);
    await until(() => worker.state().inFlight.length === 0);
    expect(worker.state()).toEqual(empty);
    expect(started.lines().find(({ message }) => message === 'seen')?.['requestId']).toBe(requestId);
  });

  it('ignores the result without ReportBatchItemFailures', async () => {
    const worker = await makeWorker({ handler: `${recordBodies} return { batchItemFailures: [{ itemIdentifier: '' }] };` });
    await worker.send('a');
    await worker.start();
    await until(async () => (await worker.records()).length === 1 && worker.state().inFlight.length === 0);
    expect(worker.state()).toEqual(empty);
  });
});

describe('failure', () => {
  it('leaves the messages to be received again after the visibility timeout', async () => {
    const worker = await makeWorker({
      handler: `for (const { body, attributes } of event.Records) record(body + ' ' + attributes.ApproximateReceiveCount);
        if (event.Records[0].attributes.ApproximateReceiveCount === '1') throw new Error('not yet');`,
      attributes: { VisibilityTimeout: '2' },
    });
    await worker.send('a');
    const started = await worker.start();
    await until(async () => (await worker.records()).length === 2);
    expect(await worker.records()).toEqual(['a 1', 'a 2']);
    await until(() => worker.state().inFlight.length === 0);
    expect(worker.state()).toEqual(empty);
    const failures = started.lines().filter(({ message }) => message === 'the function failed; its messages stay in the queue');
    expect(failures).toMatchObject([{ level: 'error', error: { message: 'not yet' } }]);
  });

  it('keeps exactly the messages that were reported', async () => {
    const worker = await makeWorker({
      handler: `${recordBodies} return { batchItemFailures: event.Records.filter(({ body }) => body.startsWith('bad')).map(({ messageId }) => ({ itemIdentifier: messageId })) };`,
      consumer: { reportBatchItemFailures: true },
    });
    for (const body of ['good 1', 'bad 1', 'good 2', 'bad 2']) await worker.send(body);
    await worker.start();
    await until(async () => (await worker.records()).length === 4 && worker.state().inFlight.length === 2);
    expect(worker.state().inFlight.sort()).toEqual(['bad 1', 'bad 2']);
  });

  it('moves a message that always fails to the dead letter queue and goes on with others', async () => {
    const { queueArn } = server.createQueue(`dead-${++count}`);
    const worker = await makeWorker({
      handler: `${recordBodies} if (event.Records[0].body === 'poison') throw new Error('always');`,
      consumer: { batchSize: 1 },
      attributes: { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount: '2' }) },
    });
    await worker.send('poison');
    await worker.send('fine');
    await worker.start();
    const dead = await until(() => server.inspectQueue(queueArn.split(':').at(-1) ?? '')?.messages.ready[0]);
    expect(dead.body).toBe('poison');
    expect((await worker.records()).sort()).toEqual(['fine', 'poison', 'poison']);
  });
});

describe('FIFO', () => {
  it('handles what follows a failure in a group only after its retry', async () => {
    const worker = await makeWorker({
      fifo: true,
      attributes: { VisibilityTimeout: '2' },
      consumer: { reportBatchItemFailures: true, concurrency: 3 },
      handler: `const failures = [];
        const stopped = new Set();
        for (const { body, messageId, attributes } of event.Records) {
          const group = attributes.MessageGroupId;
          if (!stopped.has(group)) {
            record(body + ' ' + attributes.ApproximateReceiveCount);
            if (body !== 'a2' || attributes.ApproximateReceiveCount !== '1') continue;
            stopped.add(group);
          }
          failures.push({ itemIdentifier: messageId });
        }
        return { batchItemFailures: failures };`,
    });
    for (const body of ['a1', 'b1', 'a2', 'b2', 'a3']) await worker.send(body, { MessageGroupId: body.slice(0, 1) });
    await worker.start();
    await until(async () => (await worker.records()).length === 6);
    const records = await worker.records();
    expect(records.filter((text) => text.startsWith('a'))).toEqual(['a1 1', 'a2 1', 'a2 2', expect.stringMatching(/^a3/)]);
    expect(records.filter((text) => text.startsWith('b'))).toEqual(['b1 1', 'b2 1']);
    await until(() => worker.state().inFlight.length === 0);
    expect(worker.state()).toEqual(empty);
  });

  it('never handles two batches of a group at once, others beside it', async () => {
    const worker = await makeWorker({
      fifo: true,
      consumer: { batchSize: 1, concurrency: 4 },
      handler: `const { body } = event.Records[0]; record('start ' + body); await sleep(300); record('end ' + body);`,
    });
    for (const body of ['a1', 'a2', 'a3', 'b1']) await worker.send(body, { MessageGroupId: body.slice(0, 1) });
    await worker.start();
    await until(async () => (await worker.records()).length === 8);
    const records = await worker.records();
    expect(records.filter((text) => / a/.test(text))).toEqual(['start a1', 'end a1', 'start a2', 'end a2', 'start a3', 'end a3']);
    expect(records.indexOf('start b1')).toBeLessThan(records.indexOf('end a1'));
  });
});

it('deletes messages that no filter matches', async () => {
  const worker = await makeWorker({ handler: recordBodies, consumer: { filters: [{ body: { kind: ['order'] } }] } });
  for (const body of ['{"kind":"order"}', '{"kind":"other"}', 'no json']) await worker.send(body);
  await worker.start();
  await until(
    async () => (await worker.records()).length === 1 && worker.state().ready.length === 0 && worker.state().inFlight.length === 0,
  );
  expect(worker.state()).toEqual(empty);
  expect(await worker.records()).toEqual(['{"kind":"order"}']);
});

describe('batches', () => {
  const record = 'record(String(event.Records.length));';

  it('grow over several receives up to the batch size', async () => {
    const worker = await makeWorker({
      handler: record,
      consumer: { batchSize: 25, maximumBatchingWindowSeconds: 30, concurrency: 1 },
    });
    for (let sent = 0; sent < 30; sent += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: String(sent + index) }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: worker.url, Entries }));
    }
    await worker.start();
    await until(async () => (await worker.records()).length === 1);
    expect(await worker.records()).toEqual(['25']);
  });

  it('are invoked when their window ends', async () => {
    const worker = await makeWorker({
      handler: record,
      consumer: { batchSize: 100, maximumBatchingWindowSeconds: 3, concurrency: 1 },
    });
    await worker.start();
    await worker.send('a');
    await sleep(1000);
    await worker.send('b');
    expect(await worker.records()).toEqual([]);
    await until(async () => (await worker.records()).length > 0);
    expect(await worker.records()).toEqual(['2']);
  });

  it('run at most as many at once as the concurrency says', async () => {
    const worker = await makeWorker({
      handler: "record('+'); await sleep(200); record('-');",
      consumer: { batchSize: 1, concurrency: 3 },
    });
    for (let index = 0; index < 9; index++) await worker.send(String(index));
    await worker.start();
    await until(async () => (await worker.records()).length === 18);
    let now = 0;
    const levels = (await worker.records()).map((sign) => (now += sign === '+' ? 1 : -1));
    expect(Math.max(...levels)).toBe(3);
  });
});

it('keeps messages invisible for as long as the function works', async () => {
  const worker = await makeWorker({
    handler: `${recordBodies} await sleep(5000); record('done');`,
    attributes: { VisibilityTimeout: '2' },
  });
  await worker.send('a');
  await worker.start();
  await until(async () => (await worker.records()).includes('done'));
  await until(() => worker.state().inFlight.length === 0);
  expect(await worker.records()).toEqual(['a', 'done']);
  expect(worker.state()).toEqual(empty);
});

describe('the end of the process', () => {
  it('loses nothing when it is killed in the middle of a batch', async () => {
    const worker = await makeWorker({
      handler: `${recordBodies} if (!process.env.QUICK) await sleep(10000); record('done');`,
      attributes: { VisibilityTimeout: '2' },
    });
    for (const body of ['a', 'b', 'c']) await worker.send(body);
    const first = await worker.start();
    await until(async () => (await worker.records()).length > 0);
    first.child.kill('SIGKILL');
    expect(await first.exit).toBe('SIGKILL');
    expect([...worker.state().ready, ...worker.state().inFlight].sort()).toEqual(['a', 'b', 'c']);
    const received = (await worker.records()).length;
    await worker.start();
    await until(async () => (await worker.records()).slice(received).filter((text) => text !== 'done').length >= 3);
    const again = (await worker.records()).slice(received).filter((text) => text !== 'done');
    expect(new Set(again)).toEqual(new Set(['a', 'b', 'c']));
  });

  it('finishes the batch in flight on SIGTERM, takes no other message, and is unhealthy meanwhile', async () => {
    const worker = await makeWorker({ handler: `${recordBodies} await sleep(2000); record('done');`, consumer: { concurrency: 1 } });
    const started = await worker.start();
    const health = async () => (await fetch(`http://127.0.0.1:${started.port}/healthz`)).status;
    await until(async () => (await health().catch(() => 0)) === 200);
    expect((await fetch(`http://127.0.0.1:${started.port}/other`)).status).toBe(404);
    await worker.send('a');
    await until(async () => (await worker.records()).length === 1);
    started.child.kill('SIGTERM');
    await sleep(300);
    await worker.send('b');
    expect(await health()).toBe(503);
    expect(await started.exit).toBe(0);
    expect(await worker.records()).toEqual(['a', 'done']);
    expect(worker.state()).toEqual({ ready: ['b'], inFlight: [] });
  });

  it('gives a batch that was not complete back on SIGTERM', async () => {
    const worker = await makeWorker({
      handler: recordBodies,
      consumer: { batchSize: 100, maximumBatchingWindowSeconds: 60, concurrency: 1 },
    });
    const started = await worker.start();
    await worker.send('a');
    await until(() => worker.state().inFlight.length === 1);
    await sleep(200);
    started.child.kill('SIGTERM');
    expect(await started.exit).toBe(0);
    expect(worker.state()).toEqual({ ready: ['a'], inFlight: [] });
    expect(await worker.records()).toEqual([]);
  });

  it('gives back what is not done in time', async () => {
    const worker = await makeWorker({
      handler: `${recordBodies} await sleep(15000);`,
      consumer: { concurrency: 1 },
      env: { STOP_TIMEOUT: '4' },
    });
    await worker.send('a');
    const started = await worker.start();
    await until(async () => (await worker.records()).length === 1);
    const begin = Date.now();
    started.child.kill('SIGTERM');
    await started.exit;
    expect(Date.now() - begin).toBeLessThan(4000);
    expect(worker.state()).toEqual({ ready: ['a'], inFlight: [] });
  });
});

describe('trouble', () => {
  it('waits longer each time while SQS cannot be reached, and goes on when it can', async () => {
    const port = await freePort();
    const queueUrl = `http://sqs.us-east-1.localhost:${port}/000000000000/late`;
    const worker = await makeWorker({
      handler: recordBodies,
      consumer: { concurrency: 1, queueUrl },
      env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_MAX_ATTEMPTS: '1' },
    });
    const started = await worker.start();
    const failures = () => started.lines().filter(({ message }) => message === 'polling the queue failed');
    await until(() => failures().length >= 3);
    const times = failures().map((line) => Date.parse(String(line['time'])));
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(400);
    expect(failures()[2]).toMatchObject({ level: 'error', failures: 3, queueUrl });
    const late = await startFauxqs({ port, logger: false });
    try {
      expect(late.createQueue('late').queueUrl).toBe(queueUrl);
      const client = clientOf(late.address);
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'late' }));
      client.destroy();
      await until(async () => (await worker.records()).length === 1);
    } finally {
      started.child.kill('SIGKILL');
      await started.exit;
      await late.stop();
    }
    expect(await worker.records()).toEqual(['late']);
  });

  it.each([
    ['the URL of a queue is missing', { queueUrl: '' }, 'The queue of fn has no URL'],
    ['a filter is not understood', { filters: [{ body: { a: [{ cidr: '10.0.0.0/8' }] } }] }, 'This filter rule is not known'],
  ])('does not start when %s', async (_what, consumer, message) => {
    const worker = await makeWorker({ handler: '', consumer });
    const started = await worker.start();
    expect(await started.exit).toBe(1);
    expect(JSON.stringify(started.lines())).toContain(message);
  });
});
