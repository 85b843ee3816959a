import { type Difference, difference } from '../compare.js';
import { type NormaliseContext, normaliseText } from '../normalise.js';
import type { OutsideCall } from './call.js';

/** Calls that were made one after the other keep their order; those made side by side have none. */
export function compareCalls(before: readonly OutsideCall[], after: readonly OutsideCall[], context: NormaliseContext): Difference[] {
  return difference('calls', textOf(before, context), textOf(after, context));
}

function textOf(calls: readonly OutsideCall[], context: NormaliseContext): string {
  const groups = new Map<number, string[]>();
  for (const { group, service, operation, parameters } of calls) {
    groups.set(group, [...(groups.get(group) ?? []), `${service} ${operation} ${normaliseText(parameters, context)}`]);
  }
  const lines = [...groups.values()].flatMap((group) => group.sort());
  return lines.length === 0 ? '(none)' : lines.join('\n');
}
