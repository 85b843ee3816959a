/** From which traffic on one way costs less than another. */

export type Crossing = { kind: 'at'; requests: number } | { kind: 'never' | 'always' | 'unknown' };

/** Requests a month that curves and crossings look at. */
const trafficBounds = { from: 1e3, to: 1e10 } as const;

/** The lowest traffic from which on `mine` stays below `theirs`, to three digits, as far as ten billion requests a month. */
export function crossingOf(mine: (requests: number) => number | null, theirs: (requests: number) => number | null): Crossing {
  const below = (requests: number): boolean | null => {
    const [own, other] = [mine(requests), theirs(requests)];
    return own === null || other === null ? null : own < other;
  };
  const points = steps(70);
  const answers = points.map(below);
  if (answers.some((answer) => answer === null)) return { kind: 'unknown' };
  const last = answers.lastIndexOf(false);
  if (last === points.length - 1) return { kind: 'never' };
  if (last === -1) return { kind: 'always' };
  let [low, high] = [points[last] as number, points[last + 1] as number];
  while (high / low > 1.005) {
    const middle = Math.sqrt(low * high);
    if (below(middle) === true) high = middle;
    else low = middle;
  }
  return { kind: 'at', requests: Number(high.toPrecision(2)) };
}

/** Traffic in equal ratios from end to end. */
export function steps(count: number): number[] {
  const ratio = Math.log(trafficBounds.to / trafficBounds.from) / (count - 1);
  return Array.from({ length: count }, (_, index) => trafficBounds.from * Math.exp(ratio * index));
}
