import { mappingsFrom, samQueue, samTopicQueue } from '../project/readers/cloudformation/events/event-source-mapping.js';
import { sqsEvent } from '../project/readers/serverless/events/sqs.js';
import type { TriggerKind } from './kind.js';

export const sqs: TriggerKind = {
  type: 'sqs',
  title: 'SQS queue',
  workload: 'worker',
  serverless: { sqs: sqsEvent },
  sam: { SQS: samQueue, SNS: samTopicQueue },
  cloudformation: mappingsFrom('sqs'),
};
