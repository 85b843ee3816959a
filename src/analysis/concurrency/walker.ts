/**
 * Walks the code of one request from its handler, through the project's own functions, in the order in which it runs. Nothing is run:
 * each expression stands for what is known of its value. Gives the {@link Trace} that the rules read.
 */
import { bindingAt, type SourceModule } from '../source-module.js';
import { child, children, keyOf, list, type Node, nameOf, patternOf, unwrap } from '../syntax.js';
import { isClass, type Value, type Values } from '../values.js';
import { got } from './accessors.js';
import { Classes } from './classes.js';
import { expressions } from './expressions.js';
import { type Flow, guardOf, guardSegment, inBoth, isWritten, Segments } from './flow.js';
import { eitherOf, type Instance, type Known, madeFrom, nothing, propertyOf } from './known.js';
import { type Meaning, SharedStates } from './shared-states.js';
import { statements } from './statements.js';
import { keyOfState, newTrace, type Read, type Shared, type Sources, type Spot, type Trace, type Use, type Write } from './trace.js';
import { signatureOf, Visits } from './visits.js';

/** Key of an AsyncLocalStorage → what it holds. */
export type Scopes = ReadonlyMap<string, Known>;

/** A function that is being walked. */
export interface Frame {
  fn: Node;
  module: SourceModule;
  self: Instance | null;
  /** What its `return` statements give. */
  result: Known;
  /** Inside a `try` with a `catch`. */
  caught: number;
  loops: number;
  /** What was certainly assigned at every `return` so far. */
  leaves: ReadonlySet<string> | null;
}

/** A function that runs later, with what holds where it was handed on. */
interface Later {
  spot: Spot;
  self: Instance | null;
  args: readonly Known[];
  assigned: ReadonlySet<string>;
  scopes: Scopes;
  isLoose: boolean;
}

export class Walker {
  readonly trace: Trace;
  readonly states: SharedStates;
  readonly classes: Classes;
  readonly segments = new Segments();
  /** What local variables are known to be. */
  readonly locals = new Map<object, Known>();
  /** Request data that this request has put into shared state. */
  readonly stored = new Map<string, Known>();
  /** Conditional expressions → what their tests depend on. */
  readonly chosenBy = new WeakMap<Node, Sources>();
  flow: Flow;
  frame: Frame | null = null;
  /** Inside the arguments of a log or metrics call, or a condition. */
  mode: 'log' | 'test' | null = null;
  /** What each AsyncLocalStorage holds here. */
  scopes: Scopes = new Map();
  /** In a function that something unknown calls. */
  isLoose = false;
  private order = 0;
  private readonly visits = new Visits();
  private readonly resolved = new WeakMap<Node, Value>();
  private readonly later: Later[] = [];

  constructor(
    readonly values: Values,
    files: readonly string[],
  ) {
    this.trace = newTrace(files);
    this.states = new SharedStates(values);
    this.classes = new Classes(values, files);
    this.flow = this.segments.start();
  }

  /** Walks a function as the start of a request. */
  enter(root: Spot, args: readonly Known[], self: Instance | null): void {
    this.flow = this.segments.start();
    this.trace.roots.push(root);
    this.call(root, args, self);
    this.runLater();
  }

  /** A function whose call is not seen, or that runs some time after. `isLoose`: what calls it is not known to keep the request's context. */
  postpone(spot: Spot, args: readonly Known[], self: Instance | null, isLoose = true): void {
    this.later.push({ spot, self, args, assigned: this.flow.assigned, scopes: this.scopes, isLoose: isLoose || this.isLoose });
  }

  private runLater(): void {
    for (let next = this.later.shift(); next; next = this.later.shift()) {
      const before = { flow: this.flow, scopes: this.scopes, isLoose: this.isLoose };
      this.flow = this.segments.start(before.flow.guards, next.assigned);
      this.scopes = next.scopes;
      this.isLoose = next.isLoose;
      this.call(next.spot, next.args, next.self);
      Object.assign(this, before);
    }
  }

  /** Walks a function with these arguments, in the flow of the caller. `isKept`: another walk with the same gives the same. */
  call(spot: Spot, args: readonly Known[], self: Instance | null, isKept = false): Known {
    const { node: fn, module } = spot;
    const signature = signatureOf(args, self, this.flow, this.scopes);
    const way = this.visits.begin(fn, signature);
    if (way === 'cut') this.trace.isCut = true;
    if (way === 'partial') this.trace.isPartial = true;
    if (way !== 'walk') return this.visits.result(fn, signature) ?? madeFrom(args);
    const before = this.frame;
    const guards = this.flow.guards;
    const mode = this.mode;
    this.mode = null;
    this.frame = {
      fn,
      module,
      self: fn.type === 'ArrowFunctionExpression' ? (self ?? before?.self ?? null) : self,
      result: nothing,
      caught: 0,
      loops: 0,
      leaves: null,
    };
    this.trace.functions.set(fn, module);
    list(fn, 'params').forEach((parameter, index) => {
      this.bindParameter(parameter, args, index);
    });
    const body = child(fn, 'body');
    if (body && (body.type === 'BlockStatement' || body.type === 'FunctionBody')) this.visit(body);
    else if (body) this.frame.result = this.visit(body, 'return');
    const { result, leaves } = this.frame;
    this.visits.end(fn, signature, isKept || result.shared?.of.kind === 'request' ? result : madeFrom(args));
    if (leaves) this.flow.assigned = this.flow.isEnded ? leaves : inBoth(leaves, this.flow.assigned);
    this.frame = before;
    this.mode = mode;
    this.flow.guards = guards;
    this.flow.isEnded = false;
    return result;
  }

  private bindParameter(parameter: Node, args: readonly Known[], index: number): void {
    const pattern = parameter.type === 'TSParameterProperty' ? child(parameter, 'parameter') : parameter;
    if (pattern?.type === 'RestElement') this.bind(child(pattern, 'argument'), madeFrom(args.slice(index)));
    else {
      const typed = pattern && this.frame ? this.classes.typed(this.frame.module, patternOf(pattern)) : null;
      const given = args[index] ?? nothing;
      const known = typed && !given.instance ? { ...given, instance: { of: typed, isShared: this.classes.isLongLived(typed) } } : given;
      this.bind(pattern, known);
    }
  }

  /** Gives the names of a pattern what is known of the value. */
  bind(pattern: Node | null, known: Known): void {
    if (!pattern) return;
    if (pattern.type === 'AssignmentPattern') this.bind(child(pattern, 'left'), eitherOf(known, this.visit(child(pattern, 'right'))));
    else if (pattern.type === 'ObjectPattern')
      for (const property of list(pattern, 'properties')) {
        const isRest = property.type === 'RestElement';
        this.bind(child(property, isRest ? 'argument' : 'value'), isRest ? madeFrom([known]) : this.property(known, keyOf(property)));
      }
    else if (pattern.type === 'ArrayPattern')
      list(pattern, 'elements').forEach((each, index) => {
        this.bind(each, this.property(known, String(index)));
      });
    else if (nameOf(pattern) !== null && this.frame) {
      const binding = bindingAt(this.frame.module, nameOf(pattern) as string, pattern.start);
      if (binding) this.locals.set(binding, known);
    }
  }

  visit(node: Node | null, use: Use = 'value'): Known {
    if (!node) return nothing;
    const statement = statements[node.type];
    if (statement) {
      statement(this, node);
      return nothing;
    }
    const expression = expressions[node.type];
    if (expression) return expression(this, node, use);
    if (node.type.startsWith('TS') || isClass(node)) return nothing;
    return madeFrom(children(node).map((each) => this.visit(each)));
  }

  visitAll(nodes: readonly Node[]): void {
    for (const each of nodes) this.visit(each);
  }

  /** Visits with reads counted as of a condition or a log. */
  within<T>(mode: 'log' | 'test', visit: () => T): T {
    const before = this.mode;
    this.mode = before === 'log' ? before : mode;
    const result = visit();
    this.mode = before;
    return result;
  }

  /** A function that is used as a value: what takes it may call it, now or later. */
  runs(fn: Node): boolean {
    return this.trace.functions.has(fn);
  }

  meaning(name: string, offset: number): Meaning {
    if (!this.frame) return { kind: 'unknown' };
    return this.states.meaningOf(this.frame.module, name, offset, (fn) => this.runs(fn));
  }

  valueOf(node: Node | null): Value {
    if (!node || !this.frame) return { kind: 'unknown' };
    const known = this.resolved.get(node);
    if (known) return known;
    const value = this.values.of(this.frame.module, node);
    this.resolved.set(node, value);
    return value;
  }

  property(of: Known, key: string | null): Known {
    const read = got(this, of, key);
    if (read) return read;
    if (of.module && key !== null) {
      const meaning = this.states.exported(of.module, key, (fn) => this.runs(fn));
      return meaning.kind === 'shared' || meaning.kind === 'module' ? this.sharedKnown(meaning) : nothing;
    }
    const known = propertyOf(of, key);
    if (of.instance && !of.instance.isClass && key !== null) {
      const field = this.classes.field(of.instance, key);
      const base = of.instance.isShared ? { of: this.states.instance(of.instance.of), path: [key] } : known.shared;
      return { ...known, shared: base, instance: field };
    }
    return known;
  }

  sharedKnown(meaning: Meaning & { kind: 'shared' | 'module' }): Known {
    if (meaning.kind === 'module') return { ...nothing, module: meaning.module };
    return {
      ...nothing,
      shared: { of: meaning.shared, path: meaning.path },
      instance: meaning.path.length === 0 ? this.madeOnce(meaning.shared) : null,
    };
  }

  /** The object of a class of the project that a state begins with. */
  private madeOnce({ initial }: Shared): Instance | null {
    const node = unwrap(initial?.node ?? null);
    const of = initial && node?.type === 'NewExpression' ? this.classes.classOf(initial.module, child(node, 'callee')) : null;
    return of && { of, isShared: true };
  }

  read(shared: Shared, path: readonly string[], node: Node, use: Read['use']): Known {
    if (!this.frame) return nothing;
    const key = keyOfState(shared, path);
    const stored = this.stored.get(key) ?? this.stored.get(shared.key) ?? nothing;
    if (shared.kind === 'request') return { ...stored, is: null, shared: { of: shared, path } };
    const fresh = isWritten(this.flow, shared.key, path);
    this.flow.looked.set(key, this.flow.segment);
    const noted =
      path.includes('*') && use === 'whole'
        ? 'keyed'
        : this.mode === 'log'
          ? 'log'
          : this.mode === 'test' && use === 'whole'
            ? 'test'
            : use;
    this.trace.reads.push({
      shared,
      path,
      key,
      spot: { module: this.frame.module, node },
      fn: this.frame.fn,
      order: ++this.order,
      fresh,
      use: noted,
      assigned: this.assignedOf(shared),
      isLoose: this.isLoose,
    });
    return { ...stored, is: null, shared: { of: shared, path }, reads: new Map([...stored.reads, [key, this.flow.segment]]) };
  }

  write(
    target: { of: Shared; path: readonly string[] },
    node: Node,
    how: Write['how'],
    value: Known,
    more: {
      value?: Node | null;
      literal?: string | null;
      key?: Sources | null;
      awaited?: boolean;
      chosenBy?: Sources | undefined;
      compound?: ReadonlyMap<string, number>;
    } = {},
  ): void {
    if (!this.frame) return;
    const { flow } = this;
    const key = keyOfState(target.of, target.path);
    if (target.of.kind === 'request') {
      this.store(key, how, value);
      return;
    }
    const guards = flow.guards.filter(({ reads }) => reads.has(key) || [...reads.keys()].some((each) => key.startsWith(`${each}.`)));
    const earlier = more.compound?.get(key) ?? value.reads.get(key);
    this.trace.writes.push({
      shared: target.of,
      path: target.path,
      key,
      spot: { module: this.frame.module, node },
      fn: this.frame.fn,
      order: ++this.order,
      how,
      sources: value.sources,
      keySources: more.key ?? null,
      value: more.value ?? null,
      literal: more.literal ?? null,
      guards,
      dependsOn: new Set([...flow.guards.flatMap(({ sources }) => [...sources]), ...(more.chosenBy ?? [])]),
      afterWait: guards.some((guard) => guard.reads.get(key) !== flow.segment && guardSegment(guard, key) !== flow.segment),
      lostUpdate: earlier !== undefined && earlier !== flow.segment,
      readBefore: flow.looked.get(key) === flow.segment,
      awaited: more.awaited ?? false,
      segment: flow.segment,
      assigned: this.assignedOf(target.of),
      isLoose: this.isLoose,
    });
    if (how === 'assign' || how === 'update' || how === 'empty') flow.written.set(key, flow.segment);
    if (how === 'assign' || how === 'empty') flow.assigned = new Set([...flow.assigned, key]);
    this.store(key, how, value);
  }

  private assignedOf({ key }: Shared): string[] {
    return [...this.flow.assigned].filter((each) => each === key || each.startsWith(`${key}.`));
  }

  /** Keeps what is known of the value that this request has put there. */
  private store(key: string, how: Write['how'], value: Known): void {
    const instance = value.instance && { ...value.instance, isShared: true };
    if (how === 'assign') this.stored.set(key, { ...value, instance, shared: null, reads: new Map() });
    else this.stored.set(key, madeFrom([this.stored.get(key) ?? nothing, { ...value, reads: new Map() }]));
  }

  nextOrder(): number {
    return ++this.order;
  }

  guarded<T>(test: Known, visit: () => T): T {
    const before = this.flow.guards;
    this.flow.guards = [...before, guardOf(test)];
    const result = visit();
    this.flow.guards = before;
    return result;
  }

  /** Visits branches one after the other, each from here; goes on where they meet. */
  branches(...visits: (() => Known)[]): Known {
    const start = this.flow;
    let end: Flow | null = null;
    let result: Known = nothing;
    for (const visit of visits) {
      this.flow = this.segments.copy(start);
      const known = visit();
      result = eitherOf(result, known);
      if (!end) end = this.flow;
      else {
        const joined = this.segments.copy(start);
        this.segments.join(joined, end, this.flow);
        end = joined;
      }
    }
    this.flow = { ...(end ?? start), guards: start.guards };
    return result;
  }
}
