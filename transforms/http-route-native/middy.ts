/** Handlers behind middy: which function they are made of, and what its middlewares do. */
import type { SourceModule } from '../../src/analysis/source-module.js';
import {
  child,
  isFunction,
  keyOf,
  list,
  memberPath,
  type Node,
  nameOf,
  parametersOf,
  returnedBy,
  unwrap,
  walk,
} from '../../src/analysis/syntax.js';
import type { Value, Values } from '../../src/analysis/values.js';
import type { RouteShape } from './handler.js';
import { type Before, middlewareOf } from './middlewares/index.js';
import { Refused } from './refusal.js';

export interface Middied {
  module: SourceModule;
  /** The function that middy runs. */
  node: Node;
  /** The call that gives the handler, which that function takes the place of, and the function or its name in it. */
  call: Node;
  argument: Node;
  /** The function of the project that calls middy; null when the handler's module does. */
  maker: { module: SourceModule; node: Node } | null;
  befores: Before[];
  /** Names under which the module that calls middy has imported what the handler needs no more. */
  imports: string[];
}

interface Chain {
  /** What is run. */
  argument: Node;
  middlewares: Node[];
  imports: string[];
}

/** Major version of a package that the project asks for; null when it is not certain. */
export type VersionOf = (specifier: string) => number | null;

/** The handler behind middy; null when it is none. @throws Refused when a middleware is not understood. */
export function middied(values: Values, value: Value, routes: readonly RouteShape[], versionOf: VersionOf): Middied | null {
  if (value.kind !== 'node' || value.node.type !== 'CallExpression') return null;
  const { module, node: call } = value;
  const own = chainOf(values, module, call);
  if (own)
    return withFunction(values, module, {
      call,
      argument: own.argument,
      maker: null,
      ...understood(values, module, own, routes, versionOf),
    });
  const callee = child(call, 'callee');
  const maker = values.of(module, callee);
  const [argument, ...more] = list(call, 'arguments');
  if (maker.kind !== 'node' || !isFunction(maker.node) || !argument) return null;
  const [parameter] = parametersOf(maker.node);
  const [returned, ...others] = returnedBy(maker.node);
  const chain = returned && others.length === 0 ? chainOf(values, maker.module, returned) : null;
  if (!chain) return null;
  const isPlain = more.length === 0 && parametersOf(maker.node).length === 1 && statementsOf(maker.node) <= 1;
  if (!isPlain || nameOf(parameter) === null || nameOf(parameter) !== nameOf(unwrap(chain.argument)))
    throw new Refused('the function that puts middlewares around it does more than that', call);
  const found = understood(values, maker.module, chain, routes, versionOf);
  return withFunction(values, module, { call, argument, maker: { module: maker.module, node: maker.node }, ...found });
}

function statementsOf(fn: Node): number {
  const body = child(fn, 'body');
  return body && /^(?:BlockStatement|FunctionBody)$/.test(body.type) ? list(body, 'body').length : 0;
}

function withFunction(values: Values, module: SourceModule, rest: Omit<Middied, 'module' | 'node'>): Middied {
  const base = values.of(module, rest.argument);
  if (base.kind !== 'node' || !isFunction(base.node) || base.module !== module || base.node['async'] !== true)
    throw new Refused('what its middlewares run is no async function of its file', rest.call);
  return { module, node: base.node, ...rest };
}

/** `middy(handler).use(…).use([…])`, `middy().use(…).handler(handler)`. */
function chainOf(values: Values, module: SourceModule, node: Node): Chain | null {
  const middlewares: Node[] = [];
  const imports: string[] = [];
  let argument: Node | null = null;
  for (let at = unwrap(node); at?.type === 'CallExpression'; ) {
    const callee = unwrap(child(at, 'callee'));
    const args = list(at, 'arguments');
    const method = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
    if (isFrom(values, module, callee, /^(?:@middy\/core|middy)$/)) {
      argument ??= args.length === 1 ? (args[0] ?? null) : null;
      const name = memberPath(callee)?.[0];
      return argument ? { argument, middlewares, imports: name === undefined ? imports : [...imports, name] } : null;
    }
    if (method === 'use')
      middlewares.unshift(...args.flatMap((each) => (each.type === 'ArrayExpression' ? list(each, 'elements') : [each])));
    else if (method === 'handler' && args.length === 1) argument ??= args[0] ?? null;
    else return null;
    at = unwrap(child(callee, 'object'));
  }
  return null;
}

function isFrom(values: Values, module: SourceModule, node: Node | null, specifiers: RegExp): boolean {
  const value = values.of(module, node);
  return value.kind === 'external' && specifiers.test(value.specifier) && ['', 'default'].includes(value.path.join('.'));
}

function understood(
  values: Values,
  module: SourceModule,
  chain: Chain,
  routes: readonly RouteShape[],
  versionOf: VersionOf,
): Pick<Middied, 'befores' | 'imports'> {
  const imports = [...chain.imports];
  const befores = chain.middlewares.map((each) => {
    const callee = each.type === 'CallExpression' ? child(each, 'callee') : null;
    const value = values.of(module, callee);
    const name = memberPath(callee)?.[0];
    if (!callee || value.kind !== 'external' || name === undefined)
      throw new Refused('a middleware around it is not understood', chain.argument);
    const version = versionOf(value.specifier);
    const found = middlewareOf(value.specifier);
    const [options = null] = list(each, 'arguments');
    const [route] = routes;
    const before =
      found && version !== null && route && ['', 'default'].includes(value.path.join('.')) ? found.before(version, options, route) : null;
    if (!before) throw new Refused(`the middleware ${value.specifier} runs around it`, chain.argument);
    imports.push(name);
    return before;
  });
  return { befores, imports };
}

/** `handler.use(…)` as a statement of its own adds a middleware too. */
export function guardLaterUses(values: Values, { module, call }: Middied): void {
  walk(module.program as Node, (node) => {
    const callee = node.type === 'CallExpression' ? child(node, 'callee') : null;
    const object = callee?.type === 'MemberExpression' ? child(callee, 'object') : null;
    const value = memberPath(object) ? values.of(module, object) : null;
    if (value?.kind === 'node' && value.node === call) throw new Refused('middlewares are put around it later', node);
  });
}
