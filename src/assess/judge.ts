/** Judges one way to run functions: fit, effort, risk and rating. Pure functions of needs and profiles. */

import type { AvailabilityFact } from '../aws/facts.js';
import { runtimeFacts } from '../aws/facts.js';
import type { Codes, Fit, FitFinding, Level, Need, Profile, Reason } from '../targets/assessment.js';
import type { OptionAssessment, Rating, Readiness } from './model.js';

const levels: readonly Level[] = ['low', 'medium', 'high'];
const fits: readonly Fit[] = ['fits', 'changes', 'unknown', 'no'];

function highest(found: readonly Level[]): Level {
  return levels[Math.max(0, ...found.map((level) => levels.indexOf(level)))] as Level;
}

export function worstFit(findings: readonly FitFinding[]): Fit {
  return fits[Math.max(0, ...findings.map(({ fit }) => fits.indexOf(fit)))] as Fit;
}

/** The worst of what must be there. */
export function worstAvailability(facts: readonly AvailabilityFact[]): AvailabilityFact['available'] {
  if (facts.some(({ available }) => available === 'no')) return 'no';
  return facts.some(({ available }) => available === 'unknown') ? 'unknown' : 'yes';
}

export function readinessOf({ outcome, findings }: Need): Readiness {
  if (outcome === 'failed') return 'unknown';
  if (outcome === 'stays') return 'stays';
  if (outcome === 'needs-person') return 'person';
  const { container, guarded, left } = findings;
  return [container.error, container.warning, guarded, left].some((codes) => Object.keys(codes).length > 0) ? 'work' : 'ready';
}

type Judgement = { level: Level; reason: Reason };

/** What the code of functions takes before they run there; functions that do not go there take nothing. */
function codeEffort(profile: Profile, needs: readonly Need[]): Judgement[] {
  if (profile.sharedState === 'none') return [];
  const going = needs.filter((need) => worstFit(profile.fit(need)) !== 'no');
  const shared = (kind: 'error' | 'warning') => going.filter((need) => hazards(profile, need, kind).length > 0);
  const codes = (some: readonly Need[], of: (need: Need) => readonly Codes[]) => codesText(some.flatMap(of));
  const grave = shared('error');
  const slight = shared('warning').filter((need) => !grave.includes(need));
  const person =
    profile.sharedState === 'container' ? going.filter(({ outcome }) => outcome === 'needs-person' || outcome === 'failed') : [];
  const left = profile.sharedState === 'container' ? going.filter(({ findings }) => [findings.guarded, findings.left].some(isSome)) : [];
  const state = (some: readonly Need[], level: Level): Judgement[] =>
    some.length === 0
      ? []
      : [
          {
            level,
            reason: { key: 'effort.shared-state', args: { functions: some.length, codes: codes(some, (need) => of(profile, need)) } },
          },
        ];
  return [
    ...(person.length > 0
      ? [{ level: 'high' as const, reason: { key: 'effort.person' as const, args: { functions: person.length } } }]
      : []),
    ...state(grave, 'high'),
    ...state(slight, 'medium'),
    ...(left.length > 0
      ? [
          {
            level: 'medium' as const,
            reason: { key: 'effort.left' as const, args: { codes: codes(left, ({ findings }) => [findings.guarded, findings.left]) } },
          },
        ]
      : []),
  ];
}

function codeRisk(profile: Profile, needs: readonly Need[], date: string): Judgement[] {
  if (profile.oneRequest) return runtimeRisk(needs, date);
  const going = needs.filter((need) => worstFit(profile.fit(need)) !== 'no');
  const grave = going.filter((need) => hazards(profile, need, 'error').length > 0);
  const guarded = profile.sharedState === 'container' ? going.filter(({ findings }) => isSome(findings.guarded)) : [];
  const workers = profile.sharedState === 'container' ? going.filter(({ workload }) => workload === 'worker') : [];
  return [
    ...(grave.length > 0
      ? [
          {
            level: 'high' as const,
            reason: { key: 'risk.shared-state' as const, args: { codes: codesText(grave.flatMap((need) => [graveOf(profile, need)])) } },
          },
        ]
      : []),
    ...(guarded.length > 0
      ? [
          {
            level: 'medium' as const,
            reason: { key: 'risk.guarded' as const, args: { codes: codesText(guarded.map(({ findings }) => findings.guarded)) } },
          },
        ]
      : []),
    ...(workers.length > 0 ? [{ level: 'medium' as const, reason: { key: 'risk.retries' as const } }] : []),
  ];
}

/** A runtime that Lambda no longer keeps up is no risk of a container, which brings its own. */
export function runtimeRisk(needs: readonly Need[], date: string): Judgement[] {
  const used = runtimeFacts().filter(({ id }) => needs.some(({ runtime }) => runtime === id));
  const blocked = used.filter(({ blockUpdate }) => blockUpdate !== null && blockUpdate <= date);
  const deprecated = used.filter((each) => !blocked.includes(each) && each.deprecation !== null && each.deprecation <= date);
  const names = (rows: typeof used) => rows.map(({ id }) => id);
  return [
    ...(blocked.length > 0
      ? [
          {
            level: 'high' as const,
            reason: { key: 'risk.runtime-blocked' as const, args: { runtimes: names(blocked) }, fact: blocked[0]?.id ?? '' },
          },
        ]
      : []),
    ...(deprecated.length > 0
      ? [
          {
            level: 'medium' as const,
            reason: { key: 'risk.runtime-deprecated' as const, args: { runtimes: names(deprecated) }, fact: deprecated[0]?.id ?? '' },
          },
        ]
      : []),
  ];
}

export function effortOf(profile: Profile, needs: readonly Need[], withPlatform: boolean): OptionAssessment['effort'] {
  const found = [...codeEffort(profile, needs), ...(withPlatform ? [profile.effort] : [])];
  return { level: highest(found.map(({ level }) => level)), reasons: found.map(({ reason }) => reason) };
}

export function riskOf(profile: Profile, needs: readonly Need[], date: string, withPlatform: boolean): OptionAssessment['risk'] {
  const found = [...codeRisk(profile, needs, date), ...(withPlatform ? [profile.risk] : [])];
  return { level: highest(found.map(({ level }) => level)), reasons: found.map(({ reason }) => reason) };
}

/** Fit of each function, counted, and every reason with the functions it is about. */
export function fitOf(profile: Profile, needs: readonly Need[]): OptionAssessment['fit'] {
  const counts: Record<Fit, number> = { fits: 0, changes: 0, no: 0, unknown: 0 };
  const reasons = new Map<string, Reason & { functions: string[] }>();
  for (const need of needs) {
    const findings = profile.fit(need);
    counts[worstFit(findings)] += 1;
    for (const { reason } of findings) {
      const key = JSON.stringify(reason);
      const entry = reasons.get(key) ?? { ...reason, functions: [] };
      entry.functions.push(need.id);
      reasons.set(key, entry);
    }
  }
  const value: Fit =
    counts.no === needs.length ? 'no' : counts.no + counts.changes > 0 ? 'changes' : counts.unknown > 0 ? 'unknown' : 'fits';
  return { value, counts, reasons: [...reasons.values()] };
}

/**
 * How feasible it is. LOW: not to be had, or most functions cannot go there, or two grave doubts. MEDIUM: one doubt. Doubts are an
 * availability or a fit that is not known, high effort, high risk, and functions that cannot go there.
 */
export function ratingOf({ availability, fit, effort, risk }: Pick<OptionAssessment, 'availability' | 'fit' | 'effort' | 'risk'>): Rating {
  const total = Object.values(fit.counts).reduce((sum, count) => sum + count, 0);
  if (availability.value === 'no' || fit.value === 'no' || fit.counts.no * 2 > total) return 'LOW';
  const doubts = [
    availability.value === 'unknown',
    fit.value === 'unknown' || fit.counts.unknown > 0,
    effort.level === 'high',
    risk.level === 'high',
    fit.counts.no > 0,
  ].filter(Boolean).length;
  return doubts === 0 ? 'HIGH' : doubts === 1 ? 'MEDIUM' : 'LOW';
}

function graveOf(profile: Profile, { findings }: Need): Codes {
  return profile.sharedState === 'managed' ? findings.managed.error : findings.container.error;
}

function of(profile: Profile, { findings }: Need): readonly Codes[] {
  const found = profile.sharedState === 'managed' ? findings.managed : findings.container;
  return [found.error, found.warning];
}

function hazards(profile: Profile, { findings }: Need, kind: 'error' | 'warning'): string[] {
  if (profile.sharedState === 'none') return [];
  return Object.keys(findings[profile.sharedState][kind]);
}

function isSome(codes: Codes): boolean {
  return Object.keys(codes).length > 0;
}

/** `SHARED_VARIABLE_REASSIGNED ×2, TMP_NAME_SHARED`. */
function codesText(all: readonly Codes[]): string[] {
  const sum = new Map<string, number>();
  for (const codes of all) for (const [code, count] of Object.entries(codes)) sum.set(code, (sum.get(code) ?? 0) + count);
  return [...sum].map(([code, count]) => (count === 1 ? code : `${code} ×${count}`));
}
