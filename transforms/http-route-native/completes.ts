import { child, isFunction, list, type Node, returnedBy, walk } from '../../src/analysis/syntax.js';
import { leaves } from './guarded.js';

/** The function can end without a value: at its end, or by a bare `return`. */
export function mayEndWithoutValue(fn: Node): boolean {
  const body = child(fn, 'body');
  if (body?.type !== 'BlockStatement') return false;
  let isBare = false;
  walk(body, (node) => {
    if (isFunction(node) || node.type === 'ClassBody') return false;
    if (node.type === 'ReturnStatement' && child(node, 'argument') === null) isBare = true;
    return true;
  });
  return isBare || !list(body, 'body').some(leaves) || returnedBy(fn).length === 0;
}
