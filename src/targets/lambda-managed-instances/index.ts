import { gatewayLines, logLines, managedLines, natLines } from '../../assess/cost/quantities.js';
import { assessedOnly } from '../assessed-only.js';
import type { Profile } from '../assessment.js';
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
    {
      id: 'variant.on-demand',
      lines: (input) => [
        ...managedLines(input),
        ...gatewayLines(input.scenario, input.needs),
        ...natLines(input.scenario, input.needs),
        ...logLines(input.scenario, input.needs),
      ],
    },
  ],
};

export const lambdaManagedInstances = assessedOnly('lambda-managed-instances', 'Lambda Managed Instances', profile);
