import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { queueSource, toRecord } from '../../templates/service/queue-event.js';
import { PollHealth } from '../../templates/service/queue-health.js';
import { failedMessages } from '../../templates/service/queue-result.js';
import { Slots } from '../../templates/service/queue-slots.js';

describe('which messages failed', () => {
  const all = ['1', '2', '3'];
  it.each<[name: string, result: unknown, failed: string[]]>([
    ['nothing', undefined, []],
    ['null', null, []],
    ['a text', 'processed 3 messages', []],
    ['an empty text', '', []],
    ['an empty object', {}, []],
    ['another object', { statusCode: 200 }, []],
    ['a null list', { batchItemFailures: null }, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['one', { batchItemFailures: [{ itemIdentifier: '2' }] }, ['2']],
    ['the same twice', { batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '2' }] }, ['2']],
    ['all', { batchItemFailures: all.map((itemIdentifier) => ({ itemIdentifier })) }, all],
    ['what toJSON says', { toJSON: () => ({ batchItemFailures: [{ itemIdentifier: '3' }] }) }, ['3']],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, all],
    ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }, all],
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '9' }] }, all],
    ['a wrong key', { batchItemFailures: [{ itemIdentifer: '1' }] }, all],
    ['ids alone', { batchItemFailures: ['1'] }, all],
    ['a null element', { batchItemFailures: [null] }, all],
    ['no list', { batchItemFailures: { itemIdentifier: '1' } }, all],
  ])('%s', (_name, result, failed) => {
    expect([...failedMessages(result, all, true)]).toEqual(failed);
    expect([...failedMessages(result, all, false)]).toEqual([]);
  });

  it('fails the invocation for a result that is no JSON, with and without reports', () => {
    expect(() => failedMessages({ big: 1n }, all, true)).toThrow(TypeError);
    expect(() => failedMessages({ big: 1n }, all, false)).toThrow(TypeError);
  });
});

describe('source of a queue', () => {
  beforeEach(() => void vi.stubEnv('AWS_REGION', 'eu-north-1'));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/123456789012/orders', 'arn:aws:sqs:eu-west-1:123456789012:orders'],
    ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders.fifo', 'arn:aws-cn:sqs:cn-north-1:123456789012:orders.fifo'],
    ['https://sqs-fips.us-gov-west-1.amazonaws.com/1/q', 'arn:aws-us-gov:sqs:us-gov-west-1:1:q'],
    ['https://sqs.us-iso-east-1.c2s.ic.gov/1/q', 'arn:aws-iso:sqs:us-iso-east-1:1:q'],
    ['https://vpce-0a-b.sqs.us-east-2.vpce.amazonaws.com/1/q', 'arn:aws:sqs:us-east-2:1:q'],
    ['https://ap-southeast-2.queue.amazonaws.com/1/q', 'arn:aws:sqs:ap-southeast-2:1:q'],
    ['http://localhost:4566/000000000000/q', 'arn:aws:sqs:eu-north-1:000000000000:q'],
    ['http://sqs.us-west-2.localhost:4566/000000000000/q', 'arn:aws:sqs:us-west-2:000000000000:q'],
  ])('%s', (url, arn) => {
    expect(queueSource(url, undefined)).toEqual({ arn, region: arn.split(':')[3] });
  });

  it('is the ARN when there is one', () => {
    expect(queueSource('http://localhost/1/q', 'arn:aws-cn:sqs:cn-north-1:1:other')).toEqual({
      arn: 'arn:aws-cn:sqs:cn-north-1:1:other',
      region: 'cn-north-1',
    });
  });
});

it('makes a record of a message with nothing but a body', () => {
  expect(toRecord({ MessageId: 'm', ReceiptHandle: 'r', Body: 'b', MD5OfBody: '5' }, { arn: 'arn', region: 'eu-west-1' })).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: 'b',
    attributes: {},
    messageAttributes: {},
    md5OfBody: '5',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'eu-west-1',
  });
});

it('gives slots in the order of asking, and none once closed', async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  await slots.take();
  const first = slots.take().then(() => order.push('first'));
  const second = slots.take().then(
    () => order.push('second'),
    () => order.push('refused'),
  );
  slots.give();
  await first;
  slots.close();
  await second;
  expect(order).toEqual(['first', 'refused']);
  await expect(slots.take()).rejects.toThrow('closed');
});

describe('health of polling', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('is lost after five minutes without a success, and comes back with one', () => {
    const health = new PollHealth('url');
    health.failed(new Error('down'));
    vi.advanceTimersByTime(4 * 60_000);
    health.failed(new Error('down'));
    expect(health.isHealthy()).toBe(true);
    vi.advanceTimersByTime(61_000);
    expect(health.isHealthy()).toBe(false);
    health.succeeded();
    expect(health.isHealthy()).toBe(true);
  });

  it('is not judged by what fails because polling ends', async () => {
    const health = new PollHealth('url');
    health.failed(new Error('down'));
    const pause = health.pause();
    health.stop();
    await expect(pause).rejects.toThrow();
    health.failed(new Error('closed'));
    expect(process.stdout.write).toHaveBeenCalledTimes(1);
  });
});
