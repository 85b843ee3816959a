import type { RuleUse } from '../rules.js';
import type { OutsideCall } from './call.js';
import type { Outside } from './side.js';

/** How often they are waited for; each time a moment. A machine that is busy lets them wait. */
const patience = 5;

/**
 * Calls that the original still had under way when it returned, where the service has made `missing` more: a service ends them at once,
 * Lambda in a later invocation, when it lets the process go on.
 */
export async function laterCalls(before: Outside, missing: number, rules: RuleUse): Promise<OutsideCall[]> {
  const calls: OutsideCall[] = [];
  for (let tries = 0; tries < patience && calls.length < missing; tries++) calls.push(...(await before.takeCalls(missing - calls.length)));
  if (calls.length > 0) rules.used('under-way');
  return calls;
}
