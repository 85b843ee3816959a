/** Values that meet the rules of a filter: a message can be made of them that Lambda would have handed to the function. */
import { isObject } from './filters.js';

/** The fields that a pattern asks for, each with a value that is likely to meet it; those that must be absent are left out. */
export function sampleOf(pattern: unknown): Record<string, unknown> {
  if (!isObject(pattern)) return {};
  const fields: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(pattern)) {
    if (key === '$or' && Array.isArray(inner)) Object.assign(fields, sampleOf(inner[0]));
    else if (!Array.isArray(inner)) fields[key] = sampleOf(inner);
    else {
      const value = valueFor(inner[0]);
      if (value !== undefined) fields[key] = value;
    }
  }
  return fields;
}

function valueFor(rule: unknown): unknown {
  if (!isObject(rule)) return rule;
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  return values[operator ?? '']?.(operand);
}

const values: Readonly<Record<string, (operand: unknown) => unknown>> = {
  prefix: (operand) => `${textOf(operand)}-and-more`,
  suffix: (operand) => `more-and-${textOf(operand)}`,
  'equals-ignore-case': (operand) => String(operand).toUpperCase(),
  'anything-but': (operand) => ([operand].flat().every((each) => typeof each === 'number') ? largest(operand) + 1 : 'nothing of the kind'),
  numeric: (operand) => (Array.isArray(operand) ? within(operand) : undefined),
  exists: (operand) => (operand === true ? 'there' : undefined),
  wildcard: (operand) => String(operand).replace(/\\([\\*])|\*/g, (_found, escaped?: string) => escaped ?? 'any'),
};

function textOf(operand: unknown): string {
  return String(isObject(operand) ? operand['equals-ignore-case'] : operand);
}

function largest(operand: unknown): number {
  return Math.max(...[operand].flat().map(Number));
}

/** A number between the limits of a range, or on the one it names. */
function within(range: readonly unknown[]): number {
  const limits = new Map<string, number>();
  for (let at = 0; at + 1 < range.length; at += 2) limits.set(String(range[at]).charAt(0), Number(range[at + 1]));
  const exact = limits.get('=');
  const [over, under] = [limits.get('>'), limits.get('<')];
  if (exact !== undefined) return exact;
  if (over !== undefined && under !== undefined) return over === under ? over : (over + under) / 2;
  return over !== undefined ? over + 1 : (under ?? 1) - 1;
}
