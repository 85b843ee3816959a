/** Calls: of the project's own functions, whose code is walked, and of everything else, which is recorded for the rules. */
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, unwrap } from '../syntax.js';
import { isClass } from '../values.js';
import { addedMember } from './added-members.js';
import { collectionOf } from './collections.js';
import { visitObject } from './expressions.js';
import { externalPath, requiredFile } from './external.js';
import { type Instance, type Known, madeFrom, madeName, nothing } from './known.js';
import { callsAtOnce, empties, fills, isFreshCall, isTelling, keepsContext, looksUp, mutates } from './known-calls.js';
import { scopeCall } from './scopes.js';
import type { Call, Spot, Use } from './trace.js';
import type { Walker } from './walker.js';

export function callExpression(walker: Walker, node: Node, use: Use): Known {
  const required = requiredFile(walker, node);
  if (required) return required;
  const callee = unwrap(child(node, 'callee')) as Node;
  const path = memberPath(callee);
  const name = path?.at(-1) ?? (callee.type === 'MemberExpression' ? (keyOf(callee) ?? '') : '');
  const receiver = callee.type === 'MemberExpression' ? visitReceiver(walker, callee, name) : nothing;
  if (callee.type !== 'MemberExpression' && nameOf(callee) === null && !isFunction(callee)) walker.visit(callee);
  const isLog = isTelling(path, name);
  const given = list(node, 'arguments');
  const visitGiven = () => given.map((each) => walker.visit(each));
  // Keys alone are read to count entries and to choose some that go.
  const mode = isLog ? 'log' : path?.join('.') === 'Object.keys' ? 'test' : null;
  const args = mode === null ? visitGiven() : walker.within(mode, visitGiven);
  const scope = scopeCall(walker, node, { name, receiver, args, given });
  if (scope) return scope;
  const target = targetOf(walker, callee, receiver, name);
  record(walker, node, { path, name, isNew: false, receiver, args, given, target: target?.fn ?? null, use });
  mutation(walker, node, receiver, name, args, given);
  const bound = target?.isGiven ? args.slice(1) : args;
  if (target) return called(walker, target, bound, use);
  const table = functionsOfTable(walker, callee, receiver);
  if (table.length > 0) return walker.branches(...table.map((fn) => () => called(walker, { fn, self: null }, args, use)));
  const fresh = isFreshCall(path, name);
  if (fresh) return { ...nothing, sources: new Set([fresh]) };
  return unknownCall(walker, node, name, receiver, args);
}

/** The object of a method call: one entry is looked up, or the whole of it is used. */
function visitReceiver(walker: Walker, callee: Node, name: string): Known {
  const object = child(callee, 'object') as Node;
  const known = visitObject(walker, object);
  if (callee['computed'] === true) walker.visit(child(callee, 'property'));
  if (!known.shared || known.shared.of.kind === 'library' || known.instance) return known;
  const kind = collectionOf(walker, known.shared);
  if (kind !== null && /^(push|unshift|set|add|clear)$/.test(name)) return known;
  const use = kind !== null && looksUp.test(name) ? 'keyed' : kind !== null && /^(splice|shift|pop)$/.test(name) ? 'drain' : 'whole';
  const read = walker.read(known.shared.of, known.shared.path, object, use);
  return { ...known, sources: madeFrom([known, read]).sources, reads: read.reads };
}

interface Target {
  fn: Spot;
  self: Instance | null;
  /** Through `call` or `apply`, whose first argument is `this`. */
  isGiven?: boolean;
  /** Taken for its name. */
  isGuess?: boolean;
}

/** The project's own function behind a callee. */
function targetOf(walker: Walker, callee: Node, receiver: Known, name: string): Target | null {
  const module = walker.frame?.module;
  if (!module) return null;
  if (isFunction(callee)) return { fn: { module, node: callee }, self: walker.frame?.self ?? null };
  if (callee.type === 'MemberExpression') {
    const given = /^(call|apply)$/.test(name) ? direct(walker, child(callee, 'object')) : null;
    if (given) return { ...given, isGiven: true };
    const method = receiver.instance && walker.classes.method(receiver.instance, name);
    if (method) return { fn: method.fn, self: receiver.instance };
    if (receiver.instance) return fieldFunction(receiver.instance, name);
    const added = receiver.shared?.path.length === 0 ? addedMember(receiver.shared.of, name, 'method') : null;
    if (added) return { fn: added, self: null };
  }
  const found = direct(walker, callee);
  if (found) return found;
  return callee.type === 'MemberExpression' && receiver.shared?.of.kind !== 'library' ? byName(walker, name, callee) : null;
}

/** `this.run = async () => …` and arrow functions in fields. */
function fieldFunction(instance: Instance, name: string): Target | null {
  const member = list(child(instance.of.node, 'body'), 'body').find((each) => keyOf(each) === name);
  const value = unwrap(child(member, 'value'));
  return isFunction(value) ? { fn: { module: instance.of.module, node: value }, self: instance } : null;
}

function direct(walker: Walker, callee: Node | null): Target | null {
  const at = unwrap(callee);
  const known = localOf(walker, at);
  if (known?.fn) return { fn: known.fn, self: walker.frame?.self ?? null };
  const value = walker.valueOf(at);
  if (value.kind !== 'node' || !isFunction(value.node)) return null;
  return { fn: { module: value.module, node: value.node }, self: null };
}

/** An object whose class is not known: the methods of that name that there are. */
function byName(walker: Walker, name: string, callee: Node): Target | null {
  const [method] = memberPath(callee)?.[0] === 'console' ? [] : walker.classes.named(name);
  if (!method) return null;
  return {
    fn: method.fn,
    self: { of: method.of, isShared: walker.classes.isLongLived(method.of), isClass: method.isStatic },
    isGuess: true,
  };
}

/** `handlers[event.action](event)`: any of the functions of the object may be called. */
function functionsOfTable(walker: Walker, callee: Node, receiver: Known): Spot[] {
  const isComputed = callee.type === 'MemberExpression' && keyOf(callee) === null;
  const shared = isComputed ? receiver.shared : (localOf(walker, callee)?.shared ?? null);
  const initial = shared?.of.initial ?? null;
  const table = unwrap(initial?.node ?? null);
  if (!shared || !initial || table?.type !== 'ObjectExpression' || shared.path.some((step) => step !== '*')) return [];
  return list(table, 'properties').flatMap((property) => {
    const value = walker.values.of(initial.module, child(property, 'value'));
    return value.kind === 'node' && isFunction(value.node) ? [{ module: value.module, node: value.node }] : [];
  });
}

function localOf(walker: Walker, node: Node | null): Known | undefined {
  const name = nameOf(node);
  const meaning = node && name !== null ? walker.meaning(name, node.start) : null;
  return meaning?.kind === 'local' ? walker.locals.get(meaning.binding) : undefined;
}

/** An async function that is not awaited goes on later; the caller goes on at its first wait. */
export function called(walker: Walker, { fn, self, isGuess = false }: Target, args: readonly Known[], use: Use): Known {
  const before = walker.segments.copy(walker.flow);
  const result = walker.call(fn, args, self);
  if (fn.node['async'] === true && use !== 'await' && walker.flow.segment !== before.segment) walker.flow = before;
  if (isGuess) walker.flow.assigned = before.assigned;
  return result;
}

/** Functions given to others run at once in array methods, and at some time elsewhere. */
function unknownCall(walker: Walker, node: Node, name: string, receiver: Known, args: readonly Known[]): Known {
  const all = madeFrom([receiver, ...args]);
  const item: Known =
    receiver.is !== null
      ? { ...nothing, sources: new Set([`${receiver.is}.*`]), is: `${receiver.is}.*` }
      : { ...madeFrom([all]), shared: null };
  const results: Known[] = [];
  for (const { fn } of args) {
    if (!fn) continue;
    const self = walker.frame?.self ?? null;
    if (callsAtOnce.test(name)) results.push(inPlace(walker, fn, item, self));
    else walker.postpone(fn, [item, item, item], fn.node.type === 'ArrowFunctionExpression' ? self : null, !keepsContext.test(name));
  }
  const made = madeFrom([all, ...results]);
  if (made.sources.size === 0) return { ...made, shared: null };
  if (isIdentity(node)) return { ...(args[0] ?? made), fn: null, instance: null };
  const token = madeName(node, walker.frame?.module.file ?? '');
  walker.trace.origins.set(token, new Set([...(walker.trace.origins.get(token) ?? []), ...made.sources]));
  return { ...nothing, sources: new Set([token]), is: token, reads: made.reads };
}

/** What parses, copies or converts a value keeps its parts. */
function isIdentity(node: Node): boolean {
  const path = memberPath(child(node, 'callee'))?.join('.') ?? '';
  return /^(JSON\.(parse|stringify)|String|Number|parseInt|parseFloat|Boolean|structuredClone|decodeURIComponent|encodeURIComponent|Object\.(assign|freeze)|Array\.from)$/.test(
    path,
  );
}

function inPlace(walker: Walker, fn: Spot, item: Known, self: Instance | null): Known {
  const before = walker.segments.copy(walker.flow);
  if (walker.frame) walker.frame.loops++;
  const result = walker.call(fn, [item, item, item], self);
  if (walker.frame) walker.frame.loops--;
  if (walker.flow.segment !== before.segment) walker.flow = { ...walker.flow, segment: before.segment, guards: before.guards };
  walker.flow.assigned = before.assigned;
  return result;
}

interface Recorded {
  path: readonly string[] | null;
  name: string;
  isNew: boolean;
  receiver: Known;
  args: readonly Known[];
  given: readonly Node[];
  target: Spot | null;
  use: Use;
}

function record(walker: Walker, node: Node, { path, name, isNew, receiver, args, given, target, use }: Recorded): void {
  const { frame, trace, flow } = walker;
  if (!frame) return;
  trace.calls.push({
    spot: { module: frame.module, node },
    fn: frame.fn,
    order: walker.nextOrder(),
    segment: flow.segment,
    external: target ? null : externalPath(walker, node),
    path,
    name,
    isNew,
    receiver: ofOthers(receiver),
    receiverSources: receiver.sources,
    args: given.map((each, index) => ({
      node: each,
      sources: args[index]?.sources ?? new Set(),
      shared: ofOthers(args[index])?.shared ?? null,
    })),
    target,
    use,
    guards: flow.guards,
    isCaught: frame.caught > 0,
    inLoop: frame.loops > 0,
    isLoose: walker.isLoose,
  });
}

/** State that other requests see; what an AsyncLocalStorage holds is the request's own. */
function ofOthers(known: Known | undefined): Call['receiver'] {
  const shared = known?.shared;
  return shared && shared.of.kind !== 'request' ? { shared: shared.of, path: shared.path } : null;
}

/** `list.push(x)`, `map.set(key, x)`, `Object.assign(state, x)`. */
function mutation(walker: Walker, node: Node, receiver: Known, name: string, args: readonly Known[], given: readonly Node[]): void {
  const path = memberPath(child(node, 'callee'))?.join('.');
  const [first] = args;
  if (path === 'Object.assign' && first?.shared) {
    const of = walker.states;
    const shared = first.shared.of.kind === 'environment' ? of.environment(walker.frame?.module as never, node) : first.shared.of;
    if (shared.kind !== 'library')
      walker.write({ of: shared, path: [...first.shared.path, '*'] }, node, 'assign', madeFrom(args.slice(1)), { value: given[1] ?? null });
    return;
  }
  if (!receiver.shared || receiver.instance || !mutates.test(name)) return;
  if (receiver.shared.of.kind === 'request') {
    walker.write(receiver.shared, node, 'fill', madeFrom(args));
    return;
  }
  const kind = collectionOf(walker, receiver.shared);
  if (kind === null || kind === 'weak') return;
  const place = receiver.shared;
  const isFill = fills.test(name) && (name !== 'splice' || args.length > 2);
  if (!isFill && !empties.test(name)) return;
  const keyed = name === 'set' ? (args[0] ?? null) : null;
  const value = name === 'set' ? (args[1] ?? nothing) : madeFrom(name === 'splice' ? args.slice(2) : args);
  walker.write(place, node, isFill ? 'fill' : name === 'clear' ? 'empty' : 'take', value, {
    key: keyed?.sources ?? (name === 'add' ? value.sources : null),
    value: given.at(-1) ?? null,
  });
}

export function newExpression(walker: Walker, node: Node, use: Use): Known {
  const callee = unwrap(child(node, 'callee')) as Node;
  const given = list(node, 'arguments');
  const args = given.map((each) => walker.visit(each));
  const path = memberPath(callee);
  const name = path?.at(-1) ?? '';
  const of = walker.frame ? walker.classes.classOf(walker.frame.module, callee) : null;
  record(walker, node, { path, name, isNew: true, receiver: nothing, args, given, target: of, use });
  if (of && isClass(of.node)) return made(walker, of, args);
  for (const { fn } of args)
    if (fn) (name === 'Promise' ? walker.call : walker.postpone).call(walker, fn, [nothing, nothing], walker.frame?.self ?? null);
  if (name === 'Date' && args.length === 0) return { ...nothing, sources: new Set(['~now']) };
  const all = madeFrom(args);
  return { ...all, shared: null };
}

function made(walker: Walker, of: Spot, args: readonly Known[]): Known {
  const maker = walker.classes.constructorOf(of);
  if (maker) walker.call(maker, args, { of, isShared: false });
  return { ...madeFrom(args), instance: { of, isShared: false } };
}

export function taggedTemplate(walker: Walker, node: Node): Known {
  const tag = walker.visit(child(node, 'tag'));
  return madeFrom([tag, ...list(child(node, 'quasi'), 'expressions').map((each) => walker.visit(each))]);
}
