import { provisionedLines } from '../../assess/cost/quantities.js';
import { assessedOnly } from '../assessed-only.js';
import type { Profile } from '../assessment.js';
import { lambdaFit, lambdaRequires } from '../stay.js';

const profile: Profile = {
  requires: (needs) => ['lambda-provisioned-concurrency', ...lambdaRequires(needs)],
  fit: lambdaFit,
  sharedState: 'none',
  effort: { level: 'low', reason: { key: 'effort.setting' } },
  risk: { level: 'low', reason: { key: 'risk.established' } },
  oneRequest: true,
  advantages: ['advantage.no-code', 'advantage.event-sources', 'advantage.no-cold-start'],
  drawbacks: ['drawback.standing-price', 'drawback.one-request', 'drawback.alias'],
  nextSteps: ['next.alias', 'next.provisioned', 'next.measure'],
  variants: () => [{ id: 'variant.provisioned', lines: provisionedLines }],
};

export const lambdaProvisionedConcurrency = assessedOnly('lambda-provisioned-concurrency', 'Lambda with provisioned concurrency', profile);
