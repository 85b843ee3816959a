/** Which writes of a request are still certain at a point of its code: nothing else runs between two waits. */
import type { Known } from './known.js';
import type { Guard } from './trace.js';

/** Where the walk is. */
export interface Flow {
  /** Code between two waits has one number. */
  segment: number;
  /** State that this request has written → the segment of the write. */
  written: Map<string, number>;
  /** State that this request has certainly given a value before, whatever has run since. */
  assigned: ReadonlySet<string>;
  /** State that this request has looked at → the segment of the look. */
  looked: Map<string, number>;
  /** Tests that the code here depends on. */
  guards: readonly Guard[];
  /** After `return` or `throw`. */
  isEnded: boolean;
}

export class Segments {
  private last = 0;

  start(guards: readonly Guard[] = [], assigned: ReadonlySet<string> = new Set()): Flow {
    return { segment: ++this.last, written: new Map(), assigned, looked: new Map(), guards, isEnded: false };
  }

  /** Another request may run now. */
  wait(flow: Flow): void {
    flow.segment = ++this.last;
  }

  copy(flow: Flow): Flow {
    return { ...flow, written: new Map(flow.written), looked: new Map(flow.looked) };
  }

  /** Puts `flow` where two branches meet: only what both have written is certain. */
  join(flow: Flow, a: Flow, b: Flow): void {
    if (a.isEnded !== b.isEnded) {
      Object.assign(flow, a.isEnded ? b : a);
      return;
    }
    const segment = a.segment === b.segment ? a.segment : ++this.last;
    const written = new Map<string, number>();
    for (const [key, at] of a.written) if (at === a.segment && b.written.get(key) === b.segment) written.set(key, segment);
    const looked = new Map<string, number>();
    for (const side of [a, b]) for (const [key, at] of side.looked) if (at === side.segment) looked.set(key, segment);
    Object.assign(flow, { segment, written, assigned: inBoth(a.assigned, b.assigned), looked, isEnded: a.isEnded && b.isEnded });
  }
}

/** What is certain on both ways. */
export function inBoth(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return a === b ? a : new Set([...a].filter((key) => b.has(key)));
}

/** The state, or all that it is part of, was written in this segment. */
export function isWritten(flow: Flow, base: string, path: readonly string[]): boolean {
  let key = base;
  if (flow.written.get(key) === flow.segment) return true;
  for (const step of path) {
    key += `.${step}`;
    if (flow.written.get(key) === flow.segment) return true;
  }
  return false;
}

export function guardOf({ reads, sources }: Known): Guard {
  return { reads, sources };
}

/** Segment in which a test looked at what the key is part of. */
export function guardSegment({ reads }: Guard, key: string): number | undefined {
  for (const [each, segment] of reads) if (key.startsWith(`${each}.`)) return segment;
  return undefined;
}
