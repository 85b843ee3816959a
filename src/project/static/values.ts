/** What the evaluation of a module works with beside plain data. */
import type { Node } from 'oxc-parser';
import { isPlainObject, type PlainObject } from '../data.js';
import type { SourceModule } from './modules.js';

/** Key under which an object keeps that something unknown was spread into it. */
export const unknownSpread = '...';

export type Scope = ReadonlyMap<string, unknown>;

/** Something that only running the module would tell. */
export class NotStatic {
  constructor(readonly text: string) {}
}

/** A function of the definition's own code; called when it does nothing but return. */
export class LocalFunction {
  constructor(
    readonly module: SourceModule,
    readonly node: Node,
    readonly scope: Scope,
  ) {}
}

export function isData(value: unknown): value is PlainObject {
  return isPlainObject(value) && !(value instanceof NotStatic) && !(value instanceof LocalFunction);
}

/** Name of a key as written; undefined when it is computed. */
export function keyOf(node: Node): string | undefined {
  return 'name' in node && typeof node.name === 'string' ? node.name : literalKey(node);
}

/** A member of known data; of anything unknown it is unknown. */
export function memberOf(value: unknown, key: string | number | undefined): unknown {
  if (value instanceof NotStatic) return new NotStatic(value.text);
  if (key === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

export function literalKey(node: Node): string | undefined {
  return node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number') ? String(node.value) : undefined;
}

/** `api.cache(true)`: a call of something that only the caller of the function gives, with no effect on what is returned. */
export function isAskedOfHost(statement: Node, scope: Scope): boolean {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return false;
  let at: Node = statement.expression.callee;
  if (at.type !== 'MemberExpression') return false;
  while (at.type === 'MemberExpression') at = at.object;
  return at.type === 'Identifier' && scope.has(at.name) && scope.get(at.name) === undefined;
}
