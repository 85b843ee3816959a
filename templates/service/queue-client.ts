/** The calls to SQS that follow a receive: deleting messages and keeping them invisible to other consumers. */
import type { Message } from '@aws-sdk/client-sqs';
import { ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describeError, logLine } from './log.js';

export interface QueueClient {
  sqs: SQSClient;
  url: string;
  /** Messages that could not be deleted are delivered again: they are logged, never thrown. */
  remove(messages: Message[]): Promise<void>;
  /** Keeps messages invisible to other consumers until they are let go. */
  hold(messages: Message[]): void;
  letGo(messages: Message[]): void;
  /** What is held now. */
  held(): Message[];
  /** Lets messages go and makes them visible at once. */
  release(messages: Message[]): Promise<void>;
}

/** Most entries of one call. */
const callSize = 10;
const deleteAttempts = 3;

/** `timeoutSeconds`: of the function; Lambda took no queue whose visibility timeout was shorter. */
export async function openQueue(url: string, region: string, timeoutSeconds: number): Promise<QueueClient> {
  // With an endpoint of its own (an emulator, a proxy) the host in the queue's URL is not where SQS is.
  const hasEndpoint = Boolean(process.env['AWS_ENDPOINT_URL_SQS'] ?? process.env['AWS_ENDPOINT_URL']);
  const sqs = new SQSClient({ region, useQueueUrlAsEndpoint: !hasEndpoint });
  const visibilitySeconds = await readVisibility(sqs, url, Math.max(timeoutSeconds, 30));
  /** Messages and when their invisibility is to be renewed: at half of it. */
  const renewals = new Map<Message, number>();
  const hold = (messages: Message[]) => {
    for (const message of messages) renewals.set(message, Date.now() + visibilitySeconds * 500);
  };
  const letGo = (messages: Message[]) => {
    for (const message of messages) renewals.delete(message);
  };
  const renew = () => {
    const due = [...renewals].filter(([, time]) => time <= Date.now()).map(([message]) => message);
    hold(due);
    void changeVisibility(sqs, url, due, visibilitySeconds);
  };
  setInterval(renew, 500).unref();
  return {
    sqs,
    url,
    remove: async (messages) => {
      await Promise.all(inCalls(messages).map((part) => removeAll(sqs, url, part)));
    },
    hold,
    letGo,
    held: () => [...renewals.keys()],
    release: (messages) => {
      letGo(messages);
      return changeVisibility(sqs, url, messages, 0);
    },
  };
}

/** The queue's own visibility timeout: how long a message stays away after a failure is decided there. */
async function readVisibility(sqs: SQSClient, url: string, assumedSeconds: number): Promise<number> {
  try {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['VisibilityTimeout'] }));
    return Number(Attributes?.['VisibilityTimeout'] ?? assumedSeconds);
  } catch (error) {
    logLine('warn', 'the visibility timeout of the queue cannot be read (sqs:GetQueueAttributes)', {
      queueUrl: url,
      assumedSeconds,
      error: describeError(error),
    });
    return assumedSeconds;
  }
}

async function removeAll(sqs: SQSClient, url: string, messages: Message[]): Promise<void> {
  let left = messages;
  let reason: unknown;
  for (let attempt = 0; attempt < deleteAttempts && left.length > 0; attempt++) {
    try {
      const sent = left;
      const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries(sent) }));
      left = Failed.flatMap(({ Id }) => sent[Number(Id)] ?? []);
      reason = Failed;
    } catch (error) {
      reason = describeError(error);
    }
  }
  if (left.length > 0) logLine('error', 'messages could not be deleted and will come again', { messageIds: ids(left), error: reason });
}

async function changeVisibility(sqs: SQSClient, url: string, messages: Message[], seconds: number): Promise<void> {
  const calls = inCalls(messages).map(async (part) => {
    const Entries = entries(part).map((entry) => ({ ...entry, VisibilityTimeout: seconds }));
    const { Failed = [] } = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
    if (Failed.length > 0) throw new Error(Failed.map(({ Code, Message: text }) => text ?? Code).join('; '));
  });
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === 'rejected')
      logLine('warn', 'the visibility of messages could not be changed', { seconds, error: describeError(outcome.reason) });
  }
}

function entries(messages: Message[]): { Id: string; ReceiptHandle: string | undefined }[] {
  return messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}

function ids(messages: Message[]): (string | undefined)[] {
  return messages.map(({ MessageId }) => MessageId);
}

function inCalls(messages: Message[]): Message[][] {
  const count = Math.ceil(messages.length / callSize);
  return Array.from({ length: count }, (_, index) => messages.slice(index * callSize, (index + 1) * callSize));
}
