import { bucketTriggers, samSource } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const s3: TriggerKind = {
  type: 's3',
  title: 'S3 bucket notification',
  workload: 'stays',
  reason: 'S3 notifies it, and a service needs a queue in between',
  advice:
    'Send the bucket notifications to an SQS queue and read the queue: its message body is the same event. Until then keep the function on Lambda.',
  serverless: { s3: listensTo('s3', 'bucket'), existingS3: listensTo('s3', 'bucket') },
  sam: { S3: samSource('s3', 'Bucket') },
  cloudformation: bucketTriggers,
  principals: ['s3.amazonaws.com'],
};
