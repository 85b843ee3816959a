import { lambdaLines } from '../assess/cost/quantities.js';
import type { FitFinding, Need, Profile, Requirement } from './assessment.js';
import { within } from './fits.js';

/** What functions of Lambda need as they are. */
export function lambdaRequires(needs: readonly Requirement[]): string[] {
  const called = (type: string) => needs.some(({ triggers }) => triggers.some((each) => each === type));
  return [
    'lambda',
    'cloudwatch-logs',
    ...(called('rest-api') || called('http-api') ? ['api-gateway'] : []),
    ...(called('alb') ? ['elastic-load-balancing'] : []),
    ...(called('function-url') ? ['lambda-function-url'] : []),
  ];
}

/** A function is made for Lambda; what is asked of it may still be beyond what Lambda gives. */
export function lambdaFit(need: Need): FitFinding[] {
  return [
    ...within(need.memoryMb, 'lambda-memory', 'fit.memory'),
    ...within(need.timeoutSeconds, 'lambda-timeout', 'fit.time'),
    ...(need.triggers.includes('rest-api') ? within(need.timeoutSeconds, 'rest-api-timeout', 'fit.gateway-time', 'changes') : []),
    ...(need.triggers.includes('http-api') ? within(need.timeoutSeconds, 'http-api-timeout', 'fit.gateway-time', 'changes') : []),
  ];
}

/** Nothing is changed: what every target is compared with. */
export const stay: { id: 'stay'; title: string; available: true; profile: Profile } = {
  id: 'stay',
  title: 'Stay on Lambda as it is',
  available: true,
  profile: {
    requires: lambdaRequires,
    fit: lambdaFit,
    sharedState: 'none',
    effort: { level: 'low', reason: { key: 'effort.none' } },
    risk: { level: 'low', reason: { key: 'risk.established' } },
    oneRequest: true,
    advantages: ['advantage.no-work', 'advantage.to-zero', 'advantage.event-sources'],
    drawbacks: ['drawback.one-request', 'drawback.cold-start', 'drawback.lambda-limits'],
    nextSteps: ['next.measure'],
    variants: () => [{ id: 'variant.on-demand', lines: (input) => lambdaLines(input, input.needs) }],
  },
};
