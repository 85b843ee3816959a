import { stateMachineTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const stepFunctions: TriggerKind = {
  type: 'step-functions',
  title: 'Step Functions state machine',
  workload: 'stays',
  reason: 'a state machine calls it and waits for its result',
  advice: 'Keep the function on Lambda, or change the state to an ECS task, an activity, an HTTP task or a queue with a task token.',
  cloudformation: stateMachineTriggers,
  principals: ['states.amazonaws.com'],
};
