import { serviceLines } from '../../assess/cost/parts.js';
import { requestsOf } from '../../assess/cost/quantities.js';
import { assessedOnly } from '../assessed-only.js';
import type { Profile } from '../assessment.js';
import { nodeFrom, webOnlyFit, within } from '../fits.js';

const profile: Profile = {
  requires: () => ['lambda-web-function', 'lambda', 's3'],
  fit: (need) => [
    ...webOnlyFit(need),
    ...nodeFrom(need, 'web-function-node-minimum'),
    ...within(need.timeoutSeconds, 'web-function-timeout', 'fit.time'),
  ],
  sharedState: 'container',
  effort: { level: 'medium', reason: { key: 'effort.web-function' } },
  risk: { level: 'high', reason: { key: 'risk.experimental' } },
  oneRequest: false,
  advantages: ['advantage.to-zero', 'advantage.many-requests', 'advantage.no-hosts'],
  drawbacks: ['drawback.http-only', 'drawback.unknown-price', 'drawback.event-sources'],
  nextSteps: ['next.check', 'next.preview', 'next.own-files', 'next.verify', 'next.cut-over'],
  variants: () => [
    {
      id: 'variant.on-demand',
      lines: (input) =>
        serviceLines(
          input,
          (moved) =>
            moved.needs.length === 0 ? [] : [{ item: 'lambda-web-function', quantity: requestsOf(moved.scenario, moved.needs) / 1e6 }],
          { kinds: ['web'], nat: false, balancer: false },
        ),
    },
  ],
};

export const lambdaWebFunction = assessedOnly('lambda-web-function', 'Lambda Web Functions', profile);
