/** How a handler function answers: through its third parameter, through the context, or with an HTTP result. */

import type { FunctionSite } from './shape.js';
import { bindingAt, type SourceModule } from './source-module.js';
import {
  child,
  children,
  isFunction,
  keyOf,
  list,
  memberPath,
  type Node,
  nameOf,
  parametersOf,
  patternOf,
  returnedBy,
  unwrap,
  walk,
} from './syntax.js';
import type { Values } from './values.js';

/** True when the third parameter is called or passed on, however it is named or reached. */
export function usesCallback({ module, node }: FunctionSite): boolean {
  const third = parametersOf(node)[2];
  const rest = parametersOf(node).findIndex(({ type }) => type === 'RestElement');
  if (third && third.type !== 'RestElement') return referencesOf(module, node, patternOf(third)).length > 0;
  if (rest !== -1 && rest <= 2) return usesRest(module, node, rest);
  return usesArgumentsObject(node);
}

/** `(...args) => inner(...args)` passes everything on; `args[2]` picks the callback. */
function usesRest(module: SourceModule, fn: Node, index: number): boolean {
  const name = child(parametersOf(fn)[index], 'argument');
  if (name?.type === 'ArrayPattern') {
    const third = list(name, 'elements')[2 - index];
    return third !== undefined && referencesOf(module, fn, patternOf(third)).length > 0;
  }
  return referencesOf(module, fn, name).some(({ parent }) => {
    if (parent?.type === 'SpreadElement') return true;
    const key = parent?.type === 'MemberExpression' ? keyOf(parent) : null;
    return key === null || key === String(2 - index) || !/^\d+$/.test(key) ? key !== 'length' : false;
  });
}

/** `arguments[2]`, or `arguments` handed on as a whole; arrows have none of their own. */
function usesArgumentsObject(fn: Node): boolean {
  if (fn.type === 'ArrowFunctionExpression') return false;
  let used = false;
  const body = child(fn, 'body');
  if (body)
    walk(body, (node, parent) => {
      if (isFunction(node) && node.type !== 'ArrowFunctionExpression') return false;
      if (nameOf(node) === 'arguments') {
        const key = parent?.type === 'MemberExpression' ? keyOf(parent) : null;
        if (key === null || key === '2') used = true;
      }
      return !used;
    });
  return used;
}

/** `context.done`, `.succeed` and `.fail`; `index` is the position of the context parameter. */
export function usesContextDone({ module, node }: FunctionSite, index = 1): boolean {
  const pattern = patternOf(parametersOf(node)[index]);
  if (pattern?.type === 'ObjectPattern') return list(pattern, 'properties').some((each) => completions.has(keyOf(each) ?? ''));
  return referencesOf(module, node, pattern).some(
    ({ parent }) => parent?.type === 'MemberExpression' && completions.has(keyOf(parent) ?? ''),
  );
}

const completions = new Set(['done', 'succeed', 'fail']);

/** It answers through its second parameter, as Fastify's route handlers do: `reply.code(…)`, also in a function that is given the reply. */
export function answersThroughReply(values: Values, site: FunctionSite): boolean {
  return parametersOf(site.node).length === 2 && repliesThrough(values, site, 1, 0);
}

function repliesThrough(values: Values, { module, node }: FunctionSite, index: number, depth: number): boolean {
  return referencesOf(module, node, patternOf(parametersOf(node)[index])).some(({ node: reply, parent }) => {
    if (parent?.type === 'MemberExpression') return keyOf(parent) === 'code';
    if (parent?.type !== 'CallExpression' || depth > 4) return false;
    const at = list(parent, 'arguments').indexOf(reply);
    const called = at < 0 ? undefined : values.of(module, child(parent, 'callee'));
    return called?.kind === 'node' && isFunction(called.node) && repliesThrough(values, called, at, depth + 1);
  });
}

interface Reference {
  node: Node;
  parent: Node | null;
}

/** Uses of a parameter or variable inside a function; a name bound again further in means something else. */
export function referencesOf(module: SourceModule, fn: Node, pattern: Node | null): Reference[] {
  const name = nameOf(pattern);
  const body = child(fn, 'body');
  if (name === null || !body) return [];
  const own = bindingAt(module, name, pattern?.start ?? body.start);
  const found: Reference[] = [];
  const visit = (node: Node, parent: Node | null): void => {
    const isKey =
      (parent?.type === 'MemberExpression' && parent['property'] === node && parent['computed'] !== true) ||
      (parent?.type === 'Property' &&
        parent['key'] === node &&
        parent['value'] !== node &&
        parent['computed'] !== true &&
        parent['shorthand'] !== true);
    if (nameOf(node) === name && !isKey && bindingAt(module, name, node.start) === own && !isDeclaration(node, parent))
      found.push({ node, parent });
    for (const each of children(node)) visit(each, node);
  };
  visit(body, fn);
  return found;
}

function isDeclaration(node: Node, parent: Node | null): boolean {
  return parent?.type === 'VariableDeclarator' && parent['id'] === node;
}

/** Answers `{ statusCode … }` by returning it, calling back or succeeding with it, also through a helper of the project. */
export function returnsHttpResult(values: Values, { module, node }: FunctionSite): boolean {
  const answers = [...returnedBy(node), ...calledBackWith(node)];
  return answers.some((each) => isHttpResult(values, module, each, 0));
}

/** Arguments of calls that could be callbacks: `callback(null, response)`, `context.succeed(response)`, `done(null, response)`. */
function calledBackWith(fn: Node): Node[] {
  const found: Node[] = [];
  walk(fn, (node) => {
    const callee = node.type === 'CallExpression' ? memberPath(child(node, 'callee'))?.at(-1) : undefined;
    if (callee !== undefined && /^(_?callback|cb|_?done|succeed|resolve)$/i.test(callee)) found.push(...list(node, 'arguments'));
  });
  return found;
}

function isHttpResult(values: Values, module: SourceModule, node: Node | null, depth: number): boolean {
  if (depth > 4) return false;
  const at = unwrap(node);
  if (at?.type === 'ConditionalExpression')
    return ['consequent', 'alternate'].some((field) => isHttpResult(values, module, child(at, field), depth + 1));
  if (at?.type === 'CallExpression' && isPromiseResult(at))
    return list(at, 'arguments').some((each) => isHttpResult(values, module, each, depth + 1));
  const value = values.of(module, at);
  if (value.kind !== 'node') return false;
  if (value.node.type === 'ObjectExpression')
    return list(value.node, 'properties').some((each) => keyOf(each) === 'statusCode' || isSpreadResult(values, value.module, each, depth));
  if (value.node.type === 'NewExpression') return ofClass(values, value.module, value.node);
  if (value.node.type !== 'CallExpression') return false;
  const callee = values.of(value.module, child(value.node, 'callee'));
  if (callee.kind !== 'node' || !isFunction(callee.node)) return false;
  return returnedBy(callee.node).some((each) => isHttpResult(values, callee.module, each, depth + 1));
}

function isSpreadResult(values: Values, module: SourceModule, property: Node, depth: number): boolean {
  return property.type === 'SpreadElement' && isHttpResult(values, module, child(property, 'argument'), depth + 1);
}

function isPromiseResult(call: Node): boolean {
  return memberPath(child(call, 'callee'))?.join('.') === 'Promise.resolve';
}

/** `new HttpResponse(200, …)` of a project's class that sets `this.statusCode`. */
function ofClass(values: Values, module: SourceModule, node: Node): boolean {
  const made = values.of(module, child(node, 'callee'));
  return made.kind === 'node' && /\bstatusCode\b/.test(made.module.text.slice(made.node.start, made.node.end));
}
