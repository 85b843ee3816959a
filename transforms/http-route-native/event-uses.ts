/** Where the event goes in the handler: each use becomes one of Fastify's request, or the handler is refused. */
import { type Binding, bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { type Field, fieldOf, variablesOf } from './fields.js';
import { type Handler, isReassigned, isWritten, parameterAt, type Reference, usesOf } from './handler.js';
import { headersPattern, useHeaders } from './header-uses.js';
import { logRequest } from './logged.js';
import { isEmptyObject, withItsParentheses } from './places.js';
import { queryPattern, useQuery } from './query-uses.js';
import { Refused } from './refusal.js';

/** Rewrites every use of the first parameter. The parameter itself is written by the signature's step; gives its new text. */
export function rewriteEventUses(handler: Handler): void {
  const parameter = parameterAt(handler, 0);
  if (!parameter) return;
  if (parameter.type === 'ObjectPattern') {
    rewritePattern(handler, parameter, parameter);
    return;
  }
  const name = nameOf(parameter);
  const binding = name === null ? undefined : bindingAt(handler.module, name, parameter.start);
  if (name === null || !binding) throw new Refused('its first parameter has a default or is no plain name', parameter);
  for (const use of usesOf(handler, name, binding)) rewriteUse(handler, use);
}

/** A chain of properties: `event.a?.b!.c` has three steps. `top` is a step's node with what stands around it without a key. */
export interface Step {
  key: string;
  node: Node;
  top: Node;
}

/** The properties read from a node, as far as their names are written out. */
export function stepsFrom({ parents }: Pick<Handler, 'parents'>, start: Node): Step[] {
  const steps: Step[] = [];
  let at = start;
  for (let parent = parents.get(at); parent; parent = parents.get(at)) {
    if (parent.type === 'MemberExpression' && parent['object'] === at) {
      const key = keyOf(parent);
      if (key === null) break;
      steps.push({ key, node: parent, top: parent });
    } else if (parent.type !== 'ChainExpression' && parent.type !== 'TSNonNullExpression') break;
    const last = steps.at(-1);
    if (last) last.top = parent;
    at = parent;
  }
  return steps;
}

function rewriteUse(handler: Handler, { node, parent }: Reference): void {
  if (parent.type === 'VariableDeclarator' && parent['init'] === node) {
    rewriteDeclaration(handler, parent, node);
    return;
  }
  const steps = stepsFrom(handler, node);
  const found = fieldOf(
    handler,
    steps.map(({ key }) => key),
  );
  const last = found && steps[found.count - 1];
  if (!last && steps.length === 0 && logRequest(handler, node)) return;
  if (!found || !last) throw notUnderstood(handler, node, steps);
  if (isWritten(handler, last.top)) throw new Refused(`it writes to ${textOf(handler, last.node)}`, last.node);
  rewriteField(handler, found.field, node, last);
}

function notUnderstood(handler: Handler, node: Node, steps: Step[]): Refused {
  const last = steps.at(-1);
  if (!last) return new Refused(`the whole event is used in \`${textOf(handler, handler.parents.get(node) ?? node)}\``, node);
  return new Refused(`\`${textOf(handler, last.node)}\` has no equal in a request of its routes`, last.node);
}

export function textOf({ module }: Pick<Handler, 'module'>, { start, end }: Node): string {
  const text = module.text.slice(start, end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function rewriteField(handler: Handler, field: Field, start: Node, { node, top }: Step): void {
  const range = { start: start.start, end: node.end };
  switch (field.kind) {
    case 'value':
      handler.edits.replace(range, field.code(handler));
      return;
    case 'params':
      useParams(handler, range, node, top);
      return;
    case 'query':
      useQuery(handler, { range, node, top, text: `${handler.request}.query`, nullable: field.nullable });
      return;
    case 'headers':
      useHeaders(handler, { range, node, top, text: `${handler.request}.headers`, anyCase: field.anyCase });
  }
}

/** Variables of the path are always there, and so are those that every route has. */
function useParams(handler: Handler, range: { start: number; end: number }, node: Node, top: Node): void {
  const parent = handler.parents.get(top);
  handler.needs.request = true;
  const text = `${handler.request}.params`;
  if (
    parent?.type === 'LogicalExpression' &&
    parent['left'] === top &&
    parent['operator'] !== '&&' &&
    isEmptyObject(child(parent, 'right'))
  ) {
    handler.edits.replace(withItsParentheses(handler, parent), text);
    return;
  }
  handler.edits.replace(range, text);
  dropOptional(handler, node, top);
  const outer = parent?.type === 'MemberExpression' && parent['object'] === top ? handler.parents.get(parent) : undefined;
  const isKnown = handler.routes.every(({ path }) => variablesOf(path).includes(parent ? (keyOf(parent) ?? '') : ''));
  if (outer?.type === 'TSNonNullExpression' && isKnown) handler.edits.remove({ start: (parent as Node).end, end: outer.end });
}

/** What was `a?.b` or `a!.b` is `a.b` when `a` is always there. */
export function dropOptional(handler: Handler, node: Node, top: Node): void {
  const next = handler.parents.get(top);
  if (next?.type !== 'MemberExpression' || next['object'] !== top) return;
  const property = child(next, 'property') as Node;
  const gap = handler.module.text.slice(node.end, property.start);
  if (!/^\s*!?\s*(?:\?\.|\.|\[|\?\.\s*\[)\s*$/.test(gap) || !/[!?]/.test(gap)) return;
  const line = /^\s*/.exec(gap.replace('!', ''))?.[0] ?? '';
  handler.edits.replace({ start: node.end, end: property.start }, next['computed'] === true ? '[' : `${line}.`);
}

/** `const { body, headers: h } = event` and `const e = event`. */
function rewriteDeclaration(handler: Handler, declarator: Node, init: Node): void {
  const pattern = child(declarator, 'id');
  if (pattern?.type !== 'ObjectPattern') throw new Refused(`the whole event is used in \`${textOf(handler, declarator)}\``, init);
  rewritePattern(handler, pattern, declarator);
  handler.needs.request = true;
  handler.edits.replace(init, handler.request);
}

const members: Readonly<Record<string, string>> = { pathParameters: 'params', queryStringParameters: 'query', httpMethod: 'method' };

function rewritePattern(handler: Handler, pattern: Node, place: Node): void {
  if (child(pattern, 'typeAnnotation') && place.type === 'VariableDeclarator')
    throw new Refused(`\`${textOf(handler, pattern)}\` names a type`, pattern);
  handler.needs.request = true;
  for (const property of list(pattern, 'properties')) rewriteProperty(handler, property);
}

function rewriteProperty(handler: Handler, property: Node): void {
  const key = property.type === 'Property' ? keyOf(property) : null;
  const found = key === null ? null : fieldOf(handler, [key]);
  const value = child(property, 'value');
  if (key === null || !value || !found)
    throw new Refused(`\`${textOf(handler, property)}\` of the event has no equal in a request`, property);
  const to = key === 'body' || key === 'headers' ? key : members[key];
  const { field } = found;
  if (to === undefined || (field.kind === 'value' && to !== 'body' && to !== 'method'))
    throw new Refused(`\`${textOf(handler, property)}\` of the event has no equal in a request`, property);
  if (to === 'body') handler.types.body = true;
  if (field.kind === 'query') queryPattern(handler, value, field.nullable);
  if (field.kind === 'headers') headersPattern(handler, value, field.anyCase);
  if (to === key) return;
  if (property['shorthand'] === true) handler.edits.replace({ start: property.start, end: property.start }, `${to}: `);
  else handler.edits.replace(child(property, 'key') as Node, to);
}

/** The binding of a name that stands for a part of the request, and never for anything else. */
export function aliasOf(handler: Handler, identifier: Node): { name: string; binding: Binding } {
  const name = nameOf(identifier);
  const binding = name === null ? undefined : bindingAt(handler.module, name, identifier.start);
  if (name === null || !binding || isReassigned(handler, name, binding))
    throw new Refused(`\`${textOf(handler, identifier)}\` is given other values too`, identifier);
  return { name, binding };
}
