/** Judges each state that requests write: whether one request can see, or lose, what another has put there. */
import { isCovered, isFresh, withOrigins } from './known.js';
import type { Read, Shared, Trace, Write } from './trace.js';

export interface Verdict {
  shared: Shared;
  kind: 'scalar' | 'property' | 'collection' | 'cache-key' | 'growth' | 'scratch';
  /** The write that makes it a hazard, and the read that suffers from it (null: it is never read). */
  write: Write;
  read: Read | null;
  /** Its data is of the request; false for clocks, counters and constants. */
  isRequestData: boolean;
  /** Another request is only written about in logs. */
  onlyLogs: boolean;
  /** The first request's data is kept for all later ones. */
  isFirstKept: boolean;
  isLostUpdate: boolean;
  /** `growth`: every request adds an entry of its own. */
  isUnbounded: boolean;
}

const verdicts = new WeakMap<Trace, Verdict[]>();

/** One verdict for each state that is not plainly harmless, in the order of the writes. */
export function verdictsOf(trace: Trace): Verdict[] {
  const known = verdicts.get(trace);
  if (known) return known;
  const found = groupsOf(trace).flatMap((group) => judge(group, trace) ?? []);
  const sorted = oneEach(found).sort((a, b) => a.write.order - b.write.order);
  verdicts.set(trace, sorted);
  return sorted;
}

interface Group {
  shared: Shared;
  key: string;
  writes: Write[];
  reads: Read[];
}

function groupsOf({ writes, reads }: Trace): Group[] {
  const groups = new Map<string, Group>();
  for (const write of writes) {
    if (write.shared.kind === 'environment' || write.shared.kind === 'library') continue;
    const group = groups.get(write.key) ?? { shared: write.shared, key: write.key, writes: [], reads: [] };
    group.writes.push(write);
    groups.set(write.key, group);
  }
  const byState = new Map<string, Read[]>();
  for (const read of reads) byState.set(read.shared.key, [...(byState.get(read.shared.key) ?? []), read]);
  for (const group of groups.values()) group.reads = (byState.get(group.shared.key) ?? []).filter(({ key }) => touches(key, group.key));
  return [...groups.values()];
}

/** A read of the state, of a part of it, or of what it is part of. */
function touches(read: string, written: string): boolean {
  return (
    read === written ||
    read.startsWith(`${written}.`) ||
    written.startsWith(`${read}.`) ||
    withoutStar(written).some((key) => read === key || read.startsWith(`${key}.`))
  );
}

/** `Object.assign(state, x)` writes any property of it. */
function withoutStar(key: string): string[] {
  return key.endsWith('.*') ? [key.slice(0, -2)] : [];
}

function judge(group: Group, trace: Trace): Verdict | null {
  const isCollection = group.writes.some(({ how }) => how === 'fill');
  return isCollection ? collection(group, trace) : scalar(group, trace);
}

const base = { read: null, isRequestData: false, onlyLogs: false, isFirstKept: false, isLostUpdate: false, isUnbounded: false };

function scalar(group: Group, trace: Trace): Verdict | null {
  const { shared, writes, reads } = group;
  const kind = writes.some(({ path }) => path.length > ownSteps(shared)) ? 'property' : 'scalar';
  const stale = reads.filter((read) => !read.fresh && !isOwnGuard(read, writes));
  const lost = writes.find((write) => write.lostUpdate && write.guards.length === 0 && !isCounter(write) && isComputed(write));
  if (lost && reads.length > 0)
    return {
      ...base,
      shared,
      kind,
      write: lost,
      read: stale[0] ?? reads[0] ?? null,
      isLostUpdate: true,
      isRequestData: lost.sources.size > 0,
    };
  const kept = writes.find((write) => isKeptFromFirst(write, trace));
  if (kept && stale.length > 0)
    return { ...base, shared, kind, write: kept, read: stale[0] ?? null, isFirstKept: true, isRequestData: true };
  const own = writes.find((write) => isPerRequest(write, writes));
  if (own && own.sources.size > 0) {
    const isRequestData = [...own.sources].some((source) => !isFresh(source));
    // A time that is looked at before it is set says how old something is.
    if (!isRequestData && stale.some(({ order }) => order < own.order)) return null;
    const real = isRequestData ? stale : stale.filter((read) => read.use !== 'test' && !isCompared(read));
    const [worst] = [...real.filter(({ use }) => use !== 'log'), ...real];
    if (worst) return { ...base, shared, kind, write: own, read: worst, isRequestData, onlyLogs: worst.use === 'log' };
    return reads.length > 0 && stale.length === 0 && shared.kind !== 'instance'
      ? { ...base, shared, kind: 'scratch', write: own, read: reads[0] ?? null }
      : null;
  }
  const reset = resetOf(writes);
  if (!reset || stale.length === 0) return null;
  const changed =
    writes.find((write) => write !== reset && write.guards.length === 0 && write.literal !== reset.literal) ??
    writes.find(({ how }) => how === 'update');
  return changed ? { ...base, shared, kind, write: reset, read: stale.find(({ use }) => use !== 'log') ?? stale[0] ?? null } : null;
}

/** Fields of objects, classes and of the global object are variables too. */
function ownSteps({ kind }: Shared): number {
  return kind === 'instance' || kind === 'static' || kind === 'global' ? 1 : 0;
}

/** `Date.now() - this.loadedAt > maximum`: a time that decides whether something is too old. */
function isCompared({ spot: { module, node } }: Read): boolean {
  const before = module.text.slice(Math.max(0, node.start - 40), node.start);
  return /^\s*\)*\s*[<>]/.test(module.text.slice(node.end, node.end + 20)) || /[<>]=?\s*\(*(\s*[\w.]+(\(\))?\s*-\s*)?$/.test(before);
}

/** Reading a state in order to decide about its own write. */
function isOwnGuard(read: Read, writes: readonly Write[]): boolean {
  return read.use === 'test' && writes.every(({ guards }) => guards.length > 0);
}

function isCounter({ how, value, sources }: Write): boolean {
  return how === 'update' && value === null && sources.size === 0;
}

/** The new value contains the old one; what a function gives back is none of our business. */
function isComputed({ how, value }: Write): boolean {
  return how === 'update' || /^(Binary|Array|Object)Expression$|^TemplateLiteral$/.test(value?.type ?? '');
}

/** `if (!config) config = await load(event.tenant)`: later requests get what the first one asked for. */
function isKeptFromFirst({ guards, sources, how, literal }: Write, trace: Trace): boolean {
  if (guards.length === 0 || how !== 'assign' || literal !== null) return false;
  const data = [...withOrigins(sources, trace.origins)].filter((source) => !source.startsWith('⟨') && !isFresh(source));
  if (data.every((source) => /^_?(context|ctx)\b/.test(source))) return false;
  return guards.every((guard) => [...guard.sources].every(isFresh));
}

/** Written by every request, or by every one whose data differs, with data of its own. */
function isPerRequest(write: Write, writes: readonly Write[]): boolean {
  if (write.how === 'assign') {
    if (write.sources.size === 0) return false;
    if (write.guards.length === 0) return true;
    const compares = write.guards.some(({ sources }) => [...sources].some((source) => !isFresh(source)));
    return compares && (write.afterWait || write.awaited || writes.some(({ afterWait, awaited }) => afterWait || awaited));
  }
  return write.how === 'update' && [...write.sources].some((source) => !isFresh(source)) && write.guards.length === 0;
}

/** What a handler sets back at its start was meant for one request. Taking all at once and starting anew is no reset. */
function resetOf(writes: readonly Write[]): Write | null {
  return (
    writes.find(
      (write) =>
        write.guards.length === 0 &&
        !write.readBefore &&
        (write.how === 'empty' || (write.how === 'assign' && write.literal !== null)) &&
        writes.some(
          (other) =>
            other !== write &&
            (other.how === 'fill' ||
              other.how === 'update' ||
              (other.literal !== null && other.literal !== write.literal && other.guards.length === 0)),
        ),
    ) ?? null
  );
}

function collection({ shared, writes, reads }: Group, trace: Trace): Verdict | null {
  const fills = writes.filter(({ how }) => how === 'fill');
  const [first] = fills;
  if (!first) return null;
  const stale = reads.filter(({ fresh }) => !fresh);
  const reset = resetOf(writes);
  const tainted = fills.find(({ sources }) => [...sources].some((source) => !isFresh(source)));
  if (reset) {
    const read = stale.find(({ use }) => use !== 'log') ?? stale[0];
    if (read) return { ...base, shared, kind: 'collection', write: tainted ?? first, read, isRequestData: tainted !== undefined };
    return { ...base, shared, kind: 'scratch', write: reset, read: reads[0] ?? null };
  }
  const isTaken = writes.some(
    ({ how, readBefore, literal }) => how === 'take' || how === 'empty' || (how === 'assign' && readBefore && literal !== null),
  );
  const whole = stale.find(({ use }) => use === 'whole');
  const isKeyed = fills.every(({ keySources }) => keySources !== null);
  if (tainted && !isTaken && whole) return { ...base, shared, kind: 'collection', write: tainted, read: whole, isRequestData: true };
  const incomplete = fills.find(
    (fill) => fill.keySources !== null && fill.keySources.size > 0 && !isCovered(fill.sources, fill.keySources, trace.origins),
  );
  if (incomplete) return { ...base, shared, kind: 'cache-key', write: incomplete, read: stale[0] ?? null, isRequestData: true };
  if (tainted && !isKeyed && !isTaken) {
    const read = stale.find(({ use }) => use !== 'log' && use !== 'keyed');
    if (read) return { ...base, shared, kind: 'collection', write: tainted, read, isRequestData: true };
  }
  if (isTaken || reads.some(({ use }) => use === 'size')) return null;
  const isUnbounded = fills.some(
    (fill) => fill.guards.length === 0 && (fill.keySources === null || [...fill.keySources].some(isUnique)) && !isKeyedLookup(fill, stale),
  );
  return { ...base, shared, kind: 'growth', write: first, read: stale[0] ?? null, isUnbounded };
}

/** A list or set that is only asked whether it has something. */
function isKeyedLookup({ keySources }: Write, reads: readonly Read[]): boolean {
  return keySources === null && reads.some(({ use }) => use === 'keyed');
}

function isUnique(source: string): boolean {
  return source === '~random' || /awsRequestId|requestId|messageId|connectionId/.test(source);
}

/** An object with several written properties is one finding; so is a field. */
function oneEach(found: readonly Verdict[]): Verdict[] {
  const kept = new Map<string, Verdict>();
  const rank = (verdict: Verdict) => (verdict.kind === 'scratch' ? 0 : verdict.kind === 'growth' ? 1 : 2);
  for (const verdict of found) {
    const key = [verdict.shared.key, ...verdict.write.path.slice(0, ownSteps(verdict.shared))].join('.');
    const before = kept.get(key);
    if (!before || rank(verdict) > rank(before) || (rank(verdict) === rank(before) && verdict.write.order < before.write.order))
      kept.set(key, verdict);
  }
  return [...kept.values()];
}
