/**
 * Uses of the event's query, and of the variables of a path that not all routes have. The front gave none to a request without one,
 * where Fastify has an empty object: a use is rewritten only where that makes no difference, and a test of its presence becomes one of
 * its keys.
 */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, memberPath, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import { aliasOf, dropOptional, textOf } from './event-uses.js';
import { isGuarded } from './guarded.js';
import { frontOf, type Handler, isWritten, usesOf } from './handler.js';
import type { PartUse } from './header-uses.js';
import { isEmptyObject, isTested, isTestedOrDefaulted, withItsParentheses } from './places.js';
import { requireQuery } from './query-guard.js';
import { Refused } from './refusal.js';

/** Objects of the request that are never missing. */
export type Filled = 'params' | 'query' | 'queryValues';

type QueryUse = PartUse & { of: Filled; nullable: boolean };

export function useQuery(handler: Handler, use: QueryUse): void {
  const { range, node, top, text } = use;
  const parent = handler.parents.get(top);
  if (!parent || isWritten(handler, top)) throw new Refused(`it writes to \`${textOf(handler, node)}\``, node);
  handler.needs.request = true;
  noteTypes(handler, use.of, parent, top);
  const nullable = use.nullable && !isGuarded(handler, top, sameAs(handler, node));
  if (parent.type === 'VariableDeclarator' && parent['init'] === top) {
    handler.edits.replace(range, text);
    queryPattern(handler, child(parent, 'id') as Node, use.of, nullable);
    return;
  }
  if (!use.nullable && parent.type === 'LogicalExpression' && parent['left'] === top && isEmptyObject(child(parent, 'right'))) {
    defaulted(handler, use, parent);
    return;
  }
  if (!use.nullable || isIndifferent(parent, top) || (!nullable && !isTested(handler, top))) {
    handler.edits.replace(range, text);
    dropOptional(handler, node, top);
    return;
  }
  if (rewriteTest(handler, use, parent)) return;
  if (use.of === 'query' && isPlainRead(parent, top) && requireQuery(handler, top)) {
    handler.edits.replace(range, text);
    dropOptional(handler, node, top);
    return;
  }
  if (!isHandedOn(parent, top)) throw missing(handler, use, parent);
  // Whoever gets it sees what the front gave.
  const nothing = frontOf(handler).payload === '2.0' ? 'undefined' : 'null';
  handler.edits.replace({ start: range.start, end: top.end }, `Object.keys(${text}).length > 0 ? ${text} : ${nothing}`);
}

/** `query.name`, `query[name]`: the key is nothing that has to be made first. */
function isPlainRead(parent: Node, top: Node): boolean {
  if (parent.type !== 'MemberExpression' || parent['object'] !== top) return false;
  return keyOf(parent) !== null || child(parent, 'property')?.type === 'Identifier';
}

/** As a whole, where any expression can stand without parentheses. */
function isHandedOn(parent: Node, top: Node): boolean {
  if (parent.type === 'CallExpression' || parent.type === 'NewExpression') return parent['callee'] !== top;
  if (parent.type === 'Property') return parent['value'] === top && parent['shorthand'] !== true;
  return parent.type === 'ArrayExpression' || parent.type === 'ReturnStatement';
}

/** An empty object does as well as nothing: `?.`, or a spread. */
function isIndifferent(parent: Node, top: Node): boolean {
  return (parent.type === 'MemberExpression' && parent['object'] === top && parent['optional'] === true) || parent.type === 'SpreadElement';
}

function rewriteTest(handler: Handler, use: QueryUse, parent: Node): boolean {
  const { range, node, top, text } = use;
  if (parent.type === 'LogicalExpression' && parent['left'] === top) {
    if (parent['operator'] !== '&&') return isEmptyObject(child(parent, 'right')) && defaulted(handler, use, parent);
    if (dropsLeft(handler, node, parent)) {
      const right = child(parent, 'right') as Node;
      handler.edits.remove({ start: range.start, end: right.start });
      return true;
    }
  }
  if (parent.type === 'UnaryExpression') return rewriteNegation(handler, use, parent);
  if (parent.type === 'BinaryExpression') return rewriteComparison(handler, use, parent);
  if (!isTested(handler, top)) return false;
  handler.edits.replace(range, `Object.keys(${text}).length > 0`);
  return true;
}

/** `query || {}` is the query. */
function defaulted(handler: Handler, { text, of }: QueryUse, whole: Node): boolean {
  const range = withItsParentheses(handler, whole);
  handler.edits.replace(range, text);
  const parent = handler.parents.get(whole);
  if (parent) noteTypes(handler, of, parent, whole);
  if (parent?.type === 'VariableDeclarator') queryPattern(handler, child(parent, 'id') as Node, of, false);
  return true;
}

/** `query && query.a` is `query.a` where a missing value may be undefined. */
function dropsLeft(handler: Handler, node: Node, logical: Node): boolean {
  const left = child(logical, 'left') as Node;
  const right = child(logical, 'right') as Node;
  const isPlain = /^\s*&&\s*$/.test(handler.module.text.slice(left.end, right.start));
  const mayBeUndefined = frontOf(handler).payload === '2.0' || isTestedOrDefaulted(handler, logical);
  return isPlain && mayBeUndefined && leftmost(right) !== null && sameAs(handler, node)(leftmost(right) as Node);
}

/** What is read first of `a.b.c`, `a.b && …` and the like: `a.b` or `a`, by the number of keys that the subject has. */
function leftmost(node: Node): Node | null {
  const at = unwrap(node);
  if (at?.type !== 'MemberExpression') return null;
  return unwrap(child(at, 'object'));
}

function rewriteNegation(handler: Handler, { node, text }: QueryUse, negation: Node): boolean {
  if (negation['operator'] !== '!') return false;
  const around = handler.parents.get(negation);
  const right =
    around?.type === 'LogicalExpression' && around['operator'] === '||' && around['left'] === negation ? child(around, 'right') : null;
  const argument = right?.type === 'UnaryExpression' && right['operator'] === '!' ? leftmost(child(right, 'argument') as Node) : null;
  if (right && argument && sameAs(handler, node)(argument)) {
    handler.edits.remove({ start: negation.start, end: right.start });
    return true;
  }
  const code = `Object.keys(${text}).length === 0`;
  const isOperand = around?.type === 'UnaryExpression' || around?.type === 'BinaryExpression';
  handler.edits.replace(negation, isOperand ? `(${code})` : code);
  return true;
}

/** `query == null`, and `===` with what the front gave. */
function rewriteComparison(handler: Handler, { top, text }: QueryUse, comparison: Node): boolean {
  const other = child(comparison, comparison['left'] === top ? 'right' : 'left');
  const nothing = frontOf(handler).payload === '2.0' ? nameOf(other) === 'undefined' : other?.type === 'Literal' && other['raw'] === 'null';
  const isLoose = other?.type === 'Literal' ? other['raw'] === 'null' : nameOf(other) === 'undefined';
  const operator = String(comparison['operator']);
  const fits = operator === '==' || operator === '!=' ? isLoose : operator === '===' || operator === '!==' ? nothing : false;
  if (!fits) return false;
  handler.edits.replace(comparison, `Object.keys(${text}).length ${operator.startsWith('!') ? '>' : '==='} 0`);
  return true;
}

function missing(handler: Handler, { node, top, of }: QueryUse, parent: Node): Refused {
  const isRead = (parent.type === 'MemberExpression' && parent['object'] === top) || parent.type === 'VariableDeclarator';
  const shown = textOf(handler, isRead ? parent : node);
  const without = of === 'params' ? 'a route without variables' : 'a request without a query';
  return new Refused(
    isRead
      ? `\`${shown}\` fails for ${without}, and the route would not`
      : `\`${shown}\` is null for ${without}, and the route would have an empty object`,
    node,
  );
}

/** What it is bound to: a name whose uses are rewritten, or a pattern that fails without a query. */
export function queryPattern(handler: Handler, pattern: Node, of: Filled, nullable: boolean): void {
  const hasDefault = pattern.type === 'AssignmentPattern';
  const at = hasDefault ? (child(pattern, 'left') as Node) : pattern;
  const isDefaulted = hasDefault && frontOf(handler).payload === '2.0' && isEmptyObject(child(pattern, 'right'));
  const isNullable = nullable && !isDefaulted;
  if (isDefaulted) handler.edits.remove({ start: at.end, end: pattern.end });
  if (nameOf(at) !== null) {
    const { name, binding } = aliasOf(handler, at);
    for (const { node } of usesOf(handler, name, binding))
      useQuery(handler, { of, range: node, node, top: topOf(handler, node), text: name, nullable: isNullable });
    return;
  }
  const isRequired = !isNullable || (of === 'query' && !hasDefault && requireQuery(handler, at));
  if (at.type !== 'ObjectPattern' || !isRequired) {
    const without = of === 'params' ? 'a route without variables' : 'a request without a query';
    throw new Refused(`\`${textOf(handler, at)}\` fails for ${without}, and the route would not`, at);
  }
  notePattern(handler, of, at);
}

function topOf({ parents }: Handler, node: Node): Node {
  const parent = parents.get(node);
  return parent && parent.type === 'TSNonNullExpression' ? parent : node;
}

function noteTypes(handler: Handler, of: Filled, parent: Node, top: Node): void {
  if (parent.type === 'MemberExpression' && parent['object'] === top) {
    noteKey(handler, of, keyOf(parent));
    return;
  }
  if (isTested(handler, top) || parent.type === 'LogicalExpression' || parent.type === 'BinaryExpression') return;
  if (parent.type === 'VariableDeclarator') return;
  noteKey(handler, of, null);
}

function notePattern(handler: Handler, of: Filled, pattern: Node): void {
  for (const property of list(pattern, 'properties')) noteKey(handler, of, property.type === 'Property' ? keyOf(property) : null);
}

/** A name that is read; null: it may be any. */
function noteKey({ types }: Handler, of: Filled, key: string | null): void {
  // Their type does not depend on the route.
  if (of === 'queryValues') return;
  if (key !== null) types[of].add(key);
  else if (of === 'params') types.wholeParams = true;
  else types.wholeQuery = true;
}

/** The same properties of the same variable. */
function sameAs({ module }: Handler, subject: Node): (node: Node) => boolean {
  const path = memberPath(subject);
  const binding = path && bindingAt(module, path[0] ?? '', subject.start);
  return (node) => {
    const other = memberPath(node);
    return path !== null && other?.join('.') === path.join('.') && bindingAt(module, other[0] ?? '', node.start) === binding;
  };
}
