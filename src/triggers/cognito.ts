import { samSource, userPoolTriggers } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const cognito: TriggerKind = {
  type: 'cognito',
  title: 'Cognito user pool',
  workload: 'stays',
  reason: 'Cognito calls Lambda functions only',
  advice: 'Keep the function on Lambda; it may forward to the service over HTTP within its five seconds.',
  serverless: { cognitoUserPool: listensTo('cognito', 'pool') },
  sam: { Cognito: samSource('cognito', 'UserPool') },
  cloudformation: userPoolTriggers,
  principals: ['cognito-idp.amazonaws.com', 'cognito-sync.amazonaws.com'],
};
