/** What expressions stand for, and what they read and write on the way. */
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, unwrap } from '../syntax.js';
import { callExpression, newExpression, taggedTemplate } from './calls.js';
import { eitherOf, functionValue, type Known, madeFrom, nothing, propertyOf } from './known.js';
import type { Use } from './trace.js';
import { keyOfState, requiredFile, type Walker } from './walker.js';

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
function withStatics(known: Known, of: Known, key: string | null, walker: Walker): Known {
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

/** Where an assignment puts its value. */
function target(walker: Walker, left: Node): { known: Known; key: Known } {
  const at = unwrap(left) as Node;
  if (nameOf(at) !== null) {
    const meaning = walker.meaning(nameOf(at) as string, at.start);
    return { known: meaning.kind === 'shared' || meaning.kind === 'module' ? walker.sharedKnown(meaning) : nothing, key: nothing };
  }
  if (at.type !== 'MemberExpression') return { known: nothing, key: nothing };
  const path = memberPath(at);
  if (path?.[0] === 'process' && path[1] === 'env') {
    const of = walker.states.environment(walker.frame?.module as never, at);
    return { known: { ...nothing, shared: { of, path: path.slice(2) } }, key: nothing };
  }
  const of = visitObject(walker, child(at, 'object') as Node);
  const key = at['computed'] === true ? walker.visit(child(at, 'property')) : nothing;
  const name = keyOf(at);
  if (of.module && name !== null && !(name === 'exports' && nameOf(child(at, 'object')) === 'module'))
    return { known: walker.property(of, name), key };
  const known = withStatics(propertyOf(of, name), of, name, walker);
  if (of.instance && !of.instance.isClass && name !== null && of.instance.isShared)
    return { known: { ...known, shared: { of: walker.states.instance(of.instance.of), path: [name] } }, key };
  return { known, key };
}

function assignment(walker: Walker, node: Node): Known {
  const left = child(node, 'left') as Node;
  const right = child(node, 'right');
  const operator = String(node['operator']);
  if (/Pattern$/.test(left.type)) {
    const known = walker.visit(right);
    assignPattern(walker, left, known, right);
    return known;
  }
  const isLogical = /^(\?\?|\|\||&&)=$/.test(operator);
  const old = operator === '=' ? nothing : isLogical ? walker.within('test', () => walker.visit(left)) : walker.visit(left);
  const write = (): Known => {
    const value = walker.visit(right);
    const { known, key } = target(walker, left);
    const made = operator === '=' || isLogical ? value : madeFrom([old, value]);
    const how = operator === '=' || isLogical ? 'assign' : 'update';
    // `x = x ?? make()` and `x = x ? x : make()` test what they write.
    const store = (): void => put(walker, left, known, key, made, right, how, old);
    if (/^(Logical|Conditional)Expression$/.test(unwrap(right)?.type ?? '')) walker.guarded({ ...nothing, reads: value.reads }, store);
    else store();
    return value;
  };
  if (!isLogical) return write();
  return walker.guarded(old, () =>
    eitherOf(
      old,
      walker.branches(write, () => nothing),
    ),
  );
}

function put(
  walker: Walker,
  left: Node,
  known: Known,
  key: Known,
  value: Known,
  right: Node | null,
  how: 'assign' | 'update',
  old: Known = nothing,
): void {
  const at = unwrap(left) as Node;
  if (!known.shared) {
    const meaning = nameOf(at) === null ? null : walker.meaning(nameOf(at) as string, at.start);
    if (meaning?.kind === 'local')
      walker.locals.set(meaning.binding, how === 'assign' ? value : madeFrom([walker.locals.get(meaning.binding) ?? nothing, value]));
    return;
  }
  const isKeyed = at.type === 'MemberExpression' && at['computed'] === true && keyOf(at) === null;
  const shared = isKeyed ? { of: known.shared.of, path: known.shared.path.slice(0, -1) } : known.shared;
  const isLength = keyOf(at) === 'length' && at.type === 'MemberExpression';
  const place = isLength ? { of: shared.of, path: shared.path.slice(0, -1) } : shared;
  walker.write(place, at, isLength ? 'empty' : isKeyed ? 'fill' : how, value, {
    value: right,
    literal: literalOf(right),
    key: isKeyed ? key.sources : null,
    awaited: isAwaited(right),
    compound: old.reads,
  });
}

function assignPattern(walker: Walker, pattern: Node, known: Known, right: Node | null): void {
  const at = pattern.type === 'AssignmentPattern' ? (child(pattern, 'left') as Node) : pattern;
  if (at.type === 'ObjectPattern')
    for (const property of list(at, 'properties')) {
      const isRest = property.type === 'RestElement';
      assignPattern(
        walker,
        child(property, isRest ? 'argument' : 'value') as Node,
        isRest ? madeFrom([known]) : walker.property(known, keyOf(property)),
        right,
      );
    }
  else if (at.type === 'ArrayPattern')
    list(at, 'elements').forEach((each, index) => {
      assignPattern(walker, each, walker.property(known, String(index)), right);
    });
  else {
    const { known: place, key } = target(walker, at);
    put(walker, at, place, key, known, right, 'assign');
  }
}

/** Constants by their text, so that two of them can be told apart; empty collections are constants too. */
function literalOf(node: Node | null): string | null {
  const at = unwrap(node);
  if (at?.type === 'Literal') return String(at['value']);
  if (at?.type === 'UnaryExpression' && at['operator'] !== 'delete') {
    const inner = literalOf(child(at, 'argument'));
    return inner === null ? null : `${String(at['operator'])}${inner}`;
  }
  if (nameOf(at) === 'undefined') return 'undefined';
  if (at?.type === 'ArrayExpression' && list(at, 'elements').length === 0) return '[]';
  if (at?.type === 'ObjectExpression' && list(at, 'properties').length === 0) return '{}';
  if (at?.type === 'TemplateLiteral' && list(at, 'expressions').length === 0) return 'text';
  if (at?.type === 'NewExpression' && /^(Map|Set|Array)$/.test(nameOf(child(at, 'callee')) ?? '') && list(at, 'arguments').length === 0)
    return 'new';
  return null;
}

function isAwaited(node: Node | null): boolean {
  return node?.type === 'AwaitExpression' || (node !== null && /^TS/.test(node.type) && isAwaited(child(node, 'expression')));
}

function update(walker: Walker, node: Node): Known {
  const argument = child(node, 'argument') as Node;
  const old = walker.visit(argument);
  const { known, key } = target(walker, argument);
  put(walker, argument, known, key, old, null, 'update', old);
  return old;
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
