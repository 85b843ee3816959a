/** Event source mappings: `AWS::Lambda::EventSourceMapping` and the events of SAM that become one. */
import type { SamEventContext } from '../../../../triggers/kind.js';
import type { TemplateContext } from '../../../../triggers/template-context.js';
import { listOf, objectOf, type PlainObject, stringsOf } from '../../../data.js';
import type { SqsTrigger, Trigger } from '../../../trigger.js';
import { intrinsicOf, substitutionOf } from '../intrinsics.js';
import {
  booleanOf,
  numberOf,
  other,
  placeAt,
  resolvedList,
  resolvedObject,
  resourcesOf,
  sourceName,
  switchedOff,
  textOf,
  type WiredTrigger,
} from './resources.js';

type StreamType = 'kinesis' | 'dynamodb-stream' | 'kafka' | 'mq' | 'documentdb';
type MappedType = StreamType | 'sqs';

const typeOfResource: Readonly<Record<string, MappedType>> = {
  'AWS::SQS::Queue': 'sqs',
  'AWS::Kinesis::Stream': 'kinesis',
  'AWS::Kinesis::StreamConsumer': 'kinesis',
  'AWS::DynamoDB::Table': 'dynamodb-stream',
  'AWS::DynamoDB::GlobalTable': 'dynamodb-stream',
  'AWS::Serverless::SimpleTable': 'dynamodb-stream',
  'AWS::MSK::Cluster': 'kafka',
  'AWS::MSK::ServerlessCluster': 'kafka',
  'AWS::AmazonMQ::Broker': 'mq',
  'AWS::DocDB::DBCluster': 'documentdb',
};

/** Service of an ARN, wherever it stands in the value. */
const typeOfService: readonly [RegExp, MappedType][] = [
  [/:sqs:/, 'sqs'],
  [/:kinesis:/, 'kinesis'],
  [/:dynamodb:/, 'dynamodb-stream'],
  [/:kafka:/, 'kafka'],
  [/:mq:/, 'mq'],
  [/:rds:|:docdb/, 'documentdb'],
];

/** Words in the name of a parameter or import, when nothing better tells: `OrdersQueueArn`, `TableStreamArn`. */
const typeOfWord: readonly [RegExp, MappedType][] = [
  [/queue|sqs/i, 'sqs'],
  [/dynamo|table/i, 'dynamodb-stream'],
  [/kafka|msk/i, 'kafka'],
  [/kinesis/i, 'kinesis'],
];

/** The raw mappings whose source is of this type. */
export function mappingsFrom(type: MappedType): (context: TemplateContext) => WiredTrigger[] {
  return (context) =>
    resourcesOf(context, 'AWS::Lambda::EventSourceMapping').flatMap(({ id, properties }) => {
      const functionId = context.functionOf(properties['FunctionName']);
      if (functionId === undefined || sourceType(context, properties) !== type) return [];
      const path = ['Resources', id];
      const trigger =
        type === 'sqs' ? sqsTrigger(context, properties, 'EventSourceArn', path) : streamTrigger(type, context, properties, path);
      return [{ functionId, trigger }];
    });
}

function sourceType(context: TemplateContext, properties: PlainObject): MappedType {
  const has = (...keys: string[]) => keys.some((key) => properties[key] !== undefined);
  if (has('SelfManagedEventSource', 'SelfManagedKafkaEventSourceConfig', 'AmazonManagedKafkaEventSourceConfig', 'Topics')) return 'kafka';
  if (has('DocumentDBEventSourceConfig')) return 'documentdb';
  if (has('Queues')) return 'mq';
  const arn = properties['EventSourceArn'];
  const resource = context.resourceOf(arn);
  const known = resource === undefined ? undefined : typeOfResource[context.resources[resource]?.type ?? ''];
  if (known) return known;
  const text = JSON.stringify([context.resolve(arn), arn]);
  const named = [...typeOfService, ...typeOfWord].find(([pattern]) => pattern.test(text))?.[1];
  // Only a queue is read without a starting position.
  return named ?? (has('StartingPosition') ? 'kinesis' : 'sqs');
}

/** SAM: `SQS`. */
export function samQueue(properties: PlainObject, context: SamEventContext): Trigger[] {
  return properties['Queue'] === undefined ? [] : [sqsTrigger(context, properties, 'Queue', context.path)];
}

/** SAM: a stream, cluster or broker under `key`. */
export function samStream(type: StreamType, key: string): (properties: PlainObject, context: SamEventContext) => Trigger[] {
  return (properties, context) =>
    properties[key] === undefined ? [] : [streamTrigger(type, context, { ...properties, EventSourceArn: properties[key] }, context.path)];
}

/** SAM: `SelfManagedKafka`, which has a list of bootstrap servers. */
export function samSelfManagedKafka(properties: PlainObject, context: SamEventContext): Trigger[] {
  return [streamTrigger('kafka', context, properties, context.path)];
}

/** SAM: an SNS topic that delivers through a queue of its own (`SqsSubscription`). */
export function samTopicQueue(properties: PlainObject, context: SamEventContext): Trigger[] {
  const subscription = context.resolve(properties['SqsSubscription']);
  if (subscription === undefined || subscription === null || booleanOf(context, subscription) === false) return [];
  const settings = objectOf(subscription);
  // Id of the queue that SAM makes: https://github.com/aws/serverless-application-model/blob/develop/docs/internals/generated_resources.rst
  const generated = { 'Fn::GetAtt': [`${context.functionId}${context.eventName}Queue`, 'Arn'] };
  const written = { ...settings, QueueArn: settings['QueueArn'] ?? generated };
  const trigger = sqsTrigger(context, written, 'QueueArn', context.path);
  const topic = context.resources[context.resourceOf(properties['Topic']) ?? ''];
  const fifo = settings['QueueArn'] === undefined && booleanOf(context, topic?.properties['FifoTopic']) === true;
  return [fifo ? { ...trigger, fifo } : trigger];
}

function streamTrigger(type: StreamType, context: TemplateContext, properties: PlainObject, path: (string | number)[]): Trigger {
  const topics = stringsOf(context.resolve(properties['Topics']));
  const source = sourceName(context, properties['EventSourceArn']) ?? (topics.length > 0 ? topics.join(', ') : undefined);
  return other(type, source, switchedOff(context, properties), placeAt(context, path));
}

function sqsTrigger(context: TemplateContext, properties: PlainObject, key: string, path: (string | number)[]): SqsTrigger {
  const queue = properties[key];
  const queueResource = context.resourceOf(queue);
  const resource = queueResource === undefined ? undefined : context.resources[queueResource];
  const queueName = resource ? resource.name : nameInArn(context, queue);
  const maximumConcurrency = numberOf(context, resolvedObject(context, properties['ScalingConfig'])['MaximumConcurrency']);
  return {
    type: 'sqs',
    queue: context.toValue(queue, [...path, 'Properties', key]),
    ...(queueName !== undefined && { queueName }),
    ...(queueResource !== undefined && { queueResource }),
    fifo: (queueName?.endsWith('.fifo') ?? false) || booleanOf(context, resource?.properties['FifoQueue']) === true,
    batchSize: numberOf(context, properties['BatchSize']) ?? 10,
    maximumBatchingWindow: numberOf(context, properties['MaximumBatchingWindowInSeconds']) ?? 0,
    reportBatchItemFailures: resolvedList(context, properties['FunctionResponseTypes']).includes('ReportBatchItemFailures'),
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    filters: filtersOf(context, properties['FilterCriteria']),
    ...switchedOff(context, properties),
    ...placeAt(context, path),
  };
}

function filtersOf(context: TemplateContext, criteria: unknown): unknown[] {
  return listOf(resolvedObject(context, criteria)['Filters']).flatMap((filter) => {
    const pattern = objectOf(filter)['Pattern'];
    return pattern === undefined ? [] : [typeof pattern === 'string' ? parsed(pattern) : pattern];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The last part of an ARN, also of one joined or substituted together, when that part is known. */
function nameInArn(context: TemplateContext, arn: unknown): string | undefined {
  const text = textOf(context, arn) ?? lastPart(arn);
  const name = text === undefined ? undefined : /:([\w-]+(?:\.fifo)?)$/.exec(text)?.[1];
  return name === undefined || /^\d{12}$/.test(name) ? undefined : name;
}

function lastPart(value: unknown): string | undefined {
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Fn::Sub') return substitutionOf(intrinsic.argument)?.text;
  if (intrinsic?.name !== 'Fn::Join') return undefined;
  const [separator, parts] = listOf(intrinsic.argument);
  const last = listOf(parts).at(-1);
  return typeof last === 'string' && typeof separator === 'string' ? `${separator}${last}` : undefined;
}
