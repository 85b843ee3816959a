/** Joins events and resources of a template to its functions. */
import { triggerKinds } from '../../../triggers/index.js';
import type { TriggerKind } from '../../../triggers/kind.js';
import type { TemplateContext } from '../../../triggers/template-context.js';
import type { LambdaFunction } from '../../model.js';
import { isHttp, type Trigger } from '../../trigger.js';
import { permissionTriggers } from './events/permission.js';
import type { WiredTrigger } from './events/resources.js';

/** What the resources of a template call, and how: mappings, rules, routes, subscriptions … */
function resourceTriggers(template: TemplateContext, kinds: readonly TriggerKind[] = triggerKinds): WiredTrigger[] {
  return kinds.flatMap(({ cloudformation }) => cloudformation?.(template) ?? []);
}

/**
 * Adds everything the resources call. Permissions count only for functions that nothing else calls, unless they are all there
 * is (`everyPermission`); what is left is called directly.
 */
export function wireFunctions(template: TemplateContext, functions: readonly LambdaFunction[], everyPermission = false): void {
  for (const wired of resourceTriggers(template)) addTrigger(functions, wired);
  for (const fn of functions) addAuthorizers(functions, fn);
  const uncalled = new Set(functions.filter(({ triggers }) => triggers.length === 0).map(({ id }) => id));
  for (const wired of permissionTriggers(template, triggerKinds))
    if (everyPermission || uncalled.has(wired.functionId)) addTrigger(functions, wired);
  for (const fn of functions) fn.triggers.sort(byPlace);
}

/** Triggers stand in the order in which the definition declares them; those of another file come as they were found. */
function byPlace({ range: a }: Trigger, { range: b }: Trigger): number {
  return a && b && a.file === b.file ? a.start - b.start : 0;
}

/** A function that nothing calls is called directly. */
export function addDirectInvocations(functions: readonly LambdaFunction[]): void {
  for (const fn of functions) if (fn.triggers.length === 0) fn.triggers.push({ type: 'invoke', range: fn.range });
}

/** The same wiring can be declared twice (an event and a resource, an event and an OpenAPI document); one trigger is enough. */
export function addTrigger(functions: readonly LambdaFunction[], { functionId, trigger }: WiredTrigger): void {
  const fn = functions.find(({ id }) => id === functionId);
  if (!fn) return;
  const known = fn.triggers.find((other) => keyOf(other) === keyOf(trigger));
  if (!known) fn.triggers.push(trigger);
  else if (isHttp(known) && isHttp(trigger)) known.gateway = withFeatures(known.gateway, trigger.gateway);
}

function keyOf(trigger: Trigger): string {
  if (isHttp(trigger)) return JSON.stringify([trigger.type, trigger.api, trigger.method, trigger.path, trigger.conditions]);
  // Two schedules are two invocations, however alike.
  return JSON.stringify(trigger.type === 'schedule' ? trigger : { ...trigger, range: undefined });
}

type Features = Extract<Trigger, { gateway: unknown }>['gateway'];

function withFeatures(known: Features, more: Features): Features {
  const key = (feature: Features[number]) => JSON.stringify({ ...feature, range: undefined });
  const keys = new Set(known.map(key));
  return [...known, ...more.filter((feature) => !keys.has(key(feature)))];
}

/** A function that guards the routes of another is an authorizer. */
function addAuthorizers(functions: readonly LambdaFunction[], { triggers }: LambdaFunction): void {
  for (const feature of triggers.filter(isHttp).flatMap(({ gateway }) => gateway)) {
    if (feature.kind !== 'authorizer' || feature.authorizer.functionId === undefined) continue;
    const range = feature.range && { range: feature.range };
    const fn = functions.find(({ id }) => id === feature.authorizer.functionId);
    if (fn?.triggers.every(({ type }) => type !== 'authorizer'))
      fn.triggers.push({ type: 'authorizer', source: feature.authorizer.name, ...range });
  }
}
