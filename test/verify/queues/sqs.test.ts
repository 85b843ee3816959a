import { describe, expect, test } from 'vitest';
import type { InvokeOutcome } from '../../../src/verify/lambda/outcome.js';
import { messagesLeft, type QueueMessage, sqsEvent } from '../../../src/verify/queues/sqs.js';

const messages: QueueMessage[] = ['a', 'b', 'c'].map((id) => ({ id, body: `body of ${id}` }));
const result = (value: unknown): InvokeOutcome => ({ kind: 'result', payload: JSON.stringify(value) });
const error: InvokeOutcome = { kind: 'error', error: { errorType: 'Error', errorMessage: 'x' } };
const failures = (...ids: unknown[]) => result({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('which messages stay in the queue', () => {
  const cases: [name: string, outcome: InvokeOutcome, reports: boolean, left: string[]][] = [
    ['an error', error, true, ['a', 'b', 'c']],
    ['success without reports', failures('b'), false, []],
    ['nothing', result(null), true, []],
    ['an empty list', failures(), true, []],
    ['null for the list', result({ batchItemFailures: null }), true, []],
    ['one failure', failures('b'), true, ['b']],
    ['the same failure twice', failures('b', 'b'), true, ['b']],
    ['an unknown id', failures('x'), true, ['a', 'b', 'c']],
    ['an empty id', failures(''), true, ['a', 'b', 'c']],
    ['no id', failures(null), true, ['a', 'b', 'c']],
    ['a wrong key', result({ batchItemFailures: [{ id: 'b' }] }), true, ['a', 'b', 'c']],
    ['no list', result({ batchItemFailures: 'b' }), true, ['a', 'b', 'c']],
  ];
  test.each(cases)('%s', (_name, outcome, reports, left) => expect(messagesLeft(messages, outcome, reports)).toEqual(left));
});

test('the event of a FIFO queue', () => {
  const [record] = (
    sqsEvent([{ id: 'a', body: 'x', groupId: 'g', attributes: { k: 'v' } }], 'arn:aws:sqs:eu-west-1:123456789012:q.fifo', 5) as {
      Records: unknown[];
    }
  ).Records;
  expect(record).toMatchObject({
    messageId: 'a',
    body: 'x',
    md5OfBody: '9dd4e461268c8034f5c8564e155c67a6',
    attributes: { MessageGroupId: 'g', ApproximateReceiveCount: '1', SentTimestamp: '5' },
    messageAttributes: { k: { stringValue: 'v', dataType: 'String' } },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:q.fifo',
    awsRegion: 'eu-west-1',
  });
});
