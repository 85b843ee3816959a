/** One poller of a queue: receives, and puts together the batches that the function is invoked with. */
import type { Message } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import type { QueueClient } from './queue-client.js';
import type { PollHealth } from './queue-health.js';
import type { Slots } from './queue-slots.js';
import { pollSeconds } from './queue-stop.js';
import type { QueueConsumer } from './types.js';

export interface Poller {
  /** True until the last receive has come to its end. */
  isPolling(): boolean;
  /** Starts no other receive and no other batch. */
  stop(): void;
}

export interface PollerInput {
  consumer: QueueConsumer;
  queue: QueueClient;
  health: PollHealth;
  /** A poller has a slot before it receives, so that nothing is received that must wait for its invocation. */
  slots: Slots;
  /** The messages that the function is to see. */
  accept(messages: Message[]): Promise<Message[]>;
  /** Invokes the function; gives the slot back when that is over. */
  run(messages: Message[]): void;
}

/** Most messages of one receive. */
const receiveSize = 10;
/** Lambda's limit for an event is 6 MB; one more receive can bring 1 MB. */
const fullBatchBytes = 5_000_000;

export function startPoller({ consumer, queue, health, slots, accept, run }: PollerInput): Poller {
  const windowSeconds = consumer.fifo ? 0 : consumer.maximumBatchingWindowSeconds;
  let batch: Message[] = [];
  let windowTimer: NodeJS.Timeout | undefined;
  let hasSlot = false;

  const takeSlot = async () => {
    if (hasSlot) return;
    await slots.take();
    hasSlot = true;
  };
  const isComplete = () =>
    windowSeconds === 0 ||
    batch.length >= consumer.batchSize ||
    batch.reduce((bytes, { Body = '' }) => bytes + Buffer.byteLength(Body), 0) >= fullBatchBytes;
  const finishBatch = () => {
    clearTimeout(windowTimer);
    windowTimer = undefined;
    const messages = batch;
    batch = [];
    hasSlot = false;
    run(messages);
  };
  const collect = async (messages: Message[]) => {
    health.succeeded();
    const accepted = await accept(messages);
    if (accepted.length === 0) return undefined;
    // The window may have ended, and its batch have taken the slot, while this receive was under way.
    await takeSlot();
    batch.push(...accepted);
    if (isComplete()) finishBatch();
    else windowTimer ??= setTimeout(finishBatch, windowSeconds * 1000);
    poller.updateOption('batchSize', Math.min(receiveSize, consumer.batchSize - batch.length));
    return undefined;
  };

  const poller = Consumer.create({
    queueUrl: queue.url,
    sqs: queue.sqs,
    batchSize: Math.min(receiveSize, consumer.batchSize),
    waitTimeSeconds: pollSeconds(),
    messageAttributeNames: ['All'],
    messageSystemAttributeNames: ['All'],
    // Deleted are the messages that the function reports as done, when it does.
    shouldDeleteMessages: false,
    suppressFifoWarning: true,
    preReceiveMessageCallback: async () => {
      await health.pause();
      await takeSlot();
    },
    handleMessageBatch: collect,
  });
  poller.on('empty', () => health.succeeded());
  poller.on('error', (error) => health.failed(error));
  poller.start();
  return {
    isPolling: () => poller.status.isPolling,
    stop: () => {
      clearTimeout(windowTimer);
      poller.stop();
    },
  };
}
