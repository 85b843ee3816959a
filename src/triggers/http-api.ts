import type { TriggerKind } from './kind.js';

export const httpApi: TriggerKind = {
  type: 'http-api',
  title: 'HTTP API of API Gateway',
  workload: 'web',
};
