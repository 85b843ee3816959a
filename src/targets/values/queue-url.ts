import { partitionOf } from '../../aws/partition.js';
import type { Project } from '../../project/model.js';
import type { SqsTrigger } from '../../project/trigger.js';
import { account, region } from './placeholders.js';

/** URL of a queue: complete when the definition names its ARN or URL, else with placeholders. */
export function queueUrl(project: Project, { queue, queueName }: SqsTrigger): string {
  const declared = queue.kind === 'literal' ? String(queue.value) : '';
  if (/^https?:\/\/\S+$/.test(declared)) return declared;
  const arn = /^arn:(aws[\w-]*):sqs:([a-z0-9-]+):(\d{12}):([\w.-]+)$/.exec(declared);
  if (arn) return urlOf(arn[1] ?? 'aws', arn[2] ?? region, arn[3] ?? account, arn[4] ?? '');
  return urlOf(partitionOf(project), region, account, queueName ?? 'replace-with-queue');
}

function urlOf(partition: string, inRegion: string, ofAccount: string, name: string): string {
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${inRegion}.${suffix}/${ofAccount}/${name}`;
}
