/** Servers that the code wraps for Lambda, and what stands in the way of letting them listen. */

import { nestShape } from '../../transforms/unwrap-server-adapter/nest-shape.js';
import { exportsOf } from './exports.js';
import type { ServerAdapter } from './facts.js';
import { placeAt } from './places.js';
import { type Adapter, adapters, changingOptions, frameworks } from './server-adapter-packages.js';
import { bindingAt, isNothing, type SourceModule } from './source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, returnedBy, stringOf, unwrap, walk } from './syntax.js';
import { isClass, type Value, type Values } from './values.js';

/** The call of an adapter that an expression is, if it is one. */
export function adapterCall(values: Values, module: SourceModule, node: Node | null): ServerAdapter | null {
  const call = unwrap(node);
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return null;
  const found = adapterOf(values, module, child(call, 'callee'));
  if (found?.role !== 'wraps') return chainedAdapter(values, module, call);
  return describe(values, module, call, found.name, found.adapter);
}

/** `new ApolloServer(…).createHandler()`, `ServerlessAdapter.new(app).build()`. */
function chainedAdapter(values: Values, module: SourceModule, call: Node): ServerAdapter | null {
  const callee = unwrap(child(call, 'callee'));
  if (callee?.type !== 'MemberExpression') return null;
  const object = values.of(module, child(callee, 'object'));
  return object.kind === 'node' && object.node !== call ? adapterCall(values, object.module, object.node) : null;
}

interface FoundAdapter {
  name: string;
  adapter: Adapter;
  role: 'wraps' | 'proxies';
}

function adapterOf(values: Values, module: SourceModule, callee: Node | null): FoundAdapter | null {
  const value = values.of(module, callee);
  if (value.kind !== 'external') return null;
  const name = Object.hasOwn(adapters, value.specifier)
    ? value.specifier
    : (Object.keys(adapters).find((each) => value.specifier.startsWith(`${each}/`)) ?? '');
  const adapter = adapters[name];
  const path = value.path.join('.');
  if (adapter?.wraps.includes(path)) return { name, adapter, role: 'wraps' };
  return adapter?.proxies?.includes(path) ? { name, adapter, role: 'proxies' } : null;
}

function describe(values: Values, module: SourceModule, call: Node, name: string, adapter: Adapter): ServerAdapter {
  const server = serverArgument(call);
  const made = server ? frameworkOf(values, module, server) : 'unknown';
  const told = module.imports.some(({ specifier }) => specifier === '@nestjs/core') ? 'nest' : made;
  const framework = told === 'unknown' ? (adapter.framework ?? 'unknown') : told;
  const binding = server ? bindingOf(values, module, server) : null;
  const because = adapter.because ?? obstacle(values, module, call, framework);
  if (framework === 'nest') return nestServer(module, call, name, because);
  return {
    adapter: name,
    framework,
    file: binding?.module.file ?? module.file,
    line: lineOf(module, call, binding),
    binding: binding?.name ?? null,
    unwrappable: because === undefined,
    ...(because !== undefined && { because }),
  };
}

/** Nest's application is made at the first event; what a service listens with is the function that makes it. */
function nestServer(module: SourceModule, call: Node, adapter: string, obstacle: string | undefined): ServerAdapter {
  const shape = module.program ? nestShape(module.program) : { because: 'its module cannot be read' };
  const because = obstacle ?? ('because' in shape ? `the Nest application cannot be shared with a service: ${shape.because}` : undefined);
  return {
    adapter,
    framework: 'isFastify' in shape && shape.isFastify ? 'nest-fastify' : 'nest',
    file: module.file,
    line: lineOf(module, call, null),
    binding: 'name' in shape ? shape.name : null,
    unwrappable: because === undefined,
    ...(because !== undefined && { because }),
  };
}

/** The line of the adapter's call; of the server itself when that is another file's. */
function lineOf(module: SourceModule, call: Node, binding: { module: SourceModule; name: string } | null): number {
  if (!binding || binding.module === module) return placeAt(module.text, call.start).line;
  return placeAt(binding.module.text, bindingAt(binding.module, binding.name, 0)?.node.start ?? 0).line;
}

/** `serverless(app)`, `serverlessExpress({ app })`. */
function serverArgument(call: Node): Node | null {
  const first = unwrap(list(call, 'arguments')[0]);
  if (first?.type !== 'ObjectExpression') return first;
  return unwrap(
    child(
      list(first, 'properties').find((each) => keyOf(each) === 'app'),
      'value',
    ),
  );
}

function obstacle(values: Values, module: SourceModule, call: Node, framework: string): string | undefined {
  const options = list(call, 'arguments')
    .map(unwrap)
    .filter((each) => each?.type === 'ObjectExpression');
  const names = options.flatMap((each) =>
    list(each, 'properties').map((property) => (property.type === 'SpreadElement' ? '...' : keyOf(property))),
  );
  const changing = names.find((each) => each === '...' || (each !== null && changingOptions.has(each)));
  if (changing !== undefined) return `the adapter's option ${changing} changes what the server sees`;
  const second = list(call, 'arguments')
    .slice(1)
    .filter((each) => !isNothing(each))
    .map((each) => values.of(module, each))
    .find((each) => each.kind !== 'external' && !(each.kind === 'node' && isPlain(each.node)));
  if (second) return 'the options of the adapter cannot be told';
  return framework === 'unknown' ? 'what the adapter wraps cannot be told' : undefined;
}

function isPlain({ type }: Node): boolean {
  return (
    type === 'ObjectExpression' ||
    type === 'ArrayExpression' ||
    type === 'Literal' ||
    type === 'UnaryExpression' ||
    type === 'TemplateLiteral'
  );
}

/** The variable that holds the server: where it is used, or in the module that exports it (`serverless(require('./app'))`). */
function bindingOf(values: Values, module: SourceModule, server: Node): { module: SourceModule; name: string } | null {
  const name = nameOf(server);
  if (name === null) return exportedBinding(values.of(module, server));
  const binding = bindingAt(module, name, server.start);
  const isTopLevel = binding?.from === 0 && binding.kind !== 'parameter';
  return isTopLevel && values.of(module, server).kind !== 'external' ? { module, name } : null;
}

function exportedBinding(value: Value): { module: SourceModule; name: string } | null {
  const name = value.kind === 'module' ? nameOf(unwrap(exportsOf(value.module).whole)) : null;
  return value.kind === 'module' && name !== null && bindingAt(value.module, name, 0)?.from === 0 ? { module: value.module, name } : null;
}

/** What made the server: `express()`, `new Koa()`, `http.createServer()`, also inside a function of the project. */
function frameworkOf(values: Values, module: SourceModule, server: Node, depth = 0): ServerAdapter['framework'] {
  const value = values.of(module, server);
  return depth > 5 ? 'unknown' : frameworkOfValue(values, value, depth);
}

function frameworkOfValue(values: Values, value: Value, depth: number): ServerAdapter['framework'] {
  if (value.kind === 'module') {
    const exported = values.exported(value.module, ['default']);
    return exported && exported.kind !== 'module' ? frameworkOfValue(values, exported, depth + 1) : 'unknown';
  }
  if (value.kind !== 'node') return 'unknown';
  const { module, node } = value;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return 'unknown';
  const callee = values.of(module, child(node, 'callee'));
  if (callee.kind === 'external') return frameworks[callee.specifier] ?? wrappedFramework(values, module, node, depth);
  if (callee.kind === 'node' && isFunction(callee.node)) {
    const made = returnedBy(callee.node).map((each) => frameworkOf(values, callee.module, each, depth + 1));
    return made.find((each) => each !== 'unknown') ?? 'unknown';
  }
  if (callee.kind === 'node' && isClass(callee.node)) {
    const base = values.of(callee.module, child(callee.node, 'superClass'));
    return base.kind === 'external' ? (frameworks[base.specifier] ?? 'unknown') : 'unknown';
  }
  // `new Hono().basePath('/api')`, `app.getHttpAdapter().getInstance()`: the start of the chain tells.
  const receiver = unwrap(child(node, 'callee'));
  return receiver?.type === 'MemberExpression' ? frameworkOf(values, module, child(receiver, 'object') as Node, depth + 1) : 'unknown';
}

/** `asyncify(express())`: what is put around a server hands it on. */
function wrappedFramework(values: Values, module: SourceModule, call: Node, depth: number): ServerAdapter['framework'] {
  const [first] = list(call, 'arguments');
  return first && call.type === 'CallExpression' ? frameworkOf(values, module, first, depth + 1) : 'unknown';
}

/** The adapter that a handler function only hands its event to; `extra` when it does more than that. */
export function adapterInside(values: Values, module: SourceModule, fn: Node): ServerAdapter | null {
  const call = handingOver(values, module, fn);
  if (!call) return null;
  const { server, statement } = call;
  const isMaking = (each: Node) => server.framework.startsWith('nest') && makesServer(values, module, each);
  const extra = endsBefore(fn, server, statement) ?? doesMore(fn, statement, isMaking);
  if (!server.unwrappable || extra === undefined) return server;
  return { ...server, unwrappable: false, because: extra };
}

/**
 * Without a mode `proxy` of aws-serverless-express answers through `context.succeed`, which an async handler has ended before:
 * https://github.com/CodeGenieApp/serverless-express/blob/v3.4.0/src/index.js
 */
function endsBefore(fn: Node, { adapter }: ServerAdapter, call: Node): string | undefined {
  const hasMode = list(call, 'arguments').length > 3;
  if (fn['async'] !== true || adapter !== 'aws-serverless-express' || hasMode) return undefined;
  return keyOf(unwrap(child(call, 'callee')) ?? call) === 'proxy' ? 'its async handler ends before the server has answered' : undefined;
}

function handingOver(values: Values, module: SourceModule, fn: Node): { server: ServerAdapter; statement: Node } | null {
  let found: { server: ServerAdapter; statement: Node } | null = null;
  walk(fn, (node) => {
    if (found) return false;
    const server = node.type === 'CallExpression' && receivesEvent(fn, node) ? handedTo(values, module, node) : null;
    if (server) found = { server, statement: node };
    return true;
  });
  return found;
}

/** The first parameter of the handler is an argument of the call (or all are, as `...args`). */
function receivesEvent(fn: Node, call: Node): boolean {
  const first = list(fn, 'params')[0];
  const name = nameOf(first?.type === 'RestElement' ? child(first, 'argument') : first);
  const args = list(call, 'arguments').map((each) => nameOf(each.type === 'SpreadElement' ? child(each, 'argument') : unwrap(each)));
  return name !== null ? args.includes(name) : args.includes('arguments');
}

function handedTo(values: Values, module: SourceModule, call: Node): ServerAdapter | null {
  const callee = child(call, 'callee');
  const proxy = adapterOf(values, module, callee);
  if (proxy?.role === 'proxies') return madeServer(values, module, call, proxy);
  const target = unwrap(callee);
  const key = target?.type === 'MemberExpression' ? keyOf(target) : null;
  const receiver = key === 'run' || key === 'proxy' || key === 'handler' ? child(target, 'object') : null;
  return adapterBehind(values, module, callee, 0) ?? (receiver ? adapterBehind(values, module, receiver, 0) : null);
}

/** `proxy(server, event, context)`: the server was made by the same package, or is an app that it wraps itself. */
function madeServer(values: Values, module: SourceModule, call: Node, { name, adapter }: FoundAdapter): ServerAdapter {
  const server = values.of(module, list(call, 'arguments')[0]);
  const made = server.kind === 'node' ? adapterCall(values, server.module, server.node) : null;
  return (
    made ??
    nestBehind(values, module, name) ??
    describe(values, module, call, name, { ...adapter, because: 'how the server is made cannot be told' })
  );
}

/** The one call of an adapter in a module that makes a Nest application: its result is kept in a variable that many places set. */
function nestBehind(values: Values, module: SourceModule, name: string): ServerAdapter | null {
  if (!module.program || !module.imports.some(({ specifier }) => specifier === '@nestjs/core')) return null;
  const [made, ...others] = adapterCallsBelow(values, module, module.program);
  return made?.adapter === name && others.length === 0 ? made : null;
}

function adapterCallsBelow(values: Values, module: SourceModule, node: Node): ServerAdapter[] {
  const found: ServerAdapter[] = [];
  walk(node, (each) => {
    const server = each.type === 'CallExpression' ? adapterCall(values, module, each) : null;
    if (server) found.push(server);
  });
  return found;
}

/** `server = server ?? (await bootstrap())`, or the same written out: all that it calls is what makes the server. */
function makesServer(values: Values, module: SourceModule, statement: Node): boolean {
  if (adapterCallsBelow(values, module, statement).length > 0) return true;
  const calls: Node[] = [];
  walk(statement, (each) => {
    if (each.type === 'CallExpression') calls.push(each);
  });
  return (
    calls.length > 0 &&
    calls.every((call) => {
      const fn = values.of(module, child(call, 'callee'));
      return fn.kind === 'node' && isFunction(fn.node) && adapterCallsBelow(values, fn.module, fn.node).length > 0;
    })
  );
}

/** The adapter call that a callee stands for: a variable, one that is filled at the first event, or the result of a function. */
function adapterBehind(values: Values, module: SourceModule, callee: Node | null, depth: number): ServerAdapter | null {
  if (depth > 3) return null;
  const value = values.of(module, callee);
  if (value.kind !== 'node') return lateAssigned(values, module, callee, depth);
  const direct = adapterCall(values, value.module, value.node);
  if (direct) return direct;
  const fn = value.node.type === 'CallExpression' ? values.of(value.module, child(value.node, 'callee')) : value;
  if (fn.kind !== 'node' || !isFunction(fn.node)) return lateAssigned(values, module, callee, depth);
  for (const returned of returnedBy(fn.node)) {
    const found = adapterBehind(values, fn.module, returned, depth + 1);
    if (found) return late(found);
  }
  return null;
}

/** `cached = cached ?? (await bootstrap())`, `if (!server) server = serverlessExpress({ app })`. */
function lateAssigned(values: Values, module: SourceModule, callee: Node | null, depth: number): ServerAdapter | null {
  const name = nameOf(unwrap(callee));
  const sources = name === null ? [unwrap(callee)] : (module.assignments.get(name) ?? []).map((each) => unwrap(child(each, 'right')));
  for (const source of sources) {
    const parts =
      source?.type === 'LogicalExpression'
        ? [child(source, 'right'), child(source, 'left')]
        : source?.type === 'ConditionalExpression'
          ? [child(source, 'consequent'), child(source, 'alternate')]
          : name === null
            ? []
            : [source];
    for (const part of parts) {
      const found = part === callee ? null : adapterBehind(values, module, part, depth + 1);
      if (found) return late(found);
    }
  }
  return null;
}

function late(server: ServerAdapter): ServerAdapter {
  if (!server.unwrappable || server.framework.startsWith('nest')) return server;
  return { ...server, unwrappable: false, because: 'the server is made when the first event comes' };
}

/** Statements besides handing the event over and the flag that says not to wait for the event loop. */
function doesMore(fn: Node, call: Node, isMaking: (statement: Node) => boolean): string | undefined {
  const body = child(fn, 'body');
  const statements = body?.type === 'BlockStatement' ? list(body, 'body') : [];
  const others = statements.filter((each) => !(each.start <= call.start && call.end <= each.end) && !isFlag(each) && !isMaking(each));
  return others.length > 0 ? 'the handler does more than to hand the event to the adapter' : undefined;
}

function isFlag(statement: Node): boolean {
  const expression = child(statement, 'expression');
  const isString = stringOf(expression) !== null;
  return (
    isString ||
    (expression?.type === 'AssignmentExpression' && memberPath(child(expression, 'left'))?.at(-1) === 'callbackWaitsForEmptyEventLoop')
  );
}
