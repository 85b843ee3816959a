/** `new Client(…)` becomes `new Pool(…)`, `await mysql.createConnection(…)` becomes `mysql.createPool(…)`, with what imports it. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';

/** `declared`: the name of the variable, whose type is renamed too. False when the name has other uses. */
export function renameMaker(view: SourceView, maker: Node, to: string, declared: Node | null): boolean {
  const made = maker.type === 'AwaitExpression' ? (child(maker, 'argument') as Node) : maker;
  if (!/^(New|Call)Expression$/.test(made.type)) return false;
  const callee = child(made, 'callee') as Node;
  if (maker !== made) view.edits.remove({ start: maker.start, end: made.start });
  if (callee.type === 'MemberExpression') {
    if (declared && child(declared, 'typeAnnotation')) return false;
    view.edits.replace(child(callee, 'property') as Node, to);
    return true;
  }
  const name = nameOf(callee);
  const binding = name === null ? undefined : bindingAt(view.module, name, callee.start);
  if (name === null || !binding || !view.isFree(to)) return false;
  const type = child(declared, 'typeAnnotation');
  const uses = view.usesOf(binding);
  if (uses.some(({ node }) => node !== callee && !(type && type.start <= node.start && node.end <= type.end))) return false;
  const imported = importedName(view, binding.node, name);
  if (!imported) return false;
  view.edits.replace(imported, to);
  for (const { node } of uses) view.edits.replace(node, to);
  return true;
}

/** `Client` in `import { Client } from 'pg'` and in `const { Client } = require('pg')`, when it is not renamed there. */
function importedName(view: SourceView, node: Node, name: string): Node | null {
  if (node.type === 'ImportSpecifier')
    return nameOf(child(node, 'imported')) === name && nameOf(child(node, 'local')) === name ? node : null;
  const pattern = child(node, 'id');
  const property = list(pattern, 'properties').find((each) => nameOf(child(each, 'value')) === name);
  return property?.['shorthand'] === true && view.parent(node)?.type === 'VariableDeclaration' ? property : null;
}
