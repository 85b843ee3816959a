import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, type PlainObject } from '../../../data.js';
import type { ScheduleTrigger, Trigger } from '../../../trigger.js';
import { literalText, toValue } from '../values.js';

/** `schedule: rate(…)`, `{ rate, input, method, … }`, or several expressions under `rate`. */
export function scheduleEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  if (typeof value === 'string') return [schedule(value, {}, context)];
  if (!isPlainObject(value)) return [];
  return listOf(value['rate']).map((rate) => schedule(textOf(rate), value, context));
}

/** A `schedule` under `eventBridge`. */
export function eventBridgeSchedule(expression: unknown, settings: PlainObject, context: ServerlessEventContext): Trigger[] {
  return listOf(expression).map((rate) => schedule(textOf(rate), settings, context));
}

function schedule(expression: string, settings: PlainObject, context: ServerlessEventContext): ScheduleTrigger {
  const name = literalText(settings['name']);
  const timezone = literalText(settings['timezone']);
  return {
    type: 'schedule',
    expression,
    scheduler: settings['method'] === 'scheduler',
    ...(name !== undefined && { name }),
    ...(timezone !== undefined && { timezone }),
    ...constantInput(settings),
    ...(settings['enabled'] === false && { enabled: false }),
    ...(context.range && { range: context.range }),
  };
}

/** `input` is the event itself; a path or transformer shapes the standard event and stays as written. */
function constantInput(settings: PlainObject): { input?: unknown } {
  const { input } = settings;
  if (input === undefined) return {};
  if (typeof input !== 'string') return { input };
  try {
    return { input: JSON.parse(input) as unknown };
  } catch {
    return { input };
  }
}

function textOf(rate: unknown): string {
  const value = toValue(rate);
  return value.kind === 'literal' ? String(value.value ?? '') : value.text;
}
