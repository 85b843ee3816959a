import { dnsSuffix, partitionOf } from '../../aws/partition.js';
import type { Project } from '../../project/model.js';
import type { SqsTrigger } from '../../project/trigger.js';
import { account, regionOf } from './placeholders.js';

/** URL of a queue: complete when the definition names its ARN or URL, else with placeholders. */
export function queueUrl(project: Project, { queue, queueName }: SqsTrigger): string {
  const declared = queue.kind === 'literal' ? String(queue.value) : '';
  if (/^https?:\/\/\S+$/.test(declared)) return declared;
  const arn = /^arn:(aws[\w-]*):sqs:([a-z0-9-]+):(\d{12}):([\w.-]+)$/.exec(declared);
  if (arn) return urlOf(arn[1] === 'aws-cn' ? 'aws-cn' : 'aws', arn[2] ?? regionOf(project), arn[3] ?? account, arn[4] ?? '');
  return urlOf(partitionOf(project), regionOf(project), account, queueName ?? 'replace-with-queue');
}

function urlOf(partition: Parameters<typeof dnsSuffix>[0], inRegion: string, ofAccount: string, name: string): string {
  return `https://sqs.${inRegion}.${dnsSuffix(partition)}/${ofAccount}/${name}`;
}
