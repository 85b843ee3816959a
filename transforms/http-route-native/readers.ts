/**
 * Functions of the project that are given the whole event: `getUserId(event)`. Beside such a function goes one that takes the request,
 * and the handler calls that. The old one stays for as long as other code uses it.
 */
import { bindingAt, parseModule } from '../../src/analysis/source-module.js';
import { child, list, memberPath, type Node, nameOf } from '../../src/analysis/syntax.js';
import { rewriteEventUses, textOf } from './event-uses.js';
import { eventParameter, freeName, type Handler, parentsOf, usesOf } from './handler.js';
import { inHelper, insideHelper } from './helper-calls.js';
import { Refused } from './refusal.js';
import { addSender, senderPlace } from './sender-places.js';
import { requestParameter } from './signature.js';
import { ownerOf } from './variables.js';

/** Has a function of the project take the request in the place of the event. False when the event goes elsewhere. */
export function handOn(handler: Handler, event: Node): boolean {
  const call = handler.parents.get(event);
  const at = list(call, 'arguments').indexOf(event);
  if (call?.type !== 'CallExpression' || at < 0) return false;
  const callee = child(call, 'callee') as Node;
  const path = memberPath(callee);
  if (!path || path.length > 2 || path[0] === 'this') return false;
  const value = handler.values.of(handler.module, callee);
  if (value.kind !== 'node' || value.node === handler.node) return false;
  if (isResult(handler, call)) {
    handler.givenToResults.add(event);
    return true;
  }
  const helper = insideHelper(
    handler,
    call,
    value,
    (reason) => new Refused(`the whole event is used in \`${textOf(handler, call)}\`: ${reason}`, call),
  );
  const sub = takingRequest(helper, at);
  const place = senderPlace(sub);
  if (!place) return false;
  inHelper(sub, call, () => readRequest(sub));
  const name = addSender(handler, sub, place, callee, { names: namesFor });
  const property = path.length === 2 ? (child(callee, 'property') as Node) : callee;
  handler.edits.replace(property, name);
  giveRequest(handler, sub, event);
  return true;
}

/** What the call gives is what the handler returns, at once or from a variable. */
function isResult(handler: Handler, call: Node): boolean {
  const { parents, module } = handler;
  if (handler.completions?.some((each) => each.helper && each.call === call)) return true;
  const around = parents.get(call);
  const parent = around?.type === 'AwaitExpression' ? parents.get(around) : around;
  const name = parent?.type === 'VariableDeclarator' ? nameOf(child(parent, 'id')) : null;
  if (parent && name !== null) {
    const binding = bindingAt(module, name, parent.end);
    const uses = binding?.node === parent ? usesOf(handler, name, binding) : [];
    return uses.some((use) => use.parent.type === 'ReturnStatement' && ownerOf(handler, use.node) === handler.node);
  }
  return parent === handler.node || (parent?.type === 'ReturnStatement' && ownerOf(handler, parent) === handler.node);
}

/** The helper that has the request where it had the event. */
export function takingRequest(helper: Handler, eventAt: number): Handler {
  return {
    ...helper,
    eventAt,
    request: freeName(helper, ['request', 'req', 'httpRequest']),
    types: { params: new Set(), wholeParams: false, query: new Set(), wholeQuery: false, headers: new Set(), body: false },
  };
}

/** Rewrites a helper's uses of the event, and its parameter. */
export function readRequest(helper: Handler): void {
  const parameter = eventParameter(helper);
  if (!parameter) throw new Refused('its helper takes no event', helper.node);
  rewriteEventUses(helper);
  requestParameter(helper);
}

/** The call gives the request, and the handler says of it what the helper reads. */
export function giveRequest(handler: Handler, helper: Handler, event: Node): void {
  handler.edits.replace(event, handler.request);
  handler.needs.request = true;
  handler.notes.push(...helper.notes.map(({ code }) => ({ code, node: event })));
  addTypes(handler, helper);
}

/** `getIdFromEvent` reads an event, `getIdFromRequest` a request. */
function namesFor(helper: string): string[] {
  const named = helper.replace(/Event(?=[A-Z]|$)/, 'Request').replace(/^event(?=[A-Z])/, 'request');
  return [
    ...(named === helper ? [] : [named]),
    `${helper}FromRequest`,
    `${helper}OfRequest`,
    `${helper}FromRequest2`,
    `${helper}FromRequest3`,
  ];
}

/** The request has to have what the function reads of it. */
function addTypes({ types }: Handler, { types: read }: Handler): void {
  for (const key of ['params', 'query', 'headers'] as const) for (const name of read[key]) types[key].add(name);
  types.wholeParams ||= read.wholeParams;
  types.wholeQuery ||= read.wholeQuery;
  types.body ||= read.body;
}

/** A function of the file alone gets its name back once the one that took the event is gone. */
export function withFirstNames(file: string, text: string, replaced: ReadonlySet<string>): string {
  let at = text;
  for (const name of replaced) {
    const word = (each: string) => new RegExp(`(?<![\\w$])${each.replace(/\$/g, '\\$')}(?![\\w$])`, 'g');
    const later = `${name}FromRequest`;
    if (word(name).test(at) || !word(later).test(at) || isShared(file, at, later)) continue;
    at = at.replace(word(later), () => name);
  }
  return at;
}

/** Other files may know it, or it came from one. */
function isShared(file: string, text: string, name: string): boolean {
  const module = parseModule(file, text);
  if (!module.program) return true;
  const binding = bindingAt(module, name, (module.program as Node).end - 1);
  if (!binding || !['function', 'variable'].includes(binding.kind) || binding.path.length > 0) return true;
  const parents = parentsOf(module.program as Node);
  const declaration = binding.kind === 'variable' ? parents.get(binding.node) : binding.node;
  if (!declaration || parents.get(declaration)?.type !== 'Program') return true;
  return usesOf({ module, parents }, name, binding).some(({ parent }) => parent.type !== 'CallExpression');
}
