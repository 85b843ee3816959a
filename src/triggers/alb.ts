import { loadBalancerRoutes } from '../project/readers/cloudformation/events/http/load-balancer.js';
import { albEvent } from '../project/readers/serverless/events/alb.js';
import type { TriggerKind } from './kind.js';

export const alb: TriggerKind = {
  type: 'alb',
  title: 'Application Load Balancer',
  workload: 'web',
  serverless: { alb: albEvent },
  cloudformation: loadBalancerRoutes,
};
