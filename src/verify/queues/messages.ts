import type { SqsTrigger } from '../../project/trigger.js';
import type { QueueMessage } from './sqs.js';

export interface Batch {
  name: string;
  messages: QueueMessage[];
}

/** The batches that every consumer gets; null when a filter cannot be met by a message made here. */
export function knownBatches(trigger: SqsTrigger): Batch[] | null {
  const fields = trigger.filters.length === 0 ? {} : wanted(trigger.filters[0]);
  if (fields === null) return null;
  const size = Math.min(trigger.batchSize, 10);
  const bodies = [
    { id: '1', name: 'Ada', amount: 10, items: [{ sku: 'a', quantity: 1 }] },
    { id: '2', name: 'Grace', amount: 0 },
    { id: '3', type: 'other', nested: { a: null } },
  ].map((body) => JSON.stringify({ ...body, ...fields }));
  const of = (name: string, ...texts: string[]): Batch => ({
    name,
    messages: texts.slice(0, size).map((body, index) => message(trigger, name, body, index)),
  });
  const plain = [
    of('one message', bodies[0] as string),
    of('a full batch', ...Array.from({ length: size }, (_, index) => bodies[index % 3] as string)),
  ];
  // A message that is no JSON meets no filter on its body.
  if (trigger.filters.length > 0) return plain;
  return [
    ...plain,
    of('no JSON', 'plain text'),
    of('a bad message among good ones', bodies[0] as string, '{"id":', bodies[1] as string),
    of('an empty document', '{}'),
    of('JSON that is no object', 'null'),
  ];
}

function message({ fifo }: SqsTrigger, batch: string, body: string, index: number): QueueMessage {
  const id = `${batch.replaceAll(' ', '-')}-${index}`;
  return { id, body, attributes: { source: 'verify' }, ...(fifo && { groupId: `group-${index % 2}`, deduplicationId: id }) };
}

/** The fields that a filter on the body asks for, each with its first plain value; null when it asks otherwise. */
function wanted(filter: unknown): Record<string, unknown> | null {
  if (typeof filter !== 'object' || filter === null) return null;
  const { body, ...others } = filter as Record<string, unknown>;
  return Object.keys(others).length > 0 ? null : fieldsOf(body);
}

function fieldsOf(pattern: unknown): Record<string, unknown> | null {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) return null;
  const fields: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(pattern)) {
    const value = Array.isArray(values) ? values.find((each) => typeof each !== 'object') : fieldsOf(values);
    if (value === undefined || value === null) return null;
    fields[name] = value;
  }
  return fields;
}
