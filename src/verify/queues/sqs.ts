import { createHash } from 'node:crypto';
import type { InvokeOutcome } from '../lambda/outcome.js';
import { failed } from '../lambda/outcome.js';

export interface QueueMessage {
  id: string;
  body: string;
  /** FIFO queues: messages of a group are handled in order. */
  groupId?: string;
  deduplicationId?: string;
  /** Text attributes of the message. */
  attributes?: Record<string, string>;
  /** How often it was received, this time included. */
  receiveCount?: number;
}

/**
 * The event that an event source mapping makes of messages.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsEvent(messages: readonly QueueMessage[], queueArn: string, time: number): unknown {
  return { Records: messages.map((message, index) => record(message, index, queueArn, time)) };
}

/** What the filters of an event source mapping look at. */
export function recordOf(message: QueueMessage): Record<string, unknown> {
  return record(message, 0, '', 0);
}

function record(message: QueueMessage, index: number, queueArn: string, time: number): Record<string, unknown> {
  const { id, body, groupId, deduplicationId, attributes = {}, receiveCount = 1 } = message;
  return {
    messageId: id,
    receiptHandle: `receipt-${id}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(time),
      SenderId: '123456789012',
      ApproximateFirstReceiveTimestamp: String(time),
      ...(groupId !== undefined && {
        SequenceNumber: String(18_849_496_460_467_696_128n + BigInt(index)),
        MessageGroupId: groupId,
        MessageDeduplicationId: deduplicationId ?? id,
      }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [
        name,
        { stringValue, stringListValues: [], binaryListValues: [], dataType: 'String' },
      ]),
    ),
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

/**
 * Ids of the messages that stay in the queue after an invocation, to be received again.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function messagesLeft(messages: readonly QueueMessage[], outcome: InvokeOutcome, reportsItemFailures: boolean): string[] {
  const all = messages.map(({ id }) => id);
  if (failed(outcome)) return all;
  if (!reportsItemFailures) return [];
  if (outcome.kind === 'stream') return all;
  const named = failuresOf(outcome.payload);
  if (named === null || !named.every((id): id is string => typeof id === 'string' && all.includes(id))) return all;
  return all.filter((id) => named.includes(id));
}

/** What the result names; an empty list when it names nothing, null when it cannot be read. */
function failuresOf(payload: string): unknown[] | null {
  const result = read(payload);
  if (result === undefined) return null;
  const list = (result as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (list === undefined || list === null) return [];
  return Array.isArray(list) ? list.map((entry: { itemIdentifier?: unknown } | null) => entry?.itemIdentifier) : null;
}

function read(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
