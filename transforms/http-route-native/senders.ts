/**
 * Functions of the project that make results: `return response(200, data)`. Beside such a function goes one that sends what it made,
 * and the handler calls that. The old one stays for as long as other code uses it.
 */
import { quoteOf } from '../../src/analysis/quotes.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, list, memberPath, type Node, nameOf, parametersOf, walk } from '../../src/analysis/syntax.js';
import { mayEndWithoutValue } from './completes.js';
import { Edits, type Part } from './edits.js';
import { callsMayFail, emit, outcomesOf } from './emissions.js';
import { textOf } from './event-uses.js';
import { freeName, type Handler, parentsOf } from './handler.js';
import { Refused } from './refusal.js';
import type { ReplyCall } from './reply-chain.js';
import { readReturned } from './results.js';
import { addSender, senderPlace } from './sender-places.js';

export interface SenderCall {
  outcomes: readonly (readonly ReplyCall[])[];
  mayFail: boolean;
  parts: Part[];
}

/** Helpers that call helpers, at most so deep. */
const maximumDepth = 4;

/** The call of a helper as that of its sender; refuses when what it makes is not understood. Null: no function of the project. */
export function senderCall(handler: Handler, call: Node): SenderCall | null {
  const callee = child(call, 'callee') as Node;
  const path = memberPath(callee);
  if (!path || path.length > 2 || path[0] === 'this') return null;
  const value = handler.values.of(handler.module, callee);
  if (value.kind !== 'node' || !isFunction(value.node)) return null;
  const sub = helperOf(handler, call, value.module, value.node);
  const place = senderPlace(sub);
  if (!place) throw new Refused(`how \`${path.join('.')}\` is exported is not understood`, call);
  const emissions = inHelper(sub, call, () => {
    const found = readReturned(sub);
    for (const each of found) emit(sub, each, found);
    return found;
  });
  signature(sub);
  const name = addSender(handler, sub, place, callee);
  handler.needs.reply = true;
  const property = path.length === 2 ? (child(callee, 'property') as Node) : callee;
  handler.edits.replace(property, name);
  const open = handler.module.text.indexOf('(', child(call, 'typeArguments')?.end ?? callee.end) + 1;
  handler.edits.replace({ start: open, end: open }, handler.reply, list(call, 'arguments').length > 0 ? ', ' : '');
  return {
    outcomes: emissions.flatMap(outcomesOf),
    mayFail: emissions.some(({ calls, sender }) => sender?.mayFail ?? callsMayFail(sub, calls)),
    parts: [{ start: call.start, end: call.end }],
  };
}

function helperOf(caller: Handler, call: Node, module: SourceModule, node: Node): Handler {
  const refuse = (reason: string) => new Refused(`\`${textOf(caller, call)}\` is a result that is not written out: ${reason}`, call);
  let depth = 0;
  for (let at: Handler | undefined = caller; at; at = at.call?.caller) depth++;
  if (depth > maximumDepth) throw refuse('its helper calls too many others');
  if (!module.program || !isFunction(node)) throw refuse('its helper cannot be read');
  if (node['async'] === true || node['generator'] === true) throw refuse('its helper does not answer at once');
  if (mayEndWithoutValue(node)) throw refuse('its helper may give nothing');
  if (list(call, 'arguments').some(({ type }) => type === 'SpreadElement')) throw refuse('its arguments are spread');
  if (parametersOf(node).some(({ type }) => type === 'RestElement')) throw refuse('its helper takes any number of arguments');
  let isBound = false;
  walk(node, (each) => {
    if (each.type === 'ThisExpression' || nameOf(each) === 'arguments') isBound = true;
    return !isBound;
  });
  if (isBound) throw refuse('its helper uses `this` or `arguments`');
  const parents = module === caller.module ? caller.parents : parentsOf(module.program as Node);
  return {
    ...caller,
    module,
    node,
    parents,
    call: { caller, arguments: list(call, 'arguments') },
    takesPlainValues: true,
    completions: null,
    edits: new Edits(module.text, templatesOf(module)),
    unit: /\n(\t| {2,4})\S/.exec(module.text)?.[1] ?? '  ',
    quote: quoteOf(module.text),
    reply: freeName({ node, parents }, ['reply', 'res', 'httpReply']),
    needs: { request: false, reply: false },
    notes: [],
    queryGuards: [],
  };
}

/** What forces a refusal inside a helper is told at its call. */
function inHelper<T>(sub: Handler, call: Node, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(`in \`${sub.module.file}\`: ${error.reason}`.replace(/^in `[^`]*`: in /, 'in '), call);
  }
}

function templatesOf({ program }: SourceModule): Node[] {
  const found: Node[] = [];
  if (program)
    walk(program as Node, (node) => {
      if (node.type === 'TemplateElement') found.push(node);
    });
  return found;
}

/** The reply is the first parameter. */
function signature({ node, module, edits, reply }: Handler): void {
  const isTyped = module.language === 'typescript';
  const written = isTyped ? `${reply}: FastifyReply` : reply;
  const [first] = parametersOf(node);
  const from = child(node, 'typeParameters')?.end ?? child(node, 'id')?.end ?? node.start;
  const open = module.text.indexOf('(', from);
  const result = child(node, 'returnType');
  if (result) edits.replace(result, ': FastifyReply');
  if (first && open > first.start) edits.replace(first, '(', written, ', ', { start: first.start, end: first.end }, ')');
  else edits.replace({ start: open + 1, end: open + 1 }, written, first ? ', ' : '');
}
