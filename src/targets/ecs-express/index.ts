import { serviceLines, taskAddresses } from '../../assess/cost/parts.js';
import { fargateLines } from '../../assess/cost/quantities.js';
import { assessedOnly } from '../assessed-only.js';
import type { Profile } from '../assessment.js';
import { webOnlyFit, within } from '../fits.js';

const profile: Profile = {
  requires: () => ['ecs-express', 'ecs', 'fargate', 'ecr', 'elastic-load-balancing', 'cloudwatch-logs'],
  fit: (need) => [
    ...webOnlyFit(need),
    ...within(need.memoryMb, 'fargate-memory', 'fit.memory'),
    ...within(need.diskMb / 1024, 'fargate-disk', 'fit.disk'),
  ],
  sharedState: 'container',
  effort: { level: 'medium', reason: { key: 'effort.express' } },
  risk: { level: 'medium', reason: { key: 'risk.young' } },
  oneRequest: false,
  advantages: ['advantage.no-hosts', 'advantage.all-made', 'advantage.many-requests'],
  drawbacks: ['drawback.http-only', 'drawback.never-zero', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.own-files', 'next.verify', 'next.load-test', 'next.cut-over'],
  variants: () => [
    {
      id: 'variant.planned',
      lines: (input) => serviceLines(input, (moved) => [...fargateLines(moved), ...taskAddresses(moved)], { kinds: ['web'], nat: false }),
    },
  ],
};

export const ecsExpress = assessedOnly('ecs-express', 'Amazon ECS Express Mode', profile);
