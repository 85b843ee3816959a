import { mappingsFrom, samStream } from '../project/readers/cloudformation/events/event-source-mapping.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const mq: TriggerKind = {
  type: 'mq',
  title: 'Amazon MQ broker',
  workload: 'stays',
  reason: 'Lambda consumes the broker queue for it',
  advice: 'Keep the function on Lambda, or consume the queue with an AMQP or STOMP client and acknowledge after success.',
  serverless: { activemq: listensTo('mq', 'queue', 'arn'), rabbitmq: listensTo('mq', 'queue', 'arn') },
  sam: { MQ: samStream('mq', 'Broker') },
  cloudformation: mappingsFrom('mq'),
};
