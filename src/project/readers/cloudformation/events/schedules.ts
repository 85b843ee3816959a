/** EventBridge rules and schedules: raw resources and the events of SAM. */
import type { SamEventContext } from '../../../../triggers/kind.js';
import type { TemplateContext } from '../../../../triggers/template-context.js';
import { objectOf, type PlainObject } from '../../../data.js';
import type { ScheduleTrigger, Trigger } from '../../../trigger.js';
import { intrinsicOf, substitutionOf } from '../intrinsics.js';
import { describe, functionsIn, other, placeAt, resolvedList, resourcesOf, switchedOff, textOf, type WiredTrigger } from './resources.js';

/** SAM: `Schedule` (a rule) and `ScheduleV2` (EventBridge Scheduler). */
export function samSchedule(properties: PlainObject, context: SamEventContext): Trigger[] {
  return properties['Schedule'] === undefined
    ? []
    : [schedule(properties['Schedule'], properties, { context, path: context.path, scheduler: false })];
}

export function samScheduleV2(properties: PlainObject, context: SamEventContext): Trigger[] {
  const { ScheduleExpression: expression } = properties;
  return expression === undefined ? [] : [schedule(expression, properties, { context, path: context.path, scheduler: true })];
}

/** SAM: `EventBridgeRule` and `CloudWatchEvent`. */
export function samRule(properties: PlainObject, context: SamEventContext): Trigger[] {
  const { Pattern: pattern } = properties;
  return pattern === undefined
    ? []
    : [other('eventbridge', patternText(context, pattern), switchedOff(context, properties), placeAt(context, context.path))];
}

/** Rules whose pattern calls a function, and scheduled ones whose event is reshaped on the way. */
export function patternRules(context: TemplateContext): WiredTrigger[] {
  return ruleTriggers(context).filter(({ trigger }) => trigger.type === 'eventbridge');
}

/** Rules and schedules that call a function at times. */
export function scheduleTriggers(context: TemplateContext): WiredTrigger[] {
  return [...ruleTriggers(context).filter(({ trigger }) => trigger.type === 'schedule'), ...schedulerTriggers(context)];
}

function ruleTriggers(context: TemplateContext): WiredTrigger[] {
  return resourcesOf(context, 'AWS::Events::Rule').flatMap(({ id, properties }) =>
    resolvedList(context, properties['Targets']).flatMap((entry) => {
      const target = objectOf(entry);
      const functionId = context.functionOf(target['Arn']);
      return functionId === undefined ? [] : targetTriggers(context, id, properties, target).map((trigger) => ({ functionId, trigger }));
    }),
  );
}

function targetTriggers(context: TemplateContext, id: string, rule: PlainObject, target: PlainObject): Trigger[] {
  const path = ['Resources', id];
  const rest = [switchedOff(context, rule), placeAt(context, path)];
  const { ScheduleExpression: expression, EventPattern: pattern } = rule;
  const triggers: Trigger[] = [];
  if (expression !== undefined && (target['InputTransformer'] ?? target['InputPath']) !== undefined) {
    triggers.push(other('eventbridge', `${describe(context, expression)} with an event that the rule makes`, ...rest));
  } else if (expression !== undefined) {
    triggers.push(schedule(expression, { ...rule, Input: target['Input'] }, { context, path, scheduler: false }));
  }
  if (pattern !== undefined) triggers.push(other('eventbridge', patternText(context, pattern), ...rest));
  return triggers;
}

function schedulerTriggers(context: TemplateContext): WiredTrigger[] {
  return resourcesOf(context, 'AWS::Scheduler::Schedule').flatMap(({ id, properties }) => {
    const target = objectOf(context.resolve(properties['Target']));
    const [functionId, input] = scheduledFunction(context, target);
    if (functionId === undefined) return [];
    const settings = { ...properties, Input: input };
    return [
      { functionId, trigger: schedule(properties['ScheduleExpression'], settings, { context, path: ['Resources', id], scheduler: true }) },
    ];
  });
}

/** The function itself, or the universal target that invokes one (`aws-sdk:lambda:invoke`). */
function scheduledFunction(context: TemplateContext, target: PlainObject): [string | undefined, unknown] {
  const functionId = context.functionOf(target['Arn']);
  if (functionId !== undefined) return [functionId, target['Input']];
  if (!/aws-sdk:lambda:invoke/i.test(JSON.stringify(target['Arn'] ?? ''))) return [undefined, undefined];
  const request = constantInput(context, target['Input']);
  const named = context.functionOf(objectOf(request)['FunctionName']) ?? functionsIn(context, target['Input'])[0];
  return [named, objectOf(request)['Payload']];
}

interface ScheduleSource {
  context: TemplateContext;
  path: (string | number)[];
  scheduler: boolean;
}

function schedule(expression: unknown, settings: PlainObject, { context, path, scheduler }: ScheduleSource): ScheduleTrigger {
  const name = textOf(context, settings['Name']);
  const timezone = textOf(context, settings['ScheduleExpressionTimezone']);
  const { Input: input } = settings;
  return {
    type: 'schedule',
    expression: (describe(context, expression) ?? '').trim(),
    ...(timezone !== undefined && { timezone }),
    ...(name !== undefined && { name }),
    ...(input !== undefined && input !== null && { input: constantInput(context, input) }),
    scheduler,
    ...switchedOff(context, settings),
    ...placeAt(context, path),
  };
}

/** `Input` is JSON text; what only the deployment knows stands in it as `${Name}`. */
function constantInput(context: TemplateContext, value: unknown): unknown {
  const known = context.resolve(value);
  const intrinsic = intrinsicOf(known);
  const text = intrinsic?.name === 'Fn::Sub' ? substitutionOf(intrinsic.argument)?.text : intrinsic ? describe(context, value) : known;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function patternText(context: TemplateContext, pattern: unknown): string {
  const known = context.resolve(pattern);
  return typeof known === 'string' ? known : JSON.stringify(known);
}
