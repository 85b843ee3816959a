/** One document that a JSON schema takes, as far as its words are understood; the validator of the gateway has the last word. */
import fc from 'fast-check';
import { isPlainObject, objectOf, stringsOf } from '../../project/data.js';
import type { JsonSchema } from '../../project/json-schema.js';

/** Schemas may name themselves. */
const deepest = 12;

/** So deep, what is not required is left out. */
const wanted = 4;

/** Texts of the formats that validators know. */
const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
};

export function sampleOf(root: JsonSchema): unknown {
  return sample(root, root, 0);
}

function sample(schema: JsonSchema, root: JsonSchema, depth: number): unknown {
  if (depth > deepest) return null;
  const next = (of: unknown) => sample(objectOf(of), root, depth + 1);
  const { $ref, allOf, anyOf, oneOf, examples } = schema;
  if (typeof $ref === 'string') return next(referred(root, $ref));
  if (Array.isArray(allOf)) return next(merged([{ ...schema, allOf: undefined }, ...allOf.map(objectOf)]));
  const [choice] = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : [];
  if (choice !== undefined) return next(merged([{ ...schema, oneOf: undefined, anyOf: undefined }, objectOf(choice)]));
  for (const name of ['const', 'default', 'example']) if (schema[name] !== undefined) return schema[name];
  for (const each of [schema['enum'], examples]) if (Array.isArray(each) && each.length > 0) return each[0];
  const make = makers[typeOf(schema)];
  return make ? make(schema, next, depth) : null;
}

function typeOf({ type, properties, items }: JsonSchema): string {
  const [first] = typeof type === 'string' ? [type] : stringsOf(type);
  return first ?? (isPlainObject(properties) ? 'object' : items === undefined ? 'string' : 'array');
}

const makers: Readonly<Record<string, (schema: JsonSchema, next: (of: unknown) => unknown, depth: number) => unknown>> = {
  object: ({ properties, required }, next, depth) => {
    const known = objectOf(properties);
    const names = new Set([...(depth < wanted ? Object.keys(known) : []), ...stringsOf(required)]);
    return Object.fromEntries([...names].map((name) => [name, next(known[name] ?? { type: 'string' })]));
  },
  array: ({ items, minItems }, next) => Array.from({ length: Math.max(1, Number(minItems ?? 1)) }, () => next(items)),
  string: textFor,
  integer: numberFor,
  number: numberFor,
  boolean: () => true,
  null: () => null,
};

function textFor({ format, pattern, minLength, maxLength }: JsonSchema): string {
  if (typeof pattern === 'string') return matching(pattern);
  const text = formats[String(format)] ?? 'text'.padEnd(Number(minLength ?? 0), 'x');
  return typeof maxLength === 'number' ? text.slice(0, maxLength) : text;
}

function matching(pattern: string): string {
  try {
    return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 1 })[0] as string;
  } catch {
    return 'text';
  }
}

function numberFor({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: JsonSchema): number {
  const step = typeof multipleOf === 'number' ? multipleOf : 1;
  const lowest = typeof minimum === 'number' ? minimum : typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : undefined;
  const highest = typeof maximum === 'number' ? maximum : typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : undefined;
  return Math.ceil((lowest ?? Math.min(1, highest ?? 1)) / step) * step;
}

/** Words of several schemas that all hold. */
function merged(schemas: readonly JsonSchema[]): JsonSchema {
  return {
    ...Object.assign({}, ...schemas),
    properties: Object.assign({}, ...schemas.map(({ properties }) => objectOf(properties))),
    required: schemas.flatMap(({ required }) => stringsOf(required)),
  };
}

/** `#/definitions/Order` */
function referred(root: JsonSchema, reference: string): unknown {
  const path = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return path.reduce<unknown>((at, name) => objectOf(at)[name.replaceAll('~1', '/').replaceAll('~0', '~')], root);
}
