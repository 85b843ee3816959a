import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll, describe, expect, it } from 'vitest';
import { findEngine, untilHealthy } from '../support/containers.js';
import { cleanUp, copyInput, runCli } from '../support/fixtures.js';
import { expectAnswer, fixtureRequests, send } from '../support/requests.js';
import { freePort, taskEnvironment } from '../support/service.js';

const found = findEngine();
const started: string[] = [];

afterAll(async () => {
  for (const name of started) await found?.remove(name);
  await cleanUp();
});

describe.skipIf(!found)('the built image', () => {
  const engine = found as NonNullable<typeof found>;

  async function image(fixture: string): Promise<{ tag: string; folder: string }> {
    const folder = await copyInput(fixture);
    await runCli([folder, '--write', '--infra', 'none']);
    const tag = `migrate-lambda-test-${fixture}`;
    await engine.build(tag, folder, join(folder, 'Dockerfile'));
    return { tag, folder };
  }

  async function startContainer(tag: string, env: Record<string, string>, command?: string[]): Promise<{ name: string; url: string }> {
    const port = await freePort();
    const name = `${tag}-${port}`;
    started.push(name);
    await engine.start(
      name,
      tag,
      { ...env, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', PORT: String(port) },
      command,
    );
    const url = `http://127.0.0.1:${port}`;
    await untilHealthy(url).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await engine.logs(name)}`);
    });
    return { name, url };
  }

  it.each(['sam-rest', 'serverless-http-api', 'sam-typescript', 'serverless-express'])(
    '%s answers every route, read-only and not as root',
    async (fixture) => {
      const { tag, folder } = await image(fixture);
      const { name, url } = await startContainer(tag, await taskEnvironment(folder, 'web'));
      expect(await engine.user(name)).not.toBe('0');
      for (const request of await fixtureRequests(fixture)) {
        await expect(
          send(url, request).then((answer) => expectAnswer(answer, request.expect)),
          request.name,
        ).resolves.toBeUndefined();
      }
      await engine.signal(name, 'TERM');
      expect(await engine.wait(name)).toBe(0);
    },
  );

  it('logs JSON lines with the request id, and loses no request on SIGTERM under load', async () => {
    const { tag, folder } = await image('sam-rest');
    const { name, url } = await startContainer(tag, await taskEnvironment(folder, 'web'));
    const statuses: number[] = [];
    let refused = 0;
    const load = Array.from({ length: 20 }, async () => {
      for (let sent = 0; sent < 200; sent++) {
        const answer = await send(url, { method: 'POST', path: '/notes', body: '{"text":"x"}' }).catch(
          (error: NodeJS.ErrnoException) => error,
        );
        if (answer instanceof Error) {
          // A connection that was never accepted is not lost work: the load balancer tries another target. What was is counted below.
          expect(answer.code).toMatch(/^ECONN(REFUSED|RESET)$/);
          refused++;
          return;
        }
        statuses.push(answer.status);
      }
    });
    await sleep(300);
    await engine.signal(name, 'TERM');
    await Promise.all(load);
    expect(await engine.wait(name)).toBe(0);
    expect(new Set(statuses)).toEqual(new Set([201]));
    expect(refused).toBeGreaterThan(0);
    const lines = (await engine.logs(name))
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const answered = lines.filter((line) => line['message'] === 'request');
    expect(answered.every((line) => typeof line['requestId'] === 'string')).toBe(true);
    expect(answered.length).toBe(statuses.length);
  });

  it('runs a scheduled function to its end', async () => {
    const { tag, folder } = await image('serverless-schedule');
    const command = await jobCommand(folder);
    const good = await engine.run(tag, {}, [...command, 'cleanup']);
    expect(good.code, good.output).toBe(0);
    expect(good.output).toContain('removed what is older than 30 days');
    const bad = await engine.run(tag, { JOB_EVENT: '{}' }, [...command, 'cleanup']);
    expect(bad.code).toBe(1);
    expect(bad.output).toContain('days is not a number');
  });

  it('processes queues, and a kill -9 in the middle of a batch loses no message', async () => {
    const { tag, folder } = await image('sam-sqs');
    const server = await startFauxqs({ port: 0, logger: false });
    try {
      const endpoint = `http://127.0.0.1:${server.port}`;
      const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
      const orders = await createQueue(sqs, 'orders', { VisibilityTimeout: '3' });
      const payments = await createQueue(sqs, 'payments.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
      const environment = await taskEnvironment(folder, 'worker');
      const queueVariables = Object.keys(environment).filter((name) => name.endsWith('_QUEUE_URL'));
      const env = {
        ...environment,
        AWS_ENDPOINT_URL: endpoint,
        ...Object.fromEntries(queueVariables.map((name) => [name, name.startsWith('PAYMENTS') ? payments : orders])),
      };
      for (let id = 0; id < 12; id++)
        await sqs.send(new SendMessageCommand({ QueueUrl: orders, MessageBody: JSON.stringify({ kind: 'order', id, slow: 400 }) }));
      const command = await workerCommand(folder);
      const first = await startContainer(tag, env, command);
      await sleep(1200);
      await engine.signal(first.name, 'KILL');
      await engine.wait(first.name);
      const second = await startContainer(tag, env, command);
      await untilEmpty(sqs, orders);
      const done = [await engine.logs(first.name), await engine.logs(second.name)].join('\n');
      for (let id = 0; id < 12; id++) expect(done, `order ${id}`).toMatch(new RegExp(`done ${id} `));
      await engine.signal(second.name, 'TERM');
      expect(await engine.wait(second.name)).toBe(0);
    } finally {
      await server.stop();
    }
  });
});

async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (!QueueUrl) throw new Error(`no queue ${name}`);
  return QueueUrl;
}

async function untilEmpty(sqs: SQSClient, queue: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] }));
    if (Attributes['ApproximateNumberOfMessages'] === '0' && Attributes['ApproximateNumberOfMessagesNotVisible'] === '0') return;
    await sleep(100);
  }
  throw new Error('the queue did not become empty within 30 s');
}

const jobCommand = (folder: string) => commandOf(folder, 'job');
const workerCommand = (folder: string) => commandOf(folder, 'worker');

/** The command that the task definition gives the container. */
async function commandOf(folder: string, service: string): Promise<string[]> {
  const text = await readFile(join(folder, `deploy/ecs/task-definition.${service}.json`), 'utf8');
  const definition = JSON.parse(text) as { containerDefinitions: { command: string[] }[] };
  return definition.containerDefinitions[0]?.command ?? [];
}
