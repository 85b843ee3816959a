/** The whole event, or context, in a line for the log: the request says the same to whoever reads it. */
import { child, list, memberPath, type Node } from '../../src/analysis/syntax.js';
import { wholeLine } from './edits.js';
import type { Handler } from './handler.js';

/** The statement that does nothing but log the value of a node; null when there is none. */
function logAround({ parents }: Handler, node: Node): { statement: Node; call: Node } | null {
  let at = node;
  for (let parent = parents.get(at); parent; at = parent, parent = parents.get(at)) {
    if (parent.type === 'CallExpression' && isLog(parent)) {
      const statement = parents.get(parent);
      return statement?.type === 'ExpressionStatement' && parent['callee'] !== at ? { statement, call: parent } : null;
    }
    if (!isText(parent, at)) return null;
  }
  return null;
}

/** `'Event: ' + JSON.stringify(event)`, a template, `{ event }`. */
function isText(parent: Node, at: Node): boolean {
  if (parent.type === 'CallExpression')
    return parent['callee'] !== at && memberPath(child(parent, 'callee'))?.join('.') === 'JSON.stringify';
  if (parent.type === 'BinaryExpression') return parent['operator'] === '+';
  return ['TemplateLiteral', 'ObjectExpression'].includes(parent.type) || (parent.type === 'Property' && parent['value'] === at);
}

function isLog(call: Node): boolean {
  const path = memberPath(child(call, 'callee'));
  return path?.length === 2 && path[0] === 'console' && ['log', 'info', 'debug', 'warn', 'error', 'dir'].includes(path[1] ?? '');
}

/** Logs what the request says in place of the event. False when the event does more than be logged. */
export function logRequest(handler: Handler, event: Node): boolean {
  const log = logAround(handler, event);
  if (!log) return false;
  const { request, parents, edits } = handler;
  handler.needs.request = true;
  const code = `{ method: ${request}.method, url: ${request}.url, body: ${request}.body }`;
  const parent = parents.get(event);
  const isShorthand = parent?.type === 'Property' && parent['shorthand'] === true;
  edits.replace(event, isShorthand ? `${request}: ${code}` : code);
  handler.notes.push({ code: 'EVENT_LOG_CHANGED', node: log.statement });
  return true;
}

/** A statement that logs the context and nothing else goes. False when the context does more than that. */
export function dropContextLog(handler: Handler, context: Node): boolean {
  const log = logAround(handler, context);
  const block = log && handler.parents.get(log.statement);
  if (!log || !block || block.type !== 'BlockStatement' || !list(log.call, 'arguments').every((each) => isOnlyContext(each, context)))
    return false;
  handler.edits.remove(wholeLine(handler.module.text, log.statement));
  handler.notes.push({ code: 'EVENT_LOG_CHANGED', node: log.statement });
  return true;
}

/** Nothing of interest beside the context: text that is written out. */
function isOnlyContext(node: Node, context: Node): boolean {
  if (node.start <= context.start && context.end <= node.end) {
    if (node.type === 'BinaryExpression') return ['left', 'right'].every((field) => isOnlyContext(child(node, field) as Node, context));
    return node.type !== 'TemplateLiteral' || list(node, 'expressions').length === 1;
  }
  return node.type === 'Literal';
}
