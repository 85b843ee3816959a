/** Reads of what the events of the routes' front never have: code written for several fronts, and for warm-up plugins. */
import { child, type Node, stringOf } from '../../src/analysis/syntax.js';
import { wholeLine } from './edits.js';
import type { Step } from './event-uses.js';
import { absentIn, fieldOf } from './fields.js';
import type { Handler } from './handler.js';

/** Takes a read that gives nothing out of what it stands in. False when that is not possible, or it may give something. */
export function dropAbsent(handler: Handler, start: Node, keys: readonly string[], steps: readonly Step[]): boolean {
  const count = absentIn(handler, keys);
  const skipped = keys.length - steps.length;
  const step = steps[count - skipped - 1];
  if (count === 0 || !step) return false;
  const next = steps[count - skipped];
  const top = (steps.at(-1) as Step).top;
  if (dropRight(handler, top)) return true;
  // Without `?.` it would fail there.
  if (next && next.node['optional'] !== true) return false;
  return dropLeft(handler, start, top) || dropBranch(handler, top);
}

/** `event.httpMethod || event.requestContext.http.method`, where the first is never empty. */
function dropRight(handler: Handler, top: Node): boolean {
  const parent = handler.parents.get(top);
  if (parent?.type !== 'LogicalExpression' || parent['operator'] === '&&' || parent['right'] !== top) return false;
  const left = child(parent, 'left') as Node;
  if (!isNeverEmpty(handler, left)) return false;
  handler.edits.remove({ start: left.end, end: top.end });
  return true;
}

/** `event.rawPath || event.path`, where the first gives nothing. */
function dropLeft({ parents, module, edits }: Handler, start: Node, top: Node): boolean {
  const parent = parents.get(top);
  if (parent?.type !== 'LogicalExpression' || parent['operator'] === '&&' || parent['left'] !== top) return false;
  const operator = /^\s*(?:\|\||\?\?)\s*/.exec(module.text.slice(top.end, (child(parent, 'right') as Node).start));
  if (operator) edits.remove({ start: start.start, end: top.end + operator[0].length });
  return operator !== null;
}

/** A field of the event that every request has. */
function isNeverEmpty({ routes, module }: Pick<Handler, 'routes' | 'module'>, node: Node): boolean {
  const text = module.text.slice(node.start, node.end);
  if (!/^\w+(?:\??\.\w+)+$/.test(text)) return false;
  const keys = text.split(/\??\./).slice(1);
  const found = fieldOf({ routes }, keys);
  return found?.count === keys.length && found.field.kind === 'value' && found.field.always === true;
}

/** `if (event.source === 'warm-up') return …` never holds. */
function dropBranch({ parents, module, edits }: Handler, top: Node): boolean {
  const parent = parents.get(top);
  const isCompared =
    parent?.type === 'BinaryExpression' &&
    (parent['operator'] === '===' || parent['operator'] === '==') &&
    parent['left'] === top &&
    stringOf(child(parent, 'right')) !== null;
  const test = isCompared ? parent : top;
  const branch = parents.get(test);
  const block = branch && parents.get(branch);
  if (branch?.type === 'ConditionalExpression' && branch['test'] === test) {
    edits.remove({ start: branch.start, end: (child(branch, 'alternate') as Node).start });
    return true;
  }
  const isStatement = block?.type === 'BlockStatement' || block?.type === 'FunctionBody';
  if (branch?.type !== 'IfStatement' || branch['test'] !== test || child(branch, 'alternate') || !isStatement) return false;
  edits.remove(wholeLine(module.text, branch));
  return true;
}
