/** Which properties of its event a handler reads, also through variables, loops, callbacks and functions that get the event. */
import { referencesOf } from './invocation.js';
import type { FunctionSite } from './shape.js';
import type { SourceModule } from './source-module.js';
import { child, isFunction, keyOf, list, type Node, nameOf, parametersOf, patternOf, unwrap, walk } from './syntax.js';
import type { Values } from './values.js';

/** Place of the first read of a property. */
interface Read {
  module: SourceModule;
  at: number;
}

export interface EventReads {
  /** Property path → first read; elements of lists are `*`: `Records.*.body`. */
  paths: Map<string, Read>;
  /** Source of the handler and of the functions that the event is followed into. */
  text: string;
}

/** Functions that an event is handed on to, one after the other. */
const maximumDepth = 3;

/** Uses that are looked at before giving up: evidence is found early or not at all. */
const maximumUses = 500;

export function readsOfEvent(values: Values, handler: FunctionSite): EventReads {
  const reader = new Reader(values);
  reader.enter(handler, patternOf(parametersOf(handler.node)[0]), [], 0);
  return { paths: reader.paths, text: reader.texts.join('\n') };
}

/** Methods whose callback gets an element of the list as its first (`reduce`: second) parameter. */
const iterating: Readonly<Record<string, number>> = { map: 0, forEach: 0, filter: 0, flatMap: 0, some: 0, every: 0, find: 0, reduce: 1 };
const transparent =
  /^(ChainExpression|TSNonNullExpression|TSAsExpression|TSSatisfiesExpression|AwaitExpression|LogicalExpression|ConditionalExpression|ParenthesizedExpression)$/;

class Reader {
  readonly paths = new Map<string, Read>();
  readonly texts: string[] = [];
  private readonly entered = new Set<string>();
  private readonly parents = new Map<Node, Map<Node, Node>>();
  private uses = 0;

  constructor(private readonly values: Values) {}

  /** Follows what `pattern` binds inside a function. */
  enter(site: FunctionSite, pattern: Node | null, prefix: readonly string[], depth: number): void {
    const key = `${site.module.file}:${site.node.start}:${prefix.join('.')}`;
    if (this.entered.has(key) || depth > maximumDepth) return;
    this.entered.add(key);
    this.texts.push(site.module.text.slice(site.node.start, site.node.end));
    this.bound(site, pattern, prefix, depth);
  }

  private bound(site: FunctionSite, pattern: Node | null, prefix: readonly string[], depth: number): void {
    const at = patternOf(pattern);
    if (nameOf(at) !== null) for (const { node } of referencesOf(site.module, site.node, at)) this.use(site, node, prefix, depth);
    if (at?.type === 'ArrayPattern') for (const each of list(at, 'elements')) this.bound(site, each, [...prefix, '*'], depth);
    for (const property of at?.type === 'ObjectPattern' ? list(at, 'properties') : []) {
      const key = property.type === 'RestElement' ? null : keyOf(property);
      if (key === null) continue;
      this.add(site.module, [...prefix, key], property.start);
      this.bound(site, child(property, 'value'), [...prefix, key], depth);
    }
  }

  private use(site: FunctionSite, reference: Node, prefix: readonly string[], depth: number): void {
    if (++this.uses > maximumUses) return;
    const above = this.parentsIn(site.node);
    const path = [...prefix];
    let at = reference;
    for (let parent = above.get(at); parent; parent = above.get(at)) {
      if (parent.type === 'MemberExpression' && parent['object'] === at) {
        const key = keyOf(parent) ?? '*';
        const call = above.get(parent);
        if (call?.type === 'CallExpression' && call['callee'] === parent) {
          const index = iterating[key];
          if (index !== undefined) this.iterate(site, call, index, [...path, '*'], depth);
          return;
        }
        path.push(/^\d+$/.test(key) ? '*' : key);
        this.add(site.module, path, reference.start);
      } else if (!transparent.test(parent.type)) break;
      at = parent;
    }
    this.received(site, at, above.get(at), path, depth);
  }

  /** What the value is given to: a variable, a loop, a function. */
  private received(site: FunctionSite, value: Node, by: Node | undefined, path: readonly string[], depth: number): void {
    if (by?.type === 'VariableDeclarator' && by['init'] === value) this.bound(site, child(by, 'id'), path, depth);
    else if (by?.type === 'ForOfStatement' && by['right'] === value)
      this.bound(site, child(list(child(by, 'left'), 'declarations')[0], 'id'), [...path, '*'], depth);
    else if (by?.type === 'CallExpression' && by['callee'] !== value)
      this.handOn(site, child(by, 'callee'), list(by, 'arguments').indexOf(value), path, depth);
  }

  private iterate(site: FunctionSite, call: Node, index: number, path: readonly string[], depth: number): void {
    const callback = unwrap(list(call, 'arguments')[0]);
    if (isFunction(callback)) this.bound({ module: site.module, node: callback }, parametersOf(callback)[index] ?? null, path, depth);
    else this.handOn(site, callback, index, path, depth);
  }

  private handOn(site: FunctionSite, callee: Node | null, index: number, path: readonly string[], depth: number): void {
    const target = this.values.of(site.module, callee);
    if (index === -1 || target.kind !== 'node' || !isFunction(target.node)) return;
    this.enter({ module: target.module, node: target.node }, parametersOf(target.node)[index] ?? null, path, depth + 1);
  }

  private add(module: SourceModule, path: readonly string[], at: number): void {
    const key = path.join('.');
    if (!this.paths.has(key)) this.paths.set(key, { module, at });
  }

  private parentsIn(fn: Node): Map<Node, Node> {
    const known = this.parents.get(fn);
    if (known) return known;
    const found = new Map<Node, Node>();
    walk(fn, (node, parent) => {
      if (parent) found.set(node, parent);
    });
    this.parents.set(fn, found);
    return found;
  }
}
