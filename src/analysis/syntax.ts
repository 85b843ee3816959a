/** Small questions about syntax trees of oxc (ESTree with TypeScript nodes, parentheses left out). */
import { visitorKeys } from 'oxc-parser';

/** A node as the walks below need it; fields are looked at by name. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

export interface FunctionNode extends Node {
  params: unknown[];
}

const functionTypes = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration']);
const transparentTypes = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
  'ChainExpression',
  'AwaitExpression',
]);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return node != null && functionTypes.has(node.type);
}

/** A field that holds a node, or null. */
export function child(node: Node | null | undefined, field: string): Node | null {
  const value = node?.[field];
  return isNode(value) ? value : null;
}

/** A field that holds a list of nodes; holes are left out. */
export function list(node: Node | null | undefined, field: string): Node[] {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The nodes directly below, in the order of the source. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const field of visitorKeys[node.type] ?? []) {
    const value = node[field];
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

/** Visits a node and all below it, parents first; `visit` returns false to leave out what is below. */
export function walk(node: Node, visit: (node: Node, parent: Node | null) => unknown, parent: Node | null = null): void {
  if (visit(node, parent) === false) return;
  for (const each of children(node)) walk(each, visit, node);
}

/** The identifier stands for a value: it is no key, property, label or type. */
export function isReference(node: Node, parent: Node | null): boolean {
  if (node.type !== 'Identifier' || !parent) return false;
  if (parent.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true;
  if (/^(?:Property|MethodDefinition|PropertyDefinition)$/.test(parent.type))
    return parent['value'] === node || parent['computed'] === true;
  return !/^TS|Specifier$|^(?:Labeled|Break|Continue)Statement$/.test(parent.type);
}

/** The expression below `as`, `satisfies`, `!`, `?.` chains and `await`; the last of a sequence. */
export function unwrap(node: Node | null | undefined): Node | null {
  let at = node ?? null;
  while (at) {
    if (transparentTypes.has(at.type)) at = child(at, 'expression') ?? child(at, 'argument');
    else if (at.type === 'SequenceExpression') at = list(at, 'expressions').at(-1) ?? null;
    else return at;
  }
  return null;
}

export function nameOf(node: Node | null | undefined): string | null {
  return node?.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : null;
}

/** Text of a string literal or of a template without expressions. */
export function stringOf(node: Node | null | undefined): string | null {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node?.type !== 'TemplateLiteral' || list(node, 'expressions').length > 0) return null;
  const { value } = (list(node, 'quasis')[0] ?? {}) as { value?: { cooked?: unknown } };
  return typeof value?.cooked === 'string' ? value.cooked : null;
}

/** Key of a property, method or member access; null when it is computed. */
export function keyOf(node: Node | null | undefined): string | null {
  const key = child(node, node?.type === 'MemberExpression' ? 'property' : 'key');
  if (node?.['computed'] === true) return stringOf(key) ?? numberKey(key);
  return nameOf(key) ?? stringOf(key) ?? numberKey(key) ?? (key?.type === 'PrivateIdentifier' ? `#${String(key['name'])}` : null);
}

function numberKey(node: Node | null): string | null {
  return node?.type === 'Literal' && typeof node['value'] === 'number' ? String(node['value']) : null;
}

/** `a.b['c']` → `['a', 'b', 'c']`; null for anything with a call or a computed key in it. `this` counts as a name. */
export function memberPath(node: Node | null | undefined): string[] | null {
  const at = unwrap(node);
  if (at?.type === 'ThisExpression') return ['this'];
  const name = nameOf(at);
  if (name !== null) return [name];
  if (at?.type !== 'MemberExpression') return null;
  const key = keyOf(at);
  const object = key === null ? null : memberPath(child(at, 'object'));
  return object && key !== null ? [...object, key] : null;
}

/** Module of `require('x')`, also of `require('x')` behind an import helper of a compiler; null for anything else. */
export function requiredModule(node: Node | null | undefined): string | null {
  const call = unwrap(node);
  if (call?.type === 'ImportExpression') return stringOf(child(call, 'source'));
  if (call?.type !== 'CallExpression') return null;
  const [first] = list(call, 'arguments');
  const callee = memberPath(child(call, 'callee'))?.at(-1);
  if (callee === 'require') return stringOf(first);
  return callee !== undefined && /^_*(import(Default|Star)|interopRequire(Default|Wildcard)|toESM)$/.test(callee)
    ? requiredModule(first)
    : null;
}

/** What a function returns: an arrow's expression, or the arguments of its own return statements. */
export function returnedBy(fn: Node): Node[] {
  const body = child(fn, 'body');
  if (body && body.type !== 'BlockStatement' && body.type !== 'FunctionBody') return [body];
  const found: Node[] = [];
  if (body)
    walk(body, (node) => {
      if (isFunction(node) || node.type === 'ClassBody') return false;
      const argument = node.type === 'ReturnStatement' ? child(node, 'argument') : null;
      if (argument) found.push(argument);
      return true;
    });
  return found;
}

/** Parameters of a function, as ESTree lists them. */
export function parametersOf(fn: Node): Node[] {
  return list(fn, 'params').map((each) => (each.type === 'TSParameterProperty' ? (child(each, 'parameter') ?? each) : each));
}

/** The pattern of a parameter without its default. */
export function patternOf(parameter: Node | null | undefined): Node | null {
  return parameter?.type === 'AssignmentPattern' ? child(parameter, 'left') : (parameter ?? null);
}
