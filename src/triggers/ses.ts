import { receiptTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const ses: TriggerKind = {
  type: 'ses',
  title: 'SES receipt rule',
  workload: 'stays',
  reason: 'an SES receipt rule calls it',
  advice:
    'Keep the function on Lambda, or store the mail in S3 and send the notification through SNS to an SQS queue; a rule that waits for the answer needs Lambda.',
  cloudformation: receiptTriggers,
  principals: ['ses.amazonaws.com'],
};
