/** Finds the logger of a module, and whether every request keeps its keys to itself once they are kept by request. */
import type { Shared, Trace } from '../../src/analysis/concurrency/trace.js';
import { type Binding, bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, list, memberPath, type Node, unwrap, walk } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import type { SourceView } from '../../src/mending/source-view.js';

export interface Logger {
  library: 'pino' | 'winston';
  binding: Binding;
  /** The call that makes it. */
  call: Node;
}

/** `const logger = pino()`, `const logger = winston.createLogger(…)` at the top of a module. */
export function loggerOf(view: SourceView, { name, declared }: Shared, values: Values): Logger | null {
  const binding = bindingAt(view.module, name, declared.node.start);
  const call = unwrap(binding?.init ?? null);
  if (binding?.node !== declared.node || binding.path.length > 0 || call?.type !== 'CallExpression') return null;
  if (view.functionsAround(call).length > 0) return null;
  const made = values.of(view.module, child(call, 'callee'));
  if (made.kind !== 'external') return null;
  const path = made.path.filter((step) => step !== 'default').join('.');
  if (made.specifier === 'pino' && /^(pino)?$/.test(path)) return { library: 'pino', binding, call };
  return made.specifier === 'winston' && path === 'createLogger' ? { library: 'winston', binding, call } : null;
}

/** The options that it is made with; null when they are not all written there, undefined when there are none. */
export function optionsOf({ call }: Logger): Node | null | undefined {
  const [options, ...rest] = list(call, 'arguments');
  if (!options) return undefined;
  const object = unwrap(options);
  const isPlain = object?.type === 'ObjectExpression' && rest.length === 0;
  return isPlain && list(object, 'properties').every(({ type, computed }) => type === 'Property' && computed !== true) ? object : null;
}

/**
 * Every place of the reachable code that could set keys, or copy them, is one that the walk of a request has seen, in the request's own
 * context. `methods`: what such places look like in a member's name.
 */
export function isSetInRequestsOnly(traces: readonly Trace[], values: Values, { key }: Shared, methods: RegExp): boolean {
  const seen = new Map<string, Trace['calls'][number]>();
  for (const { calls } of traces)
    for (const call of calls) if (call.receiver?.shared.key === key) seen.set(`${call.spot.module.file}:${call.spot.node.start}`, call);
  if ([...seen.values()].some(({ isLoose, name }) => isLoose && methods.test(name))) return false;
  const files = new Set(traces.flatMap((trace) => trace.files));
  return [...files].every((file) => {
    const module = values.modules.get(file);
    return !module?.program || callsIn(module, methods).every((call) => seen.has(`${file}:${call.start}`));
  });
}

function callsIn(module: SourceModule, methods: RegExp): Node[] {
  const found: Node[] = [];
  walk(module.program as Node, (node) => {
    const name = node.type === 'CallExpression' ? memberPath(child(node, 'callee'))?.at(-1) : undefined;
    if (name !== undefined && methods.test(name)) found.push(node);
  });
  return found;
}

/** All of the walk is known, from one handler each: the state can be that of the request. */
export function areKnown(traces: readonly Trace[]): boolean {
  return traces.length > 0 && traces.every(({ isCut, isPartial, roots }) => !isCut && !isPartial && roots.length === 1);
}

/** Functions that use the logger. */
export function usersOf(traces: readonly Trace[], { key }: Shared): Trace[] {
  return traces.filter(
    ({ calls, reads, writes }) =>
      calls.some(({ receiver }) => receiver?.shared.key === key) || [...reads, ...writes].some(({ shared }) => shared.key === key),
  );
}

/** A use outside of all functions, but for exports. */
export function isUsedAtStart(view: SourceView, binding: Binding): boolean {
  return view.usesOf(binding).some(({ node, parent }) => {
    const isCalled = parent.type === 'MemberExpression' && child(parent, 'object') === node;
    return isCalled && view.functionsAround(node).length === 0;
  });
}
