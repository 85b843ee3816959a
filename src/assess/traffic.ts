import { UserError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { Need, Range, Reading, Scenario } from '../targets/assessment.js';
import type { WordKey } from './words/words.js';

/** What is said of the traffic, and what is assumed of the rest. */
export interface Traffic {
  /** Requests a month of all functions that no schedule and no entry of their own tells. */
  requests: Assumed;
  durationMs: Assumed;
  /** Null: as declared. */
  memoryMb: Assumed | null;
  /** Requests a month by function id. */
  own: ReadonlyMap<string, Range>;
}

interface Assumed {
  range: Range;
  given: boolean;
}

/** What nothing in the project tells: from a modest to a demanding reading. */
const assumed = {
  requests: { low: 1e5, likely: 1e6, high: 1e7 },
  durationMs: { low: 20, likely: 100, high: 500 },
  cpuShare: { low: 0.2, likely: 0.5, high: 1 },
  headroom: { low: 1, likely: 2, high: 4 },
  payloadKb: { low: 2, likely: 10, high: 50 },
  logKb: { low: 0.2, likely: 1, high: 5 },
  connectionsPerRequest: { low: 0.05, likely: 0.2, high: 1 },
  natGateways: { low: 0, likely: 1, high: 2 },
  freeTier: { low: 1, likely: 0, high: 0 },
} as const satisfies Record<string, Range>;

const advice = 'Write requests=5M,duration=120ms,memory=512MB; a range is 1M-5M, one function is GetOrder:requests=2M.';

const scales: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  requests: { '': 1, k: 1e3, m: 1e6, g: 1e9 },
  duration: { '': 1, ms: 1, s: 1e3 },
  memory: { '': 1, mb: 1, gb: 1024 },
};

/**
 * Reads `--traffic`.
 * @throws UserError for what it does not know.
 */
export function readTraffic(entries: readonly string[]): Traffic {
  const told = new Map<string, Range>();
  const own = new Map<string, Range>();
  for (const entry of entries) {
    const [, owner, name = '', value = ''] = /^(?:(.+):)?([a-z]+)=(.+)$/i.exec(entry) ?? [];
    const scale = Object.hasOwn(scales, name) ? scales[name] : undefined;
    if (!scale || (owner !== undefined && name !== 'requests')) throw new UserError(`The traffic "${entry}" is not understood`, advice);
    if (owner === undefined) told.set(name, rangeOf(value, scale, entry));
    else own.set(owner, rangeOf(value, scale, entry));
  }
  const memory = told.get('memory');
  return {
    requests: { range: told.get('requests') ?? assumed.requests, given: told.has('requests') },
    durationMs: { range: told.get('duration') ?? assumed.durationMs, given: told.has('duration') },
    memoryMb: memory ? { range: memory, given: true } : null,
    own,
  };
}

/** The likely value of a range is its geometric mean: guesses of traffic are wrong by factors. */
function rangeOf(value: string, scale: Readonly<Record<string, number>>, entry: string): Range {
  const numbers = value.split('-').map((text) => {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text.trim()) ?? [];
    const factor = Object.hasOwn(scale, unit.toLowerCase()) ? scale[unit.toLowerCase()] : undefined;
    return digits === '' || factor === undefined ? Number.NaN : Number(digits) * factor;
  });
  const [low = Number.NaN, high = low] = numbers;
  if (numbers.length > 2 || !(low <= high) || high > 1e15) throw new UserError(`The traffic "${entry}" is not understood`, advice);
  return { low, likely: low === high ? low : Math.sqrt(Math.max(low, 1) * high), high };
}

/** @throws UserError for traffic of a function that is not there. */
export function guardOwners({ own }: Traffic, needs: readonly Need[]): void {
  const ids = needs.map(({ id }) => id);
  const stranger = [...own.keys()].find((id) => !ids.includes(id));
  if (stranger === undefined) return;
  const near = nearest(stranger, ids);
  throw new UserError(`There is no function "${stranger}"`, near.length > 0 ? `Did you mean ${near.join(' or ')}?` : advice);
}

/** One reading; `requests` replaces the requests that are shared, for curves. */
export function scenarioOf(
  traffic: Traffic,
  needs: readonly Need[],
  reading: Reading,
  requests = traffic.requests.range[reading],
): Scenario {
  const sharing = needs.filter(({ id, scheduledRuns }) => !traffic.own.has(id) && scheduledRuns === null);
  const share = sharing.length === 0 ? 0 : requests / sharing.length;
  const requestsOf = ({ id, scheduledRuns }: Need) => traffic.own.get(id)?.[reading] ?? scheduledRuns ?? share;
  return {
    reading,
    requests: new Map(needs.map((need) => [need.key, requestsOf(need)])),
    durationMs: traffic.durationMs.range[reading],
    memoryMb: traffic.memoryMb?.range[reading] ?? null,
    cpuShare: assumed.cpuShare[reading],
    headroom: assumed.headroom[reading],
    payloadKb: assumed.payloadKb[reading],
    logKb: assumed.logKb[reading],
    connectionsPerRequest: assumed.connectionsPerRequest[reading],
    natGateways: assumed.natGateways[reading],
    freeTier: assumed.freeTier[reading] === 1,
  };
}

export interface Assumption {
  id: WordKey;
  /** Null: as declared by each function. */
  range: Range | null;
  given: boolean;
}

/** Everything that the cost rests on beside prices. */
export function assumptionsOf({ requests, durationMs, memoryMb }: Traffic): Assumption[] {
  return [
    { id: 'assumption.requests', ...requests },
    { id: 'assumption.duration', ...durationMs },
    memoryMb ? { id: 'assumption.memory', ...memoryMb } : { id: 'assumption.memory', range: null, given: false },
    { id: 'assumption.cpu', range: assumed.cpuShare, given: false },
    { id: 'assumption.headroom', range: assumed.headroom, given: false },
    { id: 'assumption.payload', range: assumed.payloadKb, given: false },
    { id: 'assumption.logs', range: assumed.logKb, given: false },
    { id: 'assumption.connections', range: assumed.connectionsPerRequest, given: false },
    { id: 'assumption.nat', range: assumed.natGateways, given: false },
    { id: 'assumption.free-tier', range: assumed.freeTier, given: false },
  ];
}
