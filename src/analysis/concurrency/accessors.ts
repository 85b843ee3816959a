/** Getters and setters: what looks like a read or a write of a property runs code of the project. */
import type { SourceModule } from '../source-module.js';
import { child, isFunction, keyOf, list, unwrap } from '../syntax.js';
import { addedMember } from './added-members.js';
import type { Known } from './known.js';
import type { Walker } from './walker.js';

/** What a getter gives; null when the property is none. */
export function got(walker: Walker, of: Known, key: string | null): Known | null {
  const fn = accessorOf(walker, of, key, 'get');
  return fn && walker.call(fn, [], of.instance, true);
}

/** Runs a setter; false when the property has none. */
export function set(walker: Walker, of: Known, key: string | null, value: Known): boolean {
  const fn = accessorOf(walker, of, key, 'set');
  if (fn) walker.call(fn, [value], of.instance);
  return fn !== null;
}

function accessorOf(walker: Walker, { instance, shared: own, module }: Known, key: string | null, kind: 'get' | 'set') {
  if (key === null) return null;
  if (instance) return walker.classes.accessor(instance, key, kind);
  const shared = module ? wholeOf(walker, module) : own;
  if (shared?.path.length !== 0) return null;
  const added = addedMember(shared.of, key, kind);
  if (added) return added;
  const { initial } = shared.of;
  const holder = unwrap(initial?.node ?? null);
  if (!initial || holder?.type !== 'ObjectExpression') return null;
  const value = child(
    list(holder, 'properties').find((each) => each['kind'] === kind && keyOf(each) === key),
    'value',
  );
  return isFunction(value) ? { module: initial.module, node: value } : null;
}

/** `module.exports = state`: the module stands for the object. */
function wholeOf(walker: Walker, module: SourceModule): Known['shared'] {
  const meaning = walker.states.exported(module, 'default', (fn) => walker.runs(fn));
  return meaning.kind === 'shared' ? { of: meaning.shared, path: meaning.path } : null;
}
