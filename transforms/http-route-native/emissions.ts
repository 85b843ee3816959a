/** A result on its way to the reply: what is sent in its place, and how it is put there. */
import { child, list, type Node } from '../../src/analysis/syntax.js';
import { indentAt, type Part } from './edits.js';
import { freeName, type Handler } from './handler.js';
import { withoutTypes } from './places.js';
import { Refused } from './refusal.js';
import { type ReplyCall, replyParts } from './reply-chain.js';
import { tryAround } from './result-calls.js';
import { textKind } from './texts.js';

/** A result that becomes calls of the reply. */
export interface Emission {
  /** Where it is evaluated. */
  node: Node;
  calls: readonly ReplyCall[];
  /** A helper of the project sends it: what it may send, and whether that may fail once headers are set. The calls are none then. */
  sender?: {
    outcomes: readonly (readonly ReplyCall[])[];
    mayFail: boolean;
    parts: Part[];
    /** It gave a promise of what it made. */
    isAsync: boolean;
    /** It gives a promise of the reply, not the reply. */
    givesPromise: boolean;
    /** Has it make what it sends before it sets headers. */
    hoist(): void;
  };
  /** What the code gives there is a promise, also in a function that is not async. */
  isPromise: boolean;
  /** Its indentation is that of this node's line. */
  line: Node;
  comments: string[];
  /** The statement that is put in front, and which it is part of; null where there is none. */
  statement: Node | null;
  write(parts: Part[], before: Part[]): void;
}

/** Puts the reply's calls where a result was. `all` are those of the same function. */
export function emit(handler: Handler, emission: Emission, all: readonly Emission[]): void {
  const { calls, line, comments, statement, write, sender } = emission;
  const hoisted =
    leaks(handler, emission, all) || (handler.hoists && failsLate(handler, emission)) ? hoist(handler, emission) : { calls, before: [] };
  write(sender?.parts ?? replyParts(handler, hoisted.calls, line), hoisted.before);
  putComments(handler, comments, statement, emission.node);
}

/**
 * A reply keeps the headers that it was given. When the body fails inside a `try`, the answer of the `catch` must not carry those
 * of the answer that was not sent.
 */
function leaks(handler: Handler, emission: Emission, all: readonly Emission[]): boolean {
  const around = tryAround(handler, emission.node);
  if (!around || !(emission.sender?.mayFail ?? callsMayFail(handler, emission.calls))) return false;
  const others = all.filter((other) => other.node.start < around.start || other.node.end > around.end);
  const sets = outcomesOf(emission).flatMap((calls) => calls.flatMap((call) => [...(call.sets ?? [])]));
  return sets.some(([name, value]) => others.some((other) => !outcomesOf(other).every((calls) => overwrites(calls, name, value))));
}

/** It may fail once headers are set. */
function failsLate(handler: Handler, emission: Emission): boolean {
  const mayFail = emission.sender?.mayFail ?? callsMayFail(handler, emission.calls);
  return mayFail && outcomesOf(emission).some((calls) => calls.some(({ sets }) => sets && sets.size > 0));
}

/** What an emission may send. */
export function outcomesOf({ calls, sender }: Emission): readonly (readonly ReplyCall[])[] {
  return sender?.outcomes ?? [calls];
}

/** Something may be thrown after the first header is set. */
export function callsMayFail(handler: Handler, calls: readonly ReplyCall[]): boolean {
  return calls.some(({ argument, name }) => name !== 'code' && argument && mayFail(handler, argument));
}

function overwrites(calls: readonly ReplyCall[], name: string, value: string | null): boolean {
  // Fastify adds cookies to those that are there.
  if (name === 'set-cookie') return false;
  if (calls.some(({ sets }) => sets?.has(name))) return true;
  const isJson = calls.at(-1)?.isJson === true;
  return name === 'content-type' && value === 'application/json' && isJson;
}

/** Evaluating it may throw: all but plain values, names, and what every request has. */
function mayFail(handler: Handler, node: Node): boolean {
  const at = withoutTypes(node);
  if (!at || at.type === 'Literal' || at.type === 'Identifier') return false;
  const any = (field: string) => list(at, field).some((each) => mayFail(handler, each));
  if (at.type === 'TemplateLiteral') return any('expressions');
  if (at.type === 'ArrayExpression') return any('elements');
  if (at.type === 'ObjectExpression')
    return list(at, 'properties').some((each) => mayFail(handler, child(each, 'value') ?? child(each, 'argument') ?? each));
  return at.type !== 'MemberExpression' || textKind(handler, at) !== 'text';
}

/** The body is made before the reply is given its headers. */
function hoist(handler: Handler, { calls, sender, statement, node }: Emission): { calls: readonly ReplyCall[]; before: Part[] } {
  if (sender) {
    sender.hoist();
    return { calls, before: [] };
  }
  const last = calls.at(-1);
  const isOther = calls.slice(0, -1).some(({ argument, name }) => name !== 'code' && argument && mayFail(handler, argument));
  const isInBlock = statement !== null && handler.parents.get(statement)?.type === 'BlockStatement';
  const isBody = statement === null && handler.parents.get(node) === handler.node;
  if (!last?.argument || isOther || (!isInBlock && !isBody))
    throw new Refused('what fails in its result would leave headers in the reply', node);
  const name = freeName(handler, ['body', 'payload', 'content']);
  const { text } = handler.module;
  const indent = statement ? indentAt(text, statement.start) : indentAt(text, handler.node.start) + handler.unit;
  const from = indentAt(text, last.argument.start);
  const end = statement ? (text[statement.end - 1] === ';' ? ';' : '') : /;[ \t]*\r?$/m.test(text) ? ';' : '';
  const { start, end: stop } = last.argument;
  return {
    calls: [...calls.slice(0, -1), { name: 'send', code: name }],
    before: [`const ${name} = `, { start, end: stop, indent: { from, to: indent } }, `${end}\n${indent}`],
  };
}

/** Comments between the properties of a result. */
export function commentsIn({ module }: Handler, object: Node): string[] {
  const properties = list(object, 'properties');
  const gaps = [object.start + 1, ...properties.map(({ end }) => end)].map((start, index) =>
    module.text.slice(start, properties[index]?.start ?? object.end - 1),
  );
  return gaps.flatMap((gap) => gap.match(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g) ?? []).map((each) => each.trimEnd());
}

function putComments(handler: Handler, comments: string[], statement: Node | null, value: Node | null): void {
  if (comments.length === 0) return;
  if (!statement) throw new Refused('a comment stands in its result', value);
  const line = handler.module.text.lastIndexOf('\n', statement.start - 1) + 1;
  const indent = handler.module.text.slice(line, statement.start);
  if (indent.trim() !== '') throw new Refused('a comment stands in its result', value);
  handler.edits.replace({ start: line, end: line }, comments.map((each) => `${indent}${each}\n`).join(''));
}
