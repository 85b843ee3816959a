/** What a test does with a result: `statusCode`, `body` and headers are those of an injected answer too. */
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, memberPath, type Node, nameOf, stringOf } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { withoutTypes } from '../http-route-native/places.js';
import { Refused } from '../http-route-native/refusal.js';

/** Looks at all uses of what an awaited call gives, and edits those that an answer needs otherwise. @throws Refused for others. */
export function rewriteResult(view: SourceView, awaited: Node): void {
  let at = awaited;
  let parent = view.parent(at);
  while (parent && isTypeOnly(parent)) {
    at = parent;
    parent = view.parent(at);
  }
  if (parent?.type === 'ExpressionStatement') return;
  if (parent?.type === 'VariableDeclarator' && parent['init'] === at) {
    rewriteDeclared(view, parent);
    return;
  }
  if (parent?.type === 'AssignmentExpression' && parent['right'] === at && nameOf(child(parent, 'left')) !== null) {
    rewriteVariable(view, child(parent, 'left') as Node);
    return;
  }
  rewriteUse(view, at);
}

function isTypeOnly({ type }: Node): boolean {
  return type === 'TSAsExpression' || type === 'TSNonNullExpression' || type === 'TSSatisfiesExpression';
}

function rewriteDeclared(view: SourceView, declarator: Node): void {
  const id = child(declarator, 'id') as Node;
  const annotation = child(id, 'typeAnnotation');
  if (annotation) view.edits.remove(annotation);
  dropCast(view, child(declarator, 'init') as Node);
  if (id.type === 'ObjectPattern') {
    const other = list(id, 'properties').find((each) => each.type !== 'Property' || !['statusCode', 'body'].includes(keyOf(each) ?? ''));
    if (other) throw new Refused(`\`${view.text(other)}\` of its result is read`, other);
    return;
  }
  rewriteVariable(view, id);
}

/** `as APIGatewayProxyResult` is not what it is any more. */
function dropCast(view: SourceView, init: Node): void {
  const expression = child(init, 'expression');
  if ((init.type === 'TSAsExpression' || init.type === 'TSSatisfiesExpression') && expression)
    view.edits.remove({ start: expression.end, end: init.end });
}

function rewriteVariable(view: SourceView, id: Node): void {
  const name = nameOf(id) as string;
  const binding = bindingAt(view.module, name, id.start);
  if (!binding) throw new Refused(`its result is kept in \`${name}\`, which is not declared here`, id);
  const annotation = child(child(binding.node, 'id'), 'typeAnnotation');
  if (annotation && child(binding.node, 'id') !== id) view.edits.remove(annotation);
  for (const { node, parent } of view.usesOf(binding)) {
    const isTarget = parent.type === 'AssignmentExpression' && parent['left'] === node;
    if (!isTarget) rewriteUse(view, node);
  }
}

function rewriteUse(view: SourceView, node: Node): void {
  let at = node;
  let parent = view.parent(at);
  while (parent && isTypeOnly(parent)) {
    at = parent;
    parent = view.parent(at);
  }
  if (parent?.type === 'MemberExpression' && parent['object'] === at) {
    rewriteMember(view, parent);
    return;
  }
  const call = parent?.type === 'CallExpression' ? parent : null;
  const callee = memberPath(child(call, 'callee'));
  if (call && callee?.join('.') === 'expect' && list(call, 'arguments').length === 1 && rewriteExpectation(view, call)) return;
  if (call && callee?.[0] === 'assert' && rewriteAssertion(view, call, at)) return;
  if (callee?.[0] === 'console' && call) return;
  throw new Refused(`its result is used in \`${shown(view, parent ?? node)}\``, node);
}

function shown(view: SourceView, node: Node): string {
  const text = view.text(node).split('\n')[0] ?? '';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function rewriteMember(view: SourceView, member: Node): void {
  const key = keyOf(member);
  if (key === 'statusCode' || key === 'body') return;
  if (key !== 'headers') throw new Refused(`\`${shown(view, member)}\` is no part of an answer`, member);
  let at = member;
  let parent = view.parent(at);
  while (parent && isTypeOnly(parent)) {
    at = parent;
    parent = view.parent(at);
  }
  const name = parent?.type === 'MemberExpression' && parent['object'] === at ? keyOf(parent) : null;
  const property = child(parent, 'property');
  if (name === null || !property) throw new Refused(`all headers of its result are read in \`${shown(view, parent ?? member)}\``, member);
  const lower = name.toLowerCase();
  if (lower !== name) view.edits.replace(property, stringOf(property) === null ? lower : view.quote + lower + view.quote);
}

/** What every answer is, whatever is in it. */
const anyAnswer = /^(?:toBeDefined|toBeTruthy|exist|ok|object|an|a)$/;

/** `expect(result).toEqual({ … })` leaves room for what else an answer has. */
function rewriteExpectation(view: SourceView, expectation: Node): boolean {
  const links: { name: string; node: Node }[] = [];
  let at = expectation;
  for (let parent = view.parent(at); parent; at = parent, parent = view.parent(at)) {
    if (parent.type === 'MemberExpression' && parent['object'] === at)
      links.push({ name: keyOf(parent) ?? '', node: child(parent, 'property') as Node });
    else if (parent.type !== 'CallExpression' || parent['callee'] !== at) break;
    else if (parent === at) break;
  }
  const names = links.map(({ name }) => name);
  const last = links.at(-1);
  const call = at.type === 'CallExpression' ? at : null;
  const [first] = list(call, 'arguments');
  if (!last || names.includes('not') || names.includes('resolves')) return false;
  if (anyAnswer.test(last.name)) return call === null || list(call, 'arguments').length === 0 || stringOf(first ?? null) === 'object';
  if (last.name === 'toHaveProperty' || last.name === 'property') {
    const path = stringOf(first ?? null);
    return path === 'statusCode' || path === 'body';
  }
  if (!call || !first) return false;
  if (/^(?:toEqual|toStrictEqual|toMatchObject)$/.test(last.name)) {
    expected(view, first);
    if (last.name !== 'toMatchObject') view.edits.replace(last.node, 'toMatchObject');
    return true;
  }
  const isDeep =
    last.name === 'eql' || last.name === 'eqls' || ((last.name === 'equal' || last.name === 'equals') && names.includes('deep'));
  // Nested objects are compared as a whole there, and an answer has headers of its own.
  if (!isDeep || expected(view, first).includes('headers')) return false;
  view.edits.replace(last.node, last.name.startsWith('eql') ? 'deep.include' : 'include');
  return true;
}

/** `assert.deepEqual(result, { … })` compares what the test expects something of. */
function rewriteAssertion(view: SourceView, call: Node, result: Node): boolean {
  const method = memberPath(child(call, 'callee'))?.at(-1) ?? '';
  const [first, second] = list(call, 'arguments');
  if (first === result && (method === 'ok' || method === 'assert')) return true;
  if (first !== result || !second || !/^deep(?:Strict)?Equal$/.test(method)) return false;
  const names = expected(view, second).filter((name) => name !== 'headers');
  const name = view.text(result);
  if (names.length === 0 || expected(view, second).includes('headers') || nameOf(result) === null) return false;
  view.edits.replace(result, `{ ${names.map((each) => `${each}: ${name}.${each}`).join(', ')} }`);
  return true;
}

/** The expected object: only what an answer has, the headers under the names that it has them under. */
function expected(view: SourceView, argument: Node): string[] {
  const object = literalOf(view, argument);
  if (!object) throw new Refused(`its result is compared with \`${shown(view, argument)}\``, argument);
  return list(object, 'properties').map((property) => {
    const name = property.type === 'Property' ? keyOf(property) : null;
    if (name === null || !['statusCode', 'body', 'headers'].includes(name))
      throw new Refused(`its result is compared with \`${shown(view, property)}\``, property);
    if (name === 'headers') lowerNames(view, child(property, 'value') as Node);
    return name;
  });
}

function literalOf(view: SourceView, argument: Node): Node | null {
  const at = withoutTypes(argument);
  if (at?.type === 'ObjectExpression') return at;
  const name = nameOf(at);
  const binding = at && name !== null ? bindingAt(view.module, name, at.start) : undefined;
  const init = binding?.kind === 'variable' && binding.path.length === 0 && !binding.source ? withoutTypes(binding.init) : null;
  if (!binding || init?.type !== 'ObjectExpression') return null;
  const others = view.usesOf(binding).filter(({ node }) => node !== at);
  return others.length === 0 ? init : null;
}

function lowerNames(view: SourceView, headers: Node): void {
  const at = withoutTypes(headers);
  if (at?.type !== 'ObjectExpression') throw new Refused(`its result is compared with \`${shown(view, headers)}\``, headers);
  for (const property of list(at, 'properties')) {
    const name = property.type === 'Property' ? keyOf(property) : null;
    const key = child(property, 'key');
    if (name === null || !key || property['shorthand'] === true)
      throw new Refused(`its result is compared with \`${shown(view, property)}\``, property);
    const lower = name.toLowerCase();
    if (lower !== name) view.edits.replace(key, stringOf(key) === null ? lower : view.quote + lower + view.quote);
  }
}
