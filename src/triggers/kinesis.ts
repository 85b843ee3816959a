import { mappingsFrom, samStream } from '../project/readers/cloudformation/events/event-source-mapping.js';
import { streamEvent } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const kinesis: TriggerKind = {
  type: 'kinesis',
  title: 'Kinesis stream',
  workload: 'stays',
  reason: 'Lambda reads the Kinesis stream for it, shard by shard and in order',
  advice: 'Keep the function on Lambda, or let an EventBridge pipe forward the stream to an SQS FIFO queue and read the queue.',
  serverless: { stream: streamEvent('kinesis') },
  sam: { Kinesis: samStream('kinesis', 'Stream') },
  cloudformation: mappingsFrom('kinesis'),
};
