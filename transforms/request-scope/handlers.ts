/** Runs handlers with a state of their own. */
import type { Spot, Trace } from '../../src/analysis/concurrency/trace.js';
import { child, list, type Node } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import { importNames } from '../../src/mending/imports.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { indentAt } from '../http-route-native/edits.js';
import { exportRunner, runner, storage } from './storage.js';
import type { Views } from './views.js';

/** Runs every handler of these functions with a state of its own. False when one has a form in which that cannot be done. */
export function runAllWithState(traces: readonly Trace[], holder: SourceView, views: Views, values: Values): boolean {
  const roots = new Map(traces.flatMap((trace) => trace.roots.map((root) => [root.node, root] as const)));
  if ([...roots.values()].some(({ module }) => module.file !== holder.module.file) && !exportRunner(holder)) return false;
  return [...roots.values()].every((root) => runWithState(root, views.of(root.module), holder, values));
}

/** `holder` is the module with the storage, and exports what runs handlers of others. */
function runWithState(root: Spot, view: SourceView, holder: SourceView, values: Values): boolean {
  const fn = root.node;
  const body = child(fn, 'body');
  if (!body || fn['generator'] === true) return false;
  const isOwnModule = view === holder;
  const call = isOwnModule ? storage.run : `${runner}(`;
  if (isWrapped(view, body, call)) return true;
  if (!isOwnModule) {
    const specifier = specifierOf(view, holder, values);
    if (specifier === null || !importNames(view, specifier, [runner])) return false;
  }
  return wrap(view, fn, body, call);
}

function isWrapped(view: SourceView, body: Node, call: string): boolean {
  return view
    .text(body)
    .replace(/^\{\s*return\s+/, '')
    .startsWith(call);
}

function wrap(view: SourceView, fn: Node, body: Node, call: string): boolean {
  const arrow = `${call}${fn['async'] === true ? 'async ' : ''}() => `;
  const { text } = view.module;
  const isBlock = view.blockOf(fn) !== null;
  if (fn.type === 'ArrowFunctionExpression') {
    if (!isBlock && /\(\s*$/.test(text.slice(fn.start, body.start))) return false;
    view.edits.replace({ start: body.start, end: body.start }, arrow);
    view.edits.replace({ start: body.end, end: body.end }, ')');
    return true;
  }
  const statements = list(body, 'body');
  const [first] = statements;
  const last = statements.at(-1);
  if (!first || !last || typeof first['directive'] === 'string') return false;
  const before = text.slice(body.start + 1, first.start);
  if (!before.includes('\n')) return false;
  const indent = indentAt(text, first.start);
  const inner = `${indent}${view.unit}`;
  const { lineEnd, semicolon } = view;
  const leading = before.slice(before.indexOf('\n') + 1);
  const start = body.start + 1 + (before.length - leading.length);
  view.edits.replace(
    { start, end: last.end },
    `${indent}return ${arrow}{${lineEnd}${view.unit}`,
    { start, end: last.end, indent: { from: indent, to: inner } },
    `${lineEnd}${indent}})${semicolon}`,
  );
  return true;
}

/** How the handler's file names the other one, in the way in which it names its neighbours. */
export function specifierOf(view: SourceView, holder: SourceView, values: Values): string | null {
  const from = view.module.file.split('/').slice(0, -1);
  const to = holder.module.file.split('/');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  const up = '../'.repeat(from.length - common);
  const path = `${up === '' ? './' : up}${to.slice(common).join('/')}`;
  const bare = path.replace(/(\/index)?\.[cm]?[jt]sx?$/, '');
  const compiled = path.replace(/\.([cm]?)tsx?$/, '.$1js');
  const neighbours = view.module.imports.map(({ specifier }) => specifier).filter((each) => each.startsWith('.'));
  const hasEndings = neighbours.length > 0 ? neighbours.some((each) => /\.[cm]?js$/.test(each)) : view.module.isEsm;
  const candidates = hasEndings ? [compiled, path] : [bare, compiled];
  return (
    neighbours.find((each) => leadsTo(view, holder, values, each)) ?? candidates.find((each) => leadsTo(view, holder, values, each)) ?? null
  );
}

function leadsTo({ module }: SourceView, holder: SourceView, values: Values, specifier: string): boolean {
  const found = values.resolver.resolve(module, specifier);
  return found.kind === 'file' && found.file === holder.module.file;
}
