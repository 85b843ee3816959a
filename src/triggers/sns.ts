import { samTopic, topicTriggers } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const sns: TriggerKind = {
  type: 'sns',
  title: 'SNS topic',
  workload: 'stays',
  reason: 'an SNS topic delivers to it, and a service needs a queue in between',
  advice:
    'Subscribe an SQS queue to the topic and read the queue: the message body then holds the SNS envelope. Until then keep the function on Lambda.',
  serverless: { sns: listensTo('sns', 'arn', 'topicName') },
  sam: { SNS: samTopic },
  cloudformation: topicTriggers,
  principals: ['sns.amazonaws.com'],
};
