import { mappingsFrom, samSelfManagedKafka, samStream } from '../project/readers/cloudformation/events/event-source-mapping.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const kafka: TriggerKind = {
  type: 'kafka',
  title: 'Kafka topic (MSK or self-managed)',
  workload: 'stays',
  reason: 'Lambda consumes the Kafka topic for it',
  advice:
    'Keep the function on Lambda, or consume the topic with a Kafka client in a service of its own under the same consumer group id, so that the offsets go on.',
  serverless: { kafka: listensTo('kafka', 'topic', 'accessConfigurations'), msk: listensTo('kafka', 'topic', 'arn') },
  sam: { MSK: samStream('kafka', 'Stream'), SelfManagedKafka: samSelfManagedKafka },
  cloudformation: mappingsFrom('kafka'),
};
