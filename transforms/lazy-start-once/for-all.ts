import { bindingAt } from '../../src/analysis/source-module.js';
import { isFunction, type Node, nameOf, walk } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { isWritten } from '../http-route-native/handler.js';

/**
 * Nothing of these statements is for the one request alone: they do not leave the function, and set no variable of it. Then it makes no
 * difference that a request which comes in the meantime only waits for them.
 */
export function isForAll(view: SourceView, fn: Node, statements: readonly Node[]): boolean {
  let isPlain = statements.length > 0;
  for (const statement of statements)
    walk(statement, (node) => {
      // What a callback returns is its own.
      if (isFunction(node)) return false;
      if (/^(Return|Break|Continue|Labeled)Statement$|^YieldExpression$|^FunctionDeclaration$/.test(node.type)) isPlain = false;
      if (nameOf(node) === 'arguments') isPlain = false;
      if (nameOf(node) !== null && isWritten(view, node) && isOfRequest(view, fn, statements, node)) isPlain = false;
      return isPlain;
    });
  return isPlain;
}

/** A variable of the function that is declared outside of the statements. */
function isOfRequest(view: SourceView, fn: Node, statements: readonly Node[], node: Node): boolean {
  const bound = bindingAt(view.module, nameOf(node) as string, node.start);
  if (!bound || bound.from < fn.start || bound.to > fn.end) return false;
  return !statements.some((each) => each.start <= bound.node.start && bound.node.end <= each.end);
}
