/** The shapes in which code starts something on first use. */
import { type Binding, bindingAt } from '../../src/analysis/source-module.js';
import { child, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import type { Range } from '../http-route-native/edits.js';
import { isWritten } from '../http-route-native/handler.js';
import { isForAll } from './for-all.js';

export interface LazyStart {
  /** The statements that run once. */
  statements: Node[];
  /** The test in the text: as it is, and so that it also holds while a start is under way. */
  guard: { text: string; whenStarting(name: string): string };
  /** The state is set before the start is over. */
  isEarly: boolean;
  /** What is rewritten. */
  replaced: Range;
  /** The opening of the rewritten statement around the start, when there is one. */
  before: ((guard: string) => string) | null;
  /** Its end. */
  after: string | null;
}

/** The start that a write belongs to; null when it has another shape, or is more than a start. */
export function lazyStartAt(view: SourceView, target: Node, binding: Binding): LazyStart | null {
  const assignment = view.parent(target)?.type === 'AssignmentExpression' ? (view.parent(target) as Node) : target;
  const fn = view.functionsAround(assignment)[0];
  if (fn?.['async'] !== true || fn['generator'] === true) return null;
  for (let at = view.parent(assignment); at && at !== fn; at = view.parent(at)) {
    if (at.type !== 'IfStatement') continue;
    const found = guarded(view, fn, at, binding);
    if (found) return found;
  }
  return coalesced(view, fn, assignment, binding) ?? afterReturn(view, fn, assignment, binding);
}

/** `if (!client) { … }` */
function guarded(view: SourceView, fn: Node, statement: Node, binding: Binding): LazyStart | null {
  const test = child(statement, 'test');
  const body = child(statement, 'consequent');
  if (!test || !body || child(statement, 'alternate') || !isMissing(view, test, binding)) return null;
  const statements = body.type === 'BlockStatement' ? list(body, 'body') : [body];
  if (!isStart(view, fn, statements, binding)) return null;
  const text = view.text(test);
  return {
    statements,
    guard: { text, whenStarting: (name) => `${text} || ${name}` },
    isEarly: isEarly(view, statements, binding),
    replaced: statement,
    before: (guard) => `if (${guard}) {`,
    after: '}',
  };
}

/** `client ??= await start();` */
function coalesced(view: SourceView, fn: Node, assignment: Node, binding: Binding): LazyStart | null {
  const statement = view.parent(assignment);
  const operator = String(assignment['operator']);
  const right = child(assignment, 'right');
  if (statement?.type !== 'ExpressionStatement' || !/^(\?\?|\|\|)=$/.test(operator) || right?.type !== 'AwaitExpression') return null;
  if (!isStart(view, fn, [statement], binding)) return null;
  const left = child(assignment, 'left') as Node;
  view.edits.replace({ start: left.end, end: right.start }, ' = ');
  const text = operator === '??=' ? `${binding.name} == null` : `!${binding.name}`;
  return {
    statements: [statement],
    guard: { text, whenStarting: (name) => `${text} || ${name}` },
    isEarly: false,
    replaced: statement,
    before: (guard) => `if (${guard}) {`,
    after: '}',
  };
}

/** `if (client) return client; …; return client;` */
function afterReturn(view: SourceView, fn: Node, assignment: Node, binding: Binding): LazyStart | null {
  const all = list(view.blockOf(fn), 'body');
  const index = all.findIndex((each) => isReturnOf(view, each, binding));
  const last = all.at(-1);
  const statements = all.slice(index + 1, -1);
  if (index === -1 || last?.type !== 'ReturnStatement' || nameOf(child(last, 'argument')) !== binding.name) return null;
  if (!statements.some((each) => each.start <= assignment.start && assignment.end <= each.end)) return null;
  if (!isStart(view, fn, statements, binding)) return null;
  const check = all[index] as Node;
  const test = child(check, 'test') as Node;
  const between = view.module.text.slice(test.end, (statements[0] as Node).start);
  const text = `${view.module.text.slice(check.start, test.end)}${between.trimEnd()}`;
  return {
    statements,
    guard: { text, whenStarting: (name) => text.replace(view.text(test), `${view.text(test)} && !${name}`) },
    isEarly: isEarly(view, statements, binding),
    replaced: { start: check.start, end: (statements.at(-1) as Node).end },
    before: null,
    after: null,
  };
}

function isReturnOf(view: SourceView, statement: Node, binding: Binding): boolean {
  if (statement.type !== 'IfStatement' || child(statement, 'alternate') || !isState(view, child(statement, 'test'), binding)) return false;
  const body = child(statement, 'consequent');
  const only = body?.type === 'BlockStatement' ? (list(body, 'body').length === 1 ? list(body, 'body')[0] : undefined) : body;
  return only?.type === 'ReturnStatement' && isState(view, child(only, 'argument'), binding);
}

function isState(view: SourceView, node: Node | null, binding: Binding): boolean {
  return node !== null && nameOf(node) === binding.name && bindingAt(view.module, binding.name, node.start) === binding;
}

/** `!client`, `client == null`, `client === undefined`, `client === null`. */
function isMissing(view: SourceView, test: Node, binding: Binding): boolean {
  if (test.type === 'UnaryExpression') return test['operator'] === '!' && isState(view, child(test, 'argument'), binding);
  if (test.type !== 'BinaryExpression' || !/^===?$/.test(String(test['operator']))) return false;
  return isState(view, child(test, 'left'), binding) && /^(null|undefined)$/.test(view.text(child(test, 'right') as Node));
}

/** It only starts something, and gives the variable its value. */
function isStart(view: SourceView, fn: Node, statements: readonly Node[], binding: Binding): boolean {
  return isForAll(view, fn, statements) && view.usesOf(binding).some(({ node }) => isIn(node, statements) && isWritten(view, node));
}

function isIn(node: Node, statements: readonly Node[]): boolean {
  return statements.some((each) => each.start <= node.start && node.end <= each.end);
}

/** Something of the start comes after the state is set. */
function isEarly(view: SourceView, statements: readonly Node[], binding: Binding): boolean {
  const writes = view.usesOf(binding).filter(({ node }) => isIn(node, statements) && isWritten(view, node));
  const last = statements.at(-1);
  const [write] = writes;
  const assignment = write && view.parent(write.node);
  return !(writes.length === 1 && assignment?.type === 'AssignmentExpression' && view.parent(assignment) === last);
}
