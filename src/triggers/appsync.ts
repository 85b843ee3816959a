import { appsyncTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const appsync: TriggerKind = {
  type: 'appsync',
  title: 'AppSync data source',
  workload: 'stays',
  reason: 'AppSync resolvers call it with an AppSync context',
  advice: 'Keep the function on Lambda, or give AppSync an HTTP data source whose resolvers forward the context to the service.',
  cloudformation: appsyncTriggers,
  principals: ['appsync.amazonaws.com'],
};
