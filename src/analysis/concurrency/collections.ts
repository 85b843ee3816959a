/** Whether a shared state is a collection of the language, so that `set` or `push` change it; clients have methods of these names too. */

import { bindingAt, lastAssigned, type SourceModule } from '../source-module.js';
import { child, keyOf, list, type Node, nameOf, unwrap } from '../syntax.js';
import { membersOf } from './classes.js';
import type { Shared, Spot } from './trace.js';
import type { Walker } from './walker.js';

type Collection = 'array' | 'map' | 'set' | 'object' | 'weak';

export function collectionOf(walker: Walker, { of, path }: { of: Shared; path: readonly string[] }): Collection | null {
  const start = startOf(of, path);
  if (!start) return typeOf(annotationOf(of, path));
  const found = valueAt(walker, start.spot, start.path);
  return found ? kindOf(found) : typeOf(annotationOf(of, path));
}

/** The value that a state begins with, and what of the path is left. */
function startOf(of: Shared, path: readonly string[]): { spot: Spot; path: readonly string[] } | null {
  if (of.kind === 'instance' || of.kind === 'static') {
    const [field, ...rest] = path;
    const member = membersOf(of.declared.node).find(
      (each) => keyOf(each) === field && (each['static'] === true) === (of.kind === 'static'),
    );
    const value = child(member, 'value') ?? assignedInConstructor(of.declared, field ?? '');
    return value ? { spot: { module: of.declared.module, node: value }, path: rest } : null;
  }
  const { node, module } = of.declared;
  const initial = of.initial?.node ?? lastGiven(module, node, of.name);
  return initial ? { spot: { module, node: initial }, path } : null;
}

function lastGiven(module: SourceModule, node: Node, name: string): Node | null {
  const binding = bindingAt(module, name, node.start);
  return binding ? lastAssigned(module, binding) : null;
}

function assignedInConstructor({ node }: Spot, field: string): Node | null {
  const maker = membersOf(node).find((each) => each['kind'] === 'constructor');
  for (const statement of list(child(child(maker, 'value'), 'body'), 'body')) {
    const expression = child(statement, 'expression');
    const left = child(expression, 'left');
    if (expression?.type === 'AssignmentExpression' && child(left, 'object')?.type === 'ThisExpression' && keyOf(left) === field)
      return child(expression, 'right');
  }
  return null;
}

function valueAt(walker: Walker, { module, node }: Spot, path: readonly string[]): Node | null {
  let at = unwrap(node);
  if (nameOf(at) !== null) {
    const value = walker.values.of(module, at);
    at = value.kind === 'node' ? value.node : null;
  }
  for (const key of path) {
    if (at?.type !== 'ObjectExpression') return null;
    at = unwrap(
      child(
        list(at, 'properties').find((each) => keyOf(each) === key),
        'value',
      ),
    );
  }
  return at;
}

function kindOf(node: Node): Collection | null {
  if (node.type === 'ArrayExpression') return 'array';
  if (node.type === 'ObjectExpression') return 'object';
  const name = nameOf(child(node, 'callee'));
  if (node.type === 'NewExpression' && name !== null) {
    if (/^Weak(Map|Set)$/.test(name)) return 'weak';
    if (/^(Map|Set|Array)$/.test(name)) return name.toLowerCase() as Collection;
  }
  return node.type === 'CallExpression' && /Object\.create$|^Array\.from$/.test(calleeText(node)) ? 'object' : null;
}

function calleeText(node: Node): string {
  const callee = child(node, 'callee');
  return `${nameOf(child(callee, 'object')) ?? ''}.${keyOf(callee) ?? ''}`;
}

function annotationOf(of: Shared, path: readonly string[]): Node | null {
  if (of.kind === 'instance' || of.kind === 'static') {
    if (path.length !== 1) return null;
    const member = membersOf(of.declared.node).find((each) => keyOf(each) === path[0]);
    return child(child(member, 'typeAnnotation'), 'typeAnnotation');
  }
  return path.length === 0 ? child(child(child(of.declared.node, 'id'), 'typeAnnotation'), 'typeAnnotation') : null;
}

function typeOf(type: Node | null): Collection | null {
  if (type?.type === 'TSArrayType') return 'array';
  const name = nameOf(child(type, 'typeName'));
  if (name !== null && /^Weak(Map|Set)$/.test(name)) return 'weak';
  return name !== null && /^(Map|Set|Array)$/.test(name) ? (name.toLowerCase() as Collection) : null;
}
