import { gatewayLines, logLines, managedLines, natLines } from '../../assess/cost/quantities.js';
import { assessedOnly } from '../assessed-only.js';
import type { CostInput, CostLine, Profile } from '../assessment.js';
import { noCallback, nodeFrom, within } from '../fits.js';

const profile: Profile = {
  requires: () => ['lambda-managed-instances', 'lambda', 'ec2'],
  fit: (need) => [
    ...nodeFrom(need, 'lmi-node-minimum'),
    ...noCallback(need),
    ...within(need.memoryMb, 'lmi-memory', 'fit.memory'),
    ...(need.outcome === 'failed' ? [{ fit: 'unknown' as const, reason: { key: 'fit.not-understood' as const } }] : []),
  ],
  sharedState: 'managed',
  effort: { level: 'medium', reason: { key: 'effort.capacity-provider' } },
  risk: { level: 'medium', reason: { key: 'risk.young' } },
  oneRequest: false,
  advantages: ['advantage.event-sources', 'advantage.many-requests', 'advantage.commitments'],
  drawbacks: ['drawback.three-instances', 'drawback.new-function', 'drawback.memory-minimum', 'drawback.slow-scaling'],
  nextSteps: ['next.check-managed', 'next.probe-managed', 'next.capacity-provider', 'next.load-test', 'next.cut-over'],
  variants: () => [
    { id: 'variant.on-demand', lines: (input) => around(input, managedLines(input)) },
    { id: 'variant.commitment-1y', lines: (input) => around(input, managedLines(input, { item: 'ec2-commitment-1y', mode: 'rest' })) },
    { id: 'variant.commitment-3y', lines: (input) => around(input, managedLines(input, { item: 'ec2-commitment-3y', mode: 'rest' })) },
  ],
};

/** What is in front of the instances and around them. */
function around({ scenario, needs }: CostInput, instances: CostLine[]): CostLine[] {
  return [...instances, ...gatewayLines(scenario, needs), ...natLines(scenario, needs), ...logLines(scenario, needs)];
}

export const lambdaManagedInstances = assessedOnly('lambda-managed-instances', 'Lambda Managed Instances', profile);
