import type { Call, Trace } from '../../src/analysis/concurrency/trace.js';
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { indentAt, wholeLine } from '../http-route-native/edits.js';
import { closeAtEnd } from './close-at-end.js';

/** Leaves a client of the module open, and closes it when the service ends, after the last request. */
export const clientCloseInHandler: Mend = {
  meta: {
    id: 'client-close-in-handler',
    description: 'Closes clients and pools that all requests share when the service ends, where a request closed them',
    trigger: '`await client.end()` in a request, on a client that no request opens anew',
    kind: 'source',
  },
  codes: ['CLIENT_CLOSED_IN_REQUEST'],
  mend({ finding: { at }, trace }, { traces }) {
    const call = trace.calls.find(({ spot }) => spot.node === at.node);
    if (!call?.receiver || !at.module.program || isOpenedAgain(call, trace) || call.fn['async'] !== true) return null;
    const view = new SourceView(at.module);
    const owner = removed(view, at.node) ? closeAtEnd(view, call, traces) : null;
    if (!owner) return null;
    const edited = [...new Set([view, owner])].flatMap((each): [string, string][] => {
      const text = each.result();
      return text === null ? [] : [[each.module.file, text]];
    });
    return new Map(edited);
  },
};

export default standaloneMend(clientCloseInHandler);

/** Opening a client of these that is open does nothing: https://mongoosejs.com/docs/connections.html and the manuals of the others. */
const opensOnce = /^(mongoose|mongodb|@prisma\/client)$/;
const opens = /^(connect|open|reconnect|createConnection|initialize|init|\$connect|start)$/;

/** Requests open it themselves, or forget it once it is closed: left open, it would be opened twice, or be lost. */
function isOpenedAgain({ receiver, external }: Call, { calls, writes }: Trace): boolean {
  const key = receiver?.shared.key;
  if (writes.some(({ shared, how, literal }) => shared.key === key && how === 'assign' && (literal === 'null' || literal === 'undefined')))
    return true;
  const name = external?.package ?? receiver?.shared.key.replace(/^library /, '').replace(/\..*$/, '') ?? '';
  if (opensOnce.test(name)) return false;
  return calls.some((other) => other.receiver?.shared.key === key && opens.test(other.name));
}

/** Takes the statement away, with what stands around it for its sake. False when its result is used. */
function removed(view: SourceView, call: Node): boolean {
  const awaited = view.parent(call);
  const statement = awaited?.type === 'AwaitExpression' ? view.parent(awaited) : awaited;
  return statement?.type === 'ExpressionStatement' && withSurroundings(view, statement);
}

/** An `if (client)` or a `finally` with nothing else in it goes too. */
function withSurroundings(view: SourceView, statement: Node): boolean {
  const block = view.parent(statement);
  if (block?.type === 'IfStatement') return onlyAsks(block) && withSurroundings(view, block);
  if (list(block, 'body').length > 1) return removeStatement(view, statement);
  const outer = block && view.parent(block);
  if (outer?.type === 'IfStatement') return onlyAsks(outer) && withSurroundings(view, outer);
  return block !== null && outer?.type === 'TryStatement' && child(outer, 'finalizer') === block && removeFinally(view, outer, block);
}

function removeStatement(view: SourceView, statement: Node): boolean {
  if (!/^(BlockStatement|FunctionBody)$/.test(view.parent(statement)?.type ?? '')) return false;
  view.edits.remove(wholeLine(view.module.text, statement));
  return true;
}

/** `if (client)`, and nothing else. */
function onlyAsks(statement: Node): boolean {
  return nameOf(child(statement, 'test')) !== null && child(statement, 'alternate') === null;
}

function removeFinally(view: SourceView, statement: Node, finalizer: Node): boolean {
  const handler = child(statement, 'handler');
  const block = child(statement, 'block') as Node;
  if (handler) {
    view.edits.remove({ start: handler.end, end: finalizer.end });
    return true;
  }
  const [first] = list(block, 'body');
  const last = list(block, 'body').at(-1);
  if (!first || !last || hidesNames(view, statement, block)) return false;
  const from = indentAt(view.module.text, first.start);
  view.edits.replace(statement, { start: first.start, end: last.end, indent: { from, to: indentAt(view.module.text, statement.start) } });
  return true;
}

/** Declarations of the block that would meet others of the same name outside. */
function hidesNames(view: SourceView, statement: Node, block: Node): boolean {
  const around = view.parent(statement);
  return [...view.module.bindings.values()].some((bindings) => {
    const inside = bindings.some(({ from, to }) => from === block.start && to === block.end);
    return inside && bindings.some(({ from, to }) => around !== null && from <= around.start && around.end <= to + 1);
  });
}
