import { invocations } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const invoke: TriggerKind = {
  type: 'invoke',
  title: 'Direct invocation',
  workload: 'stays',
  reason: 'nothing in the project calls it, so other programs invoke it directly',
  advice: 'Keep the function on Lambda until its callers are known; then call the service over HTTP, send to a queue, or start a job.',
  cloudformation: invocations,
};
