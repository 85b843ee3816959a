/** Tells which names of the code are state that outlives a request, and gives each the same key however it is reached. */
import { exportsOf } from '../exports.js';
import { type Binding, bindingAt, lastAssigned, type SourceModule } from '../source-module.js';
import { child, isFunction, keyOf, list, type Node, nameOf, requiredModule, unwrap, walk } from '../syntax.js';
import { isClass, type Values } from '../values.js';
import type { Shared, Spot } from './trace.js';

/** What a name stands for. */
export type Meaning =
  | { kind: 'local'; binding: Binding }
  | { kind: 'shared'; shared: Shared; path: readonly string[] }
  /** All exports of a file of the project. */
  | { kind: 'module'; module: SourceModule }
  | { kind: 'unknown' };

const unknown: Meaning = { kind: 'unknown' };
const globals = new Set(['globalThis', 'global']);
const maximumHops = 12;

export class SharedStates {
  private readonly known = new Map<string, Shared>();
  private readonly owners = new WeakMap<SourceModule, (Node & { start: number })[]>();
  private readonly meanings = new WeakMap<Binding, Meaning>();

  constructor(private readonly values: Values) {}

  /** `runs` tells whether a function runs (or ran) as part of this request: then its variables are the request's own. */
  meaningOf(module: SourceModule, name: string, offset: number, runs: (fn: Node) => boolean, hops = 0): Meaning {
    const binding = bindingAt(module, name, offset);
    if (!binding) return this.unbound(module, name, offset);
    if (binding.source) return this.imported(module, binding.source.specifier, binding.source.name, binding, hops);
    const owner = this.ownerOf(module, binding);
    if (owner && runs(owner)) return { kind: 'local', binding };
    return this.shared(module, binding, owner, hops);
  }

  private unbound(module: SourceModule, name: string, offset: number): Meaning {
    if (name === 'exports' || name === 'module') return { kind: 'module', module };
    return globals.has(name) ? this.global('globalThis', module, offset) : unknown;
  }

  global(name: string, module: SourceModule, offset: number): Meaning {
    const node = { type: 'Identifier', name, start: offset, end: offset + name.length } as Node;
    return { kind: 'shared', shared: this.state(`global ${name}`, 'global', name, { module, node }, null), path: [] };
  }

  environment(module: SourceModule, node: Node): Shared {
    return this.state('environment', 'environment', 'process.env', { module, node }, null);
  }

  library(name: string, spot: Spot): Shared {
    return this.state(`library ${name}`, 'library', name.split('.').pop() ?? name, spot, null);
  }

  /** What an AsyncLocalStorage keeps for one request. */
  scope(storage: Shared): Shared {
    return this.state(`request ${storage.key}`, 'request', storage.name, storage.declared, null);
  }

  /** Fields of the objects of a class that outlive requests. */
  instance(of: Spot): Shared {
    const name = nameOf(child(of.node, 'id')) ?? 'the object';
    return this.state(`instance ${of.module.file}:${of.node.start}`, 'instance', name, of, null);
  }

  /** A class as holder of static fields. */
  statics(of: Spot): Shared {
    const name = nameOf(child(of.node, 'id')) ?? 'the class';
    return this.state(`static ${of.module.file}:${of.node.start}`, 'static', name, of, null);
  }

  /** An export of a file of the project: the variable behind it, or the property itself. */
  exported(module: SourceModule, name: string, runs: (fn: Node) => boolean, hops = 0): Meaning {
    if (hops > maximumHops || !module.program) return unknown;
    const table = exportsOf(module);
    const own = table.named.get(name);
    if (own && 'from' in own) return this.imported(module, own.from, own.name, null, hops + 1);
    const identifier = own ? nameOf(own.node) : null;
    if (own && identifier !== null) {
      const at = isDeclaration(own.node) ? child(own.node, 'id') : own.node;
      return this.meaningOf(module, identifier, at?.start ?? own.node.start, runs, hops + 1);
    }
    if (own && (isFunction(own.node) || isClass(own.node))) {
      const id = nameOf(child(own.node, 'id'));
      if (id !== null) return this.meaningOf(module, id, own.node.start, runs, hops + 1);
    }
    if (own) {
      const spot = { module, node: own.node };
      return { kind: 'shared', shared: this.state(`export ${module.file} ${name}`, 'export', name, spot, spot), path: [] };
    }
    const whole = unwrap(table.whole);
    const holder = nameOf(whole);
    if (whole && holder !== null) {
      const meaning = this.meaningOf(module, holder, whole.start, runs, hops + 1);
      return name === 'default' || meaning.kind !== 'shared' ? meaning : { ...meaning, path: [...meaning.path, name] };
    }
    if (whole?.type === 'ObjectExpression') {
      const property = list(whole, 'properties').find((each) => keyOf(each) === name);
      const value = unwrap(child(property, 'value'));
      const named = nameOf(value);
      if (value && named !== null) return this.meaningOf(module, named, value.start, runs, hops + 1);
      if (value) return this.exportState(module, name, value);
    }
    if (whole && name === 'default') return this.exportState(module, name, whole);
    for (const specifier of table.stars) {
      const found = this.imported(module, specifier, name, null, hops + 1);
      if (found.kind !== 'unknown') return found;
    }
    return name === 'default' && !module.isEsm ? { kind: 'module', module } : unknown;
  }

  private exportState(module: SourceModule, name: string, node: Node): Meaning {
    const spot = { module, node };
    return { kind: 'shared', shared: this.state(`export ${module.file} ${name}`, 'export', name, spot, spot), path: [] };
  }

  private imported(module: SourceModule, specifier: string, name: string, binding: Binding | null, hops: number): Meaning {
    if (hops > maximumHops) return unknown;
    const resolution = this.values.resolver.resolve(module, specifier);
    if (resolution.kind === 'package' || resolution.kind === 'builtin') {
      if (!binding) return unknown;
      const path = name === '*' || name === 'default' ? specifier : `${specifier}.${name}`;
      return { kind: 'shared', shared: this.library(path, { module, node: binding.node }), path: [] };
    }
    const target = resolution.kind === 'file' ? this.values.modules.get(resolution.file) : undefined;
    if (!target) return unknown;
    if (name === '*') return { kind: 'module', module: target };
    return this.exported(target, name, () => false, hops + 1);
  }

  private shared(module: SourceModule, binding: Binding, owner: Node | null, hops: number): Meaning {
    const before = this.meanings.get(binding);
    if (before) return before;
    this.meanings.set(binding, unknown);
    const found = this.follow(module, binding, owner, hops);
    this.meanings.set(binding, found);
    return found;
  }

  /** Another name of a state is that state: `const { cache } = state`, `const state = require('./state')`. */
  private follow(module: SourceModule, binding: Binding, owner: Node | null, hops: number): Meaning {
    const init = binding.kind === 'variable' ? unwrap(binding.init) : null;
    if (init && hops <= maximumHops && !isReassigned(module, binding)) {
      const aliased = this.aliased(module, init, binding.path, hops + 1);
      if (aliased) return aliased;
    }
    const kind = owner ? 'closure' : 'variable';
    const initial = binding.init && binding.path.length === 0 ? { module, node: binding.init } : null;
    const key = `${module.file}:${binding.node.start}:${binding.name}`;
    if (binding.kind === 'class') return { kind: 'shared', shared: this.statics({ module, node: binding.node }), path: [] };
    return { kind: 'shared', shared: this.state(key, kind, binding.name, { module, node: binding.node }, initial), path: [] };
  }

  private aliased(module: SourceModule, init: Node, path: readonly string[], hops: number): Meaning | null {
    const specifier = requiredModule(init);
    if (specifier !== null) {
      const resolution = this.values.resolver.resolve(module, specifier);
      if (resolution.kind !== 'file') {
        const name = [specifier, ...path].join('.');
        return { kind: 'shared', shared: this.library(name, { module, node: init }), path: [] };
      }
      const target = this.values.modules.get(resolution.file);
      if (!target) return unknown;
      return path.length === 0
        ? { kind: 'module', module: target }
        : this.below(
            this.exported(target, path[0] as string, () => false, hops),
            path.slice(1),
          );
    }
    const name = nameOf(init);
    if (name !== null)
      return this.below(
        this.meaningOf(module, name, init.start, () => false, hops),
        path,
      );
    return null;
  }

  private below(meaning: Meaning, path: readonly string[]): Meaning {
    return meaning.kind === 'shared' ? { ...meaning, path: [...meaning.path, ...path] } : meaning;
  }

  private state(key: string, kind: Shared['kind'], name: string, declared: Spot, initial: Spot | null): Shared {
    const found = this.known.get(key) ?? { key, kind, name, declared, initial };
    this.known.set(key, found);
    return found;
  }

  /** The innermost function around a binding's scope; null at the top of the module. */
  ownerOf(module: SourceModule, { from, to }: Binding): Node | null {
    let owner: Node | null = null;
    for (const fn of this.functionsOf(module)) {
      if (fn.start > from) break;
      if (to <= fn.end) owner = fn;
    }
    return owner;
  }

  private functionsOf(module: SourceModule): Node[] {
    const before = this.owners.get(module);
    if (before) return before;
    const found: Node[] = [];
    if (module.program)
      walk(module.program, (node) => {
        if (isFunction(node)) found.push(node);
      });
    this.owners.set(module, found);
    return found;
  }
}

function isDeclaration(node: Node): boolean {
  return /Declaration$/.test(node.type);
}

function isReassigned(module: SourceModule, binding: Binding): boolean {
  return lastAssigned(module, binding) !== null;
}

/** The innermost class around a node of a module. */
export function classAround(module: SourceModule, node: Node): Node | null {
  let found: Node | null = null;
  if (module.program)
    walk(module.program, (each) => {
      if (each.start > node.start || each.end < node.end) return false;
      if (isClass(each) && each !== node) found = each;
      return true;
    });
  return found;
}
