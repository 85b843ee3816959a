/** What a way to run the functions is judged by: the contract between targets and `migrate-lambda assess`. Plain data and pure functions. */

import type { WordKey } from '../assess/words/words.js';
import type { InstanceFact } from '../aws/facts.js';
import type { Outcome, ServicePlan, Workload } from '../planning/plan.js';
import type { TriggerType } from '../project/trigger.js';

export type Level = 'low' | 'medium' | 'high';

/** `fits` as it is; `changes`: with changes; `no`: not at all; `unknown`: its code or definition could not be understood. */
export type Fit = 'fits' | 'changes' | 'no' | 'unknown';

/** A sentence of the dictionaries; `fact` is the id of the row that it rests on. */
export interface Reason {
  key: WordKey;
  /** A list is told as the language writes one. */
  args?: Readonly<Record<string, string | number | readonly string[]>>;
  fact?: string;
}

export interface FitFinding {
  fit: Exclude<Fit, 'fits'>;
  reason: Reason;
}

/** What the code and the definition of one function need. */
export interface Need {
  /** Unique among all functions of the run. */
  key: string;
  id: string;
  definition: string;
  workload: Workload;
  outcome: Outcome;
  /** As declared; null when it is not known. */
  runtime: string | null;
  /** Its Node.js version; null when it is not known. */
  node: number | null;
  architecture: InstanceFact['architecture'];
  memoryMb: number;
  timeoutSeconds: number;
  diskMb: number;
  /** What calls it, each type once; switched-off ones are left out. */
  triggers: TriggerType[];
  streaming: boolean;
  /** Its handler takes a callback. */
  callback: boolean;
  /** Runs a month that its schedules tell; null when something else calls it too. */
  scheduledRuns: number | null;
  /** Findings about it by what they are about: codes with their numbers. */
  findings: NeedFindings;
}

/** What of a need decides which services a target requires. */
export type Requirement = Pick<Need, 'workload' | 'triggers'>;

/** Diagnostic codes → how often. */
export type Codes = Readonly<Record<string, number>>;

export interface NeedFindings {
  /** State that requests share, grave and less grave, in a container and with Managed Instances. */
  container: { error: Codes; warning: Codes };
  managed: { error: Codes; warning: Codes };
  /** Routes that the service refuses, since something in front protected them. */
  guarded: Codes;
  /** Everything else that is left for a person. */
  left: Codes;
}

/** Three readings of what is not known exactly. */
export type Reading = 'low' | 'likely' | 'high';

export type Range = Readonly<Record<Reading, number>>;

/** What one reading of traffic and assumptions says. */
export interface Scenario {
  reading: Reading;
  /** A month, by the key of the function. */
  requests: ReadonlyMap<string, number>;
  durationMs: number;
  /** MB; null: as declared. */
  memoryMb: number | null;
  /** Share of the time that the processor of Lambda is busy. */
  cpuShare: number;
  /** How much capacity stands ready, as a multiple of the average load. */
  headroom: number;
  payloadKb: number;
  logKb: number;
  connectionsPerRequest: number;
  /** NAT gateways that private subnets need. */
  natGateways: number;
  freeTier: boolean;
}

/** `quantity` of an item at its price, times a share of another row or what that share leaves. */
export interface CostLine {
  item: string;
  quantity: number;
  times?: { item: string; mode: 'share' | 'rest' };
  /** True for functions that stay on Lambda while the others move. */
  remains?: boolean;
}

export interface CostInput {
  scenario: Scenario;
  needs: readonly Need[];
  /** Services of the plan, with the keys of their functions. */
  services: readonly (ServicePlan & { keys: string[] })[];
  /** Rows that amounts depend on, like the free tier; undefined when not known. */
  amountOf(item: string): number | undefined;
}

/** A way to buy the same thing. */
export interface CostVariant {
  id: WordKey;
  lines(input: CostInput): CostLine[];
}

/** How a target is judged. */
export interface Profile {
  /** Services and features that must be there; the worst of them counts. */
  requires(needs: readonly Requirement[]): string[];
  /** What of a function does not fit as it is; empty when it fits. */
  fit(need: Need): FitFinding[];
  /** Which findings of shared state count. */
  sharedState: 'container' | 'managed' | 'none';
  /** What the platform takes beyond the code, and what it risks. */
  effort: { level: Level; reason: Reason };
  risk: { level: Level; reason: Reason };
  /** An environment serves one request at a time, as today. */
  oneRequest: boolean;
  advantages: WordKey[];
  drawbacks: WordKey[];
  nextSteps: WordKey[];
  /** The first is the one that is compared. */
  variants(needs: readonly Need[]): CostVariant[];
}
