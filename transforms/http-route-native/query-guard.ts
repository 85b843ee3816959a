/**
 * A query that the handler reads without a test: on Lambda it failed there for a request without one. A statement in front of the
 * first such read fails the same way, where nobody sees with what error.
 */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, isFunction, type Node, nameOf, walk } from '../../src/analysis/syntax.js';
import { indentAt } from './edits.js';
import { stepsFrom } from './event-uses.js';
import { type Handler, usesOf } from './handler.js';
import { isLogged } from './held.js';

/** Sees to it that the code around a read is not reached without a query. False when that would not be the same. */
export function requireQuery(handler: Handler, read: Node): boolean {
  if (isRequired(handler, read)) return true;
  const statement = statementAround(handler, read);
  if (!statement || actsBefore(statement, read) || !failsUnseen(handler, statement)) return false;
  const { module, edits, quote, request, queryGuards, notes } = handler;
  const end = /;[ \t]*\r?$/m.test(module.text) ? ';' : '';
  const indent = indentAt(module.text, statement.start);
  const guard = `if (Object.keys(${request}.query).length === 0) throw new Error(${quote}The request has no query${quote})${end}\n${indent}`;
  handler.needs.request = true;
  edits.replace({ start: statement.start, end: statement.start }, guard);
  queryGuards.push(statement);
  notes.push({ code: 'QUERY_STILL_REQUIRED', node: statement });
  return true;
}

/** A statement in the same block, or in one around it, has seen to it. */
function isRequired({ parents, queryGuards, node: fn }: Handler, read: Node): boolean {
  let at = read;
  for (let parent = parents.get(at); parent && at !== fn; at = parent, parent = parents.get(at)) {
    const isAfter = queryGuards.some((guard) => parents.get(guard) === parent && guard.start <= at.start);
    if (isAfter) return true;
    // It may be called before the statement above it.
    if (at.type === 'FunctionDeclaration') return false;
  }
  return false;
}

/** The statement of the handler's own that reads it whenever it runs, in a block. */
function statementAround({ parents, node: fn }: Handler, read: Node): Node | null {
  let at = read;
  for (let parent = parents.get(at); parent && at !== fn; at = parent, parent = parents.get(at)) {
    if (['ExpressionStatement', 'VariableDeclaration', 'ReturnStatement', 'IfStatement'].includes(at.type))
      return parent.type === 'BlockStatement' || parent.type === 'FunctionBody' ? at : null;
    const isConditional =
      (parent.type === 'LogicalExpression' && parent['right'] === at) ||
      (['ConditionalExpression', 'IfStatement'].includes(parent.type) && parent['test'] !== at) ||
      (parent.type === 'AssignmentExpression' && ['&&=', '||=', '??='].includes(String(parent['operator']))) ||
      parent.type === 'ChainExpression' ||
      parent.type === 'AssignmentPattern';
    if (isConditional || isFunction(at) || at.type.startsWith('Class')) return null;
  }
  return null;
}

const acting = new Set([
  'CallExpression',
  'NewExpression',
  'AwaitExpression',
  'YieldExpression',
  'AssignmentExpression',
  'UpdateExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
]);

/** Something that others may see happens in the statement before the read does. */
function actsBefore(statement: Node, read: Node): boolean {
  let acts = false;
  walk(statement, (node) => {
    if (isFunction(node)) return false;
    acts ||= acting.has(node.type) && node.end <= read.start;
    return !acts;
  });
  return acts;
}

/** What is thrown there ends in the front's own answer, or in code that only logs it. */
function failsUnseen(handler: Handler, statement: Node): boolean {
  const { parents, node: fn } = handler;
  let at = statement;
  for (let parent = parents.get(at); parent && at !== fn; at = parent, parent = parents.get(at)) {
    // What another function throws is seen by whoever calls it.
    if (isFunction(at)) return false;
    const caught = parent.type === 'TryStatement' && parent['block'] === at ? child(parent, 'handler') : null;
    if (caught && !isOnlyLogged(handler, caught)) return false;
  }
  return handler.call === null || failsUnseenFrom(handler.call, fn);
}

/** What a helper throws ends where what its caller throws does, unless somebody handles its promise. */
function failsUnseenFrom({ caller, node: call }: NonNullable<Handler['call']>, helper: Node): boolean {
  const parent = caller.parents.get(call);
  const isPlain = helper['async'] !== true || parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement';
  return isPlain && failsUnseen(caller, call);
}

function isOnlyLogged(handler: Handler, caught: Node): boolean {
  const parameter = child(caught, 'param');
  if (!parameter) return true;
  const name = nameOf(parameter);
  const binding = name === null ? undefined : bindingAt(handler.module, name, (child(caught, 'body') as Node).start + 1);
  if (name === null || binding?.node !== caught) return false;
  return usesOf(handler, name, binding).every(({ node }) => isLogged(handler, stepsFrom(handler, node).at(-1)?.top ?? node));
}
