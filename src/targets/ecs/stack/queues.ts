import { join, part, ref } from '../../../infrastructure/cloudformation.js';
import type { WrittenQueue } from '../../../infrastructure/origins/origin.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { QueuePlan } from '../../../planning/plan.js';
import { pascal } from './words.js';

/** A queue as the definition names it; one that it does not name is given at deployment. */
export function queueIn(draft: StackDraft, { trigger, urlVariable }: QueuePlan): WrittenQueue {
  const written = draft.origin.queue(trigger);
  if (written) return written;
  const arn = draft.parameter(`Arn${pascal(urlVariable.replace(/_URL$/, ''))}`, {
    type: 'String',
    description: `ARN of the queue ${trigger.queueName ?? trigger.queueResource ?? ''}`.trim(),
  });
  const at = (index: number) => part(index, ':', arn);
  return { arn, url: join('', ['https://sqs.', at(3), '.', ref('AWS::URLSuffix'), '/', at(4), '/', at(5)]), name: at(5) };
}
