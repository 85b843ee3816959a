/** `AsyncLocalStorage`: what it holds belongs to the request in which it was put there. */
import type { Node } from '../syntax.js';
import { called } from './calls.js';
import { externalPath } from './external.js';
import { type Known, nothing } from './known.js';
import type { Walker } from './walker.js';

interface ScopeCall {
  name: string;
  receiver: Known;
  args: readonly Known[];
  given: readonly Node[];
}

/** Value of a call on an AsyncLocalStorage; null when it is none. What it is given to run is walked with its new content. */
export function scopeCall(walker: Walker, node: Node, { name, receiver, args, given }: ScopeCall): Known | null {
  if (!/^(run|getStore|enterWith|exit)$/.test(name) || !receiver.shared) return null;
  const external = externalPath(walker, node);
  if (external?.package !== 'async_hooks' || external.path[0] !== 'AsyncLocalStorage') return null;
  const { of, path } = receiver.shared;
  const key = [of.key, ...path].join('.');
  if (name === 'getStore') return walker.scopes.get(key) ?? nothing;
  const before = walker.scopes;
  if (name !== 'exit') walker.scopes = new Map([...before, [key, heldBy(walker, receiver, args[0] ?? nothing)]]);
  if (name === 'enterWith') return nothing;
  const held = name === 'exit' ? [...before].filter(([each]) => each !== key) : [...walker.scopes];
  walker.scopes = new Map(held);
  const at = name === 'exit' ? 0 : 1;
  const target = args[at]?.fn ?? functionAt(walker, given[at]);
  const result = target ? called(walker, { fn: target, self: walker.frame?.self ?? null }, args.slice(at + 1), 'await') : nothing;
  walker.scopes = before;
  return result;
}

/** An object that is made for the request; one that others share stays theirs. */
function heldBy(walker: Walker, { shared }: Known, content: Known): Known {
  if (content.shared || !shared) return { ...content, isPresent: true };
  const of = walker.states.scope(shared.of);
  walker.stored.set(of.key, { ...nothing, sources: content.sources });
  return { ...nothing, sources: content.sources, shared: { of, path: [] }, isPresent: true };
}

function functionAt(walker: Walker, node: Node | undefined) {
  const value = walker.valueOf(node ?? null);
  return value.kind === 'node' && /Function/.test(value.node.type) ? { module: value.module, node: value.node } : null;
}
