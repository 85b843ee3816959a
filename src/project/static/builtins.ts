/** Calls of the language's own that a definition is put together with. None runs code of the user or a regular expression. */
import { posix } from 'node:path';
import { isPlainObject } from '../data.js';

/** Longer texts and lists than any definition has. */
export const maximumLength = 100_000;

/** Result of a call, or undefined when it is not one of these. */
type Call = (values: readonly unknown[]) => unknown;

const functions: Readonly<Record<string, Call>> = {
  'Object.assign': (values) => (values.every(isPlainObject) ? Object.assign({}, ...values) : undefined),
  'Object.freeze': ([value]) => value,
  'Object.keys': ([value]) => (isPlainObject(value) ? Object.keys(value) : undefined),
  'Object.values': ([value]) => (isPlainObject(value) ? Object.values(value) : undefined),
  'Object.entries': ([value]) => (isPlainObject(value) ? Object.entries(value) : undefined),
  'Object.fromEntries': ([value]) => (isEntries(value) ? Object.fromEntries(value) : undefined),
  'JSON.stringify': ([value, replacer]) => (replacer === undefined || replacer === null ? JSON.stringify(value) : undefined),
  String: ([value]) => (isScalar(value) ? String(value) : undefined),
  Number: ([value]) => (isScalar(value) ? Number(value) : undefined),
  'path.join': joined,
  'path.posix.join': joined,
  join: joined,
  // Folders are told relative to the service, so that both come to the same.
  'path.resolve': joined,
  resolve: joined,
};

const textMethods: Readonly<Record<string, (text: string, values: readonly unknown[]) => unknown>> = {
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  concat: (text, values) => (values.every(isScalar) ? text.concat(...values.map(String)) : undefined),
  split: (text, [separator]) => (typeof separator === 'string' ? text.split(separator) : undefined),
  replace: (text, [from, to]) => (typeof from === 'string' && typeof to === 'string' ? text.replace(from, () => to) : undefined),
  replaceAll: (text, [from, to]) => (typeof from === 'string' && typeof to === 'string' ? text.replaceAll(from, () => to) : undefined),
  startsWith: (text, [start]) => (typeof start === 'string' ? text.startsWith(start) : undefined),
  endsWith: (text, [end]) => (typeof end === 'string' ? text.endsWith(end) : undefined),
  includes: (text, [part]) => (typeof part === 'string' ? text.includes(part) : undefined),
  slice: (text, values) => (values.every(isNumber) ? text.slice(...values) : undefined),
};

/** A function given to a list method, called with an element and its index. */
export type Callback = (element: unknown, index: number) => unknown;

const listMethods: Readonly<
  Record<string, (list: readonly unknown[], values: readonly unknown[], callback: Callback | undefined) => unknown>
> = {
  map: (list, _, callback) => callback && list.map(callback),
  flatMap: (list, _, callback) => callback && list.flatMap(callback),
  filter: (list, _, callback) => callback && list.filter((element, index) => callback(element, index)),
  find: (list, _, callback) => callback && list.find((element, index) => callback(element, index)),
  concat: (list, values) => list.concat(...values),
  flat: (list) => list.flat(),
  includes: (list, [value]) => list.includes(value),
  join: (list, [separator]) =>
    list.every(isScalar) && typeof (separator ?? ',') === 'string' ? list.join(separator as string | undefined) : undefined,
  slice: (list, values) => (values.every(isNumber) ? list.slice(...values) : undefined),
};

/** `Object.assign(…)`, `path.join(…)` …; `callee` as written. */
export function callFunction(callee: string, values: readonly unknown[]): unknown {
  return bounded(Object.hasOwn(functions, callee) ? functions[callee]?.(values) : undefined);
}

/** `list.map(…)`, `text.toLowerCase()` …. */
export function callMethod(target: unknown, name: string, values: readonly unknown[], callback: Callback | undefined): unknown {
  if (typeof target === 'string') return bounded(Object.hasOwn(textMethods, name) ? textMethods[name]?.(target, values) : undefined);
  if (!Array.isArray(target) || target.length > maximumLength) return undefined;
  return bounded(Object.hasOwn(listMethods, name) ? listMethods[name]?.(target, values, callback) : undefined);
}

function bounded(value: unknown): unknown {
  return (typeof value === 'string' || Array.isArray(value)) && value.length > maximumLength ? undefined : value;
}

function joined(values: readonly unknown[]): unknown {
  return values.length > 0 && values.every((part) => typeof part === 'string') ? posix.join(...values) : undefined;
}

function isEntries(value: unknown): value is [string, unknown][] {
  return Array.isArray(value) && value.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string');
}

function isScalar(value: unknown): value is string | number | boolean | null | undefined {
  return value === undefined || value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
