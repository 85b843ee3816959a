import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueMessage } from '../queues/sqs.js';
import type { AwsCall } from './call.js';
import { type AwsAnswer, json } from './services/service.js';

/** A queue that a worker consumes: hands each message out once, and knows which were deleted. */
export interface TestQueue {
  readonly name: string;
  put(messages: readonly QueueMessage[]): void;
  /** Ids of what was handed out and not deleted. */
  left(): string[];
  /** True when everything was handed out. */
  isDrained(): boolean;
  answer(call: AwsCall): Promise<AwsAnswer | undefined>;
}

/** How long a receive waits for messages. */
const pollMilliseconds = 300;

export function testQueue(name: string): TestQueue {
  let waiting: QueueMessage[] = [];
  let handedOut: string[] = [];
  let deleted = new Set<string>();
  const receive = async (most: number): Promise<AwsAnswer> => {
    if (waiting.length === 0) await sleep(pollMilliseconds);
    const taken = waiting.splice(0, most);
    handedOut.push(...taken.map(({ id }) => id));
    return json(taken.length > 0 ? { Messages: taken.map(sdkMessage) } : {});
  };
  const remove = (entries: { Id?: string; ReceiptHandle?: string }[]) => {
    for (const { ReceiptHandle = '' } of entries) deleted.add(ReceiptHandle.replace(/^receipt-/, ''));
    return json({ Successful: entries.map(({ Id }) => ({ Id })), Failed: [] });
  };
  return {
    name,
    put: (messages) => {
      waiting = [...messages];
      handedOut = [];
      deleted = new Set();
    },
    left: () => handedOut.filter((id) => !deleted.has(id)),
    isDrained: () => waiting.length === 0,
    answer: async ({ operation, input }) => {
      const entries = (input['Entries'] ?? []) as { Id?: string; ReceiptHandle?: string }[];
      if (operation === 'ReceiveMessage') return receive(Number(input['MaxNumberOfMessages'] ?? 1));
      if (operation === 'DeleteMessageBatch') return remove(entries);
      if (operation === 'DeleteMessage') return remove([input as { ReceiptHandle?: string }]);
      if (operation === 'GetQueueAttributes') return json({ Attributes: { VisibilityTimeout: '3600' } });
      if (operation === 'ChangeMessageVisibilityBatch') return json({ Successful: entries.map(({ Id }) => ({ Id })), Failed: [] });
      return undefined;
    },
  };
}

function sdkMessage({ id, body, groupId, deduplicationId, attributes = {}, receiveCount = 1 }: QueueMessage): unknown {
  const time = String(Date.now());
  return {
    MessageId: id,
    ReceiptHandle: `receipt-${id}`,
    Body: body,
    MD5OfBody: createHash('md5').update(body).digest('hex'),
    Attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: time,
      SenderId: '123456789012',
      ApproximateFirstReceiveTimestamp: time,
      ...(groupId !== undefined && {
        SequenceNumber: '18849496460467696128',
        MessageGroupId: groupId,
        MessageDeduplicationId: deduplicationId ?? id,
      }),
    },
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { StringValue, DataType: 'String' }]),
    ),
  };
}
