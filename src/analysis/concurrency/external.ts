/** Which package a call leads to, through names, constructors and factories. */

import { bindingAt, isNothing, lastAssigned, type SourceModule } from '../source-module.js';
import { child, isFunction, memberPath, type Node, requiredModule, returnedBy, unwrap } from '../syntax.js';
import { type Known, nothing } from './known.js';
import type { ExternalPath } from './trace.js';
import type { Walker } from './walker.js';

const maximumSteps = 8;

/** `client.send(…)` with `const client = new S3Client()` gives package `@aws-sdk/client-s3` and path `S3Client`, `send`. */
export function externalPath(walker: Walker, call: Node): ExternalPath | null {
  return walker.frame ? follow(walker, walker.frame.module, child(call, 'callee'), 0) : null;
}

function follow(walker: Walker, module: SourceModule, node: Node | null, steps: number): ExternalPath | null {
  const at = unwrap(node);
  if (!at || steps > maximumSteps) return null;
  const value = walker.values.of(module, at);
  if (value.kind === 'external') return { package: value.specifier.replace(/^node:/, ''), path: value.path };
  if (value.kind === 'node' && value.node !== at) return follow(walker, value.module, value.node, steps + 1);
  if (isFunction(at)) return follow(walker, module, returnedBy(at).at(-1) ?? null, steps + 1);
  if (at.type === 'CallExpression' || at.type === 'NewExpression') return follow(walker, module, child(at, 'callee'), steps + 1);
  if (at.type !== 'MemberExpression') return assigned(walker, module, at, steps);
  const owner = follow(walker, module, child(at, 'object'), steps + 1);
  const key = memberPath({ ...at, object: { type: 'ThisExpression' } as Node })?.at(-1);
  return owner && key !== undefined ? { package: owner.package, path: [...owner.path, key] } : null;
}

function assigned(walker: Walker, module: SourceModule, node: Node, steps: number): ExternalPath | null {
  const name = String(node['name'] ?? '');
  const binding = name === '' ? undefined : bindingAt(module, name, node.start);
  if (binding?.kind !== 'variable') return null;
  const init = binding.path.length === 0 ? (given(binding.init) ?? lastAssigned(module, binding)) : null;
  return init && init !== node ? follow(walker, module, init, steps + 1) : null;
}

/** `null` is no value yet. */
function given(init: Node | null): Node | null {
  return isNothing(init) ? null : unwrap(init);
}

/** A `require` or `import()` of a file of the project. */
export function requiredFile(walker: Walker, node: Node): Known | null {
  const specifier = requiredModule(node);
  const module = walker.frame?.module;
  if (specifier === null || !module) return null;
  const resolution = walker.values.resolver.resolve(module, specifier);
  if (resolution.kind === 'file') {
    const target = walker.values.modules.get(resolution.file);
    return target ? { ...nothing, module: target } : nothing;
  }
  return { ...nothing, shared: { of: walker.states.library(specifier, { module, node }), path: [] } };
}
