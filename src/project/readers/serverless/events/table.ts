import { triggerKinds } from '../../../../triggers/index.js';
import type { ServerlessEventContext, TriggerKind } from '../../../../triggers/kind.js';
import type { Trigger } from '../../../trigger.js';

export type EventReaders = ReadonlyMap<string, ((value: unknown, context: ServerlessEventContext) => Trigger[])[]>;

/** Event key → the kinds that read it. One key can be read by several: `stream` is DynamoDB's and Kinesis's. */
export function serverlessReaders(kinds: readonly TriggerKind[] = triggerKinds): EventReaders {
  const readers = new Map<string, ((value: unknown, context: ServerlessEventContext) => Trigger[])[]>();
  for (const { serverless } of kinds) {
    for (const [key, read] of Object.entries(serverless ?? {})) readers.set(key, [...(readers.get(key) ?? []), read]);
  }
  return readers;
}
