/** Small questions about where an expression stands. */
import { child, list, type Node, unwrap } from '../../src/analysis/syntax.js';
import { type Range, withParentheses } from './edits.js';
import type { Handler } from './handler.js';

/** Only whether the value is true or false matters here. */
export function isTested({ parents }: Pick<Handler, 'parents'>, node: Node): boolean {
  const parent = parents.get(node);
  if (!parent) return false;
  if (['IfStatement', 'ConditionalExpression', 'WhileStatement', 'DoWhileStatement', 'ForStatement'].includes(parent.type))
    return parent['test'] === node;
  if (parent.type === 'UnaryExpression') return parent['operator'] === '!';
  if (parent.type === 'LogicalExpression' && parent['operator'] !== '??') return isTested({ parents }, parent);
  return false;
}

/** It does not matter either which of null and undefined a missing value is. */
export function isTestedOrDefaulted({ parents }: Pick<Handler, 'parents'>, node: Node): boolean {
  if (isTested({ parents }, node)) return true;
  const parent = parents.get(node);
  return parent?.type === 'LogicalExpression' && parent['left'] === node && parent['operator'] !== '&&';
}

export function isEmptyObject(node: Node | null): boolean {
  const at = unwrap(node);
  return at?.type === 'ObjectExpression' && list(at, 'properties').length === 0;
}

/** An expression with the parentheses that it needed, where what replaces it needs none. */
export function withItsParentheses({ parents, module }: Handler, node: Node): Range {
  const parent = parents.get(node);
  const isObject = parent?.type === 'MemberExpression' && parent['object'] === node;
  const isOperand = parent?.type === 'TSAsExpression' || parent?.type === 'TSNonNullExpression';
  return parent && (isObject || isOperand) ? withParentheses(module.text, node, parent.start) : node;
}

/** The expression below TypeScript's `as`, `satisfies` and `!`; not below `await`. */
export function withoutTypes(node: Node | null): Node | null {
  let at = node;
  while (at && ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'].includes(at.type))
    at = child(at, 'expression');
  return at;
}
