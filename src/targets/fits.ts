/** Questions of fit that several targets ask. */
import { limitOf } from '../aws/facts.js';
import { triggerKinds } from '../triggers/index.js';
import type { Fit, FitFinding, Need, Reason, Requirement } from './assessment.js';

const fronts: ReadonlySet<string> = new Set(['rest-api', 'http-api', 'function-url', 'alb']);

const finding = (fit: Exclude<Fit, 'fits'>, key: Reason['key'], args?: Reason['args'], fact?: string): FitFinding => ({
  fit,
  reason: { key, ...(args && { args }), ...(fact !== undefined && { fact }) },
});

/** What becomes of the function in a service of many requests. */
export function serviceFit(need: Need): FitFinding[] {
  const kept = need.triggers.filter((type) => triggerKinds.find((kind) => kind.type === type)?.workload === 'stays');
  const onlyLambda = kept.length > 0 && kept.length === need.triggers.length;
  const byOutcome: Partial<Record<Need['outcome'], FitFinding[]>> = {
    failed: [finding('unknown', 'fit.not-understood')],
    'needs-person': [finding('changes', 'fit.needs-person')],
    stays: [onlyLambda ? finding('no', 'fit.stays', { triggers: need.triggers.join(', ') }) : finding('no', 'fit.not-moved')],
  };
  const outcome = byOutcome[need.outcome];
  if (outcome) return outcome;
  return kept.length > 0 ? [finding('changes', 'fit.trigger-stays', { triggers: kept.join(', ') })] : [];
}

/** Only services of HTTP run there. */
export function webOnlyFit(need: Need): FitFinding[] {
  const found = serviceFit(need);
  if (found.some(({ fit }) => fit === 'no')) return found;
  if (need.workload !== 'web') return [finding('no', 'fit.http-only', { triggers: need.triggers.join(', ') })];
  return need.triggers.every((type) => fronts.has(type))
    ? found
    : [finding('changes', 'fit.http-only', { triggers: need.triggers.join(', ') })];
}

/** A number of the definition against a limit row. */
export function within(value: number, limit: string, key: Reason['key'], fit: Exclude<Fit, 'fits'> = 'no'): FitFinding[] {
  const row = limitOf(limit);
  return value <= row.value ? [] : [finding(fit, key, { value, limit: `${row.value} ${row.unit}` }, row.id)];
}

/** A function of Lambda whose runtime is older than a target takes. */
export function nodeFrom({ node, runtime }: Need, limit: string): FitFinding[] {
  const row = limitOf(limit);
  if (node === null) return [finding('unknown', 'fit.runtime-unknown', { minimum: row.value }, row.id)];
  return node >= row.value ? [] : [finding('changes', 'fit.runtime-older', { runtime: runtime ?? '', minimum: row.value }, row.id)];
}

/** A handler with a callback must be rewritten; the transform does it where it is understood. */
export function noCallback({ callback }: Need): FitFinding[] {
  return callback ? [finding('changes', 'fit.callback')] : [];
}

/** Web services stand behind a load balancer. */
export function balancerFor(needs: readonly Requirement[]): string[] {
  return needs.some(({ workload }) => workload === 'web') ? ['elastic-load-balancing'] : [];
}
