import { customResourceTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const customResource: TriggerKind = {
  type: 'custom-resource',
  title: 'CloudFormation custom resource',
  workload: 'stays',
  reason: 'CloudFormation calls it while it deploys, and waits for its answer',
  advice: 'Keep the function on Lambda with the infrastructure it belongs to.',
  cloudformation: customResourceTriggers,
  principals: ['cloudformation.amazonaws.com'],
};
