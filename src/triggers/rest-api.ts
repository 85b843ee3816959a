import { restRoutes, samApiEvent } from '../project/readers/cloudformation/events/http/rest-api.js';
import { httpEvent } from '../project/readers/serverless/events/rest.js';
import type { TriggerKind } from './kind.js';

export const restApi: TriggerKind = {
  type: 'rest-api',
  title: 'REST API of API Gateway',
  workload: 'web',
  serverless: { http: httpEvent },
  sam: { Api: samApiEvent },
  cloudformation: restRoutes,
};
