/** The whole event in what is written out: the answer, or a message. The request has it under a name of its own. */
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { Handler } from './handler.js';
import { isStringify } from './texts.js';
import { ownerOf } from './variables.js';

/** Has the event come from the request. False when code gets it that does more than to write it. */
export function writeWhole(handler: Handler, event: Node): boolean {
  const { request, parents, edits } = handler;
  // What a middleware has put into the event would not be in it.
  if (handler.routes.some(({ isFilled, lowersHeaders }) => isFilled || lowersHeaders) || !isWritten(handler, event)) return false;
  handler.needs.request = true;
  handler.needs.event = true;
  const parent = parents.get(event);
  const isShorthand = parent?.type === 'Property' && parent['shorthand'] === true;
  edits.replace(event, isShorthand ? `${nameOf(event)}: ` : '', `${request}.event`);
  handler.notes.push({ code: 'EVENT_IN_ANSWER', node: event });
  return true;
}

/** It becomes JSON, as a whole or in an object, or is in the object that is the result or that the result is made of. */
function isWritten(handler: Handler, event: Node): boolean {
  const { parents, module, node: fn } = handler;
  let at = event;
  for (let parent = parents.get(at); parent; at = parent, parent = parents.get(at)) {
    const isResult = (node: Node | undefined) =>
      handler.call === null && (node === fn || (node?.type === 'ReturnStatement' && ownerOf(handler, node) === fn));
    if (parent.type === 'CallExpression' && parent['callee'] !== at)
      return isStringify(module, parent) ? list(parent, 'arguments')[0] === at : at !== event && isResult(parents.get(parent));
    if (isResult(parent)) return at !== event;
    const isPart =
      ['ObjectExpression', 'ArrayExpression', 'SpreadElement'].includes(parent.type) ||
      (parent.type === 'Property' && child(parent, 'value') === at) ||
      parent.type.startsWith('TS');
    if (!isPart) return false;
  }
  return false;
}
