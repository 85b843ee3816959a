import { distributionTriggers } from '../project/readers/cloudformation/events/callers.js';
import { listensTo } from '../project/readers/serverless/events/other.js';
import type { TriggerKind } from './kind.js';

export const lambdaEdge: TriggerKind = {
  type: 'lambda-edge',
  title: 'Lambda@Edge',
  workload: 'stays',
  reason: 'CloudFront runs it at the edge',
  advice: 'Keep the function on Lambda, or move its logic to the origin or to CloudFront Functions.',
  serverless: { cloudFront: listensTo('lambda-edge', 'eventType') },
  cloudformation: distributionTriggers,
  principals: ['edgelambda.amazonaws.com', 'replicator.lambda.amazonaws.com'],
};
