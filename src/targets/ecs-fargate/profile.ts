import { serviceLines } from '../../assess/cost/parts.js';
import { fargateLines } from '../../assess/cost/quantities.js';
import type { CostVariant, Profile } from '../assessment.js';
import { balancerFor, serviceFit, within } from '../fits.js';

const discount = { low: 'fargate-spot-discount-high', likely: 'fargate-spot-discount-low', high: 'fargate-spot-discount-low' } as const;

/** As planned, and the other ways to buy the same tasks. */
const variants: CostVariant[] = [
  { id: 'variant.planned', lines: (input) => serviceLines(input, (moved) => fargateLines(moved)) },
  { id: 'variant.x86', lines: (input) => serviceLines(input, (moved) => fargateLines(moved, 'x86_64')) },
  { id: 'variant.arm', lines: (input) => serviceLines(input, (moved) => fargateLines(moved, 'arm64')) },
  {
    id: 'variant.spot',
    lines: (input) =>
      serviceLines(input, (moved) => fargateLines(moved, undefined, { item: discount[input.scenario.reading], mode: 'rest' })),
  },
];

/** ECS on Fargate: no hosts, every workload, everywhere. */
export const profile: Profile = {
  requires: (needs) => ['ecs', 'fargate', 'ecr', 'cloudwatch-logs', ...balancerFor(needs)],
  fit: (need) => [
    ...serviceFit(need),
    ...within(need.memoryMb, 'fargate-memory', 'fit.memory'),
    ...within(need.diskMb / 1024, 'fargate-disk', 'fit.disk'),
  ],
  sharedState: 'container',
  effort: { level: 'low', reason: { key: 'effort.produced' } },
  risk: { level: 'low', reason: { key: 'risk.established' } },
  oneRequest: false,
  advantages: ['advantage.no-hosts', 'advantage.no-time-limit', 'advantage.many-requests', 'advantage.everywhere'],
  drawbacks: ['drawback.never-zero', 'drawback.dearer-hour', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.verify', 'next.load-test', 'next.cut-over'],
  variants: () => variants,
};
