import type { TriggerKind } from './kind.js';

export const sqs: TriggerKind = {
  type: 'sqs',
  title: 'SQS queue',
  workload: 'worker',
};
