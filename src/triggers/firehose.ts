import { firehoseTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const firehose: TriggerKind = {
  type: 'firehose',
  title: 'Firehose transformation',
  workload: 'stays',
  reason: 'Firehose transforms records with Lambda functions only',
  advice: 'Keep the function on Lambda.',
  cloudformation: firehoseTriggers,
  principals: ['firehose.amazonaws.com'],
};
