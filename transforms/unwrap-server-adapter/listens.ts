/** Local servers that start when the module is merely imported. */
import { isSetOnLambda } from '../../src/aws/lambda-environment.js';
import { child, isCall, isFunction, isMember, lineOf, list, memberPath, type Node, nameOf, some, unwrap } from '../syntax.js';

/** Line of a `listen` call on the server that runs on import, or null. Guards that keep it from running in the service are fine. */
export function listensOnImport(program: Node, binding: string): number | null {
  return (
    list(program, 'body')
      .map((statement) => listenBelow(statement, binding))
      .find((line) => line !== null) ?? null
  );
}

function listenBelow(node: Node, binding: string): number | null {
  if (isFunction(node)) return null;
  if (node.type === 'IfStatement' && (isMainTest(child(node, 'test')) || asksForLambda(node))) return null;
  if (isCall(node)) {
    const callee = unwrap(node.callee);
    if (isMember(callee) && nameOf(child(callee, 'property')) === 'listen' && nameOf(unwrap(callee.object)) === binding)
      return lineOf(node);
  }
  for (const field of ['expression', 'consequent', 'alternate', 'argument', 'test', 'left', 'right', 'block', 'callee', 'object', 'init']) {
    const below = child(node, field);
    const line = below ? listenBelow(below, binding) : null;
    if (line !== null) return line;
  }
  for (const below of [...list(node, 'body'), ...list(node, 'declarations')]) {
    const line = listenBelow(below, binding);
    if (line !== null) return line;
  }
  return null;
}

/** What does not run on Lambda does not run in the service either (`runs-on-lambda`). */
function asksForLambda(statement: Node): boolean {
  const test = child(statement, 'test');
  return test !== null && some(test, (node) => isSetOnLambda(memberPath(node)?.[2] ?? ''));
}

/** `require.main === module`, `import.meta.main`, and tests of them. */
function isMainTest(test: Node | null): boolean {
  const node = unwrap(test);
  if (!node) return false;
  if (isMember(node)) {
    const property = nameOf(child(node, 'property'));
    return property === 'main' || property === 'parent';
  }
  if (node.type === 'UnaryExpression') return isMainTest(child(node, 'argument'));
  return ['left', 'right'].some((field) => isMainTest(child(node, field)));
}
