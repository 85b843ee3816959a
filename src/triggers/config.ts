import { configTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const config: TriggerKind = {
  type: 'config',
  title: 'AWS Config rule',
  workload: 'stays',
  reason: 'AWS Config evaluates custom rules with Lambda functions only',
  advice: 'Keep the function on Lambda.',
  cloudformation: configTriggers,
  principals: ['config.amazonaws.com'],
};
