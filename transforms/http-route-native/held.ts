/** A result that a variable holds while the code still works with it: it is sent from there. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, memberPath, type Node, nameOf } from '../../src/analysis/syntax.js';
import { type Handler, isWritten, type Reference, usesOf } from './handler.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';
import type { ReplyCall } from './reply-chain.js';
import { callsOfHeld, type LaterHeader } from './result-calls.js';
import { notRewritten } from './result-lists.js';
import { type Part, readResult } from './result-parts.js';
import { valuesAt } from './variables.js';

/**
 * The calls that send what a variable holds where it is returned. Null when it is none that is made of written out objects, whose
 * properties are set one by one and which are only read besides.
 */
export function heldCalls(handler: Handler, identifier: Node): ReplyCall[] | null {
  const { module } = handler;
  const name = nameOf(identifier) as string;
  const binding = bindingAt(module, name, identifier.start);
  if (binding?.kind !== 'variable' || binding.path.length > 0) return null;
  const objects = valuesAt(handler, identifier)?.map((each) => withoutTypes(each ?? null));
  if (!objects || objects.length === 0 || objects.some((each) => each?.type !== 'ObjectExpression')) return null;
  const parts = objects.map((each) => readResult(handler, each as Node));
  for (const { cookies, multiValueHeaders } of parts) {
    if (cookies) throw notRewritten('cookies', cookies.node);
    if (multiValueHeaders) throw notRewritten('multiValueHeaders', multiValueHeaders.node);
  }
  const others = usesOf(handler, name, binding).filter(({ node }) => node !== identifier);
  const set = new Map<Part, Node[]>();
  const later: LaterHeader[] = [];
  for (const use of others) {
    const header = headerWrite(handler, use);
    if (header) {
      later.push(header);
      continue;
    }
    const written = propertyWrite(handler, use);
    if (written) set.set(written.part, [...(set.get(written.part) ?? []), written.value]);
    else if (!isRead(handler, use)) return null;
  }
  if (set.has('headers')) throw new Refused(`the headers of \`${name}\` are set later`, identifier);
  if (later.length > 0 && !parts.every((each) => withoutTypes(each.headers?.node ?? null)?.type === 'ObjectExpression'))
    throw new Refused(`the headers of \`${name}\` may be missing`, identifier);
  const has = (part: Part) => parts.some((each) => each[part]) || set.has(part);
  const always = (part: Part) => parts.every((each) => each[part]);
  if (!always('statusCode')) throw new Refused(`the status of \`${name}\` may be missing`, identifier);
  if (has('headers') && !always('headers')) throw new Refused(`the headers of \`${name}\` may be missing`, identifier);
  if (parts.some((each) => Object.values(each).some(({ spread }) => spread)))
    throw new Refused(`\`${name}\` has properties of another object`, identifier);
  const all = (part: Part) => [...parts.flatMap((each) => each[part]?.node ?? []), ...(set.get(part) ?? [])];
  dropAnnotation(handler, binding.node);
  const held = { statusCode: all('statusCode'), headers: all('headers'), body: all('body'), later };
  return callsOfHeld(handler, name, held, identifier);
}

/** `response.headers['X-Kind'] = …`. */
function headerWrite({ parents }: Handler, { node, parent }: Reference): LaterHeader | null {
  const isHeaders = parent.type === 'MemberExpression' && parent['object'] === node && keyOf(parent) === 'headers';
  const member = isHeaders ? parents.get(parent) : undefined;
  const name = member?.type === 'MemberExpression' && member['object'] === parent ? keyOf(member) : null;
  const assignment = member && parents.get(member);
  const value = child(assignment ?? null, 'right');
  if (name === null || assignment?.type !== 'AssignmentExpression' || assignment['left'] !== member || assignment['operator'] !== '=')
    return null;
  return value ? { name, value, property: assignment } : null;
}

/** `response.body = …` as a statement of its own or elsewhere. */
function propertyWrite({ parents }: Handler, { node, parent }: Reference): { part: Part; value: Node } | null {
  const key = parent.type === 'MemberExpression' && parent['object'] === node ? keyOf(parent) : null;
  const assignment = parents.get(parent);
  const value = child(assignment, 'right');
  if (assignment?.type !== 'AssignmentExpression' || assignment['left'] !== parent || assignment['operator'] !== '=' || !value) return null;
  return key === 'statusCode' || key === 'headers' || key === 'body' ? { part: key, value } : null;
}

/** One of its properties is read, it is given its first value, or it goes to the log. */
function isRead(handler: Handler, { node, parent }: Reference): boolean {
  if (parent.type === 'MemberExpression' && parent['object'] === node) {
    const isWhole = keyOf(parent) !== null && !isWritten(handler, parent);
    return isWhole && keyOf(parent) !== 'headers';
  }
  if (parent.type === 'AssignmentExpression') return parent['left'] === node && isStatement(handler, parent);
  return isLogged(handler, node);
}

function isStatement({ parents }: Handler, node: Node): boolean {
  return parents.get(node)?.type === 'ExpressionStatement';
}

/** It goes to the log, alone or in a text or an object, and nowhere else. */
export function isLogged({ parents }: Handler, node: Node): boolean {
  let at = node;
  for (let parent = parents.get(at); parent; at = parent, parent = parents.get(at)) {
    if (parent.type === 'CallExpression' && parent['callee'] !== at) {
      const callee = memberPath(child(parent, 'callee'));
      if (callee?.[0] === 'console' && callee.length === 2) return true;
      if (callee?.join('.') !== 'JSON.stringify') return false;
    } else if (!['TemplateLiteral', 'BinaryExpression', 'ObjectExpression', 'Property'].includes(parent.type)) return false;
  }
  return false;
}

/** A type of Lambda's does not fit what Fastify takes. */
function dropAnnotation({ module, edits }: Handler, declarator: Node): void {
  const annotation = child(child(declarator, 'id'), 'typeAnnotation');
  const type = child(annotation, 'typeAnnotation');
  const name = nameOf(child(type, 'typeName'));
  if (annotation && module.language === 'typescript' && name !== null && /Result|Response/.test(name) && list(type, 'members').length === 0)
    edits.remove(annotation);
}
