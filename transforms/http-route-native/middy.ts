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
import { type Around, aroundOf } from './around.js';
import type { RouteShape } from './handler.js';
import { type Effects, middlewareOf } from './middlewares/index.js';
import { readOptions } from './middlewares/options.js';
import type { PackageVersion } from './package-version.js';
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
  effects: Effects[];
  /** What works on its answers. */
  around: Around | null;
  /** Statements that put middlewares around it later. */
  later: Node[];
  /** Names under which the module that calls middy has imported what the handler needs no more. */
  imports: string[];
}

interface Chain {
  /** What is run. */
  argument: Node;
  middlewares: { module: SourceModule; node: Node }[];
  imports: string[];
  /** The package of middy itself. */
  core: string;
}

/** Version of a package that the project runs; null when it is not certain. */
export type VersionOf = (specifier: string) => PackageVersion | null;

/** The handler behind middy; null when it is none. @throws Refused when a middleware is not understood. */
export function middied(values: Values, value: Value, routes: readonly RouteShape[], versionOf: VersionOf): Middied | null {
  if (value.kind !== 'node' || value.node.type !== 'CallExpression') return null;
  const { module, node: call } = value;
  const own = chainOf(values, module, call);
  const { middlewares, root } = usesIn(call);
  const made = own || !root ? null : chainOfMaker(values, module, root);
  const chain = own ?? made?.chain;
  if (!chain) return null;
  const later = laterUses(values, module, call);
  // What a handler adds to the middlewares of a function of the project stands in its own file.
  const added = [...(made ? middlewares : []), ...later.middlewares].map((node) => ({ module, node }));
  const found = understood(values, { ...chain, middlewares: [...chain.middlewares, ...added] }, routes, versionOf);
  const maker = made && added.length === 0 ? made.maker : null;
  const makerName = made && !maker ? memberPath(child(root, 'callee'))?.[0] : undefined;
  const imports = made && !maker ? namesOf([...middlewares, ...later.middlewares]) : found.imports;
  return withFunction(values, module, {
    ...found,
    call,
    argument: made ? made.argument : chain.argument,
    maker,
    later: later.statements,
    imports: makerName === undefined ? imports : [...imports, makerName],
  });
}

/** The chain of the function of the project that is called with the handler. */
function chainOfMaker(
  values: Values,
  module: SourceModule,
  call: Node,
): { chain: Chain; argument: Node; maker: NonNullable<Middied['maker']> } | null {
  const called = values.of(module, child(call, 'callee'));
  const maker = called.kind === 'module' ? (values.exported(called.module, ['default']) ?? called) : called;
  const [argument, ...more] = list(call, 'arguments');
  if (maker.kind !== 'node' || !isFunction(maker.node) || !argument) return null;
  const [parameter] = parametersOf(maker.node);
  const [returned, ...others] = returnedBy(maker.node);
  const chain = returned && others.length === 0 ? chainOf(values, maker.module, returned) : null;
  if (!chain) return null;
  const isPlain = more.length === 0 && parametersOf(maker.node).length === 1 && statementsOf(maker.node) <= 1;
  if (!isPlain || nameOf(parameter) === null || nameOf(parameter) !== nameOf(unwrap(chain.argument)))
    throw new Refused('the function that puts middlewares around it does more than that', call);
  return { chain, argument, maker: { module: maker.module, node: maker.node } };
}

/** Names that stand for the middlewares. */
function namesOf(middlewares: readonly Node[]): string[] {
  return middlewares.flatMap((each) => memberPath(child(each, 'callee'))?.[0] ?? []);
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
  const { middlewares, root, argument: replaced } = usesIn(node);
  const callee = unwrap(child(root, 'callee'));
  guardHook(values, module, root);
  const core = root?.type === 'CallExpression' ? packageOf(values, module, callee) : null;
  if (!root || core === null || !middyItself.test(core)) return null;
  const args = list(root, 'arguments');
  const argument = replaced ?? (args.length === 1 ? args[0] : undefined);
  if (!argument || (replaced && !args.every(isOption))) return null;
  const name = memberPath(callee)?.[0];
  return { argument, middlewares: middlewares.map((each) => ({ module, node: each })), core, imports: name === undefined ? [] : [name] };
}

/** `{ timeoutEarlyInMillis: 0 }`: middy answers nothing before Lambda does. */
function isOption(argument: Node): boolean {
  const options = readOptions(argument);
  return options !== null && Object.keys(options).every((each) => each === 'timeoutEarlyInMillis');
}

/** The middlewares of a chain of calls in their order, and what the chain begins with. */
function usesIn(node: Node | null): { middlewares: Node[]; root: Node | null; argument: Node | null } {
  const middlewares: Node[] = [];
  let argument: Node | null = null;
  let at = unwrap(node);
  for (; at?.type === 'CallExpression'; at = unwrap(child(unwrap(child(at, 'callee')), 'object'))) {
    const callee = unwrap(child(at, 'callee'));
    const args = list(at, 'arguments');
    const method = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
    if (method === 'use')
      middlewares.unshift(...args.flatMap((each) => (each.type === 'ArrayExpression' ? list(each, 'elements') : [each])));
    else if (method === 'handler' && args.length === 1) argument ??= args[0] ?? null;
    else break;
  }
  return { middlewares, root: at, argument };
}

/** `middy(handler).onError(…)`: a function of the project that middy calls. */
function guardHook(values: Values, module: SourceModule, node: Node | null): void {
  const callee = unwrap(child(node, 'callee'));
  const method = node?.type === 'CallExpression' && callee?.type === 'MemberExpression' ? keyOf(callee) : null;
  if (!['before', 'after', 'onError'].includes(method ?? '')) return;
  const { root } = usesIn(unwrap(child(callee, 'object')));
  const core = packageOf(values, module, child(root, 'callee')) ?? '';
  if (middyItself.test(core)) throw new Refused(`a function that \`${method}\` of middy names runs around it`, node);
}

const middyItself = /^(?:@middy\/core|middy)$/;

/** `handler.use(…);` at the top of its file. */
function laterUses(values: Values, module: SourceModule, call: Node): { middlewares: Node[]; statements: Node[] } {
  const middlewares: Node[] = [];
  const statements: Node[] = [];
  for (const statement of list(module.program as Node, 'body')) {
    const expression = statement.type === 'ExpressionStatement' ? unwrap(child(statement, 'expression')) : null;
    if (expression?.type !== 'CallExpression') continue;
    const { middlewares: used, root, argument } = usesIn(expression);
    const value = root && root !== expression && !argument && memberPath(root) ? values.of(module, root) : null;
    if (value?.kind !== 'node' || value.node !== call) continue;
    middlewares.push(...used);
    statements.push(statement);
  }
  return { middlewares, statements };
}

/** The package that an expression stands for as a whole. */
function packageOf(values: Values, module: SourceModule, node: Node | null): string | null {
  const value = values.of(module, node);
  return value.kind === 'external' && ['', 'default'].includes(value.path.join('.')) ? value.specifier : null;
}

function understood(
  values: Values,
  chain: Chain,
  routes: readonly RouteShape[],
  versionOf: VersionOf,
): Pick<Middied, 'effects' | 'around' | 'imports'> {
  const named = chain.middlewares.map(({ module, node: each }) => {
    const callee = each.type === 'CallExpression' ? child(each, 'callee') : null;
    const specifier = packageOf(values, module, callee);
    const name = memberPath(callee)?.[0];
    if (specifier === null || name === undefined) throw new Refused(notUnderstood(values, module, each), chain.argument);
    return { specifier, name, argument: list(each, 'arguments')[0] ?? null };
  });
  const isAnswered = named.some(({ specifier }) => specifier === '@middy/http-error-handler');
  const core = versionOf(chain.core);
  const effects = named.map(({ specifier, argument }) => {
    const version = versionOf(specifier);
    const all = version
      ? routes.map(
          (route) => middlewareOf(specifier)?.effects({ version, argument, options: readOptions(argument), route, isAnswered }) ?? null,
        )
      : [];
    const [found] = all;
    const isKnown = found && all.every((each) => each !== null) && (!(found.headers || found.errors) || isOneKind(version, core));
    if (!isKnown) throw new Refused(runsAround(specifier, version), chain.argument);
    return found;
  });
  const around = core ? aroundOf(effects, core.major, routes[0]?.payload ?? '1.0') : null;
  if (typeof around === 'string') throw new Refused(around, chain.argument);
  return { effects, around, imports: [...chain.imports, ...named.map(({ name }) => name)] };
}

/** From version 3 on all middlewares are called in one way. */
function isOneKind(version: PackageVersion | null, core: PackageVersion | null): boolean {
  return version !== null && core !== null && Math.min(version.major, 3) === Math.min(core.major, 3);
}

function runsAround(specifier: string, version: PackageVersion | null): string {
  const shown = !version ? '' : Number.isFinite(version.minor) ? ` ${version.major}.${version.minor}` : ` ${version.major}`;
  return `the middleware ${specifier}${shown} runs around it`;
}

/** Names what stands there, as far as it has a name. */
function notUnderstood(values: Values, module: SourceModule, node: Node): string {
  const callee = node.type === 'CallExpression' ? child(node, 'callee') : node;
  const value = values.of(module, callee);
  const name = memberPath(callee)?.join('.');
  if (value.kind === 'external')
    return `the middleware ${[value.specifier, ...value.path.filter((each) => each !== 'default')].join(' ')} runs around it`;
  return name === undefined ? 'a middleware around it is not understood' : `the middleware \`${name}\` around it is not understood`;
}

/** `handler.use(…)` inside of other code adds a middleware too. */
export function guardLaterUses(values: Values, { module, call, later }: Middied): void {
  walk(module.program as Node, (node) => {
    if (later.includes(node)) return false;
    const callee = node.type === 'CallExpression' ? child(node, 'callee') : null;
    const object = callee?.type === 'MemberExpression' ? child(callee, 'object') : null;
    const value = memberPath(object) ? values.of(module, object) : null;
    if (value?.kind === 'node' && value.node === call) throw new Refused('middlewares are put around it later', node);
    return true;
  });
}
