import type { TriggerKind } from './kind.js';

export const alb: TriggerKind = {
  type: 'alb',
  title: 'Application Load Balancer',
  workload: 'web',
};
