import { contactTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const connect: TriggerKind = {
  type: 'connect',
  title: 'Amazon Connect flow',
  workload: 'stays',
  reason: 'Amazon Connect flows call Lambda functions only',
  advice: 'Keep the function on Lambda.',
  cloudformation: contactTriggers,
  principals: ['connect.amazonaws.com'],
};
