/** Assignments: what they write, and where to. */
import { child, keyOf, list, memberPath, type Node, nameOf, unwrap } from '../syntax.js';
import { set } from './accessors.js';
import { visitObject, withStatics } from './expressions.js';
import { eitherOf, type Known, madeFrom, nothing, propertyOf } from './known.js';
import type { Walker } from './walker.js';

interface Place {
  known: Known;
  key: Known;
  /** The object whose property it is. */
  of?: Known;
}

/** Where an assignment puts its value. */
export function target(walker: Walker, left: Node): Place {
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
    return { known: walker.property(of, name), key, of };
  const known = withStatics(propertyOf(of, name), of, name, walker);
  if (of.instance && !of.instance.isClass && name !== null && of.instance.isShared)
    return { known: { ...known, shared: { of: walker.states.instance(of.instance.of), path: [name] } }, key, of };
  return { known, key, of };
}

export function assignment(walker: Walker, node: Node): Known {
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
    const place = target(walker, left);
    const made = operator === '=' || isLogical ? value : madeFrom([old, value]);
    const how = operator === '=' || isLogical ? 'assign' : 'update';
    // `x = x ?? make()` and `x = x ? x : make()` test what they write.
    const store = (): void => put(walker, left, place, made, right, how, old);
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
  { known, key, of }: Place,
  value: Known,
  right: Node | null,
  how: 'assign' | 'update',
  old: Known = nothing,
): void {
  const at = unwrap(left) as Node;
  if (of && set(walker, of, keyOf(at), value)) return;
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
    chosenBy: walker.chosenBy.get(unwrap(right) ?? at),
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
    put(walker, at, target(walker, at), known, right, 'assign');
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

export function update(walker: Walker, node: Node): Known {
  const argument = child(node, 'argument') as Node;
  const old = walker.visit(argument);
  put(walker, argument, target(walker, argument), old, null, 'update', old);
  return old;
}
