import { setTimeout as sleep } from 'node:timers/promises';
import type { SqsTrigger } from '../../project/trigger.js';
import { difference } from '../compare.js';
import type { Original } from '../lambda/original.js';
import type { NormaliseContext } from '../normalise.js';
import { compareCalls } from '../outside/compare-calls.js';
import { laterCalls } from '../outside/later-calls.js';
import type { TestQueue } from '../outside/queue.js';
import type { Outside } from '../outside/side.js';
import type { Finding } from '../verdict.js';
import { letsThrough } from './filters.js';
import type { Batch } from './messages.js';
import { messagesLeft, recordOf, sqsEvent } from './sqs.js';

export interface QueuePair {
  trigger: SqsTrigger;
  queueArn: string;
  original: Original;
  before: Outside;
  queue: TestQueue;
  after: Outside;
  context: NormaliseContext;
}

/** Which messages stay in the queue, and what is called outside, when both sides get the same batch. */
export async function compareBatch(pair: QueuePair, batch: Batch): Promise<Finding | undefined> {
  const { original, trigger, queueArn, queue, context } = pair;
  const started = Date.now();
  // What no filter lets through is deleted, and the function never sees it.
  const wanted = batch.messages.filter((message) => letsThrough(trigger.filters, recordOf(message)));
  const invocation = wanted.length === 0 ? undefined : await original.invoke(sqsEvent(wanted, queueArn, started));
  const took = Date.now() - started;
  const expected = invocation ? messagesLeft(wanted, invocation.outcome, trigger.reportBatchItemFailures) : [];
  const before = await pair.before.takeCalls();
  queue.put(batch.messages);
  await untilSettled(queue, expected, took, trigger.maximumBatchingWindow);
  const after = await pair.after.takeCalls(before.length);
  before.push(...(await laterCalls(pair.before, after.length - before.length, context)));
  const differences = [
    ...difference(
      'messages left in the queue',
      named(expected),
      named(queue.isDrained() ? queue.left() : ['(not received)', ...queue.left()]),
    ),
    ...compareCalls(before, after, context),
  ];
  if (differences.length === 0) return undefined;
  return {
    name: batch.name,
    request: batch.messages.map(({ id, body, groupId }) => `${id}${groupId ? ` (${groupId})` : ''}: ${body}`).join('\n'),
    differences,
  };
}

function named(ids: readonly string[]): string {
  return ids.length === 0 ? '(none)' : [...ids].sort().join('\n');
}

/** Until everything is handed out and what must go is gone, and a while longer, in which nothing more may go. */
async function untilSettled(queue: TestQueue, expected: readonly string[], tookMilliseconds: number, windowSeconds: number): Promise<void> {
  const end = Date.now() + 3 * tookMilliseconds + windowSeconds * 1000 + 5000;
  while (Date.now() < end && !(queue.isDrained() && queue.left().length <= expected.length)) await sleep(50);
  await sleep(Math.max(300, 2 * tookMilliseconds));
}
