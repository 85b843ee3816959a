import { serviceLines } from '../../assess/cost/parts.js';
import { hostLines } from '../../assess/cost/quantities.js';
import type { CostLine, CostVariant, Profile } from '../assessment.js';
import { balancerFor, serviceFit } from '../fits.js';

const hosts =
  (times?: CostLine['times']): CostVariant['lines'] =>
  (input) =>
    serviceLines(input, (moved) => hostLines(moved, times));

/** On demand, and with a commitment. */
export const hostVariants: CostVariant[] = [
  { id: 'variant.on-demand', lines: hosts() },
  { id: 'variant.commitment-1y', lines: hosts({ item: 'ec2-commitment-1y', mode: 'rest' }) },
  { id: 'variant.commitment-3y', lines: hosts({ item: 'ec2-commitment-3y', mode: 'rest' }) },
];

export const profile: Profile = {
  requires: (needs) => ['ecs', 'ec2', 'auto-scaling', 'ecr', 'cloudwatch-logs', ...balancerFor(needs)],
  fit: serviceFit,
  sharedState: 'container',
  effort: { level: 'medium', reason: { key: 'effort.hosts' } },
  risk: { level: 'low', reason: { key: 'risk.established' } },
  oneRequest: false,
  advantages: ['advantage.commitments', 'advantage.any-instance', 'advantage.no-time-limit', 'advantage.many-requests'],
  drawbacks: ['drawback.hosts', 'drawback.never-zero', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.verify', 'next.load-test', 'next.cut-over'],
  variants: () => hostVariants,
};
