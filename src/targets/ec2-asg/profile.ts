import type { Profile } from '../assessment.js';
import { hostVariants } from '../ecs-ec2/profile.js';
import { balancerFor, serviceFit } from '../fits.js';

export const profile: Profile = {
  requires: (needs) => ['ec2', 'auto-scaling', 'ecr', 'cloudwatch-logs', ...balancerFor(needs)],
  fit: serviceFit,
  sharedState: 'container',
  effort: { level: 'medium', reason: { key: 'effort.hosts' } },
  risk: { level: 'medium', reason: { key: 'risk.own-machines' } },
  oneRequest: false,
  advantages: ['advantage.commitments', 'advantage.any-instance', 'advantage.no-time-limit', 'advantage.many-requests'],
  drawbacks: ['drawback.own-operations', 'drawback.never-zero', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.verify', 'next.load-test', 'next.cut-over'],
  variants: () => hostVariants,
};
