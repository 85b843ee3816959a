import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { FunctionDecision } from './function-decision.js';

/** What the platform did for migrated functions and a container service has to be told. */
export function platformNotes(decisions: readonly FunctionDecision[]): Diagnostic[] {
  const migrated = decisions.filter(({ plan }) => plan.outcome === 'migrated').map(({ lambda }) => lambda);
  const limits = migrated.flatMap((lambda) => {
    const limit = lambda.reservedConcurrency;
    if (limit === undefined) return [];
    // One at a time is often a lock, and zero switches the function off: both change what the system does.
    const severity = limit <= 1 ? ('warning' as const) : ('info' as const);
    return [
      diagnostic('CONCURRENCY_LIMIT_LOST', { args: { function: lambda.id, limit }, place: lambda.range, function: lambda.id, severity }),
    ];
  });
  const [inVpc, ...more] = migrated.filter(({ vpc }) => vpc);
  if (!inVpc) return limits;
  const functions = [inVpc, ...more].map(({ id }) => id).join(', ');
  return [...limits, diagnostic('VPC_TO_CONFIGURE', { args: { functions }, place: inVpc.range })];
}
