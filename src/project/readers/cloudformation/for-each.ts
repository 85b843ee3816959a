/** `Fn::ForEach` of the language extensions: loops over a known list are written out. */
import { isPlainObject, objectOf, type PlainObject } from '../../data.js';
import { intrinsicOf, maximumDepth } from './intrinsics.js';

/** Entries that one template may grow to by loops. */
const maximumEntries = 5_000;

export interface ExpandedTemplate {
  template: PlainObject;
  /** Logical id made by a loop → path of the loop in the template as written. */
  origins: Map<string, (string | number)[]>;
  /** Loops whose list is not known. */
  unknown: string[];
}

/** The template with its loops written out; `listOf` gives the items of a collection, or undefined when unknown. */
export function expandLoops(template: PlainObject, listOf: (collection: unknown) => string[] | undefined): ExpandedTemplate {
  const expander = new Expander(listOf);
  const resources = objectOf(template['Resources']);
  const origins = new Map<string, (string | number)[]>();
  const expanded: PlainObject = {};
  for (const [key, value] of Object.entries(resources)) {
    const entries = expander.entry(key, value, 0);
    for (const [id, entry] of entries) {
      expanded[id] = entry;
      if (id !== key) origins.set(id, ['Resources', key]);
    }
  }
  return { template: { ...template, Resources: expanded }, origins, unknown: expander.unknown };
}

class Expander {
  readonly unknown: string[] = [];
  private count = 0;

  constructor(private readonly listOf: (collection: unknown) => string[] | undefined) {}

  /** One entry of a mapping: itself, or what its loop gives. */
  entry(key: string, value: unknown, depth: number): [string, unknown][] {
    if (!key.startsWith('Fn::ForEach::')) return [[key, this.inside(value, depth + 1)]];
    if (!Array.isArray(value) || typeof value[0] !== 'string' || !isPlainObject(value[2])) return [];
    const [variable, collection, body] = value as [string, unknown, PlainObject];
    const items = this.listOf(collection);
    if (!items || this.count + items.length > maximumEntries || depth > maximumDepth) {
      this.unknown.push(key);
      return [];
    }
    this.count += items.length * Object.keys(body).length;
    return items.flatMap((item) =>
      Object.entries(body).flatMap(([name, entry]) =>
        this.entry(replaceIn(name, variable, item), replaceDeep(entry, variable, item, 0), depth + 1),
      ),
    );
  }

  private inside(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || depth > maximumDepth) return value;
    if (Array.isArray(value)) return value.map((item) => this.inside(item, depth + 1));
    return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => this.entry(key, entry, depth)));
  }
}

function replaceDeep(value: unknown, variable: string, item: string, depth: number): unknown {
  if (typeof value === 'string') return replaceIn(value, variable, item);
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return value;
  if (intrinsicOf(value)?.name === 'Ref' && intrinsicOf(value)?.argument === variable) return item;
  if (Array.isArray(value)) return value.map((entry) => replaceDeep(entry, variable, item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [replaceIn(key, variable, item), replaceDeep(entry, variable, item, depth + 1)]),
  );
}

/** `${X}` as it is, `&{X}` without what a logical id may not hold. */
function replaceIn(text: string, variable: string, item: string): string {
  return text.replaceAll(`\${${variable}}`, item).replaceAll(`&{${variable}}`, item.replace(/[^A-Za-z0-9]/g, ''));
}
