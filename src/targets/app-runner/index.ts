import { serviceLines } from '../../assess/cost/parts.js';
import { appRunnerLines } from '../../assess/cost/quantities.js';
import { assessedOnly } from '../assessed-only.js';
import type { Profile } from '../assessment.js';
import { webOnlyFit, within } from '../fits.js';

const profile: Profile = {
  requires: () => ['app-runner', 'ecr', 'cloudwatch-logs'],
  fit: (need) => [
    ...webOnlyFit(need),
    ...within(need.timeoutSeconds, 'app-runner-request-timeout', 'fit.request-time', 'changes'),
    ...within(need.memoryMb, 'app-runner-memory', 'fit.memory'),
    ...within(need.diskMb / 1024, 'app-runner-disk', 'fit.disk'),
  ],
  sharedState: 'container',
  effort: { level: 'medium', reason: { key: 'effort.express' } },
  risk: { level: 'high', reason: { key: 'risk.closed' } },
  oneRequest: false,
  advantages: ['advantage.all-made', 'advantage.no-hosts', 'advantage.many-requests'],
  drawbacks: ['drawback.closed', 'drawback.http-only', 'drawback.never-zero'],
  nextSteps: ['next.check', 'next.preview', 'next.own-files', 'next.verify', 'next.cut-over'],
  variants: () => [
    { id: 'variant.planned', lines: (input) => serviceLines(input, appRunnerLines, { kinds: ['web'], nat: false, balancer: false }) },
  ],
};

export const appRunner = assessedOnly('app-runner', 'AWS App Runner', profile);
