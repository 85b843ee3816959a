/** An assessment as data: what every report is made from. Sentences are keys of the dictionaries. */
import type { AvailabilityFact, RegionFact } from '../aws/facts.js';
import type { Diagram } from '../diagram/diagram.js';
import type { Fit, Level, Need, Range, Reason } from '../targets/assessment.js';
import type { Crossing } from './cost/crossing.js';
import type { Estimate } from './cost/estimate.js';
import type { Assumption } from './traffic.js';

export type Rating = 'HIGH' | 'MEDIUM' | 'LOW';

/** Where a function stands on its way into a service. */
export type Readiness = 'ready' | 'work' | 'person' | 'stays' | 'unknown';

interface Judged {
  level: Level;
  reasons: Reason[];
}

/** One way to run all functions, in one region. */
export interface OptionAssessment {
  /** Id of a target, or `stay`. */
  id: string;
  /** Its files are made by this version. */
  produced: boolean;
  availability: { value: AvailabilityFact['available']; facts: AvailabilityFact[] };
  fit: { value: Fit; counts: Record<Fit, number>; reasons: (Reason & { functions: string[] })[] };
  effort: Judged;
  risk: Judged;
  rating: Rating;
  /** The first is the one that is compared. */
  cost: Estimate[];
  /** Against staying, at the likely reading. */
  crossing: Crossing;
  oneRequest: boolean;
  advantages: Reason['key'][];
  drawbacks: Reason['key'][];
}

export interface Recommendation {
  /** Id of an option. */
  option: string;
  because: Reason[];
  /** The best rated option that changes no code, and is none of the above. */
  withoutRewriting: string | null;
  /** Other targets, the best first. */
  alternatives: string[];
  nextSteps: Reason[];
}

export interface RegionAssessment {
  region: RegionFact;
  services: AvailabilityFact[];
  options: OptionAssessment[];
  recommendation: Recommendation;
  /** Cost of the first variant of each option against requests a month; null where it is not known. */
  curve: { requests: number[]; options: Record<string, (number | null)[]> };
}

export interface FunctionAssessment {
  need: Need;
  readiness: Readiness;
  /** What it costs on Lambda as it is, by region; null when prices are missing. */
  lambdaCost: Record<string, Range | null>;
  options: { id: string; fit: Fit; effort: Level; risk: Level; reasons: Reason[]; ratings: Record<string, Rating> }[];
}

export interface Assessment {
  /** Newest date of the facts: the day it speaks for. */
  date: string;
  projects: { root: string; dialect: string; definition: string }[];
  functions: FunctionAssessment[];
  regions: RegionAssessment[];
  assumptions: Assumption[];
  trafficGiven: boolean;
  /** What calls what, by project: as it is, and with the services that it can become. */
  drawings: { definition: string; before: Diagram; after: Diagram }[];
  /** Codes of definitions and projects that could not be read. */
  unread: { file: string; code: string }[];
}
