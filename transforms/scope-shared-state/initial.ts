import { bindingAt } from '../../src/analysis/source-module.js';
import { child, list, memberPath, type Node, nameOf, stringOf, unwrap } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';

/** An expression that gives an equal value wherever and whenever it runs: literals, new collections, the environment, constants. */
export function isFreshValue(view: SourceView, node: Node, declarator: Node): boolean {
  const at = unwrap(node);
  if (!at || node.type === 'AwaitExpression') return false;
  const fresh = (each: Node | null): boolean => each === null || isFreshValue(view, each, declarator);
  switch (at.type) {
    case 'Literal':
      return !('regex' in at);
    case 'TemplateLiteral':
      return !view.text(at).includes('\n') && list(at, 'expressions').every(fresh);
    case 'ArrayExpression':
      return list(at, 'elements').every(fresh);
    case 'ObjectExpression':
      return list(at, 'properties').every((each) => each.type === 'Property' && each['computed'] !== true && fresh(child(each, 'value')));
    case 'UnaryExpression':
      return at['operator'] !== 'delete' && fresh(child(at, 'argument'));
    case 'LogicalExpression':
    case 'BinaryExpression':
      return fresh(child(at, 'left')) && fresh(child(at, 'right'));
    case 'NewExpression':
      return /^(Map|Set|Array)$/.test(nameOf(child(at, 'callee')) ?? '') && list(at, 'arguments').length === 0;
    case 'MemberExpression':
      return memberPath(at)?.slice(0, 2).join('.') === 'process.env';
    case 'Identifier':
      return nameOf(at) === 'undefined' || isConstant(view, at, declarator);
    default:
      return false;
  }
}

/** A `const` with a literal, or a value of the environment. */
function isConstant(view: SourceView, node: Node, declarator: Node): boolean {
  const binding = bindingAt(view.module, nameOf(node) as string, node.start);
  if (binding?.kind !== 'variable' || binding.path.length > 0 || binding.node.start >= declarator.start) return false;
  if (view.parent(binding.node)?.['kind'] !== 'const') return false;
  const init = unwrap(binding.init);
  return stringOf(init) !== null || init?.type === 'Literal' || memberPath(init)?.slice(0, 2).join('.') === 'process.env';
}
