/** What several event readers ask of a template. */
import type { TemplateContext } from '../../../../triggers/template-context.js';
import { listOf, objectOf, type PlainObject } from '../../../data.js';
import type { TextRange } from '../../../model.js';
import type { OtherTrigger, Trigger } from '../../../trigger.js';
import { maximumDepth } from '../intrinsics.js';

export interface WiredTrigger {
  functionId: string;
  trigger: Trigger;
}

export interface FoundResource {
  id: string;
  type: string;
  properties: PlainObject;
}

export function resourcesOf(context: TemplateContext, ...types: string[]): FoundResource[] {
  return Object.entries(context.resources)
    .filter(([, { type }]) => types.includes(type))
    .map(([id, { type, properties }]) => ({ id, type, properties }));
}

/** A known text (numbers and booleans as texts), or undefined. */
export function textOf(context: TemplateContext, value: unknown): string | undefined {
  const known = context.resolve(value);
  return typeof known === 'string' || typeof known === 'number' || typeof known === 'boolean' ? String(known) : undefined;
}

export function numberOf(context: TemplateContext, value: unknown): number | undefined {
  const text = textOf(context, value);
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** True and false, also as texts; undefined when neither is known. */
export function booleanOf(context: TemplateContext, value: unknown): boolean | undefined {
  const text = textOf(context, value)?.toLowerCase();
  if (text === 'true' || text === 'yes') return true;
  return text === 'false' || text === 'no' ? false : undefined;
}

/** For people: a known text, else the reference as written. */
export function describe(context: TemplateContext, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const known = context.toValue(value);
  return known.kind === 'literal' ? String(known.value ?? '') : known.text;
}

export function resolvedObject(context: TemplateContext, value: unknown): PlainObject {
  return objectOf(context.resolve(value));
}

export function resolvedList(context: TemplateContext, value: unknown): unknown[] {
  return listOf(context.resolve(value));
}

/** `Enabled: false`, `State: DISABLED`. */
export function switchedOff(context: TemplateContext, properties: PlainObject): { enabled: false } | undefined {
  const off =
    booleanOf(context, properties['Enabled']) === false ||
    textOf(context, properties['State']) === 'DISABLED' ||
    textOf(context, properties['DesiredState']) === 'STOPPED';
  return off ? { enabled: false } : undefined;
}

/** The place of an event or resource, as a part of a trigger. */
export function placeAt(context: TemplateContext, path: (string | number)[]): { range?: TextRange } {
  const range = context.range(path);
  return range ? { range } : {};
}

export function other(
  type: OtherTrigger['type'],
  source: string | undefined,
  ...more: (Partial<OtherTrigger> | undefined)[]
): OtherTrigger {
  return { type, ...(source !== undefined && source !== '' && { source }), ...Object.assign({}, ...more) };
}

/** Functions that a value points at anywhere inside it, once each. */
export function functionsIn(context: TemplateContext, value: unknown, depth = 0): string[] {
  if (depth > maximumDepth || value === null || value === undefined) return [];
  if (typeof value === 'string' && !/:function:/.test(value)) return [];
  const own = Array.isArray(value) ? undefined : context.functionOf(value);
  if (own !== undefined) return [own];
  if (typeof value !== 'object') return [];
  return [...new Set(Object.values(value).flatMap((entry) => functionsIn(context, entry, depth + 1)))];
}

/** Every function that a resource of these types points at anywhere in `select(properties)`. */
export function calledBy(
  type: OtherTrigger['type'],
  resourceTypes: readonly string[],
  select: (properties: PlainObject) => unknown = (properties) => properties,
): (context: TemplateContext) => WiredTrigger[] {
  return (context) =>
    resourcesOf(context, ...resourceTypes).flatMap(({ id, properties }) =>
      functionsIn(context, select(properties)).map((functionId) => ({
        functionId,
        trigger: other(type, id, switchedOff(context, properties), placeAt(context, ['Resources', id])),
      })),
    );
}

/** For people: the resource of the template that a value points at, else the value as written. */
export function sourceName(context: TemplateContext, value: unknown): string | undefined {
  return value === undefined ? undefined : (context.resourceOf(value) ?? describe(context, value));
}
