import type { RuleUse } from '../rules.js';
import type { OutsideCall } from './call.js';
import type { Outside } from './side.js';

/**
 * Calls that the original still had under way when it returned, where the service has made `missing` more: a service ends them at once,
 * Lambda in a later invocation, when it lets the process go on.
 */
export async function laterCalls(before: Outside, missing: number, rules: RuleUse): Promise<OutsideCall[]> {
  const calls = missing > 0 ? await before.takeCalls(missing) : [];
  if (calls.length > 0) rules.used('under-way');
  return calls;
}
