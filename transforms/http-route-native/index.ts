import type { API, FileInfo } from 'jscodeshift';
import { placeAt } from '../../src/analysis/places.js';
import { quoteOf } from '../../src/analysis/quotes.js';
import { shapeOf } from '../../src/analysis/shape.js';
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, type FunctionNode, isFunction, list, type Node, nameOf, parametersOf, walk } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import type { TransformMeta } from '../transform.js';
import { completionsOf } from './callbacks.js';
import { rewriteContextUses } from './context-uses.js';
import { Edits, type Range } from './edits.js';
import { rewriteEventUses, textOf } from './event-uses.js';
import { isMiddlewareArgument, replaceMiddlewares } from './first-steps.js';
import { type Deployed, freeName, type Handler, parentsOf, type RouteShape, usesOf } from './handler.js';
import { guardLaterUses, type Middied, middied, type VersionOf } from './middy.js';
import { withFirstNames } from './readers.js';
import { Refused } from './refusal.js';
import { rewriteResults } from './results.js';
import { rewriteComment, rewriteSignature, type TypeNames } from './signature.js';
import { guardText } from './sound.js';
import { type StandaloneOptions, standaloneRoute } from './standalone.js';
import { withTypeImports } from './type-imports.js';
import { withoutUnused } from './unused.js';

export type { RouteShape } from './handler.js';

/** The same rewrite for jscodeshift's command line; see `standalone.ts`. */
export default (file: FileInfo, api: API, options: StandaloneOptions): string | undefined =>
  standaloneRoute(rewriteRoute, file, api, options);

export const meta: TransformMeta = {
  id: 'http-route-native',
  description: 'Rewrites HTTP handlers into route handlers of Fastify where every use of event, context and result is understood',
  trigger: '--style native or auto, and a function with HTTP routes of one front',
  kind: 'source',
};

export interface RouteSite {
  module: SourceModule;
  exportPath: readonly string[];
  routes: readonly RouteShape[];
  takesPlainValues: boolean;
  deployed: Deployed;
  versionOf?: VersionOf;
}

export interface OtherFile {
  file: string;
  text: string;
  /** Names that the handler used and uses no more. */
  replaced: readonly string[];
}

export type RouteRewrite =
  | {
      kind: 'rewritten';
      file: string;
      text: string;
      others: OtherFile[];
      notes: { code: Handler['notes'][number]['code']; line: number }[];
    }
  | { kind: 'refused'; because: string; file: string; line: number };

/** Rewrites one handler of a file; says what forced it when that is not possible. */
export function rewriteRoute(values: Values, site: RouteSite): RouteRewrite {
  let { module, routes } = site;
  try {
    const value = module.program ? values.exported(module, site.exportPath) : undefined;
    const behind = value ? middied(values, value, routes, site.versionOf ?? (() => null)) : null;
    if (behind) guardLaterUses(values, behind);
    const found = behind ? { module: behind.module, node: behind.node as FunctionNode } : handlerFunction(values, site);
    module = found.module;
    if (behind) routes = routes.map((route) => ({ ...route, ...changesOf(behind.effects) }));
    const rewritten = rewrite(values, { ...site, module, routes }, found.node, behind);
    guardText(module, rewritten.text, found.node);
    for (const other of rewritten.others) {
      const known = values.modules.get(other.file);
      if (known) guardText(known, other.text, found.node);
    }
    return { kind: 'rewritten', file: module.file, ...rewritten };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: 'refused', because: error.reason, file: module.file, line: lineOf(module, error.node) };
  }
}

/** What middlewares change of the event. */
function changesOf(effects: Middied['effects']): Pick<RouteShape, 'isFilled' | 'lowersHeaders'> {
  return { isFilled: effects.some(({ fillsEvent }) => fillsEvent), lowersHeaders: effects.some(({ lowersHeaders }) => lowersHeaders) };
}

function lineOf(module: SourceModule, node: Node | null): number {
  return node ? placeAt(module.text, node.start).line : 1;
}

function rewrite(
  values: Values,
  { module, routes, takesPlainValues, deployed }: RouteSite,
  node: FunctionNode,
  behind: Middied | null,
): Pick<RouteRewrite & { kind: 'rewritten' }, 'text' | 'others' | 'notes'> {
  const program = module.program as Node;
  const parents = parentsOf(program);
  const edits = new Edits(module.text, literalsOf(program));
  const handler: Handler = {
    values,
    module,
    node,
    routes: oneFront(routes),
    takesPlainValues,
    deployed,
    completions: null,
    call: null,
    eventAt: 0,
    contextAt: 1,
    callbackAt: 2,
    givenToResults: new Set(),
    givenContexts: new Set(),
    surroundings: { edits: new Map([[module, edits]]), senders: new Map(), replaced: new Map(), imported: new Map() },
    edits,
    parents,
    unit: unitOf(module.text),
    quote: quoteOf(module.text),
    request: freeName({ node, parents }, ['request', 'req', 'httpRequest']),
    reply: freeName({ node, parents }, ['reply', 'res', 'httpReply']),
    needs: { request: false, reply: false },
    hoists: false,
    notes: [],
    queryGuards: [],
    around: behind?.around ?? null,
    parsesBody: behind?.effects.some(({ parsesBody }) => parsesBody) ?? false,
    types: { params: new Set(), wholeParams: false, query: new Set(), wholeQuery: false, headers: new Set(), body: false },
  };
  guardShape(handler, behind);
  handler.completions = completionsOf(handler);
  rewriteEventUses(handler);
  rewriteContextUses(handler);
  rewriteResults(handler);
  const [left] = handler.givenToResults;
  const [context] = handler.givenContexts;
  if (context) throw new Refused(`\`${textOf(handler, context)}\` of the context has no equal in a service`, context);
  if (left) throw new Refused(`the whole event is used in \`${textOf(handler, parents.get(left) ?? left)}\``, left);
  if (behind) replaceMiddlewares(handler, behind);
  const types = rewriteSignature(handler);
  rewriteComment(handler);
  if (handler.surroundings.senders.size > 0 && module.language === 'typescript') types.add('FastifyReply');
  const { text, others } = textsOf(handler, types);
  return {
    text,
    others,
    notes: handler.notes.map(({ code, node: at }) => ({ code, line: lineOf(module, at) })),
  };
}

/** The texts of the handler's file and of others that changed, without what nothing uses any more. */
function textsOf(
  { module, surroundings, quote, edits }: Handler,
  types: TypeNames,
): Pick<RouteRewrite & { kind: 'rewritten' }, 'text' | 'others'> {
  const finish = (each: SourceModule, names: TypeNames): string => {
    const text = (surroundings.edits.get(each) ?? edits).apply();
    const replaced = surroundings.replaced.get(each) ?? new Set();
    const used = withoutUnused(each.file, text, replaced);
    const named = withFirstNames(each.file, used, replaced);
    return withLineEnds(each.text, withTypeImports(each.file, named, { names, quote, replaced }));
  };
  const others = [...surroundings.edits.keys()].filter((each) => each !== module);
  return {
    text: finish(module, types),
    others: others.map((each) => ({
      file: each.file,
      text: finish(each, each.language === 'typescript' ? typesIn(surroundings.edits.get(each)?.apply() ?? '') : new Set()),
      replaced: [...(surroundings.replaced.get(each) ?? [])],
    })),
  };
}

/** Types of Fastify that a text names. */
function typesIn(text: string): TypeNames {
  return new Set((['FastifyReply', 'FastifyRequest'] as const).filter((each) => new RegExp(`\\b${each}\\b`).test(text)));
}

/** New lines end as those of the file do. */
function withLineEnds(before: string, after: string): string {
  return /(?<!\r)\n/.test(before) ? after : after.replace(/(?<!\r)\n/g, '\r\n');
}

/** The function, which the handler's file may have from another one and only exports on. */
function handlerFunction(values: Values, { module, exportPath }: RouteSite): { module: SourceModule; node: FunctionNode } {
  if (!module.program) throw new Refused('its file cannot be read', null);
  const value = values.exported(module, exportPath);
  const shape = value && shapeOf(values, value);
  const site = shape?.shape === 'function' ? shape.exported : null;
  if (!site || !isFunction(site.node)) throw new Refused(`it is no plain function but ${shape?.shape ?? 'unknown'}`, null);
  if (site.module !== module && isCalledIn(values, module, site.node))
    throw new Refused(`${module.file} does more with it than to export it`, null);
  return { module: site.module, node: site.node };
}

/** A module that exports the function also calls it, or hands it to a call. */
function isCalledIn(values: Values, module: SourceModule, fn: Node): boolean {
  let isCalled = false;
  walk(module.program as Node, (call) => {
    const given =
      call.type === 'CallExpression' || call.type === 'NewExpression' ? [child(call, 'callee'), ...list(call, 'arguments')] : [];
    isCalled ||= given.some((each) => {
      const value = values.of(module, each);
      return value.kind === 'node' && value.node === fn;
    });
    return !isCalled;
  });
  return isCalled;
}

function oneFront(routes: readonly RouteShape[]): readonly RouteShape[] {
  const fronts = new Set(routes.map(({ front, payload }) => `${front} ${payload}`));
  if (fronts.size === 1) return routes;
  throw new Refused(fronts.size === 0 ? 'it has no route' : 'its routes belong to different fronts', null);
}

function guardShape(handler: Handler, behind: Middied | null): void {
  const { node, module } = handler;
  if (parametersOf(node).length > 3) throw new Refused('it has more parameters than a handler', node);
  let bad: Node | null = null;
  walk(child(node, 'body') as Node, (each) => {
    if (isFunction(each) && each.type !== 'ArrowFunctionExpression') return false;
    if (each.type === 'ThisExpression' || nameOf(each) === 'arguments') bad ??= each;
    return true;
  });
  if (bad) throw new Refused('it uses `this` or `arguments`', bad);
  const name = nameOf(child(node, 'id')) ?? declaredName(handler);
  const binding = name === null ? undefined : bindingAt(module, name, node.start);
  const calls =
    name && binding
      ? usesOf(handler, name, binding).filter(({ parent, node: use }) => !isExport(parent, use) && !isMiddlewareArgument(behind, use))
      : [];
  if (calls[0]) throw new Refused('other code of its file uses it too', calls[0].node);
}

function declaredName({ parents, node }: Handler): string | null {
  const parent = parents.get(node);
  return parent?.type === 'VariableDeclarator' ? nameOf(child(parent, 'id')) : null;
}

/** `export { handler }`, `module.exports = { handler }`, `exports.handler = handler`. */
function isExport(parent: Node, use: Node): boolean {
  if (parent.type === 'ExportSpecifier' || parent.type === 'ExportDefaultDeclaration' || parent.type === 'TSExportAssignment') return true;
  if (parent.type === 'AssignmentExpression') return parent['right'] === use;
  return parent.type === 'Property' && parent['value'] === use;
}

/** Line breaks in there are content. */
function literalsOf(program: Node): Range[] {
  const found: Range[] = [];
  walk(program, (node) => {
    if (node.type === 'TemplateElement') found.push(node);
  });
  return found;
}

function unitOf(text: string): string {
  const indent = /\n(\t| {2,4})\S/.exec(text)?.[1];
  return indent ?? '  ';
}
