/** Handlers that answer by a call, of the callback or of the context: what they answer with, and that they do so once. */
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, parametersOf } from '../../src/analysis/syntax.js';
import { checkAnswers } from './answer-flow.js';
import { textOf } from './event-uses.js';
import { isGuarded } from './guarded.js';
import { type Handler, isReassigned, parameterAt, usesOf } from './handler.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';

/** A call that ends the invocation. */
export interface Completion {
  call: Node;
  /** The name in it that is the callback or the context. */
  reference: Node;
  /** What is sent; null: the call says that the function failed. */
  result: Node | null;
  /** What it failed with. */
  error: Node | null;
  /** The call hands the callback on to this function of the project, which answers. */
  helper?: { module: SourceModule; node: Node };
}

/** The completions of a handler that answers by calls; null when it answers by its return value. */
export function completionsOf(handler: Handler): Completion[] | null {
  const found = [...callbackCalls(handler), ...contextCalls(handler)];
  if (found.length === 0) return null;
  if (handler.takesPlainValues) throw new Refused('it answers by a callback, which its runtime does not have', found[0]?.call ?? null);
  const functions = new Map<Node, Node>();
  for (const { call } of found) for (const fn of functionsAround(handler, call)) functions.set(fn, fn);
  const calls = new Set(found.map(({ call }) => call));
  const handedOn = new Map<Node, Node>();
  for (const fn of functions.keys()) followName(handler, fn, { calls, handedOn, functions });
  const nested = [...functions.keys()][0];
  if (handler.node['async'] === true && nested) throw new Refused('it is async and answers from another function', nested);
  checkAnswers(handler.node, { calls, functions: new Set(functions.keys()), handedOn });
  return found;
}

function callbackCalls(handler: Handler): Completion[] {
  const parameter = parameterAt(handler, handler.callbackAt);
  if (!parameter) return [];
  const name = nameOf(parameter);
  const binding = name === null ? undefined : bindingAt(handler.module, name, parameter.start);
  if (name === null || !binding) throw new Refused('its callback is no plain name', parameter);
  return usesOf(handler, name, binding).map(({ node, parent }) => {
    const helper = list(parent, 'arguments').includes(node) ? helperOf(handler, parent) : null;
    if (helper) return { call: parent, reference: node, result: null, error: null, helper };
    if (parent.type !== 'CallExpression' || parent['callee'] !== node)
      throw new Refused(`the callback is used in \`${textOf(handler, parent)}\``, node);
    return nodeStyle(handler, parent, node);
  });
}

/** The function of the project that a call gives the callback to. */
function helperOf({ values, module, node }: Handler, call: Node): { module: SourceModule; node: Node } | null {
  const path = memberPath(child(call, 'callee'));
  if (call.type !== 'CallExpression' || !path || path.length > 2 || path[0] === 'this') return null;
  const value = values.of(module, child(call, 'callee'));
  if (value.kind !== 'node' || !isFunction(value.node) || value.node === node || value.node['async'] === true) return null;
  return { module: value.module, node: value.node };
}

function contextCalls(handler: Handler): Completion[] {
  const parameter = parameterAt(handler, handler.contextAt);
  const name = nameOf(parameter ?? null);
  const binding = parameter && name !== null ? bindingAt(handler.module, name, parameter.start) : undefined;
  if (name === null || !binding) return [];
  return usesOf(handler, name, binding).flatMap(({ node, parent }): Completion[] => {
    const call = handler.parents.get(parent);
    const method = parent.type === 'MemberExpression' && parent['object'] === node ? keyOf(parent) : null;
    if (call?.type !== 'CallExpression' || call['callee'] !== parent) return [];
    const [first = null] = list(call, 'arguments');
    if (method === 'succeed') return [{ call, reference: node, result: present(handler, first, call), error: null }];
    if (method === 'fail') return [{ call, reference: node, result: null, error: first ?? call }];
    return method === 'done' ? [nodeStyle(handler, call, node)] : [];
  });
}

/** `(error, result)`. */
function nodeStyle(handler: Handler, call: Node, reference: Node): Completion {
  const [error, result = null] = list(call, 'arguments');
  if (!error || isNothing(error)) return { call, reference, result: present(handler, result, call), error: null };
  if (error.type === 'SpreadElement' || !isCertain(handler, error))
    throw new Refused(`whether \`${textOf(handler, call)}\` is a failure is not clear`, call);
  return { call, reference, result: null, error };
}

function present(handler: Handler, result: Node | null, call: Node): Node {
  if (!result || isNothing(result)) throw new Refused(`\`${textOf(handler, call)}\` answers with nothing`, call);
  return result;
}

function isNothing(node: Node): boolean {
  const at = withoutTypes(node);
  return nameOf(at) === 'undefined' || (at?.type === 'Literal' && at['raw'] === 'null');
}

/** It is neither null nor undefined, so that Lambda took it for a failure. */
function isCertain(handler: Handler, error: Node): boolean {
  const at = withoutTypes(error);
  if (at?.type === 'NewExpression' || at?.type === 'TemplateLiteral' || at?.type === 'ObjectExpression') return true;
  if (at?.type === 'Literal') return true;
  const name = nameOf(at);
  if (!at || name === null) return false;
  const binding = bindingAt(handler.module, name, at.start);
  if (binding?.node.type === 'CatchClause' || (binding && isReason(handler, binding.node))) return true;
  const isSame = (node: Node) => nameOf(node) === name && bindingAt(handler.module, name, node.start) === binding;
  return binding !== undefined && !isReassigned(handler, name, binding) && isGuarded(handler, at, isSame);
}

/** The parameter of a function that gets the reason of a promise's rejection. */
function isReason({ parents }: Handler, parameter: Node): boolean {
  const fn = parents.get(parameter);
  const call = fn && parents.get(fn);
  const method = keyOf(child(call, 'callee'));
  if (!fn || parametersOf(fn)[0] !== parameter || call?.type !== 'CallExpression') return false;
  const index = list(call, 'arguments').indexOf(fn);
  return (method === 'catch' && index === 0) || (method === 'then' && index === 1);
}

function functionsAround({ parents, node: handler }: Handler, node: Node): Node[] {
  const found: Node[] = [];
  for (let at = parents.get(node); at && at !== handler; at = parents.get(at)) if (isFunction(at)) found.push(at);
  return found;
}

/** A function that answers and has a name: calls of it answer, and so does other code that is given it. */
function followName(
  handler: Handler,
  fn: Node,
  { calls, handedOn, functions }: { calls: Set<Node>; handedOn: Map<Node, Node>; functions: Map<Node, Node> },
): void {
  const parent = handler.parents.get(fn);
  const id = fn.type === 'FunctionDeclaration' ? child(fn, 'id') : parent?.type === 'VariableDeclarator' ? child(parent, 'id') : null;
  const name = nameOf(id);
  if (!id || name === null) return;
  const binding = bindingAt(handler.module, name, id.end);
  if (!binding || isReassigned(handler, name, binding)) throw new Refused(`\`${name}\` answers, and is given other values too`, id);
  for (const { node, parent: use } of usesOf(handler, name, binding)) {
    if (use.type === 'CallExpression' && use['callee'] === node) calls.add(use);
    else if (use.type === 'CallExpression') handedOn.set(node, fn);
    else throw new Refused(`\`${name}\` answers, and is used in \`${textOf(handler, use)}\``, node);
    for (const outer of functionsAround(handler, use)) functions.set(outer, outer);
  }
}

/** How a failure is told to Fastify: an error that is sent is answered by the error handler, as the front answered a failed function. */
export function failureCode(handler: Handler, error: Node): { before: string; after: string } {
  const at = withoutTypes(error);
  if (at?.type === 'NewExpression' && /Error$/.test(memberPath(child(at, 'callee'))?.at(-1) ?? '')) return { before: '', after: '' };
  if (at?.type === 'Literal' || at?.type === 'TemplateLiteral') return { before: 'new Error(', after: ')' };
  const isScript = handler.module.language === 'typescript';
  if (at?.type !== 'Identifier' || isScript) return { before: 'new Error(String(', after: '))' };
  return { before: `new Error(${handler.quote}The request failed${handler.quote}, { cause: `, after: ' })' };
}
