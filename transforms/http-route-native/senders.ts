/**
 * Functions of the project that make results: `return response(200, data)`. Beside such a function goes one that sends what it made,
 * and the handler calls that. The old one stays for as long as other code uses it.
 */
import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, list, memberPath, type Node, parametersOf } from '../../src/analysis/syntax.js';
import { completionsOf } from './callbacks.js';
import { mayEndWithoutValue } from './completes.js';
import { rewriteContextUses } from './context-uses.js';
import type { Part, Range } from './edits.js';
import { callsMayFail, type Emission, emit, outcomesOf } from './emissions.js';
import { textOf } from './event-uses.js';
import type { Handler } from './handler.js';
import { inHelper, insideHelper } from './helper-calls.js';
import { giveRequest, readRequest, takingRequest } from './readers.js';
import { Refused } from './refusal.js';
import type { ReplyCall } from './reply-chain.js';
import { readCompletions, readReturned } from './results.js';
import { addSender, type SenderPlace, senderPlace, sendersOf, textWith } from './sender-places.js';

export interface SenderCall {
  outcomes: readonly (readonly ReplyCall[])[];
  mayFail: boolean;
  parts: Part[];
  /** It gave a promise of what it made. */
  isAsync: boolean;
  /** It gives a promise of the reply, not the reply. */
  givesPromise: boolean;
  /** Has it make what it sends before it sets headers; refuses where that cannot be. */
  hoist(): void;
}

/** The call of a helper as that of its sender; refuses when what it makes is not understood. Null: no function of the project. */
export function senderCall(handler: Handler, call: Node): SenderCall | null {
  const callee = child(call, 'callee') as Node;
  const path = memberPath(callee);
  if (!path || path.length > 2 || path[0] === 'this') return null;
  const value = handler.values.of(handler.module, callee);
  if (value.kind !== 'node' || !isFunction(value.node)) return null;
  if (mayEndWithoutValue(value.node)) throw notWritten(handler, call, 'its helper may give nothing');
  return sending(handler, call, { module: value.module, node: value.node });
}

/** The call of a helper that is given the callback, as that of its sender. */
export function answeringCall(handler: Handler, call: Node, helper: Helper, callback: Node): SenderCall {
  return sending(handler, call, { ...helper, callback });
}

interface Helper {
  module: SourceModule;
  node: Node;
  /** The argument that is the callback. */
  callback?: Node;
}

function sending(handler: Handler, call: Node, helper: Helper): SenderCall {
  const callee = child(call, 'callee') as Node;
  const { sub, place, emissions, event } = make(handler, call, helper);
  const hoisted = (written: string) => {
    const made = make(handler, call, helper, true);
    return textWith(made.sub, made.place, written);
  };
  const instead = (written: string) => {
    try {
      return hoisted(written);
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  };
  if (event) giveRequest(handler, sub, event);
  if (event) handler.givenToResults.delete(event);
  const given = list(call, 'arguments');
  const dropped = given.filter((each) => handler.givenContexts.has(each) || each === helper.callback);
  for (const each of dropped) handler.givenContexts.delete(each);
  for (const range of without(given, dropped)) handler.edits.remove(range);
  const name = addSender(handler, sub, place, callee, { names: sendersOf, instead });
  handler.needs.reply = true;
  const property = callee.type === 'MemberExpression' ? (child(callee, 'property') as Node) : callee;
  handler.edits.replace(property, name);
  const open = handler.module.text.indexOf('(', child(call, 'typeArguments')?.end ?? callee.end) + 1;
  handler.edits.replace({ start: open, end: open }, handler.reply, given.length > dropped.length ? ', ' : '');
  return {
    outcomes: emissions.flatMap(outcomesOf),
    mayFail: emissions.some(({ calls, sender }) => sender?.mayFail ?? callsMayFail(sub, calls)),
    parts: [{ start: call.start, end: call.end }],
    isAsync: isAsync(helper.node, emissions),
    givesPromise: sub.needs.promise === true,
    hoist() {
      const sender = handler.surroundings.senders.get(helper.node);
      const text = hoisted(name);
      if (sender && sender.text !== text) sender.rewrite(text);
    },
  };
}

/** What is taken out of a list so that some of it are gone, with their commas. */
function without(all: readonly Node[], dropped: readonly Node[]): Range[] {
  const isDropped = (each: Node | undefined) => each !== undefined && dropped.includes(each);
  return all.flatMap((node, index) => {
    if (!isDropped(node) || isDropped(all[index - 1])) return [];
    let last = index;
    while (isDropped(all[last + 1])) last++;
    const [before, after] = [all[index - 1], all[last + 1]];
    return [
      after ? { start: node.start, end: after.start } : { start: before ? endOf(before) : node.start, end: endOf(all[last] as Node) },
    ];
  });
}

/** The end of a parameter with its type. */
function endOf(node: Node): number {
  return Math.max(node.end, child(node, 'typeAnnotation')?.end ?? 0);
}

/** A function gives a promise whatever it makes. */
function isAsync(fn: Node, emissions: readonly Emission[]): boolean {
  return fn['async'] === true || emissions.every(({ isPromise }) => isPromise);
}

interface Made {
  sub: Handler;
  place: SenderPlace;
  emissions: readonly Emission[];
  /** The argument that is the event, where it goes on to the helper. */
  event: Node | undefined;
}

/** The helper as a function that sends. */
function make(handler: Handler, call: Node, { module, node, callback }: Helper, hoists = false): Made {
  const helper = helperOf(handler, call, module, node);
  const given = list(call, 'arguments');
  const event = given.find((each) => handler.givenToResults.has(each));
  const contextAt = given.findIndex((each) => handler.givenContexts.has(each));
  const taking = event ? takingRequest(helper, given.indexOf(event)) : helper;
  const sub: Handler = { ...taking, contextAt, hoists };
  const place = senderPlace(sub);
  if (!place) throw new Refused(`how \`${textOf(handler, child(call, 'callee') as Node)}\` is exported is not understood`, call);
  const emissions = inHelper(sub, call, () => {
    if (callback) answerByCallback(handler, sub, given.indexOf(callback));
    if (event) readRequest(sub);
    rewriteContextUses(sub);
    const found = sub.completions ? readCompletions(sub, sub.completions) : readReturned(sub);
    for (const each of found) emit(sub, each, found);
    return found;
  });
  const [outer] = sub.givenContexts;
  if (outer) throw notWritten(handler, call, 'its helper hands the context on');
  if (!isAsync(node, emissions) && emissions.some(({ isPromise }) => isPromise))
    throw notWritten(handler, call, 'its helper may give a promise');
  signature(sub);
  return { sub, place, emissions, event };
}

/** The helper answers by the callback that it is given. */
function answerByCallback(handler: Handler, sub: Handler, callbackAt: number): void {
  sub.callbackAt = callbackAt;
  sub.takesPlainValues = handler.takesPlainValues;
  sub.completions = completionsOf(sub);
  if (!sub.completions) throw new Refused('it can end without an answer', sub.node);
}

function notWritten(handler: Handler, call: Node, reason: string): Refused {
  return new Refused(`\`${textOf(handler, call)}\` is a result that is not written out: ${reason}`, call);
}

function helperOf(handler: Handler, call: Node, module: SourceModule, node: Node): Handler {
  return insideHelper(handler, call, { module, node }, (reason) => notWritten(handler, call, reason));
}

/** The reply is the first parameter. */
function signature({ node, module, edits, reply, contextAt, callbackAt, completions, needs }: Handler): void {
  const isTyped = module.language === 'typescript';
  const written = isTyped ? `${reply}: FastifyReply` : reply;
  const parameters = parametersOf(node);
  const [first] = parameters;
  const dropped = parameters.filter((_, index) => index === contextAt || index === callbackAt);
  for (const range of without(parameters, dropped)) edits.remove(range);
  const isAlone = parameters.length === dropped.length;
  const from = child(node, 'typeParameters')?.end ?? child(node, 'id')?.end ?? node.start;
  const open = module.text.indexOf('(', from);
  const result = child(node, 'returnType');
  if (result && completions) edits.remove(result);
  else if (result) edits.replace(result, needs.promise ? ': Promise<FastifyReply>' : ': FastifyReply');
  const line = first && open < first.start ? /^\s*\n(\s*)$/.exec(module.text.slice(open + 1, first.start)) : null;
  if (first && line) edits.replace({ start: first.start, end: first.start }, written, `,\n${line[1] ?? ''}`);
  else if (first && open > first.start) {
    edits.replace({ start: first.start, end: first.start }, '(', written, isAlone ? '' : ', ');
    edits.replace({ start: first.end, end: first.end }, ')');
  } else edits.replace({ start: open + 1, end: open + 1 }, written, first && !isAlone ? ', ' : '');
}
