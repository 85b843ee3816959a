import { objectLambdaTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const s3ObjectLambda: TriggerKind = {
  type: 's3-object-lambda',
  title: 'S3 Object Lambda access point',
  workload: 'stays',
  reason: 'S3 Object Lambda calls Lambda functions only',
  advice: 'Keep the function on Lambda.',
  cloudformation: objectLambdaTriggers,
};
