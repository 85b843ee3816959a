import type { Call, Trace } from '../../src/analysis/concurrency/trace.js';
import { child, list, memberPath, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { wholeLine } from '../http-route-native/edits.js';
import { renameMaker } from './maker.js';
import { isPlainStatement } from './statements.js';

/** Makes a pool of the one connection of a module, where no statement depends on the one before. */
export const dbSingleClient: Mend = {
  meta: {
    id: 'db-single-client',
    description: 'Makes a pool of the one database connection that all requests share (pg, mysql, mysql2)',
    trigger: 'a connection of the module that only runs plain statements, each awaited',
    kind: 'source',
  },
  codes: ['DATABASE_CONNECTION_SHARED'],
  mend({ finding: { at, shared } }, { traces, sharedFiles }) {
    const module = shared?.declared.module;
    if (shared?.kind !== 'variable' || !module?.program || sharedFiles.has(module.file)) return null;
    const calls = callsOn(shared.key, traces);
    const made = calls.find(({ spot }) => spot.node === at.node)?.external?.package ?? '';
    if (!/^(pg|mysql|mysql2|mysql2\/promise)$/.test(made) || !calls.every(isPoolCall)) return null;
    const view = new SourceView(module);
    const binding = view.topLevelVariable(shared.name, shared.declared.node);
    if (!binding) return null;
    const uses = view.usesOf(binding);
    const makers = uses.flatMap(({ node, parent }) =>
      parent.type === 'AssignmentExpression' && child(parent, 'left') === node ? [child(parent, 'right')] : [],
    );
    const maker = [binding.init, ...makers].filter(
      (each) => each !== null && unwrap(each)?.type !== 'Literal' && nameOf(unwrap(each)) !== 'undefined',
    );
    const rest = uses.filter(({ node, parent }) => !(parent.type === 'AssignmentExpression' && child(parent, 'left') === node));
    if (maker.length !== 1 || !rest.every(({ node }) => isUnderstood(view, node))) return null;
    if (!renameMaker(view, maker[0] as Node, made === 'pg' ? 'Pool' : 'createPool', child(binding.node, 'id'))) return null;
    const text = view.result();
    return text === null ? null : new Map([[module.file, text]]);
  },
};

export default standaloneMend(dbSingleClient);

/** All that requests do with it; none when it is handed to something that is not looked into. */
function callsOn(key: string, traces: readonly Trace[]): Call[] {
  const all = traces.flatMap(({ calls }) => calls);
  const isHandedOn = all.some(({ args, target }) => target === null && args.some(({ shared }) => shared?.key === key));
  return isHandedOn ? [] : all.filter(({ receiver }) => receiver?.shared.key === key);
}

/** A call that a pool has too, and that may run on any connection of it. */
function isPoolCall(call: Call): boolean {
  if (/^(on|escape|escapeId|format)$/.test(call.name)) return true;
  if (call.name === 'connect') return call.args.length === 0;
  return /^(query|execute)$/.test(call.name) && (call.use === 'await' || call.use === 'return') && isPlainStatement(call);
}

/** Asked for, or called; where it is opened, that goes: a pool opens its connections itself. */
function isUnderstood(view: SourceView, node: Node): boolean {
  const parent = view.parent(node);
  if (!parent) return false;
  if (/^(UnaryExpression|IfStatement)$/.test(parent.type)) return true;
  const call = parent.type === 'MemberExpression' && child(parent, 'object') === node ? view.parent(parent) : null;
  if (call?.type !== 'CallExpression' || child(call, 'callee') !== parent) return false;
  const name = memberPath(parent)?.at(-1) ?? '';
  if (name === 'connect') return removeOpening(view, call);
  return /^(query|execute|on|escape|escapeId|format)$/.test(name);
}

/** `await client.connect();` among other statements. */
function removeOpening(view: SourceView, call: Node): boolean {
  const awaited = view.parent(call);
  const statement = awaited?.type === 'AwaitExpression' ? view.parent(awaited) : awaited;
  const block = statement && view.parent(statement);
  if (statement?.type !== 'ExpressionStatement' || !block || list(call, 'arguments').length > 0) return false;
  if (!/^(Program|BlockStatement|FunctionBody)$/.test(block.type) || list(block, 'body').length < 2) return false;
  view.edits.remove(wholeLine(view.module.text, statement));
  return true;
}
