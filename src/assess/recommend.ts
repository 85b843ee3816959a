/** One recommendation from ways that were judged. How it is chosen is told in docs/assess.md. */
import type { RegionFact } from '../aws/facts.js';
import type { Need, Reason } from '../targets/assessment.js';
import { runtimeRisk } from './judge.js';
import type { OptionAssessment, Recommendation } from './model.js';
import type { WordKey } from './words/words.js';

const ratings = ['HIGH', 'MEDIUM', 'LOW'];
const known = ['yes', 'unknown', 'no'];
const levels = ['low', 'medium', 'high'];

/** Rating, then whether it is known to be there, how many functions it takes, effort, risk, files that are made, and last the cost that is likely. */
function compare(a: OptionAssessment, b: OptionAssessment): number {
  const likely = ({ cost }: OptionAssessment) => cost[0]?.total?.likely ?? Number.MAX_VALUE;
  return (
    ratings.indexOf(a.rating) - ratings.indexOf(b.rating) ||
    known.indexOf(a.availability.value) - known.indexOf(b.availability.value) ||
    a.fit.counts.no - b.fit.counts.no ||
    levels.indexOf(a.effort.level) - levels.indexOf(b.effort.level) ||
    levels.indexOf(a.risk.level) - levels.indexOf(b.risk.level) ||
    Number(b.produced) - Number(a.produced) ||
    likely(a) - likely(b)
  );
}

export interface RecommendInput {
  region: RegionFact;
  needs: readonly Need[];
  options: readonly OptionAssessment[];
  trafficGiven: boolean;
  date: string;
  nextSteps: (option: string) => readonly WordKey[];
  say: { title(option: string): string; money(option: OptionAssessment): string };
}

export function recommend(input: RecommendInput): Recommendation {
  const { options, region, needs } = input;
  const staying = options.find(({ id }) => id === 'stay') as OptionAssessment;
  const moves = options.filter(({ id, oneRequest }) => id !== 'stay' && !oneRequest).sort(compare);
  const kept = options.filter(({ id, oneRequest }) => id !== 'stay' && oneRequest && id !== staying.id).sort(compare);
  const [best] = moves.filter(({ rating }) => rating !== 'LOW');
  const because = reasonsToStay(input, staying, best);
  const chosen = because === undefined ? (best as OptionAssessment) : staying;
  const unavailable = options.filter(({ availability }) => availability.value === 'no').map(({ id }) => id);
  return {
    option: chosen.id,
    because: [
      ...(because ?? reasonsFor(input, chosen, moves)),
      ...(unavailable.length > 0
        ? [{ key: 'because.unavailable' as const, args: { region: region.id, targets: unavailable.map(input.say.title) } }]
        : []),
    ],
    withoutRewriting: kept.find(({ rating }) => rating !== 'LOW')?.id ?? null,
    alternatives: [...moves, ...kept]
      .filter((option) => option !== chosen)
      .sort(compare)
      .map(({ id }) => id),
    nextSteps: stepsFor(input, chosen, needs),
  };
}

/** Undefined when something is to be gained by moving, or when traffic is a guess. */
function reasonsToStay(input: RecommendInput, staying: OptionAssessment, best: OptionAssessment | undefined): Reason[] | undefined {
  if (!best) {
    const moves = input.options.filter(({ id, oneRequest }) => id !== 'stay' && !oneRequest);
    return [{ key: moves.every(({ fit }) => fit.value === 'no') ? 'because.nothing-moves' : 'because.none-rated' }];
  }
  const [stay, move] = [staying.cost[0]?.total, best.cost[0]?.total];
  const pressed = staying.availability.value === 'no' || staying.fit.counts.no > 0;
  if (!input.trafficGiven || pressed || !stay || !move || stay.high >= move.low) return undefined;
  const args = { target: input.say.title(best.id), stay: input.say.money(staying), cost: input.say.money(best) };
  return [{ key: 'because.staying-cheaper', args }];
}

function reasonsFor({ region }: RecommendInput, chosen: OptionAssessment, moves: readonly OptionAssessment[]): Reason[] {
  const { fit, effort, risk, produced, availability, cost } = chosen;
  const total = Object.values(fit.counts).reduce((sum, count) => sum + count, 0);
  const same = moves.filter((each) => each !== chosen && each.rating === chosen.rating);
  const own = cost[0]?.total?.likely;
  const known = same.flatMap((each) => each.cost[0]?.total?.likely ?? []);
  return [
    { key: availability.value === 'yes' ? 'because.available' : 'because.available-unknown', args: { region: region.id } },
    { key: 'because.fits', args: { fits: fit.counts.fits + fit.counts.changes, total, changes: fit.counts.changes } },
    { key: 'because.effort', args: { effort: `level.${effort.level}`, risk: `level.${risk.level}` } },
    ...(produced ? [{ key: 'because.produced' as const }] : []),
    { key: 'because.rated-best' },
    ...(own !== undefined && known.length > 0 && known.every((each) => each >= own) ? [{ key: 'because.cheapest-known' as const }] : []),
  ];
}

function stepsFor(
  { region, trafficGiven, date, nextSteps, options, say }: RecommendInput,
  chosen: OptionAssessment,
  needs: readonly Need[],
): Reason[] {
  const runtimes = runtimeRisk(needs, date)
    .flatMap(({ reason }) => reason.args?.['runtimes'] ?? [])
    .map(String);
  const missing = [...new Set([...(chosen.cost[0]?.missing ?? []), ...(options.find(({ id }) => id === 'stay')?.cost[0]?.missing ?? [])])];
  const unknown = options.filter(({ availability }) => availability.value === 'unknown').map(({ id }) => say.title(id));
  const web = needs.some(({ workload }) => workload === 'web');
  return [
    ...(region.partition === 'aws-cn' && web ? [{ key: 'next.icp' as const }] : []),
    ...nextSteps(chosen.id).map((key) => ({ key, args: { region: region.id } })),
    ...(runtimes.length > 0 ? [{ key: 'next.runtime' as const, args: { runtimes } }] : []),
    ...(unknown.length > 0 ? [{ key: 'next.unknown' as const, args: { region: region.id, targets: unknown } }] : []),
    ...(trafficGiven ? [] : [{ key: 'next.traffic' as const }]),
    ...(missing.length > 0 ? [{ key: 'next.prices' as const, args: { region: region.id, items: missing } }] : []),
  ];
}
