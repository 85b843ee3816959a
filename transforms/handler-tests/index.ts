/** Unit tests that call a handler with an event: once it is a route they ask it with `app.inject()`. */
import { placeAt } from '../../src/analysis/places.js';
import { type Binding, bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, isFunction, keyOf, list, type Node, nameOf } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import { importNames } from '../../src/mending/imports.js';
import { SourceView } from '../../src/mending/source-view.js';
import { indentAt, wholeLine } from '../http-route-native/edits.js';
import type { RouteShape } from '../http-route-native/index.js';
import { Refused } from '../http-route-native/refusal.js';
import { withTypeImports } from '../http-route-native/type-imports.js';
import { withoutUnused } from '../http-route-native/unused.js';
import type { TransformMeta } from '../transform.js';
import { type EventLiteral, eventOf } from './event.js';
import { type InjectRequest, requestOf } from './request.js';
import { rewriteResult } from './results.js';

export const meta: TransformMeta = {
  id: 'handler-tests',
  description: 'Unit tests that call a handler with an event ask its route with app.inject() instead',
  trigger: '--style native, and a test that calls a handler which becomes a route',
  kind: 'source',
};

export interface TestInput {
  values: Values;
  /** The test. */
  module: SourceModule;
  /** File of the handler, and the name under which it exports it. */
  handler: { file: string; name: string };
  routes: readonly RouteShape[];
  readsGateway: boolean;
  /** Where the test imports `routeApp` from. */
  specifier: string;
}

export type TestRewrite = { kind: 'rewritten'; text: string } | { kind: 'refused'; because: string; line: number };

/** Rewrites every call of the handler in a test; refuses the file when one is not understood. */
export function rewriteTest(input: TestInput): TestRewrite {
  const { module } = input;
  if (!module.program) return { kind: 'refused', because: 'it cannot be read', line: 1 };
  try {
    return { kind: 'rewritten', text: rewrite(input, new SourceView(module)) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: 'refused', because: error.reason, line: error.node ? placeAt(module.text, error.node.start).line : 1 };
  }
}

interface Call {
  call: Node;
  /** The `await` around it. */
  awaited: Node;
}

function rewrite(input: TestInput, view: SourceView): string {
  const { module, handler, specifier } = input;
  const { expression, calls } = callsIn(input, view);
  const app = view.freeName(...appNames(expression, handler.name));
  if (app === null) throw new Refused('it uses the name app itself', null);
  const requests = calls.map((each) => rewriteCall(input, view, each));
  const [route = '/', ...others] = new Set(requests.map((each) => each.route));
  if (others.length > 0) throw new Refused('its events are for several routes', calls[0]?.call ?? null);
  for (const [index, { call }] of calls.entries()) view.edits.replace(call, injection(view, call, app, requests[index]?.options ?? []));
  dropEvents(view, calls, requests);
  if (!importNames(view, specifier, ['routeApp'])) throw new Refused('it uses the name routeApp itself', null);
  declareApp(view, `const ${app} = routeApp(${expression}, ${view.quote}${route}${view.quote})${view.semicolon}`);
  const text = withoutUnused(module.file, view.edits.apply(), new Set(calls.flatMap(({ call }) => eventName(call) ?? [])));
  return withTypeImports(module.file, text.replace(/^import \{\s*\} from [^\n]*\n/gm, ''), { names: new Set(), quote: view.quote });
}

/** One test can ask the routes of many handlers: `app`, then the name by which it knows the handler's module, then numbers. */
function appNames(expression: string, handler: string): string[] {
  const known = [expression.split('.')[0] ?? handler, handler].filter((each) => each !== 'app').map((each) => `${each}App`);
  return ['app', ...known, ...Array.from({ length: 98 }, (_, index) => `app${index + 2}`)];
}

const widest = 110;

/** The options on one line, or one a line where that would be too wide. */
function injection(view: SourceView, call: Node, app: string, options: readonly string[]): string {
  const { module, unit, lineEnd } = view;
  const line = `${app}.inject({ ${options.join(', ')} })`;
  const column = call.start - module.text.lastIndexOf('\n', call.start - 1) - 1;
  if (column + line.length <= widest) return line;
  const indent = indentAt(module.text, call.start);
  return `${app}.inject({${lineEnd}${options.map((each) => `${indent}${unit}${each},${lineEnd}`).join('')}${indent}})`;
}

/** All calls of the handler, and how the test names it. */
function callsIn({ values, handler }: TestInput, view: SourceView): { expression: string; calls: Call[] } {
  const calls: Call[] = [];
  const expressions = new Set<string>();
  for (const bindings of view.module.bindings.values())
    for (const binding of bindings) {
      const source = binding.source ?? requireOf(binding);
      if (!source) continue;
      const resolution = values.resolver.resolve(view.module, source.specifier);
      if (resolution.kind !== 'file' || resolution.file !== handler.file) continue;
      const isWhole = source.name === '*' || (source.name === 'default' && handler.name !== 'default');
      if (!isWhole && source.name !== handler.name) continue;
      for (const { node, parent } of view.usesOf(binding)) {
        const isMember = isWhole && parent.type === 'MemberExpression' && parent['object'] === node;
        if (isMember && keyOf(parent) !== handler.name) continue;
        const callee = isMember ? parent : node;
        calls.push(callOf(view, callee));
        expressions.add(view.text(callee));
      }
    }
  const [expression, ...more] = expressions;
  if (expression === undefined) throw new Refused('how it calls the handler is not understood', null);
  if (more.length > 0) throw new Refused('it imports the handler twice', calls[0]?.call ?? null);
  return { expression, calls: calls.sort((a, b) => a.call.start - b.call.start) };
}

/** `const { handler } = require('…')`, `const app = require('…')`. */
function requireOf({ init, path }: { init: Node | null; path: string[] }): Binding['source'] {
  const argument = init?.type === 'CallExpression' && nameOf(child(init, 'callee')) === 'require' ? list(init, 'arguments')[0] : undefined;
  const specifier = argument?.type === 'Literal' && typeof argument['value'] === 'string' ? argument['value'] : undefined;
  if (specifier === undefined || path.length > 1) return undefined;
  return { specifier, name: path[0] ?? '*' };
}

function callOf(view: SourceView, callee: Node): Call {
  const call = view.parent(callee);
  if (call?.type !== 'CallExpression' || call['callee'] !== callee)
    throw new Refused(`the handler is used in \`${short(view, call ?? callee)}\``, callee);
  const [, context, callback] = list(call, 'arguments');
  if (callback) throw new Refused('it calls the handler with a callback', callback);
  if (context && !isPlain(context)) throw new Refused(`its context is \`${short(view, context)}\``, context);
  const awaited = view.parent(call);
  if (awaited?.type !== 'AwaitExpression') throw new Refused(`it does not await \`${short(view, call)}\``, call);
  for (let at = view.parent(awaited); at && !isFunction(at); at = view.parent(at))
    if (at.type === 'TryStatement') throw new Refused('it catches what the handler throws', call);
  return { call, awaited };
}

function short(view: SourceView, node: Node): string {
  const text = view.text(node).split('\n')[0] ?? '';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Leaving it out leaves nothing undone. */
function isPlain(node: Node): boolean {
  const inner = child(node, 'expression');
  if (node.type.startsWith('TS') && inner) return isPlain(inner);
  return nameOf(node) !== null || node.type === 'Literal' || node.type === 'ObjectExpression';
}

interface RewrittenCall extends InjectRequest {
  event: EventLiteral;
}

function rewriteCall({ values, routes, readsGateway }: TestInput, view: SourceView, { call, awaited }: Call): RewrittenCall {
  const event = eventOf({ view, values }, list(call, 'arguments')[0] ?? null);
  try {
    const request = requestOf({ view, routes, readsGateway }, event);
    rewriteResult(view, awaited);
    return { ...request, event };
  } catch (error) {
    // What stands in another file has no line here.
    if (error instanceof Refused && (error.node === null || event.module !== view.module)) throw new Refused(error.reason, call);
    throw error;
  }
}

function eventName(call: Node): string | null {
  const [event] = list(call, 'arguments');
  return event ? nameOf(unwrapped(event)) : null;
}

/** Variables that only held events and contexts go. */
function dropEvents(view: SourceView, calls: readonly Call[], requests: readonly RewrittenCall[]): void {
  const argumentsOf = new Set(calls.flatMap(({ call }) => list(call, 'arguments')));
  const names = new Set([...argumentsOf].flatMap((each) => nameOf(unwrapped(each)) ?? []));
  const declarations = new Map<Node, Set<Node>>();
  for (const name of names) {
    const use = [...argumentsOf].find((each) => nameOf(unwrapped(each)) === name) as Node;
    const binding = bindingAt(view.module, name, use.start);
    if (binding?.kind !== 'variable' || binding.source || binding.path.length > 0) continue;
    const isUsed = view
      .usesOf(binding)
      .some(({ node }) => ![...argumentsOf].some((each) => each.start <= node.start && node.end <= each.end));
    const declaration = view.parent(binding.node);
    const isEvent = binding.init === null || requests.some(({ event }) => event.declarator === binding.node) || isPlain(binding.init);
    if (isUsed || !isEvent || declaration?.type !== 'VariableDeclaration') continue;
    declarations.set(declaration, (declarations.get(declaration) ?? new Set()).add(binding.node));
  }
  for (const [declaration, gone] of declarations)
    if (list(declaration, 'declarations').length === gone.size)
      view.edits.remove(withBlankLine(view, wholeLine(view.module.text, declaration)));
}

function unwrapped(node: Node): Node {
  const inner = child(node, 'expression');
  return node.type.startsWith('TS') && inner ? unwrapped(inner) : node;
}

/** Not an empty line at the start of a block, nor two, where a statement was. */
function withBlankLine({ module: { text } }: SourceView, range: { start: number; end: number }): { start: number; end: number } {
  const isFirst = /(?:\{|\n)[ \t]*\r?\n$/.test(text.slice(Math.max(0, range.start - 80), range.start));
  const blank = /^[ \t]*\r?\n/.exec(text.slice(range.end));
  return isFirst && blank ? { start: range.start, end: range.end + blank[0].length } : range;
}

/** Before the first statement that is no import: routes have no state of their own. */
function declareApp(view: SourceView, line: string): void {
  const { lineEnd, module } = view;
  const statements = list(view.program, 'body');
  const last = statements.findLast((each) => each.type === 'ImportDeclaration' || isRequired(each));
  const end = last?.end ?? 0;
  const gap = /^[ \t]*\r?\n/.test(module.text.slice(end)) ? '' : lineEnd;
  view.edits.replace({ start: end, end }, `${lineEnd}${lineEnd}${line}${gap}`);
}

function isRequired(statement: Node): boolean {
  return (
    statement.type === 'VariableDeclaration' &&
    list(statement, 'declarations').every((each) => {
      const init = child(each, 'init');
      return init?.type === 'CallExpression' && nameOf(child(init, 'callee')) === 'require';
    })
  );
}
