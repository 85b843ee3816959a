/** Where the event goes in the handler: each use becomes one of Fastify's request, or the handler is refused. */
import { type Binding, bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import { dropAbsent } from './absent.js';
import { type Part, type Range, wholeLine } from './edits.js';
import { type Field, fieldOf, variablesOf } from './fields.js';
import { eventParameter, type Handler, isReassigned, isWritten, type Reference, usesOf } from './handler.js';
import { headersPattern, useHeaders } from './header-uses.js';
import { logRequest } from './logged.js';
import { isEmptyObject, isTested, withItsParentheses } from './places.js';
import { queryPattern, useQuery } from './query-uses.js';
import { handOn } from './readers.js';
import { Refused } from './refusal.js';
import { writeWhole } from './whole-event.js';

/** Rewrites every use of the parameter that is the event. The parameter itself is written by the signature's step. */
export function rewriteEventUses(handler: Handler): void {
  const parameter = eventParameter(handler);
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

/** `before`: keys that lead from the event to what the node stands for. */
function rewriteUse(handler: Handler, { node, parent }: Reference, before: readonly string[] = []): void {
  if (parent.type === 'VariableDeclarator' && parent['init'] === node && before.length === 0) {
    rewriteDeclaration(handler, parent, node);
    return;
  }
  const steps = stepsFrom(handler, node);
  const keys = [...before, ...steps.map(({ key }) => key)];
  const found = fieldOf(handler, keys);
  const last = found && steps[found.count - before.length - 1];
  const isWhole = keys.length === 0;
  if (isWhole && (logRequest(handler, node) || dropEventTest(handler, node, before) || writeWhole(handler, node) || handOn(handler, node)))
    return;
  if (!last && dropAbsent(handler, node, keys, steps)) return;
  if (!last && isContainer(keys) && dropContainerTest(handler, node, steps.at(-1)?.top ?? node)) return;
  if (!last && isContainer(keys) && rewriteAlias(handler, steps.at(-1)?.top ?? node, keys)) return;
  if (!found || !last) throw notUnderstood(handler, node, steps, before);
  if (isWritten(handler, last.top)) throw new Refused(`it writes to ${textOf(handler, last.node)}`, last.node);
  rewriteField(handler, found.field, node, last);
}

/** `event && event.body`: there is always an event. */
function dropEventTest({ parents, module, edits }: Handler, node: Node, before: readonly string[]): boolean {
  const parent = parents.get(node);
  if (before.length > 0 || parent?.type !== 'LogicalExpression' || parent['operator'] !== '&&' || parent['left'] !== node) return false;
  const operator = /^\s*&&\s*/.exec(module.text.slice(node.end, (child(parent, 'right') as Node).start));
  if (operator) edits.remove({ start: node.start, end: node.end + operator[0].length });
  return operator !== null;
}

/** `event.requestContext ? a : b`, `event.requestContext && a`: it is always there. */
function dropContainerTest({ parents, edits }: Handler, node: Node, top: Node): boolean {
  const parent = parents.get(top);
  const isAnd = (each: Node | undefined) => each?.type === 'LogicalExpression' && each['operator'] === '&&';
  // `a && event.requestContext && b` is `(a && event.requestContext) && b`.
  const and = parent && isAnd(parent) && parent['right'] === top ? parents.get(parent) : parent;
  if (and && isAnd(and) && (and['left'] === top || and['left'] === parent)) {
    edits.remove({ start: node.start, end: (child(and, 'right') as Node).start });
    return true;
  }
  if (parent?.type !== 'ConditionalExpression' || parent['test'] !== top) return false;
  const { start, end } = child(parent, 'consequent') as Node;
  edits.replace(parent, { start, end });
  return true;
}

/** Objects of the event that a request has no equal of, but of whose fields it has. */
function isContainer(keys: readonly string[]): boolean {
  return ['requestContext', 'requestContext.http', 'requestContext.identity'].includes(keys.join('.'));
}

/** `const context = event.requestContext;` goes, and the uses of the name are those of the event; a pattern takes from the request. */
function rewriteAlias(handler: Handler, top: Node, keys: readonly string[]): boolean {
  const { parents, edits } = handler;
  const declarator = parents.get(top);
  if (declarator?.type !== 'VariableDeclarator' || declarator['init'] !== top) return false;
  const id = child(declarator, 'id') as Node;
  if (id.type === 'ObjectPattern' && !child(id, 'typeAnnotation')) {
    const parts = flattened(handler, id, id, keys);
    if (parts.length === 0) return dropDeclaration(handler, declarator);
    handler.needs.request = true;
    edits.replace(id, '{ ', ...parts, ' }');
    edits.replace(child(declarator, 'init') as Node, handler.request);
    return true;
  }
  if (id.type !== 'Identifier' || child(id, 'typeAnnotation') || !dropDeclaration(handler, declarator)) return false;
  const { name, binding } = aliasOf(handler, id);
  for (const use of usesOf(handler, name, binding)) rewriteUse(handler, use, keys);
  return true;
}

function notUnderstood(handler: Handler, node: Node, steps: Step[], before: readonly string[]): Refused {
  const last = steps.at(-1);
  if (!last && before.length > 0) return new Refused(`the ${before.join('.')} of the event is used as a whole`, node);
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
      handler.edits.replace(range, valueCode(handler, field, top));
      if (field.isOfEvent) handler.notes.push({ code: 'EVENT_FIELD_READ', node });
      return;
    case 'params':
      useParams(handler, range, { node, top, nullable: field.nullable });
      return;
    case 'query':
      useQuery(handler, { range, node, top, of: field.member, text: `${handler.request}.${field.member}`, nullable: field.nullable });
      return;
    case 'headers':
      useHeaders(handler, { range, node, top, of: field.member, text: `${handler.request}.${field.member}`, anyCase: field.anyCase });
  }
}

/** The value, with what the event had in place of nothing where that can be told. */
function valueCode(handler: Handler, { code, missing }: Extract<Field, { kind: 'value' }>, top: Node): string {
  const parent = handler.parents.get(top);
  const isOr = parent?.type === 'LogicalExpression' && parent['operator'] === '||' && parent['left'] === top;
  if (missing === undefined || isTested(handler, top) || isOr) return code(handler);
  const isAlone =
    (parent?.type === 'VariableDeclarator' && parent['init'] === top) || (parent?.type === 'Property' && parent['value'] === top);
  const whole = `${code(handler)} ?? ${missing === 'null' ? missing : handler.quote.repeat(2)}`;
  return isAlone ? whole : `(${whole})`;
}

/** Variables of the path are always there, and so are those that every route has. */
function useParams(handler: Handler, range: Range, { node, top, nullable }: { node: Node; top: Node; nullable: boolean }): void {
  const text = `${handler.request}.params`;
  if (nullable) {
    useQuery(handler, { range, node, top, of: 'params', text, nullable });
    return;
  }
  const parent = handler.parents.get(top);
  handler.needs.request = true;
  noteParams(handler, parent, top);
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

/** A function that takes the request of several routes names the variables that it reads. */
function noteParams({ types, parents }: Handler, parent: Node | undefined, top: Node): void {
  const at = parent?.type === 'LogicalExpression' ? parents.get(parent) : parent;
  const pattern = at?.type === 'VariableDeclarator' ? child(at, 'id') : null;
  const keys = pattern?.type === 'ObjectPattern' ? list(pattern, 'properties').map(keyOf) : [at ? keyOf(at) : null];
  for (const key of keys) if (key !== null && top !== at) types.params.add(key);
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

function rewritePattern(handler: Handler, pattern: Node, place: Node): void {
  if (child(pattern, 'typeAnnotation') && place.type === 'VariableDeclarator')
    throw new Refused(`\`${textOf(handler, pattern)}\` names a type`, pattern);
  const properties = list(pattern, 'properties');
  const kept = properties.filter((property) => !isAliasProperty(handler, property, []));
  for (const property of kept) rewriteProperty(handler, property);
  if (kept.length === 0 && properties.length > 0 && dropDeclaration(handler, place)) return;
  handler.needs.request = true;
  if (kept.length === properties.length) return;
  const end = handler.module.text.lastIndexOf('}', child(pattern, 'typeAnnotation')?.start ?? pattern.end);
  const parts = kept.map(({ start, end: to }, index): Part[] => [index === 0 ? ' ' : ', ', { start, end: to }]);
  handler.edits.replace({ start: pattern.start + 1, end }, ...parts.flat(), ...(kept.length > 0 ? [' '] : []));
}

/** `{ requestContext }`: the uses of the name become those of the event, and the property goes. */
function isAliasProperty(handler: Handler, property: Node, before: readonly string[]): boolean {
  const key = property.type === 'Property' ? keyOf(property) : null;
  const value = child(property, 'value');
  if (key === null || value?.type !== 'Identifier' || !isContainer([...before, key])) return false;
  // Where the event has no name, the request gets none.
  if (eventParameter(handler)?.type === 'ObjectPattern') return false;
  const { name, binding } = aliasOf(handler, value);
  for (const use of usesOf(handler, name, binding)) rewriteUse(handler, use, [...before, key]);
  return true;
}

/** A declaration of nothing else. */
function dropDeclaration({ parents, module, edits }: Handler, declarator: Node): boolean {
  const declaration = parents.get(declarator);
  if (declaration?.type !== 'VariableDeclaration' || list(declaration, 'declarations').length !== 1) return false;
  edits.remove(wholeLine(module.text, declaration));
  return true;
}

/** The request's name of what a property of the event becomes; null when it is none of its own. */
function memberOf(field: Field): string | null {
  switch (field.kind) {
    case 'value':
      return field.member ?? null;
    case 'params':
      return field.kind;
    default:
      return field.member;
  }
}

function rewriteProperty(handler: Handler, property: Node): void {
  const key = property.type === 'Property' ? keyOf(property) : null;
  const value = child(property, 'value');
  const field = key === null ? null : (fieldOf(handler, [key])?.field ?? null);
  if (key !== null && value?.type === 'ObjectPattern' && !field && isContainer([key])) {
    const parts = flattened(handler, property, value, [key]);
    if (parts.length === 0) throw new Refused(`\`${textOf(handler, property)}\` of the event has no equal in a request`, property);
    handler.edits.replace(property, ...parts);
    return;
  }
  const to = field && memberOf(field);
  if (key === null || !value || !field || to === null)
    throw new Refused(`\`${textOf(handler, property)}\` of the event has no equal in a request`, property);
  if (to === 'body') handler.types.body = true;
  if (field.kind === 'params' && field.nullable) queryPattern(handler, value, 'params', true);
  if (field.kind === 'query') queryPattern(handler, value, field.member, field.nullable);
  if (field.kind === 'headers') headersPattern(handler, value, field.member, field.anyCase);
  if (to === key) return;
  if (property['shorthand'] === true) handler.edits.replace({ start: property.start, end: property.start }, `${to}: `);
  else handler.edits.replace(nameOf(value) === to ? property : (child(property, 'key') as Node), to);
}

/** `requestContext: { authorizer, http: { method } }` becomes `authorizer, method`. */
function flattened(handler: Handler, property: Node, pattern: Node, before: readonly string[]): Part[] {
  const kept = list(pattern, 'properties').filter((inner) => !isAliasProperty(handler, inner, before));
  const parts = kept.map((inner): Part[] => {
    const key = inner.type === 'Property' ? keyOf(inner) : null;
    const value = child(inner, 'value');
    if (key === null || !value) throw new Refused(`\`${textOf(handler, property)}\` of the event has no equal in a request`, property);
    const keys = [...before, key];
    if (value.type === 'ObjectPattern' && isContainer(keys)) return flattened(handler, property, value, keys);
    const found = fieldOf(handler, keys);
    const to = found?.count === keys.length ? memberOf(found.field) : null;
    if (to === null) throw new Refused(`\`${textOf(handler, property)}\` of the event has no equal in a request`, property);
    return nameOf(value) === to ? [to] : [`${to}: `, { start: value.start, end: value.end }];
  });
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : [', ', ...part]));
}

/** The binding of a name that stands for a part of the request, and never for anything else. */
export function aliasOf(handler: Handler, identifier: Node): { name: string; binding: Binding } {
  const name = nameOf(identifier);
  const binding = name === null ? undefined : bindingAt(handler.module, name, identifier.start);
  if (name === null || !binding || isReassigned(handler, name, binding))
    throw new Refused(`\`${textOf(handler, identifier)}\` is given other values too`, identifier);
  return { name, binding };
}
