import { pipeTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const pipe: TriggerKind = {
  type: 'pipe',
  title: 'EventBridge pipe',
  workload: 'stays',
  reason: 'an EventBridge pipe calls it as its target or enrichment',
  advice:
    'Keep the function on Lambda, or give the pipe an SQS queue as its target and read the queue; an enrichment can be an API destination.',
  cloudformation: pipeTriggers,
  principals: ['pipes.amazonaws.com'],
};
