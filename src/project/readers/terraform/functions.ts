/** Functions of Terraform that depend on nothing but their arguments. Anything else is left to Terraform. */
import { posix } from 'node:path';
import { isPlainObject, type PlainObject } from '../../data.js';
import { intrinsicOf } from '../cloudformation/intrinsics.js';
import { isKnown } from './values.js';

type Pure = (...values: unknown[]) => unknown;

/** Lists longer than this are not written out: no project needs one, a hostile one may. */
const maximumLength = 10_000;

/** A map whose keys are known; a reference to one is not. */
function isMap(value: unknown): value is PlainObject {
  return isPlainObject(value) && !intrinsicOf(value);
}

/** Those that look at nothing inside of their elements: an element may be unknown. */
export const structural: Readonly<Record<string, Pure>> = {
  merge: (...maps) => (maps.every((map) => isMap(map) || map === null) ? Object.assign({}, ...maps) : undefined),
  concat: (...lists) => (lists.every(Array.isArray) ? bounded((lists as unknown[][]).flat()) : undefined),
  flatten: (list) =>
    Array.isArray(list) && list.every((entry) => Array.isArray(entry) || isKnown(entry)) ? bounded(list.flat(20)) : undefined,
  tolist: (list) => listed(list),
  tomap: (map) => (isMap(map) ? map : undefined),
  keys: (map) => (isMap(map) ? Object.keys(map).sort() : undefined),
  values: (map) =>
    isMap(map)
      ? Object.keys(map)
          .sort()
          .map((key) => map[key])
      : undefined,
  length: (value) =>
    Array.isArray(value) || typeof value === 'string' ? value.length : isMap(value) ? Object.keys(value).length : undefined,
  lookup: (map, key, fallback) => (isMap(map) && typeof key === 'string' ? (Object.hasOwn(map, key) ? map[key] : fallback) : undefined),
  element: (list, index) => (Array.isArray(list) && list.length > 0 ? list[Number(index) % list.length] : undefined),
  one: (list) => (Array.isArray(list) && list.length <= 1 ? (list[0] ?? null) : undefined),
  zipmap: (names, values) =>
    Array.isArray(names) && Array.isArray(values) && isKnown(names)
      ? Object.fromEntries(names.map((name, index) => [String(name), values[index]]))
      : undefined,
  sensitive: (value) => value,
  nonsensitive: (value) => value,
};

/** Those whose arguments must all be known. */
export const exact: Readonly<Record<string, Pure>> = {
  toset: (list) => (Array.isArray(list) ? [...new Set(list)] : undefined),
  distinct: (list) => (Array.isArray(list) ? [...new Set(list)] : undefined),
  compact: (list) => (Array.isArray(list) ? list.filter((entry) => entry !== null && entry !== '') : undefined),
  tostring: (value) => (typeof value === 'object' ? value : String(value)),
  tonumber: (value) => (Number.isFinite(Number(value)) ? Number(value) : undefined),
  tobool: (value) => (typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined),
  lower: (text) => String(text).toLowerCase(),
  upper: (text) => String(text).toUpperCase(),
  trimspace: (text) => String(text).trim(),
  trimprefix: (text, prefix) => (String(text).startsWith(String(prefix)) ? String(text).slice(String(prefix).length) : text),
  trimsuffix: (text, suffix) =>
    String(suffix) !== '' && String(text).endsWith(String(suffix)) ? String(text).slice(0, -String(suffix).length) : text,
  replace: (text, from, to) =>
    /^\/.*\/$/.test(String(from)) ? undefined : boundedText(String(text).replaceAll(String(from), () => String(to))),
  join: (separator, list) => (Array.isArray(list) ? boundedText(list.map(String).join(String(separator))) : undefined),
  split: (separator, text) => bounded(String(text).split(String(separator))),
  substr: (text, from, length) => String(text).substr(Number(from), Number(length)),
  format: (pattern, ...values) => formatted(String(pattern), values),
  // Paths stay relative to the root module, which is where Terraform is run.
  abspath: (path) => path,
  pathexpand: (path) => (String(path).startsWith('~') ? undefined : path),
  basename: (path) => posix.basename(String(path)),
  dirname: (path) => posix.dirname(String(path)),
  contains: (list, value) => (Array.isArray(list) ? list.includes(value) : undefined),
  jsondecode: (text) => decoded(text),
  range: (from, to) => (to === undefined ? numbers(0, Number(from)) : numbers(Number(from), Number(to))),
  min: (...values) => Math.min(...values.map(Number)),
  max: (...values) => Math.max(...values.map(Number)),
  floor: (value) => Math.floor(Number(value)),
  ceil: (value) => Math.ceil(Number(value)),
};

function bounded(list: unknown[]): unknown[] | undefined {
  return list.length > maximumLength ? undefined : list;
}

function boundedText(text: string): string | undefined {
  return text.length > 1_000_000 ? undefined : text;
}

function listed(list: unknown): unknown[] | undefined {
  return Array.isArray(list) ? list : undefined;
}

function numbers(from: number, to: number): number[] | undefined {
  const length = to - from;
  return length >= 0 && length <= maximumLength ? Array.from({ length }, (_, index) => from + index) : undefined;
}

function decoded(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** `%s`, `%d` and `%v` alone: widths and bases are rare and not worth a mistake. */
function formatted(pattern: string, values: readonly unknown[]): string | undefined {
  if (/%(?![sdv%])/.test(pattern)) return undefined;
  let next = 0;
  return pattern.replace(/%([sdv%])/g, (_, verb: string) => (verb === '%' ? '%' : String(values[next++])));
}

/** Arithmetic and comparisons of known values. */
export const operators: Readonly<Record<string, (left: unknown, right: unknown) => unknown>> = {
  add: (left, right) => Number(left) + Number(right),
  subtract: (left, right) => Number(left) - Number(right),
  multiply: (left, right) => Number(left) * Number(right),
  divide: (left, right) => (Number(right) === 0 ? undefined : Number(left) / Number(right)),
  modulo: (left, right) => (Number(right) === 0 ? undefined : Number(left) % Number(right)),
  equal: (left, right) => JSON.stringify(left) === JSON.stringify(right),
  notEqual: (left, right) => JSON.stringify(left) !== JSON.stringify(right),
  greaterThan: (left, right) => Number(left) > Number(right),
  greaterThanOrEqual: (left, right) => Number(left) >= Number(right),
  lessThan: (left, right) => Number(left) < Number(right),
  lessThanOrEqual: (left, right) => Number(left) <= Number(right),
  logicalAnd: (left, right) => left === true && right === true,
  logicalOr: (left, right) => left === true || right === true,
};

/** Entries of what `for` and `for_each` go over: a map, or the values of a list as keys. */
export function entriesOf(collection: unknown): [key: string | number, value: unknown][] | undefined {
  if (Array.isArray(collection)) return collection.length > maximumLength ? undefined : collection.map((value, index) => [index, value]);
  return isMap(collection) ? Object.entries(collection).sort(([a], [b]) => (a < b ? -1 : 1)) : undefined;
}
