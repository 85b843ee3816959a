import { type AvailabilityFact, availabilityFacts, availabilityOf, factsDate, type PriceFact, type RegionFact } from '../aws/facts.js';
import { type PriceBook, priceBook } from '../aws/prices.js';
import { check } from '../check.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagramAfter, diagramBefore } from '../diagram/diagram.js';
import { type MigratedProject, migrate, type Progress } from '../run.js';
import type { CostInput, Need, Profile, Reading, Scenario } from '../targets/assessment.js';
import { targets } from '../targets/index.js';
import { stay } from '../targets/stay.js';
import { crossingOf, steps } from './cost/crossing.js';
import { amountOf, type CostBasis, estimate } from './cost/estimate.js';
import { effortOf, fitOf, ratingOf, readinessOf, riskOf, worstAvailability, worstFit } from './judge.js';
import type { Assessment, FunctionAssessment, OptionAssessment, RegionAssessment } from './model.js';
import { money } from './money.js';
import { needsOf, servicesOf } from './needs.js';
import { recommend } from './recommend.js';
import { assumptionsOf, guardOwners, readTraffic, scenarioOf, type Traffic } from './traffic.js';

export interface AssessOptions {
  /** Folder of the project or projects. */
  folder: string;
  regions: readonly RegionFact[];
  /** Entries of `--traffic`. */
  traffic?: readonly string[] | undefined;
  /** Prices that come before those of the data. */
  prices?: readonly PriceFact[] | undefined;
  /** Ids of the only functions to look at. */
  only?: string[] | undefined;
  stage?: string | undefined;
  parameters?: Record<string, string> | undefined;
  /** Availability that was seen just now; it comes before the data. */
  observed?: readonly AvailabilityFact[] | undefined;
  /** Findings of what brought the folder here. */
  found?: readonly Diagnostic[] | undefined;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** Every way to run the functions: staying first, then the targets. */
const options: readonly { id: string; title: string; available: boolean; profile: Profile }[] = [stay, ...targets];

/**
 * Judges every way to run the functions of a folder, in regions of AWS. Reads files only: no network, no account, nothing is written.
 *
 * @throws UserError when it cannot run: no folder, no function, traffic that is not understood.
 */
export async function assess({
  regions,
  traffic: entries = [],
  prices = [],
  observed = [],
  ...reading
}: AssessOptions): Promise<Assessment> {
  const traffic = readTraffic(entries);
  const migrated = await migrate(reading);
  const { threads: _, found: __, ...checking } = reading;
  const managed = await check({ ...checking, onProgress: undefined, target: 'lambda-managed-instances' });
  const date = factsDate();
  const needs = migrated.projects.flatMap((project) => needsOf(project, twin(project, managed.projects), reading.only));
  guardOwners(traffic, needs);
  const services = migrated.projects.flatMap(servicesOf);
  const books = regions.map((region) => priceBook(region, prices));
  const assessed = books.map((book) => regionOf(book, { needs, services, traffic, date, observed }));
  return {
    date,
    projects: migrated.projects.map(({ project }) => ({ root: project.root, dialect: project.dialect, definition: project.definition })),
    functions: needs.map((need) => functionOf(need, books, assessed, { services, scenarios: scenariosOf(traffic, needs), date })),
    regions: assessed,
    assumptions: assumptionsOf(traffic),
    drawings: migrated.projects
      .filter(({ plan }) => plan.functions.length > 0)
      .map(({ project, plan }) => ({ definition: project.definition, before: diagramBefore(plan), after: diagramAfter(plan) })),
    trafficGiven: traffic.requests.given || traffic.own.size > 0,
    unread: [
      ...(reading.found ?? []).filter(({ severity }) => severity !== 'info').map(({ file, code }) => ({ file: file ?? '', code })),
      ...migrated.diagnostics.map(({ file, code }) => ({ file: file ?? '', code })),
      ...migrated.projects.flatMap(({ project, diagnostics }) =>
        diagnostics
          .filter((found) => found.function === undefined && found.severity === 'error')
          .map(({ file, code }) => ({ file: file ?? project.definition, code })),
      ),
    ],
  };
}

/** The same project in the other run. */
function twin({ project }: MigratedProject, others: readonly MigratedProject[]): MigratedProject | undefined {
  return others.find((other) => other.project.definition === project.definition && other.project.root === project.root);
}

function scenariosOf(traffic: Traffic, needs: readonly Need[]): Record<Reading, Scenario> {
  return {
    low: scenarioOf(traffic, needs, 'low'),
    likely: scenarioOf(traffic, needs, 'likely'),
    high: scenarioOf(traffic, needs, 'high'),
  };
}

function regionOf(
  book: PriceBook,
  basis: { needs: readonly Need[]; services: CostInput['services']; traffic: Traffic; date: string; observed: readonly AvailabilityFact[] },
): RegionAssessment {
  const { needs, services, traffic, date, observed } = basis;
  const { region } = book;
  const factOf = (subject: string) =>
    observed.find((fact) => fact.subject === subject && fact.where.includes(region.id)) ?? availabilityOf(subject, region);
  const cost: CostBasis = { book, needs, services };
  const at = (requests: number): Scenario => scenarioOf(traffic, needs, 'likely', requests);
  const amount = (profile: Profile) => {
    const [variant] = profile.variants(needs);
    return (requests: number) => (variant ? amountOf(variant, cost, at(requests)) : null);
  };
  const staying = amount(stay.profile);
  const judged = options.map(({ id, available, profile }): OptionAssessment => {
    const facts = [...new Set(profile.requires(needs))].map(factOf);
    const parts = {
      availability: { value: worstAvailability(facts), facts },
      fit: fitOf(profile, needs),
      effort: effortOf(profile, needs, true),
      risk: riskOf(profile, needs, date, true),
    };
    return {
      id,
      produced: available && id !== stay.id,
      ...parts,
      rating: ratingOf(parts),
      cost: parts.fit.value === 'no' ? [] : profile.variants(needs).map((variant) => estimate(variant, cost, scenariosOf(traffic, needs))),
      crossing: id === stay.id ? { kind: 'never' } : crossingOf(amount(profile), staying),
      oneRequest: profile.oneRequest,
      advantages: profile.advantages,
      drawbacks: profile.drawbacks,
    };
  });
  const requests = steps(29);
  return {
    region,
    services: [...new Set(availabilityFacts().map(({ subject }) => subject))].map(factOf),
    options: judged,
    recommendation: recommend({
      region,
      needs,
      options: judged,
      trafficGiven: traffic.requests.given || traffic.own.size > 0,
      date,
      nextSteps: (id) => profileOf(id).nextSteps,
      say: { title: (id) => `title.${id}`, money: (option) => money(option.cost[0]?.total?.likely ?? 0, region.currency) },
    }),
    curve: {
      requests,
      options: Object.fromEntries(options.map(({ id, profile }) => [id, requests.map(amount(profile))])),
    },
  };
}

function profileOf(id: string): Profile {
  const found = options.find((option) => option.id === id);
  if (!found) throw new Error(`no option ${id}`);
  return found.profile;
}

function functionOf(
  need: Need,
  books: readonly PriceBook[],
  regions: readonly RegionAssessment[],
  { services, scenarios, date }: { services: CostInput['services']; scenarios: Record<Reading, Scenario>; date: string },
): FunctionAssessment {
  const [variant] = stay.profile.variants([need]);
  // The free tier is of the account: no function has it alone.
  const alone = {
    low: { ...scenarios.low, freeTier: false },
    likely: scenarios.likely,
    high: scenarios.high,
  };
  return {
    need,
    readiness: readinessOf(need),
    lambdaCost: Object.fromEntries(
      books.map((book) => [book.region.id, variant ? estimate(variant, { book, needs: [need], services }, alone).total : null]),
    ),
    options: options.map(({ id, profile }) => {
      const fit = fitOf(profile, [need]);
      const effort = effortOf(profile, [need], false);
      const risk = riskOf(profile, [need], date, false);
      const rating = ({ region, options: judged }: RegionAssessment) => {
        const availability = judged.find((option) => option.id === id)?.availability ?? { value: 'unknown', facts: [] };
        return [region.id, ratingOf({ availability, fit, effort, risk })] as const;
      };
      return {
        id,
        fit: worstFit(profile.fit(need)),
        effort: effort.level,
        risk: risk.level,
        reasons: [...fit.reasons.map(({ functions: _, ...reason }) => reason), ...effort.reasons, ...risk.reasons],
        ratings: Object.fromEntries(regions.map(rating)),
      };
    }),
  };
}
