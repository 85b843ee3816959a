/** Methods and fields of the project's classes, and how long their objects live. */
import { bindingAt, type SourceModule } from '../source-module.js';
import { child, children, isFunction, keyOf, list, type Node, nameOf, parametersOf, patternOf, unwrap, walk } from '../syntax.js';
import { isClass, type Values } from '../values.js';
import type { Instance } from './known.js';
import type { Spot } from './trace.js';

export interface Method {
  of: Spot;
  fn: Spot;
  isStatic: boolean;
}

/** Names that say nothing about whose method is called. */
const everyday =
  /^(then|catch|finally|get|set|has|add|delete|push|map|filter|send|on|once|emit|end|close|toString|call|apply|bind|log|info|error|warn|debug)$/;

export class Classes {
  private index: Map<string, Method[]> | undefined;
  private readonly all: Spot[] = [];
  private readonly fields = new WeakMap<Node, Map<string, Instance | null>>();
  private readonly long = new WeakMap<Node, boolean>();

  constructor(
    private readonly values: Values,
    private readonly files: readonly string[],
  ) {}

  /** The class that an expression names. */
  classOf(module: SourceModule, node: Node | null): Spot | null {
    const value = this.values.of(module, node);
    return value.kind === 'node' && isClass(value.node) ? { module: value.module, node: value.node } : null;
  }

  /** The method of an object, its class's or an inherited one. */
  method({ of, isClass: isStatic = false }: Instance, name: string, hops = 0): Method | null {
    for (const member of membersOf(of.node)) {
      if (keyOf(member) !== name || (member['static'] === true) !== isStatic) continue;
      const value = unwrap(child(member, 'value'));
      if (isFunction(value)) return { of, fn: { module: of.module, node: value }, isStatic };
    }
    const base = hops > 8 ? null : this.classOf(of.module, child(of.node, 'superClass'));
    return base && base.node !== of.node ? this.method({ of: base, isShared: false, isClass: isStatic }, name, hops + 1) : null;
  }

  /** The getter or setter of an object's class, or an inherited one. */
  accessor({ of, isClass: isStatic = false }: Instance, name: string, kind: 'get' | 'set', hops = 0): Spot | null {
    const own = membersOf(of.node).find(
      (member) => member['kind'] === kind && keyOf(member) === name && (member['static'] === true) === isStatic,
    );
    const value = child(own, 'value');
    if (isFunction(value)) return { module: of.module, node: value };
    const base = own || hops > 8 ? null : this.classOf(of.module, child(of.node, 'superClass'));
    return base && base.node !== of.node ? this.accessor({ of: base, isShared: false, isClass: isStatic }, name, kind, hops + 1) : null;
  }

  constructorOf(of: Spot): Spot | null {
    const found = membersOf(of.node).find((member) => member['kind'] === 'constructor');
    const value = child(found, 'value');
    return isFunction(value) ? { module: of.module, node: value } : null;
  }

  /** The class of the object in a field, from its initial value, its type, or what the constructor puts there. */
  field({ of, isShared }: Instance, name: string): Instance | null {
    const known = this.fields.get(of.node) ?? new Map<string, Instance | null>();
    this.fields.set(of.node, known);
    if (!known.has(name)) {
      known.set(name, null);
      const found = this.fieldClass(of, name);
      known.set(name, found && { of: found, isShared: false });
    }
    const found = known.get(name) ?? null;
    return found && { ...found, isShared };
  }

  private fieldClass(of: Spot, name: string): Spot | null {
    const property = membersOf(of.node).find((member) => /PropertyDefinition$/.test(member.type) && keyOf(member) === name);
    const declared = this.made(of.module, child(property, 'value')) ?? this.typed(of.module, property ?? null);
    if (declared) return declared;
    const maker = this.constructorOf(of);
    if (!maker) return null;
    const parameters = list(maker.node, 'params');
    for (const each of parameters) {
      const pattern = patternOf(each.type === 'TSParameterProperty' ? child(each, 'parameter') : each);
      if (each.type === 'TSParameterProperty' && nameOf(pattern) === name) return this.typed(of.module, pattern);
    }
    return this.assigned(of, maker.node, name);
  }

  private assigned(of: Spot, maker: Node, name: string): Spot | null {
    let found: Spot | null = null;
    walk(maker, (node) => {
      if (node.type !== 'AssignmentExpression' || found) return found === null;
      const left = child(node, 'left');
      if (left?.type !== 'MemberExpression' || child(left, 'object')?.type !== 'ThisExpression' || keyOf(left) !== name) return true;
      const right = unwrap(child(node, 'right'));
      found = this.made(of.module, right);
      const parameter = parametersOf(maker)
        .map(patternOf)
        .find((each) => nameOf(each) !== null && nameOf(each) === nameOf(right));
      found ??= this.typed(of.module, parameter ?? null);
      return true;
    });
    return found;
  }

  private made(module: SourceModule, node: Node | null): Spot | null {
    const value = this.values.of(module, node);
    return value.kind === 'node' && value.node.type === 'NewExpression' ? this.classOf(value.module, child(value.node, 'callee')) : null;
  }

  /** The class that a type annotation names. */
  typed(module: SourceModule, annotated: Node | null): Spot | null {
    const type = child(child(annotated, 'typeAnnotation'), 'typeAnnotation');
    const name = child(type, 'typeName');
    return name && nameOf(name) !== null && bindingAt(module, nameOf(name) as string, name.start) ? this.classOf(module, name) : null;
  }

  /** Methods of that name of any class that the function reaches; none for names that are everywhere. */
  named(name: string): Method[] {
    if (everyday.test(name)) return [];
    const found = this.methods().get(name) ?? [];
    return found.length <= 3 ? found : [];
  }

  /** Every class at the top of a reachable file. */
  classes(): readonly Spot[] {
    this.methods();
    return this.all;
  }

  private methods(): Map<string, Method[]> {
    if (this.index) return this.index;
    this.index = new Map();
    for (const file of this.files) {
      const module = this.values.modules.get(file);
      if (!module?.program || !/\bclass\b/.test(module.text)) continue;
      for (const node of topClasses(module.program)) {
        const of = { module, node };
        this.all.push(of);
        for (const member of membersOf(node)) {
          const fn = unwrap(child(member, 'value'));
          const name = keyOf(member);
          if (!isFunction(fn) || name === null || member['kind'] === 'constructor') continue;
          this.index.set(name, [...(this.index.get(name) ?? []), { of, fn: { module, node: fn }, isStatic: member['static'] === true }]);
        }
      }
    }
    return this.index;
  }

  /** An object of the class is made once and kept: by code that runs at the start, or by a framework that injects it. */
  isLongLived(of: Spot): boolean {
    const known = this.long.get(of.node);
    if (known !== undefined) return known;
    this.long.set(of.node, false);
    const found = this.isInjected(of) || this.isMadeAtStart(of);
    this.long.set(of.node, found);
    return found;
  }

  private isInjected({ module, node }: Spot): boolean {
    return decoratorsOf(module, node).some(
      (text) =>
        /^@(Injectable|Controller|Resolver|singleton|Service|Processor)\b/.test(text) && !/Scope\.(REQUEST|TRANSIENT)|transient/.test(text),
    );
  }

  private isMadeAtStart(of: Spot): boolean {
    const name = nameOf(child(of.node, 'id'));
    if (name === null) return false;
    const pattern = new RegExp(`\\bnew\\s+(\\w+\\.)?${name}\\b`);
    return this.files.some((file) => {
      const module = this.values.modules.get(file);
      return module?.program != null && pattern.test(module.text) && this.isMadeAtTop(module, of);
    });
  }

  private isMadeAtTop(module: SourceModule, of: Spot): boolean {
    let found = false;
    const visit = (node: Node, owner: Node | null): void => {
      if (found) return;
      if (node.type === 'NewExpression' && this.classOf(module, child(node, 'callee'))?.node === of.node) {
        found = owner === null || (owner !== of.node && isClass(owner) && this.isLongLived({ module, node: owner }));
      }
      for (const each of children(node)) visit(each, ownerBelow(node, owner));
    };
    if (module.program) visit(module.program, null);
    return found;
  }
}

/** Code of constructors and of fields runs when an object of the class is made. */
function ownerBelow(node: Node, owner: Node | null): Node | null {
  if (isClass(node)) return node;
  if (node.type === 'MethodDefinition') return node['kind'] === 'constructor' ? owner : node;
  return isFunction(node) && !(owner && isClass(owner)) ? node : owner;
}

export function membersOf(node: Node): Node[] {
  return list(child(node, 'body'), 'body');
}

/** Decorators as they are written. */
export function decoratorsOf(module: SourceModule, node: Node): string[] {
  return list(node, 'decorators').map(({ start, end }) => module.text.slice(start, end));
}

function topClasses(program: Node): Node[] {
  const found: Node[] = [];
  walk(program, (node) => {
    if (isClass(node)) found.push(node);
    return !isFunction(node) && !isClass(node);
  });
  return found;
}
