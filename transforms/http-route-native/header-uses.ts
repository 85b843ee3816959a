/** Uses of the event's headers: names become those of Node, in lower case. */
import { child, keyOf, list, memberPath, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import type { Range } from './edits.js';
import { aliasOf, dropOptional, textOf } from './event-uses.js';
import type { Field } from './fields.js';
import { type Handler, isWritten, usesOf } from './handler.js';
import { isEmptyObject, isTested, withItsParentheses } from './places.js';
import { Refused } from './refusal.js';

export interface PartUse {
  /** What is replaced. */
  range: Range;
  /** Node that stands for the part of the event. */
  node: Node;
  /** The same with `!` and the end of a `?.` chain around it. */
  top: Node;
  /** What replaces it. */
  text: string;
}

/** `headers`, or `headerValues` with all values of each. */
type Headers = Extract<Field, { kind: 'headers' }>['member'];

export function useHeaders(handler: Handler, use: PartUse & { of: Headers; anyCase: boolean }): void {
  const { range, node, top, text, of, anyCase } = use;
  const parent = handler.parents.get(top);
  if (!parent || isWritten(handler, top)) throw new Refused(`it writes to \`${textOf(handler, node)}\``, node);
  handler.needs.request = true;
  if (parent.type === 'MemberExpression' && parent['object'] === top && keyOf(parent) !== null) {
    readHeader(handler, { ...use, range: { start: range.start, end: parent.end } }, parent);
    return;
  }
  if (parent.type === 'VariableDeclarator' && parent['init'] === top) {
    handler.edits.replace(range, text);
    headersPattern(handler, child(parent, 'id') as Node, of, anyCase);
    return;
  }
  if (isDefaulted(parent, top)) {
    useHeaders(handler, { ...use, range: withItsParentheses(handler, parent), node: parent, top: parent });
    return;
  }
  if (anyCase && !isTested(handler, top) && !(parent.type === 'LogicalExpression' && parent['operator'] === '&&'))
    throw new Refused(`\`${textOf(handler, node)}\` is used as a whole, and its names would be in lower case`, node);
  handler.edits.replace(range, text);
  dropOptional(handler, node, top);
}

/** `headers || {}` are the headers. */
function isDefaulted(parent: Node, top: Node): boolean {
  return (
    parent.type === 'LogicalExpression' && parent['left'] === top && parent['operator'] !== '&&' && isEmptyObject(child(parent, 'right'))
  );
}

function readHeader(handler: Handler, { range, text, of, anyCase }: PartUse & { of: Headers; anyCase: boolean }, member: Node): void {
  const key = keyOf(member) as string;
  const name = key.toLowerCase();
  if (isWritten(handler, member)) throw new Refused(`it writes to \`${textOf(handler, member)}\``, member);
  const twin = twinOf(handler, member, name);
  if (name !== key && !anyCase && !twin)
    throw new Refused(`\`${textOf(handler, member)}\` is never there: the front gave names in lower case`, member);
  if (of === 'headers') handler.types.headers.add(name);
  const code = text + access(handler, name);
  // `headers.Host || headers.host` reads one header twice.
  if (twin) handler.edits.replace(twin.isLeft ? { start: range.start, end: twin.whole.end } : range, code);
  else handler.edits.replace(range, code);
}

/** The same header is read with another spelling on the other side of `||`. */
function twinOf({ parents }: Handler, member: Node, name: string): { whole: Node; isLeft: boolean } | null {
  const parent = parents.get(member);
  const top = parent?.type === 'ChainExpression' ? parent : member;
  const whole = parents.get(top);
  if (whole?.type !== 'LogicalExpression' || whole['operator'] === '&&') return null;
  const isLeft = whole['left'] === top;
  const other = unwrap(child(whole, isLeft ? 'right' : 'left'));
  const object = memberPath(unwrap(child(other, 'object')))?.join('.');
  const isSame = object !== undefined && object === memberPath(unwrap(child(member, 'object')))?.join('.');
  return other?.type === 'MemberExpression' && isSame && keyOf(other)?.toLowerCase() === name ? { whole, isLeft } : null;
}

function access({ quote }: Handler, name: string): string {
  return isName(name) ? `.${name}` : `[${quote}${name}${quote}]`;
}

function isName(name: string): boolean {
  return /^[a-z_$][\w$]*$/i.test(name);
}

/** What the headers are bound to: a name whose uses are rewritten, or a pattern whose keys are. */
export function headersPattern(handler: Handler, pattern: Node, of: Headers, anyCase: boolean): void {
  const at = pattern.type === 'AssignmentPattern' ? (child(pattern, 'left') as Node) : pattern;
  if (nameOf(at) !== null) {
    const { name, binding } = aliasOf(handler, at);
    for (const { node } of usesOf(handler, name, binding)) useHeaders(handler, { range: node, node, top: node, text: name, of, anyCase });
    return;
  }
  if (at.type !== 'ObjectPattern') throw new Refused(`\`${textOf(handler, at)}\` takes the headers apart in an unknown way`, at);
  for (const property of list(at, 'properties')) {
    const key = property.type === 'Property' ? keyOf(property) : null;
    if (key === null && anyCase)
      throw new Refused(`\`${textOf(handler, property)}\` takes headers whose names are not written out`, property);
    if (key === null) continue;
    const name = key.toLowerCase();
    if (name !== key && !anyCase)
      throw new Refused(`\`${textOf(handler, property)}\` is never there: the front gave names in lower case`, property);
    if (of === 'headers') handler.types.headers.add(name);
    if (name === key) continue;
    const written = isName(name) ? name : `${handler.quote}${name}${handler.quote}`;
    if (property['shorthand'] === true) handler.edits.replace({ start: property.start, end: property.start }, `${written}: `);
    else handler.edits.replace(child(property, 'key') as Node, written);
  }
}
