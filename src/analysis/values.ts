/** Follows names, properties and imports to what they stand for, without running anything. */
import { exportedPath, exportsOf } from './exports.js';
import type { Modules } from './modules.js';
import type { Resolver } from './resolve.js';
import { type Binding, bindingAt, isNothing, lastAssigned, type SourceModule } from './source-module.js';
import { child, isFunction, keyOf, list, memberPath, type Node, nameOf, requiredModule, returnedBy, unwrap } from './syntax.js';

/** What an expression stands for, as far as it can be told. */
export type Value =
  /** An expression or declaration of a project file: a function, class, call, object … never a name. */
  | { kind: 'node'; module: SourceModule; node: Node; ofClass: boolean }
  /** All exports of a project file. */
  | { kind: 'module'; module: SourceModule }
  /** Something a package exports; `path` leads to it from the package's exports. */
  | { kind: 'external'; specifier: string; path: string[] }
  | { kind: 'unknown' };

const unknown: Value = { kind: 'unknown' };

/** Chains of names longer than this are circles. */
const maximumSteps = 60;

export class Values {
  private steps = 0;
  /** What parameters of a function stand for while a call of it is looked into. */
  private readonly parameters = new Map<Node, Value>();

  constructor(
    readonly modules: Modules,
    readonly resolver: Resolver,
  ) {}

  /** What a module exports under a property path; undefined when it certainly has no such export. */
  exported(module: SourceModule, path: readonly string[]): Value | undefined {
    let at: Value | undefined = { kind: 'module', module };
    for (const [index, name] of path.entries()) {
      if (at === undefined) return undefined;
      at = this.member(at, name) ?? this.assignedToExport(module, path.slice(0, index + 1));
    }
    return at;
  }

  /** `exports.orders.get = …`, after `exports.orders` got its value. */
  private assignedToExport(module: SourceModule, path: readonly string[]): Value | undefined {
    if (path.length < 2) return undefined;
    const found = module.memberAssignments.filter((each) => exportedPath(child(each, 'left'))?.join('.') === path.join('.'));
    return found.length === 0 ? undefined : this.of(module, child(found.at(-1), 'right'));
  }

  /** What a node of a module stands for. */
  of(module: SourceModule, node: Node | null | undefined): Value {
    const at = unwrap(node);
    return at ? (this.step(() => this.follow(module, at)) ?? unknown) : unknown;
  }

  /** A step of a chain of names; a chain that goes on for ever is a circle and tells nothing. */
  private step(next: () => Value | undefined): Value | undefined {
    if (this.steps >= maximumSteps) return unknown;
    this.steps++;
    try {
      return next();
    } finally {
      this.steps--;
    }
  }

  /** Looks into a call of `fn`: its parameters stand for the arguments until the next call of it is looked into. */
  bindArguments(fn: Node, module: SourceModule, args: readonly Node[]): void {
    list(fn, 'params').forEach((parameter, index) => {
      const value = this.of(module, args[index]);
      this.parameters.set(parameter, value);
    });
  }

  private follow(module: SourceModule, node: Node): Value {
    const name = nameOf(node);
    if (name !== null) return this.named(module, name, node.start);
    const specifier = requiredModule(node);
    if (specifier !== null) return this.imported(module, specifier, '*');
    if (node.type === 'AssignmentExpression') return this.of(module, child(node, 'right'));
    if (node.type === 'MemberExpression') return this.property(module, node);
    if (node.type === 'CallExpression') return this.called(module, node);
    return { kind: 'node', module, node, ofClass: false };
  }

  private named(module: SourceModule, name: string, offset: number): Value {
    const binding = bindingAt(module, name, offset);
    if (!binding) return name === 'exports' ? { kind: 'module', module } : unknown;
    return this.bound(module, binding);
  }

  private bound(module: SourceModule, binding: Binding): Value {
    if (binding.kind === 'parameter') return binding.path.length === 0 ? (this.parameters.get(binding.node) ?? unknown) : unknown;
    if (binding.source) return this.imported(module, binding.source.specifier, binding.source.name);
    if (binding.kind !== 'variable') return { kind: 'node', module, node: binding.node, ofClass: false };
    const init = isNothing(binding.init) ? lastAssigned(module, binding) : binding.init;
    if (!init || binding.path[0] === '*') return unknown;
    let at: Value | undefined = this.of(module, init);
    for (const key of binding.path) at = at && this.member(at, key);
    return at ?? unknown;
  }

  private imported(module: SourceModule, specifier: string, name: string): Value {
    const resolution = this.resolver.resolve(module, specifier);
    if (resolution.kind === 'package' || resolution.kind === 'builtin')
      return { kind: 'external', specifier, path: name === '*' ? [] : [name] };
    const target = resolution.kind === 'file' ? this.modules.get(resolution.file) : undefined;
    if (!target) return unknown;
    return name === '*' ? { kind: 'module', module: target } : (this.member({ kind: 'module', module: target }, name) ?? unknown);
  }

  private property(module: SourceModule, node: Node): Value {
    const path = memberPath(node);
    const own = path && !bindingAt(module, path[0] ?? '', node.start) ? exportedPath(node) : null;
    if (own) return this.exported(module, own) ?? unknown;
    const assigned = path && this.assignedProperty(module, path, node.start);
    if (assigned) return this.of(module, assigned);
    const key = keyOf(node);
    if (key === null) return unknown;
    return this.member(this.of(module, child(node, 'object')), key) ?? unknown;
  }

  /** `app.handler = …` gives the property of a variable a value after its declaration. */
  private assignedProperty(module: SourceModule, path: string[], offset: number): Node | null {
    const binding = bindingAt(module, path[0] ?? '', offset);
    if (!binding) return null;
    const wanted = path.join('.');
    const found = module.memberAssignments.filter((each) => {
      const target = memberPath(child(each, 'left'));
      return target?.join('.') === wanted && bindingAt(module, path[0] ?? '', each.start) === binding && !isNothing(child(each, 'right'));
    });
    return child(found.at(-1), 'right');
  }

  private called(module: SourceModule, call: Node): Value {
    const callee = unwrap(child(call, 'callee'));
    const method = callee?.type === 'MemberExpression' ? keyOf(callee) : null;
    if (method === 'bind') return this.of(module, child(callee, 'object'));
    const path = memberPath(callee)?.join('.');
    if (path === 'Object.freeze' || path === 'Object.seal') return this.of(module, list(call, 'arguments')[0]);
    if (isFunction(callee)) {
      const returned = returnedBy(callee).at(-1);
      if (returned) return this.of(module, returned);
    }
    return { kind: 'node', module, node: call, ofClass: false };
  }

  /** A property of a value; undefined when it certainly has none of that name. */
  member(value: Value, key: string): Value | undefined {
    if (value.kind === 'external') return { ...value, path: [...value.path, key] };
    if (value.kind === 'module') return this.exportOf(value.module, key);
    return value.kind === 'unknown' ? unknown : this.step(() => this.memberOfNode(value.module, value.node, key));
  }

  private exportOf(module: SourceModule, name: string): Value | undefined {
    return module.program ? this.step(() => this.findExport(module, name)) : unknown;
  }

  private findExport(module: SourceModule, name: string): Value | undefined {
    const table = exportsOf(module);
    const own = table.named.get(name);
    if (own) return 'node' in own ? this.of(module, own.node) : this.imported(module, own.from, own.name);
    const whole = table.whole ? this.of(module, table.whole) : undefined;
    const found = whole && this.member(whole, name);
    if (found && found.kind !== 'unknown') return found;
    for (const spread of table.spreads) {
      const passed = this.member(this.of(module, spread), name);
      if (passed) return passed;
    }
    for (const specifier of name === 'default' ? [] : table.stars) {
      const passed = this.member(this.imported(module, specifier, '*'), name);
      if (passed && passed.kind !== 'unknown') return passed;
    }
    // A default import of a CommonJS module is all of its exports.
    if (name === 'default' && !module.isEsm) return whole ?? { kind: 'module', module };
    return found ?? (table.isOpen ? unknown : undefined);
  }

  private memberOfNode(module: SourceModule, node: Node, key: string): Value | undefined {
    if (node.type === 'ObjectExpression') return this.propertyOf(module, node, key);
    if (node.type === 'NewExpression') return this.ofInstance(this.of(module, child(node, 'callee')), key);
    if (isClass(node))
      return key === 'prototype' ? { kind: 'node', module, node, ofClass: true } : this.classMember(module, node, key, true);
    if (node.type === 'CallExpression') return this.ofResult(module, node, key);
    if (node.type === 'TSEnumDeclaration' || node.type === 'Literal') return undefined;
    return unknown;
  }

  private propertyOf(module: SourceModule, object: Node, key: string): Value | undefined {
    let isOpen = false;
    for (const property of [...list(object, 'properties')].reverse()) {
      if (property.type === 'SpreadElement') {
        const passed = this.member(this.of(module, child(property, 'argument')), key);
        if (passed && passed.kind !== 'unknown') return passed;
        isOpen ||= passed !== undefined;
      } else if (keyOf(property) === key) {
        if (property['kind'] === 'get') return this.of(module, returnedBy(child(property, 'value') ?? property)[0]);
        return this.of(module, child(property, 'value'));
      } else if (keyOf(property) === null) isOpen = true;
    }
    return isOpen ? unknown : undefined;
  }

  private ofInstance(constructed: Value, key: string): Value | undefined {
    if (constructed.kind !== 'node' || !isClass(constructed.node)) return unknown;
    return this.classMember(constructed.module, constructed.node, key, false);
  }

  private classMember(module: SourceModule, node: Node, key: string, isStatic: boolean): Value | undefined {
    for (const each of list(child(node, 'body'), 'body')) {
      if (keyOf(each) !== key || (each['static'] === true) !== isStatic) continue;
      const value = this.of(module, child(each, 'value'));
      return value.kind === 'node' ? { ...value, ofClass: true } : value;
    }
    const base = child(node, 'superClass');
    if (!base) return isStatic ? undefined : unknown;
    const parent = this.of(module, base);
    return parent.kind === 'node' && isClass(parent.node) ? this.classMember(parent.module, parent.node, key, isStatic) : unknown;
  }

  /** A property of what a project's own function returns. */
  private ofResult(module: SourceModule, call: Node, key: string): Value | undefined {
    const fn = this.of(module, child(call, 'callee'));
    if (fn.kind !== 'node' || !isFunction(fn.node)) return unknown;
    this.bindArguments(fn.node, module, list(call, 'arguments'));
    for (const returned of returnedBy(fn.node)) {
      const found = this.member(this.of(fn.module, returned), key);
      if (found && found.kind !== 'unknown') return found;
    }
    return unknown;
  }
}

export function isClass(node: Node): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}
