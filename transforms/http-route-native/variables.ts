/** Variables that are given more than one value: what all of them, or the last one before a use, have in common. */
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, type Node, nameOf, parametersOf } from '../../src/analysis/syntax.js';
import type { Handler } from './handler.js';

/**
 * The values that a variable may have where it is read: those of the last assignment before it that always happens, or all that it
 * is given. Null when they are not all known, e.g. `x += 1` or a pattern; undefined stands for no value yet.
 */
export function valuesAt(handler: Handler, identifier: Node): (Node | undefined)[] | null {
  const name = nameOf(identifier) ?? '';
  const binding = bindingAt(handler.module, name, identifier.start);
  if (binding?.kind !== 'variable' || binding.path.length > 0) return null;
  const isSame = (node: Node | null) => nameOf(node) === name && node !== null && bindingAt(handler.module, name, node.start) === binding;
  const all = assignments(handler.module, name).filter((each) => isSame(child(each, 'left')));
  if (isLoopVariable(handler, binding.node) || isWrittenOtherwise(handler, isSame) || isDeclaredTwice(handler, binding.node, name))
    return null;
  const own = ownerOf(handler, identifier);
  const last = all.every((each) => ownerOf(handler, each) === own) ? lastBefore(handler, identifier, all) : null;
  const found = last ? [last] : all;
  if (found.some((each) => each['operator'] !== '=')) return null;
  const given = found.map((each) => child(each, 'right') ?? undefined);
  return last ? given : [binding.init ?? undefined, ...given];
}

function assignments(module: SourceModule, name: string): readonly Node[] {
  return module.assignments.get(name) ?? [];
}

/** `for (const each of …)`. */
function isLoopVariable({ parents }: Handler, declarator: Node): boolean {
  const declaration = parents.get(declarator);
  const loop = declaration && parents.get(declaration);
  return loop !== undefined && ['ForInStatement', 'ForOfStatement'].includes(loop.type) && loop['left'] === declaration;
}

/** `var a = 1; var a = 2;` */
function isDeclaredTwice({ parents }: Handler, declarator: Node, name: string): boolean {
  if (parents.get(declarator)?.['kind'] !== 'var') return false;
  for (const [node] of parents)
    if (node !== declarator && node.type === 'VariableDeclarator' && nameOf(child(node, 'id')) === name) return true;
  return false;
}

/** By `++`, a loop or a pattern. */
function isWrittenOtherwise({ parents }: Handler, isSame: (node: Node | null) => boolean): boolean {
  for (const [node, parent] of parents) {
    if (!isSame(node)) continue;
    if (parent.type === 'UpdateExpression') return true;
    if (['ForInStatement', 'ForOfStatement'].includes(parent.type) && parent['left'] === node) return true;
    let at: Node | undefined = parent;
    while (at && ['ObjectPattern', 'ArrayPattern', 'RestElement', 'AssignmentPattern', 'Property'].includes(at.type)) at = parents.get(at);
    if (at !== parent && at?.type === 'AssignmentExpression' && isIn(child(at, 'left'), node)) return true;
  }
  return false;
}

function isIn(outer: Node | null, inner: Node): boolean {
  return outer !== null && outer.start <= inner.start && inner.end <= outer.end;
}

/** The function that a node belongs to. */
export function ownerOf({ parents, node: handler }: Handler, node: Node): Node {
  for (let at = parents.get(node); at; at = parents.get(at)) if (isFunction(at)) return at;
  return handler;
}

/** The assignment that always comes last before a statement of the same block; null when there is none. */
function lastBefore({ parents }: Handler, identifier: Node, all: readonly Node[]): Node | null {
  let statement = identifier;
  for (let parent = parents.get(statement); parent && !isBlock(parent); parent = parents.get(statement)) statement = parent;
  const statements = list(parents.get(statement), 'body');
  for (const each of statements.slice(0, statements.indexOf(statement)).reverse()) {
    const inside = all.filter((one) => isIn(each, one));
    if (inside.length === 0) continue;
    return alwaysLast(each, all);
  }
  return null;
}

function isBlock(node: Node): boolean {
  return ['BlockStatement', 'FunctionBody', 'Program'].includes(node.type);
}

function alwaysLast(statement: Node, all: readonly Node[]): Node | null {
  if (statement.type === 'ExpressionStatement') return all.find((each) => each === child(statement, 'expression')) ?? null;
  const finalizer = statement.type === 'TryStatement' ? child(statement, 'finalizer') : null;
  if (!finalizer) return null;
  const last = list(finalizer, 'body')
    .filter((each) => all.some((one) => isIn(each, one)))
    .at(-1);
  return last ? alwaysLast(last, all) : null;
}

/** The variable holds what was thrown, or what a callback of Node's style or a promise says of its failure. */
export function isError(handler: Handler, identifier: Node): boolean {
  const name = nameOf(identifier) ?? '';
  const binding = bindingAt(handler.module, name, identifier.start);
  if (!binding) return false;
  if (binding.kind === 'variable')
    return child(binding.node, 'init')?.type === 'NewExpression' && isErrorClass(child(binding.init, 'callee'));
  if (binding.kind !== 'parameter' || binding.path.length > 0) return false;
  if (binding.node.type === 'CatchClause') return true;
  const fn = handler.parents.get(binding.node);
  const call = fn && handler.parents.get(fn);
  if (!fn || parametersOf(fn)[0] !== binding.node || call?.type !== 'CallExpression') return false;
  const index = list(call, 'arguments').indexOf(fn);
  const method = keyOf(child(call, 'callee'));
  return method === 'catch' || (method === 'then' && index === 1) || /^(?:e|er|err|error|failure|exception|.*Err(?:or)?)$/.test(name);
}

function isErrorClass(callee: Node | null): boolean {
  return /Error$/.test(nameOf(callee) ?? '');
}
