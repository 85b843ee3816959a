import { iotTriggers, samSource } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const iot: TriggerKind = {
  type: 'iot',
  title: 'AWS IoT rule',
  workload: 'stays',
  reason: 'an AWS IoT rule calls it',
  advice:
    'Give the rule an SQS action and read the queue: its message body is the result of the rule. A custom authorizer of IoT stays on Lambda.',
  serverless: { iot: listensTo('iot', 'sql', 'name'), iotFleetProvisioning: listensTo('iot', 'templateName') },
  sam: { IoTRule: samSource('iot', 'Sql') },
  cloudformation: iotTriggers,
  principals: ['iot.amazonaws.com', 'iotevents.amazonaws.com'],
};
