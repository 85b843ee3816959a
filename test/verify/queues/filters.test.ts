import { expect, test } from 'vitest';
import type { SqsTrigger } from '../../../src/project/trigger.js';
import { letsThrough } from '../../../src/verify/queues/filters.js';
import { knownBatches } from '../../../src/verify/queues/messages.js';
import { recordOf } from '../../../src/verify/queues/sqs.js';
import { compileFilters } from '../../../templates/service/filter.js';

const trigger = { fifo: false, batchSize: 10 } as SqsTrigger;

const filters: [name: string, body: unknown][] = [
  ['a value', { type: ['order'] }],
  ['a nested value', { order: { state: ['paid', 'sent'] } }],
  ['null and booleans', { deleted: [null], active: [true] }],
  ['a prefix', { id: [{ prefix: 'ord-' }] }],
  ['a prefix in any case', { id: [{ prefix: { 'equals-ignore-case': 'ORD-' } }] }],
  ['a suffix', { file: [{ suffix: '.png' }] }],
  ['any case', { state: [{ 'equals-ignore-case': 'Paid' }] }],
  ['anything but', { state: [{ 'anything-but': ['paid', 'sent'] }] }],
  ['anything but numbers', { amount: [{ 'anything-but': [10, 20] }] }],
  ['anything but a prefix', { state: [{ 'anything-but': { prefix: 'pa' } }] }],
  ['a range', { amount: [{ numeric: ['>', 0, '<=', 5] }] }],
  ['a number', { amount: [{ numeric: ['=', 3] }] }],
  ['presence', { customer: [{ exists: true }] }],
  ['absence', { customer: [{ exists: false }], type: ['order'] }],
  ['a wildcard', { path: [{ wildcard: 'a/*/c\\*' }] }],
  ['one of two', { $or: [{ type: ['order'] }, { amount: [{ numeric: ['>', 100] }] }] }],
  ['a text body', ['go']],
];

test.each(filters)('%s: a message is made that the filter lets through, and others are dropped', (_name, body) => {
  const batches = knownBatches({ ...trigger, filters: [{ body }] });
  const [wanted] = batches ?? [];
  expect(wanted?.messages.map((each) => letsThrough([{ body }], recordOf(each)))).toEqual([true]);
  const passes = compileFilters([{ body }]);
  const all = (batches ?? []).flatMap(({ messages }) => messages).map(recordOf);
  expect(all.map((record) => letsThrough([{ body }], record))).toEqual(all.map(passes));
  expect(all.some((record) => !passes(record))).toBe(true);
});

test('attributes of messages', () => {
  const filter = { messageAttributes: { kind: { stringValue: ['big'] } } };
  const batches = knownBatches({ ...trigger, filters: [filter] });
  expect(batches?.[0]?.messages[0]?.attributes).toMatchObject({ kind: 'big' });
  expect(batches?.flatMap(({ messages }) => messages).filter((each) => letsThrough([filter], recordOf(each))).length).toBe(2);
});

test('a rule that nobody knows is met by nothing', () => {
  expect(knownBatches({ ...trigger, filters: [{ body: { a: [{ resembles: 'b' }] } }] })).toBeNull();
});
