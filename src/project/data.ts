/** Plain data read from a definition, before anything is known about its shape. */
export type PlainObject = Record<string, unknown>;

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one: missing sections read like empty sections. */
export function objectOf(value: unknown): PlainObject {
  return isPlainObject(value) ? value : {};
}

/** A list as it is; one value alone as a list of it; nothing as an empty list. */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

export function stringsOf(value: unknown): string[] {
  return listOf(value).filter((entry) => typeof entry === 'string');
}
