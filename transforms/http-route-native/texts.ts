/** What kind of value an expression certainly gives, as far as a result's body and headers depend on it. */
import { type Binding, bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import {
  child,
  isFunction,
  keyOf,
  list,
  memberPath,
  type Node,
  nameOf,
  patternOf,
  returnedBy,
  stringOf,
} from '../../src/analysis/syntax.js';
import { mayEndWithoutValue } from './completes.js';
import { fieldOf } from './fields.js';
import { argumentOf, eventParameter, type Handler, isReassigned, parentsOf } from './handler.js';
import { withoutTypes } from './places.js';
import { isError, valuesAt } from './variables.js';

/** `text`: a string. `maybe`: a string, or nothing. */
export type TextKind = 'text' | 'maybe' | null;

const maximumDepth = 12;

export function textKind(handler: Handler, node: Node | null, depth = 0): TextKind {
  const at = withoutTypes(node);
  if (!at || depth > maximumDepth) return null;
  if (stringOf(at) !== null || at.type === 'TemplateLiteral') return 'text';
  if (nameOf(at) === 'undefined') return 'maybe';
  const next = (field: string) => textKind(handler, child(at, field), depth + 1);
  switch (at.type) {
    case 'BinaryExpression':
      return at['operator'] === '+' && (next('left') === 'text' || next('right') === 'text') ? 'text' : null;
    case 'ConditionalExpression':
      if (isObjectTest(handler, at)) return next('consequent');
      return weaker(...(['consequent', 'alternate'] as const).map((field) => (isTextBranch(at, field) ? 'text' : next(field))));
    case 'LogicalExpression':
      return at['operator'] !== '&&' && next('left') !== null ? next('right') : null;
    case 'CallExpression':
      return ofCall(handler, at) ?? ofFunction(handler, at, depth);
    case 'AwaitExpression':
      return ofAwaited(child(at, 'argument'));
    case 'ChainExpression':
      return next('expression') === null ? null : 'maybe';
    case 'MemberExpression':
      return ofMember(handler, at);
    case 'Identifier':
      return ofVariable(handler, at, depth);
    default:
      return null;
  }
}

function weaker(one: TextKind = null, other: TextKind = null): TextKind {
  if (one === null || other === null) return null;
  return one === 'maybe' || other === 'maybe' ? 'maybe' : 'text';
}

/** Methods that give a string, whatever they are called on. */
const textMethods = new Set([
  'toString',
  'toISOString',
  'toJSON',
  'toFixed',
  'toUpperCase',
  'toLowerCase',
  'toLocaleString',
  'toUTCString',
  'trim',
  'join',
]);

function ofCall(handler: Handler, call: Node): TextKind {
  const { module } = handler;
  const path = memberPath(child(call, 'callee'));
  const isGlobal = path !== null && !bindingAt(module, path[0] ?? '', call.start);
  if (isStringify(module, call)) return isJsonText(handler, list(call, 'arguments')[0]) ? 'text' : 'maybe';
  if (isGlobal && ['String', 'encodeURIComponent', 'encodeURI', 'decodeURIComponent', 'btoa', 'atob'].includes(path.join('.')))
    return 'text';
  if (isDecoded(call)) return 'text';
  const callee = child(call, 'callee');
  const method = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
  if (method === null || !textMethods.has(method)) return null;
  return call['optional'] === true || callee?.['optional'] === true ? 'maybe' : 'text';
}

/** `await response.text()`. */
function ofAwaited(node: Node | null): TextKind {
  const call = withoutTypes(node);
  return call?.type === 'CallExpression' && keyOf(child(call, 'callee')) === 'text' && list(call, 'arguments').length === 0 ? 'text' : null;
}

/** `new TextDecoder().decode(…)`, `readFileSync(file, 'utf8')`. */
function isDecoded(call: Node): boolean {
  const callee = child(call, 'callee');
  const object = withoutTypes(child(callee, 'object'));
  const name = keyOf(callee) ?? nameOf(callee);
  if (name === 'decode') return object?.type === 'NewExpression' && nameOf(child(object, 'callee')) === 'TextDecoder';
  const [, encoding] = list(call, 'arguments');
  return name === 'readFileSync' && /^(?:utf-?8|ascii|latin1|base64|hex)$/i.test(stringOf(encoding) ?? '');
}

/** `JSON.stringify(…)`, or `stringify(…)` after `const { stringify } = JSON`. */
export function isStringify(module: SourceModule, call: Node | null): boolean {
  const path = call?.type === 'CallExpression' ? memberPath(child(call, 'callee')) : null;
  const binding = path && call ? bindingAt(module, path[0] ?? '', call.start) : undefined;
  if (!path || !call) return false;
  if (!binding) return path.join('.') === 'JSON.stringify';
  return path.length === 1 && binding.kind === 'variable' && binding.path.join('.') === 'stringify' && isGlobalJson(module, binding);
}

function isGlobalJson(module: SourceModule, { init, name }: Binding): boolean {
  return nameOf(init) === 'JSON' && init !== null && !bindingAt(module, 'JSON', init.start) && !module.assignments.has(name);
}

/** JSON of it is never nothing. */
function isJsonText(handler: Handler, node: Node | undefined): boolean {
  const at = withoutTypes(node ?? null);
  const given = at?.type === 'Identifier' ? givenFor(handler, at) : null;
  if (given) return isJsonText(given.handler, given.node);
  return at !== null && (['ObjectExpression', 'ArrayExpression', 'Literal', 'TemplateLiteral'].includes(at.type) || isArithmetic(at));
}

/** What an identifier stands for: an argument of the call that is looked into. */
export function givenFor(handler: Handler, identifier: Node): { handler: Handler; node: Node } | null {
  const binding = bindingAt(handler.module, nameOf(identifier) ?? '', identifier.start);
  return binding && !isReassigned(handler, binding.name, binding) ? argumentOf(handler, binding) : null;
}

function isArithmetic(node: Node): boolean {
  return node.type === 'BinaryExpression' || (node.type === 'UnaryExpression' && node['operator'] !== 'void');
}

/** `process.env.X`, or a part of the event that is text. */
function ofMember(handler: Handler, node: Node): TextKind {
  const path = memberPath(node);
  if (!path) return null;
  // The message of an error is a text; nothing is thrown that is none but has one.
  if (
    path.length === 2 &&
    ['message', 'name', 'stack'].includes(path[1] ?? '') &&
    isError(handler, withoutTypes(child(node, 'object')) as Node)
  )
    return 'maybe';
  const binding = bindingAt(handler.module, path[0] ?? '', node.start);
  if (!binding) return path.length === 3 && path[0] === 'process' && path[1] === 'env' ? 'maybe' : null;
  const event = eventParameter(handler);
  if (handler.call || !event || nameOf(event) === null || binding.node !== event) return null;
  const keys = path.slice(1);
  const found = fieldOf(handler, keys);
  if (!found) return null;
  const rest = keys.length - found.count;
  if (handler.parsesBody && keys[0] === 'body') return null;
  if (found.field.kind === 'value') return rest > 0 || !found.field.isText ? null : found.field.always ? 'text' : 'maybe';
  return rest === 1 ? 'maybe' : null;
}

function ofVariable(handler: Handler, node: Node, depth: number): TextKind {
  const name = nameOf(node) as string;
  const binding = bindingAt(handler.module, name, node.start);
  const given = givenFor(handler, node);
  if (given) return textKind(given.handler, given.node, depth + 1);
  if (binding && isTyped(binding, 'TSStringKeyword')) return 'text';
  if (binding?.kind === 'import') return ofConstant(handler, node);
  if (binding?.kind !== 'variable') return null;
  if (binding.path.length > 0) return isReassigned(handler, name, binding) ? null : ofConstant(handler, node);
  const values = valuesAt(handler, node);
  if (!values) return null;
  return values.map((each) => (each ? textKind(handler, each, depth + 1) : 'maybe')).reduce(weaker);
}

/** A text of another module. */
function ofConstant({ values, module }: Handler, node: Node): TextKind {
  const value = values.of(module, node);
  return value.kind === 'node' && (stringOf(value.node) !== null || value.node.type === 'TemplateLiteral') ? 'text' : null;
}

/** What a function of the project gives: all of its results are texts, or it says so. */
function ofFunction(handler: Handler, call: Node, depth: number): TextKind {
  const value = handler.values.of(handler.module, child(call, 'callee'));
  if (value.kind !== 'node' || !isFunction(value.node) || !value.module.program || value.node['generator'] === true) return null;
  const { node, module } = value;
  if (list(call, 'arguments').some(({ type }) => type === 'SpreadElement') || node['async'] === true) return null;
  if (child(child(node, 'returnType'), 'typeAnnotation')?.type === 'TSStringKeyword') return 'text';
  if (mayEndWithoutValue(node)) return null;
  const parents = module === handler.module ? handler.parents : parentsOf(module.program as Node);
  const inside: Handler = { ...handler, module, node, parents, call: { caller: handler, node: call, arguments: list(call, 'arguments') } };
  return returnedBy(node)
    .map((each) => textKind(inside, each, depth + 1))
    .reduce(weaker);
}

/** Its declaration says `: string`. */
function isTyped({ kind, node, path }: Binding, type: string): boolean {
  if (path.length > 0 || (kind !== 'parameter' && kind !== 'variable')) return false;
  const pattern = kind === 'variable' ? child(node, 'id') : patternOf(node);
  return child(child(pattern, 'typeAnnotation'), 'typeAnnotation')?.type === type && pattern?.['optional'] !== true;
}

/** `typeof body === 'object' ? … : …` of an argument that is written out as an object. */
function isObjectTest(handler: Handler, conditional: Node): boolean {
  const test = child(conditional, 'test');
  const operand = child(test, 'left');
  if (test?.type !== 'BinaryExpression' || !['===', '=='].includes(String(test['operator']))) return false;
  if (stringOf(child(test, 'right')) !== 'object' || operand?.type !== 'UnaryExpression' || operand['operator'] !== 'typeof') return false;
  const name = child(operand, 'argument');
  const given = name?.type === 'Identifier' ? givenFor(handler, name) : null;
  const value = withoutTypes(given?.node ?? null);
  return value?.type === 'ObjectExpression' || value?.type === 'ArrayExpression';
}

/** `typeof data === 'string' ? data : …`, and the other way round. */
function isTextBranch(conditional: Node, field: 'consequent' | 'alternate'): boolean {
  const test = child(conditional, 'test');
  const operand = child(test, 'left');
  const operators = field === 'consequent' ? ['===', '=='] : ['!==', '!='];
  if (test?.type !== 'BinaryExpression' || !operators.includes(String(test['operator']))) return false;
  if (stringOf(child(test, 'right')) !== 'string' || operand?.type !== 'UnaryExpression' || operand['operator'] !== 'typeof') return false;
  const name = nameOf(child(operand, 'argument'));
  return name !== null && nameOf(withoutTypes(child(conditional, field))) === name;
}

/** The same handler, asked about another module: none of its variables but those of that module are known. */
export function inModule(handler: Handler, module: SourceModule): Handler {
  return module === handler.module ? handler : { ...handler, module, parents: new Map() };
}
