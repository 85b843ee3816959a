/** Passes a state on as a parameter: one function writes it, others of the file, which only it calls, read it. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, type FunctionNode, isFunction, list, type Node, nameOf, walk } from '../../src/analysis/syntax.js';
import { isWritten } from '../http-route-native/handler.js';
import { parameterType } from './declaration.js';
import { declareIn, ownerOf } from './local.js';
import type { State } from './state.js';

export function passAsParameter(state: State): boolean {
  const { view, references, writes } = state;
  const type = parameterType(state);
  if (type === null || view.functionsAround(state.declarator).length > 0) return false;
  const writer = soleOwner(state, [...writes]);
  const readers = new Set<FunctionNode>();
  for (const { node } of references) {
    const fn = view.functionsAround(node).at(-1);
    if (!fn) return false;
    if (fn !== writer) readers.add(fn);
  }
  const calls = writer && readers.size > 0 ? callsOfAll(state, writer, readers) : null;
  if (!writer || !calls || references.some(({ node }) => isInside(node, readers) && isWrittenBelow(state, node))) return false;
  const inWriter = calls.filter((call) => view.functionsAround(call).includes(writer));
  const own = references.filter(({ node }) => view.functionsAround(node).includes(writer));
  const common = view.commonFunction([...own.map(({ node }) => node), ...inWriter]);
  const needs = state.needs.map((uses, index) =>
    index === state.needs.length - 1 ? { ...uses, reads: new Set([...uses.reads, ...inWriter]) } : uses,
  );
  const owner = common && ownerOf(state, common, needs);
  if (!owner || (state.isReassigned && !keepsItsValue(state, inWriter))) return false;
  if (!declareIn(state, owner)) return false;
  for (const fn of readers) addParameter(state, fn, `${state.binding.name}${type}`);
  for (const call of calls) addArgument(state, call);
  return true;
}

function isInside(node: Node, fns: ReadonlySet<FunctionNode>): boolean {
  return [...fns].some((fn) => fn.start <= node.start && node.end <= fn.end);
}

/** A reader that changes what the state holds would need to be proven too. */
function isWrittenBelow({ view }: State, node: Node): boolean {
  let at = node;
  for (let parent = view.parent(at); parent?.type === 'MemberExpression' && child(parent, 'object') === at; parent = view.parent(at))
    at = parent;
  return isWritten(view, at);
}

/** The outermost function that all writes stand in. */
function soleOwner({ view }: State, writes: readonly Node[]): FunctionNode | null {
  const owners = new Set(writes.map((node) => view.functionsAround(node).at(-1)));
  const [owner] = owners;
  return owners.size === 1 && owner ? owner : null;
}

/** All calls of the readers and of the functions between; null when one of them is used in another way. Adds those between to `readers`. */
function callsOfAll(state: State, writer: FunctionNode, readers: Set<FunctionNode>): Node[] | null {
  const calls: Node[] = [];
  for (const fn of readers) {
    const own = callsOf(state, fn);
    if (!own) return null;
    for (const call of own) {
      const around = state.view.functionsAround(call).at(-1);
      if (!around) return null;
      if (around !== writer) readers.add(around);
    }
    calls.push(...own);
  }
  return calls;
}

function callsOf({ view, binding }: State, fn: FunctionNode): Node[] | null {
  const declarator = view.parent(fn);
  const holder = fn.type === 'FunctionDeclaration' ? fn : declarator?.type === 'VariableDeclarator' ? declarator : null;
  const id = child(holder, 'id');
  const name = nameOf(id);
  if (!holder || name === null || child(id, 'typeAnnotation') || view.parent(holder)?.['kind'] === 'let') return null;
  const declaration = fn.type === 'FunctionDeclaration' ? fn : view.parent(holder);
  if (!declaration || view.parent(declaration) !== view.program) return null;
  const parameters = list(fn, 'params');
  if (
    parameters.some(
      ({ type, optional }) => (type !== 'Identifier' && type !== 'ObjectPattern' && type !== 'ArrayPattern') || optional === true,
    )
  )
    return null;
  if (usesArguments(fn) || bindsName(view.module.bindings.get(binding.name) ?? [], fn)) return null;
  const bound = bindingAt(view.module, name, id?.start ?? fn.start);
  const uses = bound ? view.usesOf(bound) : [];
  const calls = uses.map(({ node, parent }) =>
    parent.type === 'CallExpression' && child(parent, 'callee') === node && hasPlainArguments(parent, parameters.length) ? parent : null,
  );
  return uses.length > 0 && calls.every((call) => call !== null) ? (calls as Node[]) : null;
}

function hasPlainArguments(call: Node, count: number): boolean {
  const given = list(call, 'arguments');
  return given.length === count && given.every(({ type }) => type !== 'SpreadElement');
}

function usesArguments(fn: Node): boolean {
  let found = false;
  walk(fn, (node) => {
    if (node !== fn && isFunction(node) && node.type !== 'ArrowFunctionExpression') return false;
    if (nameOf(node) === 'arguments') found = true;
    return !found;
  });
  return found;
}

function bindsName(bindings: readonly { from: number; to: number }[], fn: Node): boolean {
  return bindings.some(({ from, to }) => fn.start <= from && to <= fn.end);
}

/** What a call was given is still the value when it ends: it is waited for, or no write comes later. */
function keepsItsValue({ view, writes }: State, calls: readonly Node[]): boolean {
  const isWaited = calls.every((call) => /^(AwaitExpression|ReturnStatement)$/.test(view.parent(call)?.type ?? ''));
  if (isWaited) return true;
  const last = Math.max(...[...writes].map(({ end }) => end));
  const isLooped = [...writes].some((write) => {
    for (let at = view.parent(write); at && !isFunction(at); at = view.parent(at)) if (/^(For|While|DoWhile)/.test(at.type)) return true;
    return false;
  });
  return !isLooped && calls.every(({ start }) => start >= last);
}

function addParameter({ view }: State, fn: FunctionNode, parameter: string): void {
  const last = list(fn, 'params').at(-1);
  const { text } = view.module;
  if (!last) {
    const from = child(fn, 'id')?.end ?? fn.start;
    const open = text.indexOf('(', from) + 1;
    view.edits.replace({ start: open, end: open }, parameter);
    return;
  }
  const isBare = fn.type === 'ArrowFunctionExpression' && !/\($/.test(text.slice(fn.start, list(fn, 'params')[0]?.start).trimEnd());
  if (isBare) view.edits.replace(last, `(${view.text(last)}, ${parameter})`);
  else view.edits.replace({ start: last.end, end: last.end }, `, ${parameter}`);
}

function addArgument({ view, binding }: State, call: Node): void {
  const last = list(call, 'arguments').at(-1);
  if (last) view.edits.replace({ start: last.end, end: last.end }, `, ${binding.name}`);
  else {
    const close = call.end - 1;
    view.edits.replace({ start: close, end: close }, binding.name);
  }
}
