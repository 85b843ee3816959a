/** `Globals` of SAM: what every resource of a kind inherits. */
import { isPlainObject, objectOf, type PlainObject, stringsOf } from '../../data.js';
import { intrinsicOf, maximumDepth } from './intrinsics.js';

/** Section of `Globals` for a resource type. */
const sections: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'Function',
  'AWS::Serverless::Api': 'Api',
  'AWS::Serverless::HttpApi': 'HttpApi',
  'AWS::Serverless::SimpleTable': 'SimpleTable',
  'AWS::Serverless::StateMachine': 'StateMachine',
  'AWS::Serverless::WebSocketApi': 'WebSocketApi',
};

export function globalSections(template: PlainObject): Record<string, PlainObject> {
  return Object.fromEntries(Object.entries(objectOf(template['Globals'])).map(([section, properties]) => [section, objectOf(properties)]));
}

/**
 * Properties of a resource with what it inherits: mappings are merged, lists joined, anything else overridden.
 * `ignored` is its `IgnoreGlobals`: `*` or a list of properties.
 */
export function withGlobals(type: string, own: PlainObject, globals: Record<string, PlainObject>, ignored?: unknown): PlainObject {
  const inherited = globals[sections[type] ?? ''];
  if (!inherited || ignored === '*') return own;
  const left = stringsOf(ignored);
  const kept = Object.fromEntries(Object.entries(inherited).filter(([key]) => !left.includes(key)));
  return objectOf(merge(kept, own, 0));
}

function merge(inherited: unknown, own: unknown, depth: number): unknown {
  if (depth > maximumDepth) return own;
  if (Array.isArray(inherited) && Array.isArray(own)) return [...(inherited as unknown[]), ...(own as unknown[])];
  if (!isPlainObject(inherited) || !isPlainObject(own) || intrinsicOf(inherited) || intrinsicOf(own)) return own;
  const merged: PlainObject = { ...inherited };
  for (const [key, value] of Object.entries(own))
    merged[key] = Object.hasOwn(inherited, key) ? merge(inherited[key], value, depth + 1) : value;
  return merged;
}
