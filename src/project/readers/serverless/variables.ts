import type { TextRange } from '../../model.js';
import type { Key, Provenance } from '../../static/provenance.js';
import { parseVariables, type Segment, type Source, type Variable } from './variable-syntax.js';

/**
 * What a source gave: a value, nothing (the next fallback is tried), or something that exists only in AWS or at
 * deployment: no fallback applies, and `text` is what it leads to, when that says more than the variable itself.
 */
export type Outcome = { state: 'known'; value: unknown } | { state: 'missing' } | { state: 'unknown'; text?: string };

export const missing: Outcome = { state: 'missing' };
export const unknown: Outcome = { state: 'unknown' };

export function known(value: unknown): Outcome {
  return value === undefined ? missing : { state: 'known', value };
}

/** One type of variable: `parameter` stands in parentheses, `address` after the colon. */
export type Lookup = (parameter: string | undefined, address: string | undefined, resolver: VariableResolver) => Outcome;

/** Types whose address is a path into a document. */
const addressable = new Set(['self', 'file']);

/** What stopped a variable from being resolved though it could have been. */
export type VariableProblem = 'circular' | 'too-large';

/** Bounds against definitions that are made to exhaust memory or the stack. */
const maximumDepth = 150;
const maximumStringLength = 200_000;
const maximumWeight = 100_000;

/** Resolves the variables of a service. Works on demand, so that an address can lead through other variables and files. */
export class VariableResolver {
  private readonly resolved = new WeakMap<object, unknown>();
  private readonly weights = new WeakMap<object, number>();
  private readonly addresses = new Map<string, Outcome>();
  private readonly running = new Set<unknown>();
  private depth = 0;
  private at: { container: object; key: Key } | undefined;

  constructor(
    private readonly provenance: Provenance,
    private readonly lookups: Readonly<Record<string, Lookup>>,
    /** Asked when neither the sources nor the fallbacks of a variable exist. */
    private readonly lastResort: (variable: Variable, resolver: VariableResolver) => Outcome,
    private readonly report: (problem: VariableProblem, text: string, range: TextRange | undefined) => void,
  ) {}

  /** Place of the string that is being resolved. */
  range(): TextRange | undefined {
    return this.at && this.provenance.range(this.at.container, this.at.key);
  }

  /** True while the address of that name is being resolved: asking for it again would be a circle. */
  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  /** A copy of the data with every variable that can be known replaced. */
  deep(node: unknown): unknown {
    if (typeof node === 'string') return this.text(node);
    if (typeof node !== 'object' || node === null) return node;
    const before = this.resolved.get(node);
    if (before !== undefined) return before;
    if (this.running.has(node) || this.depth > maximumDepth) {
      this.report('circular', 'an alias', this.range());
      return null;
    }
    return this.guarded(node, () => {
      const copy = this.provenance.copy(this.copyOf(node), node);
      this.resolved.set(node, copy);
      return copy;
    });
  }

  private copyOf(node: object): object {
    const outer = this.at;
    const entries: [string, unknown][] = [];
    let weight = 1;
    for (const [key, child] of Object.entries(node)) {
      this.at = { container: node, key: Array.isArray(node) ? Number(key) : key };
      const value = this.deep(child);
      weight += this.weightOf(value);
      if (weight > maximumWeight) {
        this.report('too-large', key, this.range());
        break;
      }
      entries.push([key, value]);
    }
    this.at = outer;
    const copy = Array.isArray(node) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
    this.weights.set(copy, weight);
    return copy;
  }

  private weightOf(value: unknown): number {
    return typeof value === 'object' && value !== null ? (this.weights.get(value) ?? 1) : 1;
  }

  /** What lies at `path` below a document; variables on the way are followed. */
  walk(document: unknown, path: readonly string[]): Outcome {
    let node = document;
    for (const [index, key] of path.entries()) {
      if (typeof node === 'string') {
        const below = this.below(node, path.slice(index));
        if (below) return below;
        const outcome = this.whole(node);
        if (outcome.state !== 'known') return outcome;
        node = outcome.value;
      }
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return missing;
      const container: object = node;
      this.at = { container, key };
      node = (container as Record<string, unknown>)[key];
    }
    if (typeof node !== 'string') return known(this.deep(node));
    const outcome = this.whole(node);
    return outcome.state === 'unknown' ? { state: 'unknown', text: this.unresolved(node, outcome) } : outcome;
  }

  /**
   * What lies at `path` below the one document or part of one that a string refers to. Only that is resolved, so that parts of
   * an included section may refer to each other.
   */
  private below(text: string, path: readonly string[]): Outcome | undefined {
    const [variable, ...others] = parseVariables(text);
    if (typeof variable !== 'object' || others.length > 0 || variable.sources.length !== 1) return undefined;
    const source = variable.sources[0];
    if (source?.kind !== 'lookup' || !addressable.has(source.type)) return undefined;
    const parameter = this.argument(source.parameter);
    const address = this.argument(source.address);
    if (parameter === null || address === null) return unknown;
    const deeper = [address ?? '', ...path].filter((key) => key !== '').join('.');
    return this.lookups[source.type]?.(parameter, deeper, this);
  }

  /** The same for an address that may lead to itself: `name` identifies it. */
  addressed(name: string, document: unknown, address: string | undefined): Outcome {
    const before = this.addresses.get(name);
    if (before) return before;
    if (this.running.has(name) || this.depth > maximumDepth) {
      this.report('circular', name, this.range());
      return unknown;
    }
    const path = (address ?? '').split('.').filter((key) => key !== '');
    const outer = this.at;
    const outcome = this.guarded(name, () => this.walk(document, path));
    this.at = outer;
    this.addresses.set(name, outcome);
    return outcome;
  }

  private guarded<T>(mark: unknown, work: () => T): T {
    this.running.add(mark);
    this.depth++;
    try {
      return work();
    } finally {
      this.depth--;
      this.running.delete(mark);
    }
  }

  /** A string with its variables replaced; of those that stay unknown, what they lead to. */
  private text(text: string): unknown {
    const outcome = this.whole(text);
    return outcome.state === 'known' ? outcome.value : this.unresolved(text, outcome);
  }

  private unresolved(text: string, outcome: Outcome): string {
    const segments = parseVariables(text);
    if (segments.length === 1) return outcome.state === 'unknown' ? (outcome.text ?? text) : text;
    const joined = segments.map((segment) => this.partOf(segment)).join('');
    return joined.length > maximumStringLength ? text : joined;
  }

  private partOf(segment: Segment): string {
    if (typeof segment === 'string') return segment;
    const outcome = this.evaluate(segment);
    if (outcome.state === 'known' && isScalar(outcome.value)) return String(outcome.value);
    return outcome.state === 'unknown' ? (outcome.text ?? segment.text) : segment.text;
  }

  /** A string as one value: of any type when it is a single variable, else text. */
  private whole(text: string): Outcome {
    return this.segments(parseVariables(text), text);
  }

  /** The value of a parsed string; unknown when any part of it is. */
  private segments(segments: readonly Segment[], text: string): Outcome {
    const only = segments[0];
    if (segments.length === 1 && only !== undefined) return typeof only === 'string' ? known(only) : this.evaluate(only);
    let joined = '';
    for (const segment of segments) {
      const outcome = typeof segment === 'string' ? known(segment) : this.evaluate(segment);
      if (outcome.state !== 'known' || !isScalar(outcome.value)) return unknown;
      joined += String(outcome.value ?? '');
      if (joined.length > maximumStringLength) {
        this.report('too-large', text.slice(0, 60), this.range());
        return unknown;
      }
    }
    return known(joined);
  }

  private evaluate(variable: Variable): Outcome {
    if (this.depth > maximumDepth) return unknown;
    for (const [index, source] of variable.sources.entries()) {
      const outcome = this.source(source);
      const isLast = index === variable.sources.length - 1;
      if (outcome.state === 'unknown' || (outcome.state === 'known' && (outcome.value !== null || isLast))) return outcome;
    }
    return this.lastResort(variable, this);
  }

  private source(source: Source): Outcome {
    if (source.kind === 'literal') return known(source.value);
    this.depth++;
    try {
      return source.kind === 'nested' ? this.segments(source.segments, '') : this.lookup(source);
    } finally {
      this.depth--;
    }
  }

  private lookup(source: Source & { kind: 'lookup' }): Outcome {
    const parameter = this.argument(source.parameter);
    const address = this.argument(source.address);
    if (parameter === null || address === null) return unknown;
    return this.lookups[source.type]?.(parameter, address, this) ?? unknown;
  }

  /** Text of a parameter or address; null when it depends on something unknown. */
  private argument(segments: readonly Segment[] | undefined): string | undefined | null {
    if (segments === undefined) return undefined;
    const outcome = this.segments(segments, '');
    return outcome.state === 'known' && isScalar(outcome.value) ? String(outcome.value).trim() : null;
  }
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return typeof value !== 'object' && value !== undefined;
}
