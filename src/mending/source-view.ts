/** A module as mends look at it and edit it. */

import { Edits, indentAt } from '../../transforms/http-route-native/edits.js';
import { parentsOf, type Reference, usesOf } from '../../transforms/http-route-native/handler.js';
import { quoteOf } from '../analysis/quotes.js';
import { type Binding, bindingAt, type SourceModule } from '../analysis/source-module.js';
import { child, type FunctionNode, isFunction, list, type Node, nameOf, walk } from '../analysis/syntax.js';

export class SourceView {
  readonly program: Node;
  readonly parents: ReadonlyMap<Node, Node>;
  readonly edits: Edits;

  /** @throws Error when the module does not parse: nothing is found in such a module that could be mended. */
  constructor(readonly module: SourceModule) {
    if (!module.program) throw new Error(`${module.file} does not parse`);
    this.program = module.program;
    this.parents = parentsOf(module.program);
    const literals: Node[] = [];
    walk(module.program, (node) => {
      if (node.type === 'TemplateElement') literals.push(node);
    });
    this.edits = new Edits(module.text, literals);
  }

  text({ start, end }: Node): string {
    return this.module.text.slice(start, end);
  }

  parent(node: Node): Node | null {
    return this.parents.get(node) ?? null;
  }

  /** A variable declared at the top of the module. */
  topLevelVariable(name: string, declared: Node): Binding | null {
    const binding = bindingAt(this.module, name, declared.start);
    if (binding?.kind !== 'variable' || binding.node !== declared || binding.path.length > 0) return null;
    const declaration = this.parent(binding.node);
    return declaration?.type === 'VariableDeclaration' && this.parent(declaration) === this.program ? binding : null;
  }

  usesOf(binding: Binding): Reference[] {
    return usesOf(this, binding.name, binding);
  }

  /** The functions around a node, the innermost first. */
  functionsAround(node: Node): FunctionNode[] {
    const found: FunctionNode[] = [];
    for (let at = this.parent(node); at; at = this.parent(at)) if (isFunction(at)) found.push(at);
    return found;
  }

  /** The innermost function that all nodes stand in. */
  commonFunction(nodes: readonly Node[]): FunctionNode | null {
    const [first, ...rest] = nodes.map((node) => this.functionsAround(node));
    return first?.find((fn) => rest.every((others) => others.includes(fn))) ?? null;
  }

  /** The name is bound, or read as a global, nowhere in the module; properties may be called so. */
  isFree(name: string): boolean {
    return !this.has((node) => called(node, name) && !this.isProperty(node));
  }

  /** Nothing in the module is called so, properties neither, which may be those of `exports`. */
  isUnused(name: string): boolean {
    return !this.has((node) => called(node, name));
  }

  private has(test: (node: Node) => boolean): boolean {
    let isFound = false;
    walk(this.program, (node) => {
      isFound ||= test(node);
      return !isFound;
    });
    return isFound;
  }

  /** `a.name`, `{ name: … }` without brackets. */
  private isProperty(node: Node): boolean {
    const parent = this.parent(node);
    if (!parent || parent['computed'] === true || parent['shorthand'] === true) return false;
    if (parent.type === 'MemberExpression') return child(parent, 'property') === node;
    return /^(Property|PropertyDefinition|MethodDefinition)$/.test(parent.type) && child(parent, 'key') === node;
  }

  /** The first of the names that is free; null when none is. */
  freeName(...names: string[]): string | null {
    return names.find((name) => this.isFree(name)) ?? null;
  }

  /** The block of a function; null for an arrow with an expression. */
  blockOf(fn: Node): Node | null {
    const body = child(fn, 'body');
    return body && /^(BlockStatement|FunctionBody)$/.test(body.type) ? body : null;
  }

  /** One level of indentation, as the file has it. */
  get unit(): string {
    return /\n(\t| {2,4})\S/.exec(this.module.text)?.[1] ?? '  ';
  }

  get quote(): string {
    return quoteOf(this.module.text);
  }

  get lineEnd(): string {
    return /\r\n/.test(this.module.text) ? '\r\n' : '\n';
  }

  /** Whether statements end with a semicolon. */
  get semicolon(): string {
    const statements = list(this.program, 'body').filter(({ type }) =>
      /^(VariableDeclaration|ExpressionStatement|ImportDeclaration)$/.test(type),
    );
    const without = statements.filter((each) => !this.text(each).endsWith(';'));
    return without.length > statements.length / 2 ? '' : ';';
  }

  /** Puts lines at the start of a function's block. False when there is no place for them: an expression, a directive, a block on one line. */
  insertAtStart(fn: Node, lines: readonly string[]): boolean {
    const block = this.blockOf(fn);
    const first = list(block, 'body')[0];
    if (!block || !first || typeof first['directive'] === 'string') return false;
    const before = this.module.text.slice(block.start + 1, first.start);
    const indent = indentAt(this.module.text, first.start);
    const isOwnLine = before.includes('\n');
    const placed = lines.map((line) => line.replaceAll('\n', `\n${indent}`));
    this.edits.replace(
      { start: block.start + 1, end: block.start + 1 },
      ...placed.map((line) => (isOwnLine ? `${this.lineEnd}${indent}${line}` : ` ${line}`)),
    );
    return true;
  }

  /** The edited text; null when nothing was edited. */
  result(): string | null {
    const text = this.edits.apply();
    return text === this.module.text ? null : text;
  }
}

function called(node: Node, name: string): boolean {
  return nameOf(node) === name || (node.type === 'JSXIdentifier' && node['name'] === name);
}
