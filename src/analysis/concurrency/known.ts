/** What the walk knows about a value: which request data it depends on, and which shared state it is. */
import type { SourceModule } from '../source-module.js';
import type { Node } from '../syntax.js';
import type { Shared, Sources, Spot } from './trace.js';

export interface Known {
  sources: Sources;
  /** The one path of request data that it is, so that its properties are told apart. */
  is: string | null;
  /** Shared state that it is: changing it changes what other requests see. */
  shared: { of: Shared; path: readonly string[] } | null;
  /** Shared state that it was computed from → the segment of the read. */
  reads: ReadonlyMap<string, number>;
  /** A function of the project. */
  fn: Spot | null;
  /** An object of a class of the project. */
  instance: Instance | null;
  /** All exports of a file of the project. */
  module: SourceModule | null;
  /** Certainly a value, neither null nor undefined. */
  isPresent?: boolean;
}

export interface Instance {
  of: Spot;
  /** It lives longer than the request. */
  isShared: boolean;
  /** `this` of static methods is the class itself. */
  isClass?: boolean;
}

const noSources: Sources = new Set();
const noReads: ReadonlyMap<string, number> = new Map();

export const nothing: Known = { sources: noSources, is: null, shared: null, reads: noReads, fn: null, instance: null, module: null };

/** Request data itself. */
export function requestData(path: string): Known {
  return isSameInAllRequests(path) ? nothing : { ...nothing, sources: new Set([path]), is: path };
}

/** Fields of events and contexts that do not change from request to request. */
function isSameInAllRequests(path: string): boolean {
  return (
    /^(context|ctx)\.(functionName|functionVersion|invokedFunctionArn|memoryLimitInMB|logGroupName|logStreamName|callbackWaitsForEmptyEventLoop)$/.test(
      path,
    ) || /\.requestContext\.(stage|apiId|accountId|domainName|domainPrefix)$/.test(path)
  );
}

/** A value made from others. */
export function madeFrom(parts: readonly Known[]): Known {
  const given = parts.filter(({ sources, reads }) => sources.size > 0 || reads.size > 0);
  const [first] = given;
  if (!first) return nothing;
  if (given.length === 1) return { ...nothing, sources: first.sources, reads: first.reads };
  return {
    ...nothing,
    sources: new Set(given.flatMap(({ sources }) => [...sources])),
    reads: new Map(given.flatMap(({ reads }) => [...reads])),
  };
}

/** One of several values: what they have in common stays. */
export function eitherOf(a: Known, b: Known): Known {
  if (a === nothing || isPlain(a)) return b === nothing ? a : { ...b, ...merged(a, b) };
  if (b === nothing || isPlain(b)) return { ...a, ...merged(a, b) };
  return { ...a, ...merged(a, b), is: a.is === b.is ? a.is : null };
}

function merged(a: Known, b: Known): Pick<Known, 'sources' | 'reads'> {
  const { sources, reads } = madeFrom([a, b]);
  return { sources, reads };
}

function isPlain({ shared, fn, instance, is, module }: Known): boolean {
  return shared === null && fn === null && instance === null && is === null && module === null;
}

/** A property of a value; `key` is null when it is computed. */
export function propertyOf(of: Known, key: string | null): Known {
  if (of.is !== null && key !== null) return { ...requestData(`${of.is}.${key}`), reads: of.reads };
  const shared = of.shared === null ? null : { of: of.shared.of, path: key === null ? [...of.shared.path, '*'] : [...of.shared.path, key] };
  return { ...nothing, sources: of.sources, reads: of.reads, shared };
}

/** Values that are new in every request, whatever the request. */
export function isFresh(source: string): boolean {
  return source.startsWith('~');
}

export function functionValue(spot: Spot): Known {
  return { ...nothing, fn: spot };
}

/** Name of a value that a node makes. */
export function madeName(node: Node, file: string): string {
  return `⟨${file}:${node.start}⟩`;
}

/**
 * Whether the value of a cache depends on no more request data than its key: every source of it, or all that it was made from, is
 * part of the key, or the key part of it.
 */
export function isCovered(value: Sources, key: Sources, origins: ReadonlyMap<string, Sources>): boolean {
  const keys = withOrigins(key, origins);
  const seen = new Set<string>();
  const siblings = (source: string) => [...keys].some((each) => isSameElement(source, each));
  const covered = (source: string): boolean => {
    if (isFresh(source) || keys.has(source) || [...keys].some((each) => isBelow(source, each) || isBelow(each, source)) || siblings(source))
      return true;
    const root = rootOf(source);
    if (seen.has(root)) return true;
    seen.add(root);
    const from = origins.get(root);
    return from !== undefined && [...from].every(covered);
  };
  return [...value].every(covered);
}

/** A key that is part of the value, or the other way round, belongs to it; the whole event is more than any part of it. */
function isBelow(path: string, above: string): boolean {
  return (
    path.startsWith(`${above}.`) && (above.includes('.') || above.startsWith('⟨') || !/^(event|evt|req|request|context|ctx)$/.test(above))
  );
}

/** Two properties of one element of a list, or of one made value: the key says which element it is. */
function isSameElement(a: string, b: string): boolean {
  const parent = (path: string) => path.slice(0, path.lastIndexOf('.'));
  return parent(a) === parent(b) && /(\*|⟩)$/.test(parent(a));
}

function rootOf(source: string): string {
  const end = source.indexOf('⟩');
  return end === -1 ? source : source.slice(0, end + 1);
}

/** Sources with all that they were made from. */
export function withOrigins(sources: Sources, origins: ReadonlyMap<string, Sources>): Sources {
  const found = new Set<string>();
  const queue = [...sources];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(origins.get(rootOf(next)) ?? []));
  }
  return found;
}
