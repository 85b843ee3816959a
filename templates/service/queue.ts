/**
 * Consumes one queue as Lambda's event source mapping did: polls, forms batches, invokes the function, and deletes what
 * succeeded. What failed stays in the queue: it is visible again after the queue's visibility timeout, and the queue's redrive
 * policy counts it.
 */
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Message } from '@aws-sdk/client-sqs';
import { compileFilters } from './filter.js';
import { invoke } from './invoke.js';
import { describeError, logLine, requestScope } from './log.js';
import { openQueue } from './queue-client.js';
import { queueSource, toRecord } from './queue-event.js';
import { PollHealth } from './queue-health.js';
import { startPoller } from './queue-poller.js';
import { failedMessages } from './queue-result.js';
import { Slots } from './queue-slots.js';
import { drainMilliseconds } from './queue-stop.js';
import type { QueueConsumer } from './types.js';

const sleep = promisify(setTimeout);

export interface RunningQueue {
  isHealthy(): boolean;
  /** Receives nothing more, waits for what is in flight, and gives back what is not done when the time to stop is over. */
  stop(): Promise<void>;
}

/** Lambda starts with as many; one that finds nothing costs a request every 20 seconds. */
const maximumPollers = 5;

/** Starts to consume a queue. Rejects when its URL is missing or one of its filters is not understood. */
export async function consumeQueue(consumer: QueueConsumer): Promise<RunningQueue> {
  const { function: fn, queueUrl, concurrency } = consumer;
  if (!queueUrl) throw new Error(`The queue of ${fn.name} has no URL: set its environment variable`);
  const matches = compileFilters(consumer.filters);
  const source = queueSource(queueUrl, consumer.queueArn);
  const queue = await openQueue(queueUrl, source.region, fn.timeoutSeconds);
  const health = new PollHealth(queueUrl);
  const slots = new Slots(concurrency);
  const running = new Set<Promise<void>>();
  /** Messages that the function works on. */
  const busy = new Set<Message>();
  let isStopping = false;

  /** Drops what the filters refuse, as Lambda does: such messages are deleted. */
  const accept = async (messages: Message[]): Promise<Message[]> => {
    if (isStopping) {
      queue.hold(messages);
      return [];
    }
    const usable = consumer.fifo ? withoutBusyGroups(messages, queue.held()) : messages;
    const wanted = usable.filter((message) => matches(toRecord(message, source)));
    queue.hold(wanted);
    await queue.remove(usable.filter((message) => !wanted.includes(message)));
    return wanted;
  };

  const handle = async (messages: Message[]): Promise<void> => {
    const requestId = randomUUID();
    await requestScope.run({ requestId }, async () => {
      try {
        const result = await invoke(fn, { Records: messages.map((message) => toRecord(message, source)) }, requestId);
        const failed = failedMessages(result, messages.map(idOf), consumer.reportBatchItemFailures);
        await queue.remove(messages.filter((message) => !failed.has(idOf(message))));
        if (failed.size > 0) logLine('warn', 'the function reported messages as failed', { function: fn.name, messageIds: [...failed] });
      } catch (error) {
        const messageIds = messages.map(idOf);
        logLine('error', 'the function failed; its messages stay in the queue', {
          function: fn.name,
          messageIds,
          error: describeError(error),
        });
      }
    });
    queue.letGo(messages);
    slots.give();
  };

  const run = (messages: Message[]): void => {
    for (const message of messages) busy.add(message);
    const work = handle(messages).finally(() => {
      for (const message of messages) busy.delete(message);
      running.delete(work);
    });
    running.add(work);
  };

  const pollers = Array.from({ length: Math.min(concurrency, maximumPollers) }, () =>
    startPoller({ consumer, queue, health, slots, accept, run }),
  );
  logLine('info', 'consuming a queue', { function: fn.name, queueUrl });

  const drain = async (): Promise<void> => {
    // A receive is not broken off: what SQS had sent would be invisible for its visibility timeout. Nor is anything given back
    // before the last receive has ended, for it would come right back.
    while (pollers.some((poller) => poller.isPolling())) await sleep(20);
    await queue.release(queue.held().filter((message) => !busy.has(message)));
    await Promise.all(running);
  };

  return {
    isHealthy: () => health.isHealthy(),
    stop: async () => {
      isStopping = true;
      health.stop();
      slots.close();
      for (const poller of pollers) poller.stop();
      await Promise.race([drain(), sleep(drainMilliseconds())]);
      await queue.release(queue.held());
    },
  };
}

/**
 * SQS hands out no more of a group while messages of it are in flight, unless they took longer than the visibility timeout: then
 * they wait for the next time, so that a group never runs twice at once.
 */
function withoutBusyGroups(messages: Message[], held: Message[]): Message[] {
  const busy = new Set(held.map(groupOf));
  return messages.filter((message) => !busy.has(groupOf(message)));
}

function groupOf({ Attributes }: Message): string {
  return Attributes?.MessageGroupId ?? '';
}

function idOf({ MessageId }: Message): string {
  return MessageId ?? '';
}
