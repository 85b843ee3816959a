/** `a.then(…).catch(…)` as what happens to the promise, step by step. */
import { child, keyOf, list, type Node } from '../../src/analysis/syntax.js';
import type { Handler } from './handler.js';

export interface Link {
  call: Node;
  /** What is called with the value; null when nothing is. */
  fulfilled: Node | null;
  /** What is called with the reason; null when nothing is. */
  rejected: Node | null;
}

export interface Chain {
  /** The function whose call the chain starts with, when it is written out there: `(async () => …)().catch(…)`. */
  root: Node | null;
  links: Link[];
}

/** The steps of a chain in their order; null when the expression is none. `finally` changes nothing. */
export function chainOf(expression: Node): Chain | null {
  const links: Link[] = [];
  let at: Node | null = expression;
  while (at?.type === 'CallExpression') {
    const callee = child(at, 'callee');
    const method = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
    const [first = null, second = null] = list(at, 'arguments');
    if (method === 'then') links.unshift({ call: at, fulfilled: first, rejected: second });
    else if (method === 'catch') links.unshift({ call: at, fulfilled: null, rejected: first });
    else if (method !== 'finally') break;
    at = child(callee, 'object');
  }
  const callee = at?.type === 'CallExpression' ? child(at, 'callee') : null;
  const root = callee && ['ArrowFunctionExpression', 'FunctionExpression'].includes(callee.type) ? callee : null;
  return links.length > 0 || root ? { root, links } : null;
}

/**
 * A function that is called after the handler has returned: is what it throws carried, by a promise, to other code of the handler?
 * What a callback of Node's style throws is nobody's to catch.
 */
export function isCaughtLater(handler: Pick<Handler, 'parents' | 'node'>, fn: Node): boolean {
  const call = handler.parents.get(fn);
  if (call?.type !== 'CallExpression') return true;
  const method = keyOf(child(call, 'callee'));
  if (call['callee'] !== fn && method !== 'then' && method !== 'catch' && method !== 'finally')
    return list(call, 'arguments').at(-1) !== fn;
  let at = call;
  for (let member = handler.parents.get(at); member?.type === 'MemberExpression'; member = handler.parents.get(at)) {
    const next = handler.parents.get(member);
    if (next?.type !== 'CallExpression') return true;
    if (keyOf(member) === 'catch' || (keyOf(member) === 'then' && list(next, 'arguments').length > 1)) return true;
    at = next;
  }
  const owner = returnsTo(handler, at);
  if (owner === null) return handler.parents.get(at)?.type !== 'ExpressionStatement';
  return owner !== handler.node && isCaughtLater(handler, owner);
}

/** The function that gives an expression as its result; null when none does. */
function returnsTo({ parents }: Pick<Handler, 'parents'>, expression: Node): Node | null {
  let at = parents.get(expression);
  if (at?.type === 'ArrowFunctionExpression' && at['body'] === expression) return at;
  if (at?.type !== 'ReturnStatement') return null;
  while (at && !['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration'].includes(at.type)) at = parents.get(at);
  return at ?? null;
}
