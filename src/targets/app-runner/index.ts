import { serviceLines } from '../../assess/cost/parts.js';
import { appRunnerLines } from '../../assess/cost/quantities.js';
import type { Profile } from '../assessment.js';
import { webOnlyFit, within } from '../fits.js';
import type { ServiceTarget } from '../target.js';
import { appRunnerFolder, definitions, placeholders } from './artefacts.js';
import { appRunnerGuide } from './guide.js';
import { findings } from './limits.js';
import { appRunnerStack } from './stack.js';

const profile: Profile = {
  requires: () => ['app-runner', 'ecr', 'cloudwatch-logs'],
  fit: (need) => [
    ...webOnlyFit(need),
    ...within(need.timeoutSeconds, 'app-runner-request-timeout', 'fit.request-time', 'changes'),
    ...within(need.memoryMb, 'app-runner-memory', 'fit.memory'),
    ...within(need.diskMb / 1024, 'app-runner-disk', 'fit.disk'),
  ],
  sharedState: 'container',
  effort: { level: 'medium', reason: { key: 'effort.produced' } },
  risk: { level: 'high', reason: { key: 'risk.closed' } },
  oneRequest: false,
  advantages: ['advantage.all-made', 'advantage.no-hosts', 'advantage.many-requests'],
  drawbacks: ['drawback.closed', 'drawback.http-only', 'drawback.never-zero'],
  nextSteps: ['next.check', 'next.preview', 'next.verify', 'next.cut-over'],
  variants: () => [
    { id: 'variant.planned', lines: (input) => serviceLines(input, appRunnerLines, { kinds: ['web'], nat: false, balancer: false }) },
  ],
};

/** AWS App Runner, for those who have it: web services only. */
export const appRunner: ServiceTarget = {
  id: 'app-runner',
  title: 'AWS App Runner',
  available: true,
  availability: 'closed to new customers since April 2026; in some AWS regions, not in China nor GovCloud',
  profile,
  folder: appRunnerFolder,
  artefacts: (input) => definitions(input).map(({ path, definition }) => ({ path, content: `${JSON.stringify(definition, null, 2)}\n` })),
  placeholders,
  findings,
  guide: appRunnerGuide,
  stack: appRunnerStack,
};
