/** Whether an expression stands only where another one is known to be there. */
import { child, isFunction, list, type Node, unwrap } from '../../src/analysis/syntax.js';
import type { Handler } from './handler.js';

/** Says whether a node is the expression in question, or a property of it. */
export type IsSubject = (node: Node) => boolean;

/** True when the code that leads to `node` has tested the subject: `a && a.b`, `if (!a) return`, `a ? a.b : c`. */
export function isGuarded({ parents, node: fn }: Handler, node: Node, subject: IsSubject): boolean {
  let at = node;
  for (let parent = parents.get(at); parent && at !== fn; at = parent, parent = parents.get(at)) {
    if (parent.type === 'LogicalExpression' && parent['right'] === at) {
      const left = child(parent, 'left');
      if (parent['operator'] === '&&' && holds(left, subject)) return true;
      if (parent['operator'] === '||' && failsUnless(left, subject)) return true;
    }
    if (parent.type === 'ConditionalExpression' || parent.type === 'IfStatement') {
      const test = child(parent, 'test');
      if (parent['consequent'] === at && holds(test, subject)) return true;
      if (parent['alternate'] === at && failsUnless(test, subject)) return true;
    }
    if (['BlockStatement', 'FunctionBody', 'Program'].includes(parent.type) && isLeftEarlier(list(parent, 'body'), at, subject))
      return true;
  }
  return false;
}

/** The test being true means that the subject is there. */
function holds(test: Node | null, subject: IsSubject): boolean {
  const at = unwrap(test);
  if (!at) return false;
  if (at.type === 'LogicalExpression' && at['operator'] === '&&')
    return holds(child(at, 'left'), subject) || holds(child(at, 'right'), subject);
  if (at.type === 'UnaryExpression' && at['operator'] === '!') return failsUnless(child(at, 'argument'), subject);
  return isReadOf(at, subject);
}

/** The test being false means that the subject is there. */
function failsUnless(test: Node | null, subject: IsSubject): boolean {
  const at = unwrap(test);
  if (!at) return false;
  if (at.type === 'LogicalExpression' && at['operator'] === '||')
    return failsUnless(child(at, 'left'), subject) || failsUnless(child(at, 'right'), subject);
  return at.type === 'UnaryExpression' && at['operator'] === '!' && holds(child(at, 'argument'), subject);
}

function isReadOf(node: Node, subject: IsSubject): boolean {
  for (let at: Node | null = node; at; at = at.type === 'MemberExpression' ? unwrap(child(at, 'object')) : null)
    if (subject(at)) return true;
  return false;
}

/** An `if` before the statement leaves the function when the subject is missing. */
function isLeftEarlier(statements: readonly Node[], statement: Node, subject: IsSubject): boolean {
  return statements.some(
    (each) =>
      each.end <= statement.start &&
      each.type === 'IfStatement' &&
      leaves(child(each, 'consequent')) &&
      failsUnless(child(each, 'test'), subject),
  );
}

/** The statement never goes on to the next one: it returns or throws on every way. */
export function leaves(statement: Node | null): boolean {
  if (!statement) return false;
  if (statement.type === 'ReturnStatement' || statement.type === 'ThrowStatement') return true;
  if (statement.type === 'BlockStatement' || statement.type === 'FunctionBody') return list(statement, 'body').some(leaves);
  if (statement.type === 'IfStatement') return leaves(child(statement, 'consequent')) && leaves(child(statement, 'alternate'));
  if (statement.type === 'TryStatement') {
    const handler = child(statement, 'handler');
    return leaves(child(statement, 'finalizer')) || (leaves(child(statement, 'block')) && (!handler || leaves(child(handler, 'body'))));
  }
  if (statement.type === 'SwitchStatement') return switchLeaves(statement);
  return false;
}

/** Every case leaves or falls into one that does, there is a default, and no `break` ends it early. */
function switchLeaves(statement: Node): boolean {
  const cases = list(statement, 'cases');
  const last = cases.at(-1);
  const hasDefault = cases.some((each) => child(each, 'test') === null);
  return hasDefault && !breaks(statement) && last !== undefined && list(last, 'consequent').some(leaves);
}

function breaks(node: Node): boolean {
  if (isFunction(node)) return false;
  if (node.type === 'BreakStatement') return true;
  return Object.values(node).some((value) =>
    (Array.isArray(value) ? value : [value]).some(
      (each) => typeof each === 'object' && each !== null && typeof (each as Node).type === 'string' && breaks(each as Node),
    ),
  );
}
