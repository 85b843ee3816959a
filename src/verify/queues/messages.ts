import type { SqsTrigger } from '../../project/trigger.js';
import { letsThrough } from './filters.js';
import { sampleOf } from './samples.js';
import { type QueueMessage, recordOf } from './sqs.js';

export interface Batch {
  name: string;
  messages: QueueMessage[];
}

/** The batches that every consumer gets; null when a filter cannot be met by a message made here. */
export function knownBatches(trigger: SqsTrigger): Batch[] | null {
  const size = Math.min(trigger.batchSize, 10);
  const bodies = [
    { id: '1', name: 'Ada', amount: 10, items: [{ sku: 'a', quantity: 1 }] },
    { id: '2', name: 'Grace', amount: 0 },
    { id: '3', type: 'other', nested: { a: null } },
  ].map((body) => JSON.stringify(body));
  const of = (name: string, ...texts: string[]): Batch => ({
    name,
    messages: texts.slice(0, size).map((body, index) => message(trigger, name, body, index)),
  });
  const others = [
    of('no JSON', 'plain text'),
    of('a bad message among good ones', bodies[0] as string, '{"id":', bodies[1] as string),
    of('an empty document', '{}'),
    of('JSON that is no object', 'null'),
  ];
  const plain = [of('one message', bodies[0] as string), of('a full batch', ...repeated(bodies, size))];
  if (trigger.filters.length === 0) return [...plain, ...others];
  const wanted = trigger.filters.map((filter, index) => wantedMessage(trigger, filter, index));
  if (!wanted.every((each): each is QueueMessage => each !== undefined)) return null;
  return [
    { name: 'messages that the filters ask for', messages: wanted.slice(0, size) },
    { name: 'one of them among others', messages: [...plain.flatMap(({ messages }) => messages), ...wanted].slice(-size) },
    ...plain,
    ...others,
  ];
}

function repeated(bodies: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => bodies[index % bodies.length] as string);
}

/** A message that one filter lets through; undefined when none could be made. */
function wantedMessage(trigger: SqsTrigger, filter: unknown, index: number): QueueMessage | undefined {
  const { body = {}, messageAttributes = {} } = sampleOf(filter);
  const attributes = Object.entries(messageAttributes as Record<string, { stringValue?: unknown }>).map(([name, { stringValue }]) => [
    name,
    String(stringValue),
  ]);
  const text = typeof body === 'string' ? body : JSON.stringify({ id: '1', name: 'Ada', ...(body as object) });
  const made = message(trigger, 'wanted', text, index);
  const wanted: QueueMessage = { ...made, attributes: { ...made.attributes, ...Object.fromEntries(attributes) } };
  return letsThrough([filter], recordOf(wanted)) ? wanted : undefined;
}

function message({ fifo }: SqsTrigger, batch: string, body: string, index: number): QueueMessage {
  const id = `${batch.replaceAll(' ', '-')}-${index}`;
  return { id, body, attributes: { source: 'verify' }, ...(fifo && { groupId: `group-${index % 2}`, deduplicationId: id }) };
}
