/** What kind of thing a handler export is, and the function that handles the event behind its wrappers. */
import type { HandlerShape, ServerAdapter } from './facts.js';
import { adapterPattern } from './server-adapter-packages.js';
import { adapterCall, adapterInside } from './server-adapters.js';
import type { SourceModule } from './source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, parametersOf, returnedBy, unwrap } from './syntax.js';
import { isClass, type Value, type Values } from './values.js';

/** A function of a module. */
export interface FunctionSite {
  module: SourceModule;
  node: Node;
}

export interface Shape {
  shape: HandlerShape;
  /** The function that Lambda calls, when it is one of the project; behind a package's wrapper it is unknown. */
  exported: FunctionSite | null;
  /** The function that handles the event. */
  inner: FunctionSite | null;
  server: ServerAdapter | null;
  streaming: boolean;
  /** Packages of middlewares and wrappers around it. */
  wrappers: string[];
  /** Set when it certainly is not a function. */
  notCallable: string | null;
}

const nothing: Shape = { shape: 'unknown', exported: null, inner: null, server: null, streaming: false, wrappers: [], notCallable: null };

const maximumDepth = 8;

/** Looks through wrappers, middlewares, factories and adapters. */
export function shapeOf(values: Values, value: Value, depth = 0): Shape {
  if (value.kind === 'module') return wholeModule(values, value.module, depth);
  if (value.kind !== 'node' || depth > maximumDepth) return nothing;
  const { module, node, ofClass } = value;
  if (isFunction(node)) return plain(values, module, node, ofClass);
  if (node.type === 'CallExpression') return ofCall(values, module, node, depth);
  if (node.type === 'ConditionalExpression') return eitherOf(values, module, [child(node, 'consequent'), child(node, 'alternate')], depth);
  if (node.type === 'LogicalExpression') return eitherOf(values, module, [child(node, 'right'), child(node, 'left')], depth);
  return { ...nothing, notCallable: whyNotCallable(node) };
}

/** `import handler from './impl'` of a CommonJS module that is a function. */
function wholeModule(values: Values, module: SourceModule, depth: number): Shape {
  const whole = values.exported(module, ['default']);
  return whole && whole.kind === 'node' ? shapeOf(values, whole, depth + 1) : nothing;
}

function whyNotCallable(node: Node): string | null {
  if (isClass(node)) return 'a class';
  const kinds: Readonly<Record<string, string>> = {
    ObjectExpression: 'an object',
    ArrayExpression: 'a list',
    Literal: 'a plain value',
    TemplateLiteral: 'a text',
    TSEnumDeclaration: 'an enumeration',
  };
  return kinds[node.type] ?? null;
}

function plain(values: Values, module: SourceModule, node: Node, ofClass: boolean): Shape {
  const site = { module, node };
  const server = mentionsAdapter(values, module) ? adapterInside(values, module, node) : null;
  return { ...nothing, shape: server ? 'server' : ofClass ? 'class-method' : 'function', exported: site, inner: site, server };
}

/** The adapter may be imported by the module itself or by one that it imports: only the first hop is worth a look. */
function mentionsAdapter(values: Values, module: SourceModule): boolean {
  if (adapterPattern.test(module.text)) return true;
  return module.imports.some(({ specifier, typeOnly }) => {
    if (typeOnly) return false;
    const resolution = values.resolver.resolve(module, specifier);
    return resolution.kind === 'file' && adapterPattern.test(values.modules.get(resolution.file)?.text ?? '');
  });
}

function eitherOf(values: Values, module: SourceModule, branches: (Node | null)[], depth: number): Shape {
  for (const branch of branches) {
    const found = shapeOf(values, values.of(module, branch), depth + 1);
    if (found.inner || found.server) return { ...found, shape: found.shape === 'function' ? 'wrapper' : found.shape, exported: null };
  }
  return nothing;
}

/** A call whose callee is a chain of calls: `middy(handler).use(cors()).onError(log)`. */
interface Chain {
  root: Node;
  callee: Node | null;
  /** Methods called on the result of the root, first to last. */
  links: { name: string; args: Node[] }[];
}

function chainOf(call: Node): Chain {
  const links: Chain['links'] = [];
  let at = call;
  for (;;) {
    const callee = unwrap(child(at, 'callee'));
    const object = callee?.type === 'MemberExpression' ? unwrap(child(callee, 'object')) : null;
    if (object?.type !== 'CallExpression') return { root: at, callee, links: links.reverse() };
    links.push({ name: keyOf(callee) ?? '', args: list(at, 'arguments') });
    at = object;
  }
}

function ofCall(values: Values, module: SourceModule, call: Node, depth: number): Shape {
  const server = adapterCall(values, module, call);
  if (server)
    return {
      ...nothing,
      shape: 'server',
      server,
      streaming: server.adapter.includes('hono') && /streamHandle/.test(module.text.slice(call.start, call.end)),
    };
  const chain = chainOf(call);
  const callee = values.of(module, chain.callee);
  const name = memberPath(chain.callee)?.at(-1) ?? '';
  if (name === 'streamifyResponse' || (callee.kind === 'external' && callee.path.at(-1) === 'streamifyResponse'))
    return streaming(values, module, chain, depth);
  if (callee.kind === 'external') return wrapped(values, module, chain, callee.specifier, callee.path.at(-1) ?? name, depth);
  if (callee.kind === 'node' && isFunction(callee.node)) return made(values, module, chain, callee, depth);
  if (callee.kind === 'node' && callee.node.type === 'CallExpression' && chain.links.length === 0) {
    // A factory's result that is called again: `wrap(options)(handler)`.
    const target = values.of(callee.module, child(callee.node, 'callee'));
    if (target.kind === 'external') return wrapped(values, module, chain, target.specifier, target.path.at(-1) ?? '', depth);
  }
  return wrapped(values, module, chain, '', name, depth);
}

function streaming(values: Values, module: SourceModule, { root }: Chain, depth: number): Shape {
  const inner = shapeOf(values, values.of(module, list(root, 'arguments')[0]), depth + 1);
  return { ...inner, shape: inner.shape === 'durable' ? 'durable' : 'streaming', streaming: true, exported: null, notCallable: null };
}

const middy = /^(@middy\/core|middy)$/;
const durable = /^@aws\/durable-execution-sdk/;

/** A package's function around the handler. */
function wrapped(values: Values, module: SourceModule, chain: Chain, specifier: string, name: string, depth: number): Shape {
  const args = [...list(chain.root, 'arguments'), ...chain.links.filter((link) => link.name === 'handler').flatMap((link) => link.args)];
  const inner = firstHandler(values, module, args, depth);
  const wrappers = [specifier, ...(inner?.wrappers ?? []), ...middlewares(values, module, chain)].filter((each) => each !== '');
  if (durable.test(specifier) || name === 'withDurableExecution')
    return { ...nothing, shape: 'durable', inner: inner?.inner ?? null, wrappers };
  if (middy.test(specifier)) {
    const streams = args.some((each) => isStreamingOptions(unwrap(each)));
    return behind(inner, streams ? 'streaming' : 'middy', wrappers, streams, 'middlewares run around the server');
  }
  if (!inner) return { ...nothing, wrappers };
  return behind(inner, 'wrapper', wrappers, inner.streaming, 'another wrapper runs around the server');
}

function behind(inner: Shape | null, shape: HandlerShape, wrappers: string[], streams: boolean, because: string): Shape {
  const server = inner?.server ? { ...inner.server, unwrappable: false, because: inner.server.because ?? because } : null;
  const kept = inner?.shape === 'durable' || (inner?.streaming && !streams) ? inner.shape : shape;
  return {
    ...nothing,
    shape: server ? 'server' : kept,
    inner: inner?.inner ?? null,
    server,
    wrappers,
    streaming: streams || (inner?.streaming ?? false),
  };
}

function isStreamingOptions(node: Node | null): boolean {
  return list(node, 'properties').some((each) => keyOf(each) === 'streamifyResponse' && child(each, 'value')?.['value'] === true);
}

/** The argument that handles events: a function, or something that wraps one. */
function firstHandler(values: Values, module: SourceModule, args: readonly Node[], depth: number): Shape | null {
  for (const each of args) {
    const value = values.of(module, each);
    if (value.kind !== 'node' || value.node.type === 'ObjectExpression') continue;
    const found = shapeOf(values, value, depth + 1);
    if (found.inner || found.server) return found;
  }
  // `wrap({ handler: async (event) => … })`
  for (const object of args.map(unwrap)) {
    for (const property of object?.type === 'ObjectExpression' ? list(object, 'properties') : []) {
      if (!/handler|^fn$|^main$/i.test(keyOf(property) ?? '')) continue;
      const found = shapeOf(values, values.of(module, child(property, 'value')), depth + 1);
      if (found.inner || found.server) return found;
    }
  }
  return null;
}

function middlewares(values: Values, module: SourceModule, { links, root }: Chain): string[] {
  const args = [...links.flatMap((link) => link.args), ...list(root, 'arguments').slice(1)];
  return args
    .flatMap((each) => (unwrap(each)?.type === 'ArrayExpression' ? list(unwrap(each), 'elements') : [each]))
    .flatMap((each) => {
      const at = unwrap(each);
      const value = values.of(module, at?.type === 'CallExpression' ? child(at, 'callee') : at);
      return value.kind === 'external' ? [value.specifier] : [];
    });
}

/** A function of the project that makes or wraps the handler. */
function made(values: Values, module: SourceModule, chain: Chain, callee: Value & { kind: 'node' }, depth: number): Shape {
  const args = list(chain.root, 'arguments');
  const given = firstHandler(values, module, args, depth);
  values.bindArguments(callee.node, module, args);
  const returned = returnedBy(callee.node)
    .map((each) => shapeOf(values, values.of(callee.module, each), depth + 1))
    .find((each) => each.shape !== 'unknown');
  const wrappers = [...(returned?.wrappers ?? []), ...middlewares(values, module, { ...chain, root: { ...chain.root, arguments: [] } })];
  if (chain.links.length > 0 && returned?.shape !== 'middy' && returned?.shape !== 'streaming')
    return behind(given ?? returned ?? null, 'wrapper', wrappers, false, 'another wrapper runs around the server');
  if (!returned) return given ? behind(given, 'wrapper', wrappers, given.streaming, 'another wrapper runs around the server') : nothing;
  if (!given || returned.shape !== 'function') return { ...returned, inner: given?.inner ?? returned.inner, wrappers };
  return { ...behind(given, 'wrapper', wrappers, given.streaming, 'another wrapper runs around the server'), exported: returned.exported };
}

/** `length` of a function as JavaScript counts it. */
export function lengthOf(fn: Node): number {
  const parameters = parametersOf(fn).filter((each) => !(each.type === 'Identifier' && each['name'] === 'this'));
  const end = parameters.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return end === -1 ? parameters.length : end;
}
