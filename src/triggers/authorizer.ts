import { authorizerTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const authorizer: TriggerKind = {
  type: 'authorizer',
  title: 'API authorizer',
  workload: 'stays',
  reason: 'API Gateway calls authorizers as Lambda functions only',
  advice: 'Keep the function on Lambda while API Gateway stays in front of the service; else move the check into the service.',
  cloudformation: authorizerTriggers,
};
