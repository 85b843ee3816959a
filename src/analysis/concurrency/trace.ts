/** What one request does to state that outlives it: the words that the walk records and the rules read. Plain data but for syntax nodes. */
import type { SourceModule } from '../source-module.js';
import type { Node } from '../syntax.js';

/** A place in the code. */
export interface Spot {
  module: SourceModule;
  node: Node;
}

/**
 * Request data that a value depends on, as property paths from the handler's parameters (`event.headers.authorization`). Values made by
 * a call stand as a name of their own, whose origins {@link Trace.origins} tells. `~now` and `~random` are what is new in every request.
 */
export type Sources = ReadonlySet<string>;

/** State that lives longer than a request. */
export interface Shared {
  /** The same for the same state, however it is reached. */
  key: string;
  kind: 'variable' | 'closure' | 'static' | 'instance' | 'global' | 'export' | 'library' | 'environment' | 'request';
  /** As the code calls it. */
  name: string;
  /** Where it is declared; where it is first met when that is unknown. */
  declared: Spot;
  /** Its value before any request; null when there is none or it is unknown. */
  initial: Spot | null;
}

/** A test that decides whether a write happens. */
export interface Guard {
  /** State that it looks at → the segment of the look. */
  reads: ReadonlyMap<string, number>;
  sources: Sources;
}

export interface Access {
  shared: Shared;
  /** Properties below it; empty for the state itself. */
  path: readonly string[];
  /** `key` of the state and the path. */
  key: string;
  spot: Spot;
  /** The function that it stands in. */
  fn: Node;
  /** Order of the walk. */
  order: number;
  /** Keys of this state that the request has certainly given a value before. */
  assigned: readonly string[];
  /** In a function that something unknown calls, maybe outside of the request's asynchronous context. */
  isLoose: boolean;
}

export interface Write extends Access {
  /** `assign` replaces, `update` computes from the old value, `fill` puts into a collection, `take` takes out of it, `empty` all of it. */
  how: 'assign' | 'update' | 'fill' | 'take' | 'empty';
  /** The written value's. */
  sources: Sources;
  /** Those of the key in a keyed collection; null when there is none (push, add). */
  keySources: Sources | null;
  /** The written expression; null when there is none. */
  value: Node | null;
  /** Text of a constant; null for anything computed. */
  literal: string | null;
  /** Tests of this very state that the write depends on. */
  guards: readonly Guard[];
  /** Request data that decides whether the write happens, or which of several constants is written. */
  dependsOn: Sources;
  /** Other work can run between the test and the write. */
  afterWait: boolean;
  /** The value is computed from an older read of this state, with a wait in between. */
  lostUpdate: boolean;
  /** This state was looked at before, in the same uninterrupted run of code. */
  readBefore: boolean;
  /** A wait of the value itself: `x = await …`. */
  awaited: boolean;
  /** The value is an object that this request has made. */
  segment: number;
}

export interface Read extends Access {
  /** Written by this request, and nothing else could run since. */
  fresh: boolean;
  /** `keyed`: one entry of a collection; `whole`: all of it leaves. */
  use: 'log' | 'test' | 'keyed' | 'size' | 'drain' | 'whole';
}

/** What becomes of a call's result. */
export type Use = 'statement' | 'void' | 'await' | 'return' | 'value';

export interface Call {
  spot: Spot;
  fn: Node;
  order: number;
  segment: number;
  /** Package and property path of what is called, or null. `['DynamoDB', 'put']`, with constructors and factories as steps. */
  external: ExternalPath | null;
  /** The callee as it is written, without calls: `['process', 'exit']`. */
  path: readonly string[] | null;
  /** Name of the method or function. */
  name: string;
  isNew: boolean;
  /** State that the method is called on; its `path` leads to the object. */
  receiver: { shared: Shared; path: readonly string[] } | null;
  receiverSources: Sources;
  args: readonly { node: Node; sources: Sources; shared: Shared | null }[];
  /** The project's own function that is called. */
  target: Spot | null;
  use: Use;
  /** Tests that the call depends on. */
  guards: readonly Guard[];
  /** Inside `try` with a `catch`, in the same function. */
  isCaught: boolean;
  inLoop: boolean;
  /** As that of an {@link Access}. */
  isLoose: boolean;
}

export interface ExternalPath {
  package: string;
  path: readonly string[];
}

/** Everything that is known about the requests of one function. */
export interface Trace {
  writes: Write[];
  reads: Read[];
  calls: Call[];
  /** Functions of the project that run in requests, with what they are in. */
  functions: Map<Node, SourceModule>;
  /** Made values → what they were made from. */
  origins: Map<string, Sources>;
  /** Things that are no call: `for await`, tagged templates … are not recorded. Regular expressions, new objects and loops that block. */
  loops: Spot[];
  /** The walk ended early: the code is larger than it looks at. */
  isCut: boolean;
  /** A function was not walked with all that it is called with. */
  isPartial: boolean;
  /** Where requests come in. */
  roots: Spot[];
  /** Files that the function reaches. */
  files: readonly string[];
}

export function newTrace(files: readonly string[]): Trace {
  return {
    writes: [],
    reads: [],
    calls: [],
    functions: new Map(),
    origins: new Map(),
    loops: [],
    isCut: false,
    isPartial: false,
    roots: [],
    files,
  };
}

export function keyOfState(shared: Shared, path: readonly string[]): string {
  return [shared.key, ...path].join('.');
}
