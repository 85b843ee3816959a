import { httpRoutes, samHttpApiEvent } from '../project/readers/cloudformation/events/http/http-api.js';
import { httpApiEvent } from '../project/readers/serverless/events/http-api.js';
import type { TriggerKind } from './kind.js';

export const httpApi: TriggerKind = {
  type: 'http-api',
  title: 'HTTP API of API Gateway',
  workload: 'web',
  serverless: { httpApi: httpApiEvent },
  sam: { HttpApi: samHttpApiEvent },
  cloudformation: httpRoutes,
};
