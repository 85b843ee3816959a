import { serviceLines, taskAddresses } from '../../assess/cost/parts.js';
import { fargateLines } from '../../assess/cost/quantities.js';
import type { Profile } from '../assessment.js';
import { ecsTarget } from '../ecs/index.js';
import { fargate } from '../ecs-fargate/capacity.js';
import { webOnlyFit, within } from '../fits.js';
import { expressFront } from './front.js';

const profile: Profile = {
  requires: () => ['ecs-express', 'ecs', 'fargate', 'ecr', 'elastic-load-balancing', 'cloudwatch-logs'],
  fit: (need) => [
    ...webOnlyFit(need),
    ...within(need.memoryMb, 'fargate-memory', 'fit.memory'),
    ...within(need.diskMb / 1024, 'fargate-disk', 'fit.disk'),
  ],
  sharedState: 'container',
  effort: { level: 'low', reason: { key: 'effort.produced' } },
  risk: { level: 'medium', reason: { key: 'risk.young' } },
  oneRequest: false,
  advantages: ['advantage.no-hosts', 'advantage.all-made', 'advantage.many-requests'],
  drawbacks: ['drawback.http-only', 'drawback.never-zero', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.verify', 'next.load-test', 'next.cut-over'],
  variants: () => [
    {
      id: 'variant.planned',
      lines: (input) => serviceLines(input, (moved) => [...fargateLines(moved), ...taskAddresses(moved)], { kinds: ['web'], nat: false }),
    },
  ],
};

/** Amazon ECS Express Mode for web services; workers and jobs are tasks on Fargate. */
export const ecsExpress = ecsTarget({
  id: 'ecs-express',
  title: 'Amazon ECS Express Mode',
  availability: 'in AWS regions and GovCloud; not known for China',
  profile,
  // A task definition for Express Mode has a container of this name.
  capacity: { ...fargate, providers: ['FARGATE'], webContainer: 'Main', web: expressFront },
});
