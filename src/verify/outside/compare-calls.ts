import { type Difference, difference, maskBody, parseBody, unstablePaths } from '../compare.js';
import { withOrderedEvents } from '../echoed-event.js';
import { type NormaliseContext, normaliseText } from '../normalise.js';
import type { OutsideCall } from './call.js';

/** Calls that were made one after the other keep their order; those made side by side have none. */
export function compareCalls(before: readonly OutsideCall[], after: readonly OutsideCall[], context: NormaliseContext): Difference[] {
  return difference('calls', textOf(before, context), textOf(after, context));
}

function textOf(calls: readonly OutsideCall[], context: NormaliseContext): string {
  const groups = new Map<number, string[]>();
  for (const { group, service, operation, parameters } of calls) {
    groups.set(group, [...(groups.get(group) ?? []), `${service} ${operation} ${comparable(parameters, context)}`]);
  }
  const lines = [...groups.values()].flatMap((group) => group.sort());
  return lines.length === 0 ? '(none)' : lines.join('\n');
}

function comparable(parameters: string, context: NormaliseContext): string {
  const text = normaliseText(parameters, context);
  const ordered = withOrderedEvents(text);
  if (ordered !== undefined) context.used('echoed-event');
  return ordered ?? text;
}

/**
 * Takes out of the calls of both sides what the original itself does not repeat: values of parameters (ids made at random, say).
 * @param again the calls of the original for the same request a second time
 */
export function withoutUnstableCalls(
  before: readonly OutsideCall[],
  after: readonly OutsideCall[],
  again: readonly OutsideCall[],
  context: NormaliseContext,
): { before: OutsideCall[]; after: OutsideCall[] } {
  const paths = before.map((call, index) => {
    const other = again[index];
    if (other === undefined || nameOf(other) !== nameOf(call)) return [];
    return unstablePaths(parseBody(comparable(call.parameters, context)), parseBody(comparable(other.parameters, context)));
  });
  const mask = (call: OutsideCall, index: number): OutsideCall => {
    const unstable = paths[index] ?? [];
    const isSame = unstable.length > 0 && nameOf(call) === nameOf(before[index] as OutsideCall);
    return isSame ? { ...call, parameters: maskBody(comparable(call.parameters, context), unstable) } : call;
  };
  return { before: before.map(mask), after: after.map(mask) };
}

function nameOf({ service, operation }: OutsideCall): string {
  return `${service} ${operation}`;
}
