/** What kind of value an expression certainly gives, as far as a result's body and headers depend on it. */
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, keyOf, list, memberPath, type Node, nameOf, stringOf } from '../../src/analysis/syntax.js';
import { fieldOf } from './fields.js';
import { type Handler, isReassigned, parameterAt } from './handler.js';
import { withoutTypes } from './places.js';

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
      return weaker(next('consequent'), next('alternate'));
    case 'LogicalExpression':
      return at['operator'] !== '&&' && next('left') !== null ? next('right') : null;
    case 'CallExpression':
      return ofCall(handler, at);
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

function weaker(one: TextKind, other: TextKind): TextKind {
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

function ofCall({ module }: Handler, call: Node): TextKind {
  const path = memberPath(child(call, 'callee'));
  const isGlobal = path !== null && !bindingAt(module, path[0] ?? '', call.start);
  if (isGlobal && path.join('.') === 'JSON.stringify') return isJsonText(list(call, 'arguments')[0]) ? 'text' : 'maybe';
  if (isGlobal && ['String', 'encodeURIComponent', 'encodeURI', 'decodeURIComponent', 'btoa', 'atob'].includes(path.join('.')))
    return 'text';
  const callee = child(call, 'callee');
  const method = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
  if (method === null || !textMethods.has(method)) return null;
  return call['optional'] === true || callee?.['optional'] === true ? 'maybe' : 'text';
}

/** JSON of it is never nothing. */
function isJsonText(node: Node | undefined): boolean {
  const at = withoutTypes(node ?? null);
  return at !== null && (['ObjectExpression', 'ArrayExpression', 'Literal', 'TemplateLiteral'].includes(at.type) || isArithmetic(at));
}

function isArithmetic(node: Node): boolean {
  return node.type === 'BinaryExpression' || (node.type === 'UnaryExpression' && node['operator'] !== 'void');
}

/** `process.env.X`, or a part of the event that is text. */
function ofMember(handler: Handler, node: Node): TextKind {
  const path = memberPath(node);
  if (!path) return null;
  const binding = bindingAt(handler.module, path[0] ?? '', node.start);
  if (!binding) return path.length === 3 && path[0] === 'process' && path[1] === 'env' ? 'maybe' : null;
  const event = parameterAt(handler, 0);
  if (!event || nameOf(event) === null || binding.node !== event) return null;
  const keys = path.slice(1);
  const found = fieldOf(handler, keys);
  if (!found) return null;
  const rest = keys.length - found.count;
  if (found.field.kind === 'value') return rest > 0 ? null : keys.join('.') === 'body' ? 'maybe' : 'text';
  return rest === 1 ? 'maybe' : null;
}

function ofVariable(handler: Handler, node: Node, depth: number): TextKind {
  const name = nameOf(node) as string;
  const binding = bindingAt(handler.module, name, node.start);
  if (binding?.kind !== 'variable' || binding.path.length > 0 || !binding.init) return null;
  return isReassigned(handler, name, binding) ? null : textKind(handler, binding.init, depth + 1);
}

/** The same handler, asked about another module: none of its variables but those of that module are known. */
export function inModule(handler: Handler, module: SourceModule): Handler {
  return module === handler.module ? handler : { ...handler, module, parents: new Map() };
}
