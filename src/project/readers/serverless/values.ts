import { isPlainObject } from '../../data.js';
import type { TextRange, Value } from '../../model.js';
import { unknownSpread } from '../../static/values.js';
import { variableNames } from './variable-syntax.js';

/** `${AWS::Region}`, and `#{AWS::Region}` of serverless-pseudo-parameters: known to CloudFormation only. */
const pseudoParameter = /[$#]\{((?:AWS::)?\w+)(?:\.\w+)?\}/g;

/** What only the deployment knows in a text. */
function namesInText(text: string): string[] {
  const variables = variableNames(text);
  const pseudo = [...text.matchAll(pseudoParameter)].flatMap(([whole, name]) =>
    whole.startsWith('#') || name?.startsWith('AWS::') ? [name as string] : [],
  );
  return [...variables, ...pseudo];
}

/** A resolved piece of a service as a {@link Value}: what is left of variables and intrinsics stays a reference. */
export function toValue(data: unknown, range?: TextRange | undefined): Value {
  const place = range && { range };
  if (typeof data === 'string') {
    const names = namesInText(data);
    return names.length > 0 ? { kind: 'reference', text: data, names, ...place } : { kind: 'literal', value: data, ...place };
  }
  if (typeof data === 'number' || typeof data === 'boolean') return { kind: 'literal', value: data, ...place };
  if (data === null || data === undefined) return { kind: 'literal', value: null, ...place };
  return { kind: 'reference', text: intrinsicText(data), names: namesIn(data, 0), ...place };
}

/** On one line, functions of CloudFormation in their short YAML form. */
function intrinsicText(data: unknown): string {
  if (isPlainObject(data)) {
    const [name, argument] = Object.entries(data)[0] ?? [];
    if (name === 'Ref') return `!Ref ${String(argument)}`;
    if (name === 'Fn::GetAtt') return `!GetAtt ${Array.isArray(argument) ? argument.join('.') : String(argument)}`;
    if (name?.startsWith('Fn::')) return `!${name.slice(4)} ${typeof argument === 'string' ? argument : JSON.stringify(argument)}`;
  }
  return JSON.stringify(data) ?? '';
}

/** Logical ids, parameters and variables that a value reads. */
function namesIn(data: unknown, depth: number): string[] {
  if (depth > 20) return [];
  if (typeof data === 'string') return namesInText(data);
  if (Array.isArray(data)) return unique(data.flatMap((entry) => namesIn(entry, depth + 1)));
  if (!isPlainObject(data)) return [];
  return unique(Object.entries(data).flatMap(([key, value]) => namesOfEntry(key, value, depth)));
}

function namesOfEntry(key: string, value: unknown, depth: number): string[] {
  if (key === 'Ref') return [String(value)];
  if (key === 'Fn::GetAtt') return [String(Array.isArray(value) ? value[0] : value).split('.')[0] as string];
  if (key === 'Fn::ImportValue' && typeof value === 'string') return [value];
  if (key === 'Fn::Sub') {
    const text = String(Array.isArray(value) ? value[0] : value);
    const inText = [...text.matchAll(/\$\{([\w:]+)(?:\.[\w.]+)?\}/g)].map((match) => match[1] as string);
    return [...inText, ...(Array.isArray(value) ? namesIn(value[1], depth + 1) : [])];
  }
  return namesIn(value, depth + 1);
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}

/** A number, also when written as text; undefined otherwise. */
export function numberOf(data: unknown): number | undefined {
  const value = typeof data === 'string' && data.trim() !== '' ? Number(data) : data;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A text without anything unresolved in it; undefined otherwise. */
export function literalText(data: unknown): string | undefined {
  return typeof data === 'string' && variableNames(data).length === 0 ? data : undefined;
}

/** Nothing is left in it of variables and expressions. */
export function isKnown(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return literalText(value) !== undefined;
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maximumDepth || Object.hasOwn(value, unknownSpread)) return false;
  return Object.entries(value).every(([key, each]) => literalText(key) !== undefined && isKnown(each, depth + 1));
}

const maximumDepth = 100;
