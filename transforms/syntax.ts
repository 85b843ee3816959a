/** Small questions about syntax trees of the `tsx` parser (Babel's node types), shared by the source transforms. */
import type { JSCodeshift } from 'jscodeshift';

/** A node as the walks below need it; fields are looked at by name. */
export interface Node {
  type: string;
  loc?: { start: { line: number; column: number }; end: { line: number; column: number } } | null;
  comments?: Node[] | null;
  [field: string]: unknown;
}

export interface FunctionNode extends Node {
  params: Node[];
  body: Node;
  async?: boolean;
  generator?: boolean;
}

const functionTypes = new Set([
  'ArrowFunctionExpression',
  'FunctionExpression',
  'FunctionDeclaration',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]);
const transparentTypes = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
]);
const skippedFields = new Set([
  'loc',
  'comments',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'tokens',
  'extra',
  'original',
  'errors',
  'start',
  'end',
  'range',
]);

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return node != null && functionTypes.has(node.type);
}

/** A field that holds a node, or null. */
export function child(node: Node, field: string): Node | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** A field that holds a list of nodes; holes are left out. */
export function list(node: Node, field: string): Node[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The tree's root as a node to walk. */
export function programOf(root: { get(): { node?: unknown; value?: unknown } }): Node {
  const file = root.get().value;
  const program = isNode(file) ? (child(file, 'program') ?? file) : null;
  if (!program) throw new Error('a jscodeshift tree has a program');
  return program;
}

export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const field of Object.keys(node)) {
    if (skippedFields.has(field)) continue;
    const value = node[field];
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const each of value) if (isNode(each)) found.push(each);
  }
  return found;
}

/** Visits a node and all below it, parents first; `visit` returns false to leave out what is below. */
export function walk(node: Node, visit: (node: Node, parent: Node | null) => unknown, parent: Node | null = null): void {
  if (visit(node, parent) === false) return;
  for (const each of children(node)) walk(each, visit, node);
}

export function some(node: Node, test: (node: Node, parent: Node | null) => boolean): boolean {
  let found = false;
  walk(node, (each, parent) => {
    found ||= test(each, parent);
    return !found;
  });
  return found;
}

/** The expression below parentheses and TypeScript's `as`, `satisfies` and `!`. */
export function unwrap(node: Node | null): Node | null {
  let at = node;
  while (at && transparentTypes.has(at.type)) at = child(at, 'expression');
  return at;
}

export function nameOf(node: Node | null | undefined): string | null {
  return node?.type === 'Identifier' && typeof node.name === 'string' ? node.name : null;
}

/** Name of a parameter, also when it has a default. */
export function parameterName(node: Node | undefined): string | null {
  return nameOf(node?.type === 'AssignmentPattern' ? child(node, 'left') : node);
}

export function isMember(node: Node | null): node is Node & { object: Node } {
  return node?.type === 'MemberExpression' || node?.type === 'OptionalMemberExpression';
}

export function isCall(node: Node | null): node is Node & { callee: Node } {
  return node?.type === 'CallExpression' || node?.type === 'OptionalCallExpression';
}

/** Text of a string literal or of a template without expressions. */
export function stringOf(node: Node | null): string | null {
  if (node?.type === 'StringLiteral' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && list(node, 'expressions').length === 0) {
    const value = list(node, 'quasis')[0]?.value as { cooked?: string } | undefined;
    return value?.cooked ?? null;
  }
  return null;
}

/** Name of the property that a member expression or object property names, when it is written out. */
export function propertyName(node: Node): string | null {
  const key = child(node, isMember(node) ? 'property' : 'key');
  return node.computed === true ? stringOf(key) : (nameOf(key) ?? stringOf(key));
}

/** `a.b.c` as `['a', 'b', 'c']`; null when a part is computed or is not a name. */
export function memberPath(node: Node | null): string[] | null {
  if (!node) return null;
  const name = nameOf(node);
  if (name !== null) return [name];
  if (!isMember(node)) return null;
  const object = memberPath(unwrap(child(node, 'object')));
  const property = propertyName(node);
  return object && property !== null ? [...object, property] : null;
}

/** True for an identifier that names a property, a label or a type member, and so refers to no variable. */
function isPlainName(node: Node, parent: Node | null): boolean {
  if (!parent) return false;
  if (isMember(parent)) return parent.property === node && parent.computed !== true;
  if (
    [
      'ObjectProperty',
      'Property',
      'ObjectMethod',
      'ClassMethod',
      'ClassProperty',
      'TSPropertySignature',
      'TSMethodSignature',
      'TSEnumMember',
    ].includes(parent.type)
  )
    return parent.key === node && parent.computed !== true && parent.shorthand !== true;
  return ['LabeledStatement', 'BreakStatement', 'ContinueStatement', 'TSQualifiedName', 'TSNamedTupleMember'].includes(parent.type);
}

/** Identifiers of that name below `scope` that are uses or declarations of a variable. */
export function identifiers(scope: Node, name: string): Node[] {
  const found: Node[] = [];
  walk(scope, (node, parent) => {
    if (nameOf(node) === name && !isPlainName(node, parent)) found.push(node);
  });
  return found;
}

export function lineOf(node: Node | null | undefined): number {
  return node?.loc?.start.line ?? 1;
}

/** Nodes made anew; the one place where our loose nodes meet jscodeshift's builders. */
export function builders(j: JSCodeshift) {
  type Expression = Parameters<JSCodeshift['throwStatement']>[0];
  type Statement = Parameters<JSCodeshift['blockStatement']>[0][number];
  const expression = (node: Node) => node as unknown as Expression;
  const statement = (node: Node) => node as unknown as Statement;
  const made = (node: unknown) => node as Node;
  return {
    identifier: (name: string) => made(j.identifier(name)),
    returns: (value: Node | null) => made(j.returnStatement(value && expression(value))),
    throws: (error: Node) => made(j.throwStatement(expression(error))),
    block: (body: Node[]) => made(j.blockStatement(body.map(statement))),
    awaits: (value: Node) => made(j.awaitExpression(expression(value))),
    call: (callee: Node, args: Node[]) => made(j.callExpression(expression(callee), args.map(expression))),
    member: (object: Node, name: string) => made(j.memberExpression(expression(object), j.identifier(name))),
    assignment: (target: Node, value: Node) =>
      made(
        j.expressionStatement(
          j.assignmentExpression('=', target as unknown as Parameters<JSCodeshift['assignmentExpression']>[1], expression(value)),
        ),
      ),
    statement: (value: Node) => made(j.expressionStatement(expression(value))),
    declaration: (kind: 'const' | 'let', name: string, value: Node | null) =>
      made(j.variableDeclaration(kind, [j.variableDeclarator(j.identifier(name), value && expression(value))])),
    tries: (body: Node[], error: string, handler: Node[]) =>
      made(
        j.tryStatement(
          j.blockStatement(body.map(statement)),
          j.catchClause(j.identifier(error), null, j.blockStatement(handler.map(statement))),
        ),
      ),
    property: (key: string, value: string) => {
      const property = j.objectProperty(j.identifier(key), j.identifier(value));
      property.shorthand = key === value;
      return made(property);
    },
    exportNames: (local: string, exported: string) =>
      made(j.exportNamedDeclaration(null, [j.exportSpecifier.from({ local: j.identifier(local), exported: j.identifier(exported) })])),
  };
}

export type Builders = ReturnType<typeof builders>;
