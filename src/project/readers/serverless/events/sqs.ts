import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, objectOf, stringsOf } from '../../../data.js';
import type { SqsTrigger, Trigger } from '../../../trigger.js';
import { literalText, numberOf, toValue } from '../values.js';
import { providerOf, serviceNameOf } from './service.js';

/** `sqs: <arn>` or `{ arn, batchSize, … }`. */
export function sqsEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  const settings = isPlainObject(value) && 'arn' in value ? value : { arn: value };
  const { arn } = settings;
  if (arn === undefined || arn === null) return [];
  const queueResource = context.template?.resourceOf(arn);
  const properties = (queueResource !== undefined && context.template?.resources[queueResource]?.properties) || {};
  const queueName = literalText(properties['QueueName']) ?? nameInArn(arn) ?? constructQueue(arn, context);
  const maximumConcurrency = numberOf(settings['maximumConcurrency']);
  const trigger: SqsTrigger = {
    type: 'sqs',
    queue: toValue(arn, context.range),
    ...(queueName !== undefined && { queueName }),
    ...(queueResource !== undefined && { queueResource }),
    fifo: (queueName?.endsWith('.fifo') ?? false) || properties['FifoQueue'] === true || properties['FifoQueue'] === 'true',
    batchSize: numberOf(settings['batchSize']) ?? 10,
    maximumBatchingWindow: numberOf(settings['maximumBatchingWindow']) ?? 0,
    reportBatchItemFailures: [...stringsOf(settings['functionResponseType']), ...stringsOf(settings['functionResponseTypes'])].includes(
      'ReportBatchItemFailures',
    ),
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    filters: listOf(settings['filterPatterns']).map((pattern) => (typeof pattern === 'string' ? parsed(pattern) : pattern)),
    ...(settings['enabled'] === false && { enabled: false }),
    ...(context.range && { range: context.range }),
  };
  return [trigger];
}

function parsed(pattern: string): unknown {
  try {
    return JSON.parse(pattern) as unknown;
  } catch {
    return pattern;
  }
}

/** A queue of serverless-lift is called like its stack and its key (`src/constructs/aws/Queue.ts` of that plugin). */
function constructQueue(arn: unknown, context: ServerlessEventContext): string | undefined {
  const key = /^\$\{construct:([\w-]+)\.queueArn\}$/.exec(typeof arn === 'string' ? arn : '')?.[1];
  const construct = key === undefined ? {} : objectOf(objectOf(context.service['constructs'])[key]);
  const stack = literalText(providerOf(context)['stackName']) ?? `${serviceNameOf(context.service)}-${context.stage}`;
  if (construct['type'] !== 'queue' || stack.startsWith('undefined-')) return undefined;
  return `${stack}-${key}${construct['fifo'] === true ? '.fifo' : ''}`;
}

/** The last part of a literal ARN, or of one joined or substituted together. */
function nameInArn(arn: unknown): string | undefined {
  if (typeof arn === 'string') return lastPart(arn);
  const joined = objectOf(arn)['Fn::Join'];
  if (Array.isArray(joined)) {
    const last: unknown = listOf(joined[1]).at(-1);
    return typeof last === 'string' ? lastPart(joined[0] === ':' ? `:${last}` : last) : undefined;
  }
  const substituted: unknown = listOf(objectOf(arn)['Fn::Sub'])[0];
  return typeof substituted === 'string' ? lastPart(substituted) : undefined;
}

function lastPart(text: string): string | undefined {
  const name = text.includes(':') ? text.slice(text.lastIndexOf(':') + 1) : undefined;
  return name === undefined || !/^[\w-]+(\.fifo)?$/.test(name) ? undefined : name;
}
