/** The data that a module of configuration exports (serverless.ts, webpack, Babel), as far as it can be told without running it. */
import type { Expression, Node } from 'oxc-parser';
import { isPlainObject } from '../data.js';
import type { TextRange } from '../model.js';
import { parentOf, type Repository } from '../repository.js';
import { callFunction, callMethod, maximumLength } from './builtins.js';
import { type Binding, Modules, requiredModule, type SourceModule } from './modules.js';
import type { Provenance } from './provenance.js';
import { isAskedOfHost, isData, keyOf, LocalFunction, literalKey, memberOf, NotStatic, type Scope, unknownSpread } from './values.js';

/** A function does something that is not followed. */
const unfinished = Symbol('unfinished');

const noScope: Scope = new Map();
const maximumDepth = 200;
const maximumSteps = 200_000;

/** What the evaluation could not tell: the expression's text and place. */
export type NotStaticReport = (text: string, range: TextRange) => void;

export class StaticEvaluator {
  private readonly modules: Modules;
  private readonly values = new Map<Binding, unknown>();
  private readonly running = new Set<Binding>();
  private depth = 0;
  private silent = false;
  private steps = 0;

  constructor(
    repository: Repository,
    /** Folder of the service. */
    private readonly folder: string,
    private readonly provenance: Provenance,
    private readonly report: NotStaticReport,
  ) {
    this.modules = new Modules(repository, folder);
  }

  /** The default export (or `module.exports`) of a file as data; undefined when there is none or it does not parse. */
  defaultExport(file: string): unknown {
    const module = this.modules.module(file);
    if (!module) return undefined;
    const exported = module.exports.get('default');
    const value = exported === undefined ? undefined : this.binding(exported, module);
    return this.plain(value instanceof LocalFunction ? this.call(value, []) : value);
  }

  /** Marks of what is not static become text that reads like an unresolved variable. */
  private plain(value: unknown): unknown {
    if (value instanceof NotStatic) return value.text;
    return value instanceof LocalFunction ? undefined : value;
  }

  private binding(binding: Binding, module: SourceModule): unknown {
    if (this.values.has(binding)) return this.values.get(binding);
    if (this.running.has(binding)) return new NotStatic('${js:circular}');
    this.running.add(binding);
    const value = this.bindingValue(binding, module);
    this.running.delete(binding);
    this.values.set(binding, value);
    return value;
  }

  private bindingValue(binding: Binding, module: SourceModule): unknown {
    if (binding.kind === 'expression') return this.evaluate(binding.node, module, noScope);
    if (binding.kind === 'member') return memberOf(this.evaluate(binding.node, module, noScope), binding.name);
    if (binding.kind === 'function') return new LocalFunction(module, binding.node, noScope);
    return this.imported(module, binding.from, binding.name);
  }

  private imported(module: SourceModule, from: string, name: string): unknown {
    const file = this.modules.resolve(module.file, from);
    if (file === undefined) return new NotStatic(`\${js:${from}}`);
    if (file.endsWith('.json')) {
      const json = this.modules.json(file);
      return name === 'default' || name === '*' || name === 'module.exports' ? json : isPlainObject(json) ? json[name] : undefined;
    }
    const target = this.modules.module(file);
    if (!target) return new NotStatic(`\${js:${from}}`);
    if (name === '*' || name === 'module.exports') return this.namespace(target, name);
    return this.exported(target, name, 0) ?? new NotStatic(`\${js:${from}.${name}}`);
  }

  private exported(module: SourceModule, name: string, hops: number): unknown {
    const own = module.exports.get(name);
    if (own) return this.binding(own, module);
    const whole = name === 'default' ? undefined : module.exports.get('default');
    const member = whole && this.binding(whole, module);
    if (isData(member) && Object.hasOwn(member, name)) return member[name];
    for (const from of hops > 20 ? [] : module.reexported) {
      const file = this.modules.resolve(module.file, from);
      const target = file === undefined ? undefined : this.modules.module(file);
      const value = target && this.exported(target, name, hops + 1);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** All exports as an object; for `require`, `module.exports` itself when it was assigned. */
  private namespace(module: SourceModule, name: '*' | 'module.exports', hops = 0): unknown {
    const assigned = name === 'module.exports' ? module.exports.get('default') : undefined;
    if (assigned) return this.binding(assigned, module);
    const all: Record<string, unknown> = {};
    for (const from of hops > 20 ? [] : module.reexported) {
      const file = this.modules.resolve(module.file, from);
      const target = file === undefined ? undefined : this.modules.module(file);
      const inner = target && this.namespace(target, '*', hops + 1);
      if (isData(inner)) Object.assign(all, inner);
    }
    for (const [exported, binding] of module.exports) all[exported] = this.plain(this.binding(binding, module));
    return all;
  }

  private evaluate(node: Node, module: SourceModule, scope: Scope): unknown {
    if (this.depth > maximumDepth || this.steps++ > maximumSteps) return this.notStatic(node, module);
    this.depth++;
    try {
      return this.handlerFolder(node, module) ?? this.expression(node, module, scope);
    } finally {
      this.depth--;
    }
  }

  private expression(node: Node, module: SourceModule, scope: Scope): unknown {
    const inner = (child: Node) => this.evaluate(child, module, scope);
    switch (node.type) {
      case 'Literal':
        return node.value instanceof RegExp || typeof node.value === 'bigint' ? this.notStatic(node, module) : node.value;
      case 'TemplateLiteral':
        return this.template(node, module, scope);
      case 'ObjectExpression':
        return this.object(node, module, scope);
      case 'ArrayExpression':
        return this.array(node, module, scope);
      case 'Identifier':
        return this.identifier(node, module, scope);
      case 'MemberExpression':
        return this.member(node, module, scope);
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'ChainExpression':
      case 'AwaitExpression':
        return inner('argument' in node ? node.argument : node.expression);
      case 'LogicalExpression':
        return this.logical(node, module, scope);
      case 'ConditionalExpression': {
        const test = inner(node.test);
        return test instanceof NotStatic ? this.notStatic(node, module) : inner(test ? node.consequent : node.alternate);
      }
      case 'BinaryExpression':
        return this.binary(node, module, scope);
      case 'UnaryExpression': {
        const value = inner(node.argument);
        if (node.operator === '!' && !(value instanceof NotStatic)) return !value;
        return node.operator === '-' && typeof value === 'number' ? -value : this.notStatic(node, module);
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return new LocalFunction(module, node, scope);
      case 'CallExpression':
        return this.callExpression(node, module, scope);
      case 'TSEnumDeclaration':
        return this.enumeration(node, module);
      default:
        return this.notStatic(node, module);
    }
  }

  /** The folder of a module relative to the service, as the templates of Serverless write it: `handlerPath(__dirname)`. */
  private handlerFolder(node: Node, module: SourceModule): string | undefined {
    if (node.type !== 'CallExpression' && node.type !== 'MemberExpression') return undefined;
    const text = module.text.slice(node.start, node.end);
    if (text.length > 200 || !/__dirname|import\.meta\.(dirname|url|filename)/.test(text)) return undefined;
    const byHelper =
      node.type === 'CallExpression' && node.arguments.length === 1 && /^[\w$.]*(handler|path|dir|resolve)[\w$]*\(/i.test(text);
    if (!byHelper && !text.includes('process.cwd()')) return undefined;
    return this.ownFolder(module);
  }

  /** Folder of a module relative to the service; undefined outside of it. */
  private ownFolder(module: SourceModule): string | undefined {
    const folder = parentOf(module.file);
    const inside = this.folder === '' ? folder : folder.slice(this.folder.length + 1);
    return this.folder === '' || folder === this.folder || folder.startsWith(`${this.folder}/`) ? inside || '.' : undefined;
  }

  private template(node: Node & { type: 'TemplateLiteral' }, module: SourceModule, scope: Scope): unknown {
    let text = '';
    for (const [index, quasi] of node.quasis.entries()) {
      text += quasi.value.cooked ?? quasi.value.raw;
      const expression = node.expressions[index];
      if (!expression) continue;
      const value = this.evaluate(expression, module, scope);
      if (!(value instanceof NotStatic) && typeof value === 'object') return this.notStatic(node, module);
      text += value instanceof NotStatic ? value.text : String(value);
      if (text.length > maximumLength) return this.notStatic(node, module);
    }
    return text;
  }

  private object(node: Node & { type: 'ObjectExpression' }, module: SourceModule, scope: Scope): unknown {
    const value: Record<string, unknown> = {};
    const places = new Map<string, Node>();
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        const spread = this.evaluate(property.argument, module, scope);
        if (isData(spread)) Object.assign(value, spread);
        else if (spread instanceof NotStatic) value[unknownSpread] = spread.text;
        continue;
      }
      const key = property.computed
        ? this.evaluate(property.key, module, scope)
        : 'name' in property.key
          ? property.key.name
          : literalKey(property.key);
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      places.set(String(key), property);
      const own = this.plain(this.evaluate(property.value, module, scope));
      if (own !== undefined) Object.defineProperty(value, key, { value: own, enumerable: true, configurable: true, writable: true });
    }
    this.provenance.add(value, ([key], part) => {
      const place = key === undefined ? undefined : places.get(String(key));
      return this.range(part === 'value' && place?.type === 'Property' ? place.value : (place ?? node), module);
    });
    return value;
  }

  private array(node: Node & { type: 'ArrayExpression' }, module: SourceModule, scope: Scope): unknown {
    const value: unknown[] = [];
    const places: Node[] = [];
    for (const element of node.elements) {
      if (!element) continue;
      const own = this.evaluate(element.type === 'SpreadElement' ? element.argument : element, module, scope);
      const elements = element.type === 'SpreadElement' && Array.isArray(own) ? own : [this.plain(own)];
      if (value.length + elements.length > maximumLength) return this.notStatic(node, module);
      for (const each of elements) {
        value.push(each);
        places.push(element);
      }
    }
    this.provenance.add(value, ([key]) => this.range(places[Number(key)] ?? node, module));
    return value;
  }

  private identifier(node: Node & { type: 'Identifier' }, module: SourceModule, scope: Scope): unknown {
    if (node.name === 'undefined') return undefined;
    if (scope.has(node.name)) return scope.get(node.name);
    const binding = module.bindings.get(node.name);
    if (binding) return this.binding(binding, module);
    return (node.name === '__dirname' ? this.ownFolder(module) : undefined) ?? this.notStatic(node, module);
  }

  private member(node: Node & { type: 'MemberExpression' }, module: SourceModule, scope: Scope): unknown {
    const environment = /^process\.env(?:\.([\w$]+)|\[['"]([\w$]+)['"]\])$/.exec(module.text.slice(node.start, node.end));
    if (environment) return new NotStatic(`\${env:${environment[1] ?? environment[2]}}`);
    const object = this.evaluate(node.object, module, scope);
    const key = node.computed ? this.evaluate(node.property, module, scope) : 'name' in node.property ? node.property.name : undefined;
    if (typeof key !== 'string' && typeof key !== 'number') return this.notStatic(node, module);
    if (Array.isArray(object) && typeof key === 'number') return object[key];
    return isData(object) && Object.hasOwn(object, key) ? object[key] : this.notStatic(node, module);
  }

  /** The environment of the machine is never read: what stands beside it is taken. */
  private logical(node: Node & { type: 'LogicalExpression' }, module: SourceModule, scope: Scope): unknown {
    const left = this.evaluate(node.left, module, scope);
    const right = () => this.evaluate(node.right, module, scope);
    if (left instanceof NotStatic) return node.operator === '&&' ? left : right();
    if (node.operator === '??') return left ?? right();
    return node.operator === '||' ? left || right() : left && right();
  }

  private binary(node: Node & { type: 'BinaryExpression' }, module: SourceModule, scope: Scope): unknown {
    const [left, right] = [this.evaluate(node.left as Expression, module, scope), this.evaluate(node.right, module, scope)];
    const textOf = (value: unknown) => (value instanceof NotStatic ? value.text : String(value));
    if (node.operator === '+' && typeof left === 'number' && typeof right === 'number') return left + right;
    if (node.operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
      const text = textOf(left) + textOf(right);
      return text.length > maximumLength ? this.notStatic(node, module) : text;
    }
    if (left instanceof NotStatic || right instanceof NotStatic) return this.notStatic(node, module);
    if (node.operator === '===' || node.operator === '==') return left === right;
    if (node.operator === '!==' || node.operator === '!=') return left !== right;
    if (typeof left !== 'number' || typeof right !== 'number') return this.notStatic(node, module);
    return { '*': left * right, '-': left - right, '/': left / right }[node.operator as string] ?? this.notStatic(node, module);
  }

  private callExpression(node: Node & { type: 'CallExpression' }, module: SourceModule, scope: Scope): unknown {
    const from = requiredModule(node);
    if (from !== undefined) return this.imported(module, from, 'module.exports');
    const values = node.arguments.map((argument) => this.evaluate(argument, module, scope));
    return this.called(node.callee, values, module, scope) ?? this.notStatic(node, module);
  }

  /** Undefined when it is not told. */
  private called(callee: Node, values: unknown[], module: SourceModule, scope: Scope): unknown {
    const first = values[0];
    if (values.some((value) => value instanceof NotStatic)) return undefined;
    const isKnown = values.every((value) => !(value instanceof LocalFunction));
    const builtin = isKnown ? callFunction(module.text.slice(callee.start, callee.end), values) : undefined;
    if (builtin !== undefined) return builtin;
    if (callee.type === 'MemberExpression' && !callee.computed && 'name' in callee.property) {
      const target = this.quietly(callee.object, module, scope);
      const callback =
        first instanceof LocalFunction ? (element: unknown, index: number) => this.plain(this.call(first, [element, index])) : undefined;
      const result = isKnown || callback ? callMethod(target, callee.property.name, values, callback) : undefined;
      if (result !== undefined) return result;
    }
    const target = this.quietly(callee, module, scope);
    return target instanceof LocalFunction ? this.call(target, values) : undefined;
  }

  /** Without telling what is not static: the call as a whole is told. */
  private quietly(node: Node, module: SourceModule, scope: Scope): unknown {
    const before = this.silent;
    this.silent = true;
    try {
      return this.evaluate(node, module, scope);
    } finally {
      this.silent = before;
    }
  }

  /** A function that only declares, decides and returns; anything else is not told. */
  private call({ module, node, scope }: LocalFunction, values: unknown[]): unknown {
    if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression' && node.type !== 'FunctionDeclaration')
      return undefined;
    const inner = new Map(scope);
    for (const [index, parameter] of node.params.entries()) this.bind(parameter, values[index], module, inner);
    if (!node.body) return undefined;
    if (node.body.type !== 'BlockStatement') return this.evaluate(node.body, module, inner);
    const returned = this.block(node.body.body, module, inner);
    return returned === unfinished ? this.notStatic(node, module) : returned?.value;
  }

  /** What the statements return; undefined when they end without; `unfinished` when that is not told. */
  private block(
    statements: readonly Node[],
    module: SourceModule,
    scope: Map<string, unknown>,
  ): { value: unknown } | typeof unfinished | undefined {
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration') {
        for (const { id, init } of statement.declarations)
          this.bind(id, init ? this.evaluate(init, module, scope) : undefined, module, scope);
      } else if (statement.type === 'ReturnStatement') {
        return { value: statement.argument ? this.evaluate(statement.argument, module, scope) : undefined };
      } else if (statement.type === 'BlockStatement' || statement.type === 'IfStatement') {
        const returned =
          statement.type === 'IfStatement' ? this.branch(statement, module, scope) : this.block(statement.body, module, scope);
        if (returned !== undefined) return returned;
      } else if (!isAskedOfHost(statement, scope)) return unfinished;
    }
    return undefined;
  }

  private branch(statement: Node & { type: 'IfStatement' }, module: SourceModule, scope: Map<string, unknown>) {
    const test = this.evaluate(statement.test, module, scope);
    if (test instanceof NotStatic) return unfinished;
    const taken = test ? statement.consequent : statement.alternate;
    return taken ? this.block([taken], module, scope) : undefined;
  }

  /** Names of a parameter or declaration, taken apart. */
  private bind(pattern: Node, value: unknown, module: SourceModule, scope: Map<string, unknown>): void {
    if (pattern.type === 'Identifier') scope.set(pattern.name, value);
    else if (pattern.type === 'AssignmentPattern') {
      this.bind(pattern.left, value === undefined ? this.evaluate(pattern.right, module, scope) : value, module, scope);
    } else if (pattern.type === 'ObjectPattern') {
      for (const property of pattern.properties) {
        if (property.type === 'Property' && !property.computed)
          this.bind(property.value, memberOf(value, keyOf(property.key)), module, scope);
      }
    } else if (pattern.type === 'ArrayPattern') {
      for (const [index, element] of pattern.elements.entries()) if (element) this.bind(element, memberOf(value, index), module, scope);
    }
  }

  private enumeration(node: Node & { type: 'TSEnumDeclaration' }, module: SourceModule): unknown {
    let next: unknown = 0;
    const value: Record<string, unknown> = {};
    for (const { id, initializer } of node.body.members) {
      const own = initializer ? this.plain(this.evaluate(initializer, module, noScope)) : next;
      next = typeof own === 'number' ? own + 1 : undefined;
      value[keyOf(id) ?? ''] = own;
    }
    return value;
  }

  private notStatic(node: Node, module: SourceModule): NotStatic {
    const text = module.text
      .slice(node.start, node.end)
      .replace(/[{}'"`$,\s]+/g, ' ')
      .trim()
      .slice(0, 80);
    if (!this.silent) this.report(text, this.range(node, module));
    return new NotStatic(`\${js:${text}}`);
  }

  private range(node: Node, module: SourceModule): TextRange {
    const before = module.text.slice(0, node.start);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { file: module.file, line: before.split('\n').length, column: node.start - lineStart + 1, start: node.start, end: node.end };
  }
}
