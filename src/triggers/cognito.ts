import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const cognito: TriggerKind = {
  type: 'cognito',
  title: 'Cognito user pool',
  workload: 'stays',
  reason: 'Cognito calls Lambda functions only',
  advice: 'Keep the function on Lambda; it may forward to the service over HTTP within its five seconds.',
  serverless: { cognitoUserPool: listensTo('cognito', 'pool') },
};
