/** What expressions stand for, and what they read and write on the way. */
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, unwrap } from '../syntax.js';
import { assignment, target, update } from './assignments.js';
import { callExpression, newExpression, taggedTemplate } from './calls.js';
import { requiredFile } from './external.js';
import { eitherOf, functionValue, type Known, madeFrom, nothing } from './known.js';
import { keyOfState, type Use } from './trace.js';
import type { Walker } from './walker.js';

type Visit = (walker: Walker, node: Node, use: Use) => Known;

function identifier(walker: Walker, node: Node): Known {
  const name = nameOf(node) as string;
  if (name === 'undefined') return nothing;
  const meaning = walker.meaning(name, node.start);
  if (meaning.kind === 'local') {
    const known = walker.locals.get(meaning.binding) ?? nothing;
    if (meaning.binding.kind === 'function' && walker.frame)
      return functionValue({ module: walker.frame.module, node: meaning.binding.node });
    return known;
  }
  if (meaning.kind === 'module') return { ...nothing, module: meaning.module };
  if (meaning.kind === 'unknown') return nothing;
  const { initial, kind } = meaning.shared;
  if (kind !== 'library') {
    const fn = initial && isFunction(unwrap(initial.node)) ? { module: initial.module, node: unwrap(initial.node) as Node } : null;
    const known = walker.read(meaning.shared, meaning.path, node, 'whole');
    return { ...known, fn, instance: known.instance ?? instanceOf(walker, node) };
  }
  return walker.sharedKnown(meaning);
}

/** The class of an object that a name of long life stands for. */
function instanceOf(walker: Walker, node: Node): Known['instance'] {
  const value = walker.valueOf(node);
  if (value.kind !== 'node' || !walker.frame) return null;
  if (value.node.type === 'NewExpression') {
    const of = walker.classes.classOf(value.module, child(value.node, 'callee'));
    return of && { of, isShared: true };
  }
  const of = /^Class/.test(value.node.type) ? { module: value.module, node: value.node } : null;
  return of && { of, isShared: true, isClass: true };
}

function member(walker: Walker, node: Node): Known {
  const path = memberPath(node);
  if (path?.[0] === 'process' && path[1] === 'env') {
    const shared = walker.states.environment(walker.frame?.module as never, node);
    return path.length === 2 ? { ...nothing, shared: { of: shared, path: [] } } : walker.read(shared, path.slice(2), node, 'whole');
  }
  const object = child(node, 'object') as Node;
  const key = keyOf(node);
  const of = visitObject(walker, object);
  const computed = node['computed'] === true ? walker.visit(child(node, 'property')) : nothing;
  if (of.module) return key === 'exports' && nameOf(object) === 'module' ? of : exported(walker, of, key, node);
  const known = withStatics(walker.property(of, key), of, key, walker);
  if (!known.shared || known.shared.of.kind === 'library') {
    const made = madeFrom([known, computed]);
    return { ...known, sources: made.sources, reads: made.reads };
  }
  const use = key === 'length' || key === 'size' ? 'size' : node['computed'] === true && key === null ? 'keyed' : 'whole';
  const read = walker.read(known.shared.of, known.shared.path, node, use);
  const all = madeFrom([read, of, computed]);
  return { ...read, sources: all.sources, reads: all.reads, instance: known.instance ?? read.instance, fn: null };
}

/** `Foo.instance`: static fields are state of the class. */
export function withStatics(known: Known, of: Known, key: string | null, walker: Walker): Known {
  if (!of.instance?.isClass || key === null) return known;
  return { ...known, shared: { of: walker.states.statics(of.instance.of), path: [key] } };
}

/** The object of a member access is not read as a whole. */
export function visitObject(walker: Walker, node: Node): Known {
  const name = nameOf(node);
  if (node.type === 'ThisExpression') return thisValue(walker);
  if (node.type === 'MemberExpression') {
    const path = memberPath(node);
    if (path?.[0] === 'process' && path[1] === 'env') return member(walker, node);
    const key = keyOf(node);
    const of = visitObject(walker, child(node, 'object') as Node);
    if (node['computed'] === true) walker.visit(child(node, 'property'));
    if (of.module) return key === 'exports' && nameOf(child(node, 'object')) === 'module' ? of : walker.property(of, key);
    const known = withStatics(walker.property(of, key), of, key, walker);
    return stored(walker, known.shared ? { ...known, reads: withRead(walker, known) } : known);
  }
  if (name === null) return walker.visit(node);
  const meaning = walker.meaning(name, node.start);
  if (meaning.kind === 'shared') {
    if (meaning.shared.kind === 'library') return walker.sharedKnown(meaning);
    const known = walker.sharedKnown(meaning);
    return stored(walker, { ...known, reads: withRead(walker, known), instance: instanceOf(walker, node) });
  }
  return identifier(walker, node);
}

function withRead(walker: Walker, known: Known): Known['reads'] {
  if (!known.shared || known.shared.of.kind === 'library') return known.reads;
  const key = keyOfState(known.shared.of, known.shared.path);
  return new Map([...known.reads, [key, walker.flow.segment]]);
}

/** What this request has put into the state before. */
function stored(walker: Walker, known: Known): Known {
  if (!known.shared) return known;
  const put = walker.stored.get(keyOfState(known.shared.of, known.shared.path));
  return put ? { ...known, sources: madeFrom([known, put]).sources, instance: known.instance ?? put.instance } : known;
}

function exported(walker: Walker, of: Known, key: string | null, node: Node): Known {
  const known = walker.property(of, key);
  if (!known.shared || known.shared.of.kind === 'library') return known;
  const read = walker.read(known.shared.of, known.shared.path, node, 'whole');
  const { initial } = known.shared.of;
  const fn = initial && isFunction(unwrap(initial.node)) && known.shared.path.length === 0 ? initial : null;
  return { ...read, fn: fn && { module: fn.module, node: unwrap(fn.node) as Node } };
}

function thisValue(walker: Walker): Known {
  const self = walker.frame?.self ?? null;
  if (!self) return nothing;
  if (self.isClass) return { ...nothing, instance: self };
  return { ...nothing, instance: self };
}

function unary(walker: Walker, node: Node): Known {
  const argument = child(node, 'argument') as Node;
  if (node['operator'] === 'delete' && argument.type === 'MemberExpression') {
    const { known } = target(walker, argument);
    if (known.shared) {
      const path = keyOf(argument) === null ? known.shared.path.slice(0, -1) : known.shared.path;
      walker.write({ of: known.shared.of, path }, node, keyOf(argument) === null ? 'take' : 'assign', nothing, { literal: 'undefined' });
    }
    return nothing;
  }
  if (node['operator'] === 'void') {
    walker.visit(argument, 'void');
    return nothing;
  }
  const known =
    node['operator'] === 'typeof' || node['operator'] === '!'
      ? walker.within('test', () => walker.visit(argument))
      : walker.visit(argument);
  return madeFrom([known]);
}

function awaitExpression(walker: Walker, node: Node): Known {
  const known = walker.visit(child(node, 'argument'), 'await');
  walker.segments.wait(walker.flow);
  return known;
}

/** The code between two `yield`s of a plain generator runs as its user asks, with no wait of its own. */
function yieldExpression(walker: Walker, node: Node): Known {
  const known = walker.visit(child(node, 'argument'), 'value');
  if (walker.frame?.fn['async'] === true) walker.segments.wait(walker.flow);
  return known;
}

function logical(walker: Walker, node: Node, use: Use): Known {
  const left = walker.within('test', () => walker.visit(child(node, 'left')));
  if (left.isPresent && node['operator'] !== '&&') return left;
  const right = walker.guarded(left, () =>
    walker.branches(
      () => walker.visit(child(node, 'right'), use),
      () => nothing,
    ),
  );
  return eitherOf(left, right);
}

function conditional(walker: Walker, node: Node, use: Use): Known {
  const test = walker.within('test', () => walker.visit(child(node, 'test')));
  walker.chosenBy.set(node, test.sources);
  const known = walker.guarded(test, () =>
    walker.branches(
      () => walker.visit(child(node, 'consequent'), use),
      () => walker.visit(child(node, 'alternate'), use),
    ),
  );
  return test.reads.size === 0 ? known : { ...known, reads: new Map([...known.reads, ...test.reads]) };
}

function through(field: string): Visit {
  return (walker, node, use) => walker.visit(child(node, field), use);
}

function objectExpression(walker: Walker, node: Node): Known {
  return madeFrom(
    list(node, 'properties').map((property) => {
      if (property.type === 'SpreadElement') return walker.visit(child(property, 'argument'));
      if (property['computed'] === true) walker.visit(child(property, 'key'));
      const value = child(property, 'value');
      return isFunction(value) ? kept(walker, value) : walker.visit(value);
    }),
  );
}

/** A function that is put somewhere may be called from there. */
function kept(walker: Walker, fn: Node): Known {
  if (walker.frame) walker.postpone({ module: walker.frame.module, node: fn }, [], walker.frame.self);
  return nothing;
}

function functionExpression(walker: Walker, node: Node, use: Use): Known {
  if (!walker.frame) return nothing;
  const spot = { module: walker.frame.module, node };
  if (use === 'return') walker.postpone(spot, [], walker.frame.self);
  return functionValue(spot);
}

export const expressions: Readonly<Record<string, Visit>> = {
  Identifier: identifier,
  MemberExpression: member,
  ThisExpression: thisValue,
  AssignmentExpression: assignment,
  UpdateExpression: update,
  UnaryExpression: unary,
  AwaitExpression: awaitExpression,
  YieldExpression: yieldExpression,
  LogicalExpression: logical,
  ConditionalExpression: conditional,
  CallExpression: callExpression,
  NewExpression: newExpression,
  TaggedTemplateExpression: taggedTemplate,
  ImportExpression: (walker, node) => requiredFile(walker, node) ?? nothing,
  ObjectExpression: objectExpression,
  ArrowFunctionExpression: functionExpression,
  FunctionExpression: functionExpression,
  ChainExpression: through('expression'),
  ParenthesizedExpression: through('expression'),
  TSAsExpression: through('expression'),
  TSSatisfiesExpression: through('expression'),
  TSNonNullExpression: through('expression'),
  TSTypeAssertion: through('expression'),
  TSInstantiationExpression: through('expression'),
  SpreadElement: through('argument'),
  SequenceExpression: (walker, node, use) => {
    const all = list(node, 'expressions');
    let known: Known = nothing;
    for (const [index, each] of all.entries()) known = walker.visit(each, index === all.length - 1 ? use : 'statement');
    return known;
  },
  ClassExpression: () => nothing,
};
