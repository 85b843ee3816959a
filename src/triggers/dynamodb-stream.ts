import { mappingsFrom, samStream } from '../project/readers/cloudformation/events/event-source-mapping.js';
import { streamEvent } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const dynamodbStream: TriggerKind = {
  type: 'dynamodb-stream',
  title: 'DynamoDB stream',
  workload: 'stays',
  reason: 'Lambda reads the DynamoDB stream for it, shard by shard and in order',
  advice: 'Keep the function on Lambda, or let an EventBridge pipe forward the stream to an SQS FIFO queue and read the queue.',
  serverless: { stream: streamEvent('dynamodb-stream') },
  sam: { DynamoDB: samStream('dynamodb-stream', 'Stream') },
  cloudformation: mappingsFrom('dynamodb-stream'),
};
