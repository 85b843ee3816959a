/** Which functions a module exports, by the ways handlers are exported in the wild. */
import {
  child,
  type FunctionNode,
  identifiers,
  isFunction,
  isMember,
  lineOf,
  list,
  memberPath,
  type Node,
  nameOf,
  propertyName,
  unwrap,
  walk,
} from './syntax.js';

export interface ExportedFunction {
  /** Exported name; `default` for a default export or a bare `module.exports`. */
  name: string;
  node: FunctionNode;
  /** First line of the statement that declares it. */
  line: number;
  /** First use in this module besides the export, which pins its signature; null when there is none. */
  usedAt: number | null;
}

/** All functions that the module itself exports as they are: not those that pass through a wrapper first. */
export function exportedFunctions(program: Node): ExportedFunction[] {
  const found: ExportedFunction[] = [];
  const add = (name: string | null, value: Node | null, statement: Node, uses: (local: string | null) => number | null) => {
    const target = unwrap(value);
    if (name === null || !target) return;
    const local = nameOf(target);
    const declared = local === null ? { node: target, statement } : declarationOf(program, local);
    if (declared && isFunction(declared.node))
      found.push({ name, node: declared.node, line: lineOf(declared.statement), usedAt: uses(local) });
  };
  for (const statement of list(program, 'body')) {
    if (statement.type === 'ExportNamedDeclaration') addNamed(program, statement, add);
    else if (statement.type === 'ExportDefaultDeclaration') {
      const declaration = child(statement, 'declaration');
      const local = nameOf(child(declaration ?? statement, 'id')) ?? nameOf(declaration);
      add('default', declaration, statement, () => (local === null ? null : useBesides(program, local)));
    } else addAssignments(program, statement, add);
  }
  return found;
}

type Add = (name: string | null, value: Node | null, statement: Node, uses: (local: string | null) => number | null) => void;

function addNamed(program: Node, statement: Node, add: Add): void {
  const declaration = child(statement, 'declaration');
  if (declaration?.type === 'FunctionDeclaration') {
    const name = nameOf(child(declaration, 'id'));
    add(name, declaration, statement, () => (name === null ? null : useBesides(program, name)));
  }
  if (declaration?.type === 'VariableDeclaration')
    for (const declarator of list(declaration, 'declarations')) {
      const name = nameOf(child(declarator, 'id'));
      add(name, child(declarator, 'init'), statement, () => (name === null ? null : useBesides(program, name)));
    }
  if (statement.source) return;
  for (const specifier of list(statement, 'specifiers')) {
    const local = child(specifier, 'local');
    const exported = child(specifier, 'exported');
    const localName = nameOf(local);
    add(nameOf(exported), local, statement, () => (localName === null ? null : useBesides(program, localName)));
  }
}

function addAssignments(program: Node, statement: Node, add: Add): void {
  const expression = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  if (expression?.type !== 'AssignmentExpression') return;
  const names: string[] = [];
  let value: Node | null = expression;
  while (value?.type === 'AssignmentExpression') {
    const name = exportedName(child(value, 'left'));
    if (name !== null) names.push(name);
    value = child(value, 'right');
  }
  if (names.length === 0) return;
  const uses = (name: string) => (local: string | null) =>
    (local === null ? null : useBesides(program, local)) ?? useOfExport(program, name);
  const target = unwrap(value);
  if (names.includes('default') && target?.type === 'ObjectExpression') {
    for (const property of list(target, 'properties')) {
      const name = property.type === 'ObjectProperty' || property.type === 'ObjectMethod' ? propertyName(property) : null;
      if (name !== null) add(name, property.type === 'ObjectMethod' ? property : child(property, 'value'), property, uses(name));
    }
  }
  for (const name of names) add(name, value, statement, uses(name));
}

/** `exports.x`, `module.exports.x` → `x`; `module.exports` → `default`. */
export function exportedName(target: Node | null): string | null {
  const path = memberPath(target);
  if (!path) return null;
  const [first, second, third] = path;
  if (first === 'module' && second === 'exports') return path.length === 2 ? 'default' : path.length === 3 ? (third ?? null) : null;
  return first === 'exports' && path.length === 2 ? (second ?? null) : null;
}

function declarationOf(program: Node, name: string): { node: Node; statement: Node } | null {
  for (const outer of list(program, 'body')) {
    const statement = outer.type === 'ExportNamedDeclaration' ? (child(outer, 'declaration') ?? outer) : outer;
    if (statement.type === 'FunctionDeclaration' && nameOf(child(statement, 'id')) === name) return { node: statement, statement: outer };
    if (statement.type !== 'VariableDeclaration') continue;
    for (const declarator of list(statement, 'declarations')) {
      let init = unwrap(child(declarator, 'init'));
      while (init?.type === 'AssignmentExpression') init = unwrap(child(init, 'right'));
      if (nameOf(child(declarator, 'id')) === name && init) return { node: init, statement: outer };
    }
  }
  return null;
}

/** Line of the first use of a local name that neither declares nor exports it. */
function useBesides(program: Node, name: string): number | null {
  const harmless = new Set<Node>();
  walk(program, (node, parent) => {
    if (nameOf(node) !== name || !parent) return;
    const declares = ['FunctionDeclaration', 'VariableDeclarator', 'FunctionExpression'].includes(parent.type) && parent.id === node;
    const exports = parent.type === 'ExportSpecifier' || parent.type === 'ExportDefaultDeclaration';
    const assigned = parent.type === 'AssignmentExpression' && parent.right === node && exportedName(child(parent, 'left')) !== null;
    if (declares || exports || assigned) harmless.add(node);
    if (parent.type === 'ObjectProperty' && isExportsObject(program, parent)) harmless.add(node);
  });
  const use = identifiers(program, name).find((node) => !harmless.has(node));
  return use ? lineOf(use) : null;
}

function isExportsObject(program: Node, property: Node): boolean {
  return list(program, 'body').some((statement) => {
    const expression = child(statement, 'expression');
    if (expression?.type !== 'AssignmentExpression' || exportedName(child(expression, 'left')) !== 'default') return false;
    const object = unwrap(child(expression, 'right'));
    return object !== null && list(object, 'properties').includes(property);
  });
}

/** Line of the first `exports.name` that is not the target of an assignment. */
function useOfExport(program: Node, name: string): number | null {
  let line: number | null = null;
  walk(program, (node, parent) => {
    if (line !== null || !isMember(node) || exportedName(node) !== name) return;
    const target = parent?.type === 'AssignmentExpression' && parent.left === node;
    if (!target && !(isMember(parent) && name === 'default')) line = lineOf(node);
  });
  return line;
}
