import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { isPlainObject, listOf, type PlainObject } from '../../../data.js';
import type { ScheduleTrigger, Trigger } from '../../../trigger.js';
import { literalText } from '../values.js';
import { describe } from './service.js';

/** `schedule: rate(…)`, `{ rate, input, method, … }`, or several expressions under `rate`. */
export function scheduleEvent(value: unknown, context: ServerlessEventContext): Trigger[] {
  if (typeof value === 'string') return [schedule(value, {}, context)];
  if (!isPlainObject(value)) return [];
  return listOf(value['rate']).map((rate) => schedule(describe(rate), value, context));
}

/** A `schedule` under `eventBridge`. */
export function eventBridgeSchedule(expression: unknown, settings: PlainObject, context: ServerlessEventContext): Trigger[] {
  return listOf(expression).map((rate) => schedule(describe(rate), settings, context));
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
    ...constantInput(settings, context),
    ...(settings['enabled'] === false && { enabled: false }),
    ...(context.range && { range: context.range }),
  };
}

/** `input` is the event itself; as text it is JSON, and Serverless parses a text under `body` of it. */
function constantInput(settings: PlainObject, context: ServerlessEventContext): { input?: unknown } {
  const { input } = settings;
  if (settings['inputPath'] !== undefined || settings['inputTransformer'] !== undefined) context.report?.('SERVERLESS_SCHEDULE_INPUT', {});
  if (input === undefined || input === null) return {};
  if (isPlainObject(input)) return { input: typeof input['body'] === 'string' ? { ...input, body: jsonOf(input['body']) } : input };
  return { input: typeof input === 'string' ? jsonOf(input) : input };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
