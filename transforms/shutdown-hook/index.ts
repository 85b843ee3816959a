import { bindingAt } from '../../src/analysis/source-module.js';
import { child, type FunctionNode, isFunction, list, memberPath, type Node, nameOf, unwrap, walk } from '../../src/analysis/syntax.js';
import { atShutdown, declareAtShutdown } from '../../src/mending/at-shutdown.js';
import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { wholeLine } from '../http-route-native/edits.js';

/** Lets code that acts on the end of the process do so after the last request. */
export const shutdownHook: Mend = {
  meta: {
    id: 'shutdown-hook',
    description: 'Lets code that acts on the end of the process (closes clients, sends what is left) do so after the last request',
    trigger: "`process.on('SIGTERM', …)`, `process.on('beforeExit', …)` at the top of a module",
    kind: 'source',
  },
  codes: ['SIGNAL_HANDLED_IN_CODE', 'BEFORE_EXIT_NOT_CALLED'],
  mend({ finding: { at } }, { sharedFiles }) {
    if (!at.module.program || sharedFiles.has(at.module.file)) return null;
    const view = new SourceView(at.module);
    const text = hooked(view, at.node) ? view.result() : null;
    return text === null ? null : new Map([[at.module.file, text]]);
  },
};

export default standaloneMend(shutdownHook);

const registers = new RegExp(`^(process\\.\\w+|${atShutdown})$`);

function hooked(view: SourceView, call: Node): boolean {
  const statement = view.parent(call);
  const [, listener, ...rest] = list(call, 'arguments');
  if (statement?.type !== 'ExpressionStatement' || view.parent(statement) !== view.program || !listener || rest.length > 0) return false;
  const fn = listenerOf(view, listener);
  if (!fn || list(fn, 'params').length > 0 || fn['generator'] === true) return false;
  const exits = exitsIn(fn);
  if (!exits.every((exit) => isAtEnd(view, fn, exit))) return false;
  const body = child(fn, 'body');
  const isAll = body === exits[0] || (exits.length === 1 && list(view.blockOf(fn), 'body').length === 1);
  if (isAll) {
    return fn === unwrap(listener) && removeStatement(view, statement);
  }
  // The same function, for another signal.
  if (nameOf(listener) !== null && view.module.text.includes(`${atShutdown}(${nameOf(listener)})`)) return removeStatement(view, statement);
  if (!declareAtShutdown(view)) return false;
  for (const exit of exits) view.edits.remove(wholeLine(view.module.text, view.parent(exit) as Node));
  view.edits.replace({ start: call.start, end: listener.start }, `${atShutdown}(`);
  return true;
}

/** With its line, and the blank one that would stand alone. */
function removeStatement(view: SourceView, statement: Node): true {
  const { text } = view.module;
  const line = wholeLine(text, statement);
  const isAlone = line.start === 0 || /(^|\n)[ \t]*\r?\n$/.test(text.slice(0, line.start));
  const blank = isAlone ? (/^[ \t]*\r?\n/.exec(text.slice(line.end))?.[0].length ?? 0) : 0;
  view.edits.remove({ start: line.start, end: line.end + blank });
  return true;
}

/** The function, written there or declared at the top of the module for nothing else. */
function listenerOf(view: SourceView, listener: Node): FunctionNode | null {
  const at = unwrap(listener);
  if (isFunction(at)) return at;
  const name = nameOf(at);
  const binding = at && name !== null ? bindingAt(view.module, name, at.start) : undefined;
  const declared = binding?.kind === 'function' ? binding.node : unwrap(binding?.init ?? null);
  if (!binding || !isFunction(declared) || view.functionsAround(declared).length > 0) return null;
  const isListenerOnly = view.usesOf(binding).every(({ parent }) => registers.test(memberPath(child(parent, 'callee'))?.join('.') ?? ''));
  return isListenerOnly ? declared : null;
}

function exitsIn(fn: Node): Node[] {
  const found: Node[] = [];
  walk(fn, (node) => {
    if (/^process\.(exit|reallyExit|abort|kill)$/.test(memberPath(child(node, 'callee'))?.join('.') ?? '')) found.push(node);
  });
  return found;
}

/** `process.exit(0)`, and nothing after it: the service ends then anyway. */
function isAtEnd(view: SourceView, fn: Node, exit: Node): boolean {
  const [code, ...rest] = list(exit, 'arguments');
  const isGood = memberPath(child(exit, 'callee'))?.at(-1) === 'exit' && rest.length === 0 && (!code || code['value'] === 0);
  if (!isGood) return false;
  if (child(fn, 'body') === exit) return true;
  const statement = view.parent(exit);
  return statement?.type === 'ExpressionStatement' && list(view.blockOf(fn), 'body').at(-1) === statement;
}
