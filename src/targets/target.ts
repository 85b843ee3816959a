import type { ConcurrencyTarget } from '../analysis/concurrency/rule.js';
import type { Facts } from '../analysis/facts.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Stack } from '../infrastructure/cloudformation.js';
import type { Definition } from '../infrastructure/functions/definition.js';
import type { Origin } from '../infrastructure/origins/origin.js';
import type { StackParameter } from '../infrastructure/stack-draft.js';
import type { DefinitionEdits } from '../infrastructure/text/rewrite.js';
import type { FrontDoor, Plan, ServicePlan } from '../planning/plan.js';
import type { LambdaFunction, Project } from '../project/model.js';
import type { Profile } from './assessment.js';

/** A file that a target adds to the user's project. `path` is relative to the project root. */
type Artefact = { path: string; content: string } | { path: string; template: string; values: Readonly<Record<string, unknown>> };

/** What a target is told: the decided plan and how each service is started. */
export interface TargetInput {
  project: Project;
  plan: Plan;
  services: TargetService[];
}

export interface TargetService {
  service: ServicePlan;
  /** Command of the container in exec form, e.g. `['node', 'service/web.js']`. */
  command: string[];
  /** TCP port of a web service, and of a worker's health check. Default 8080. */
  port?: number | undefined;
}

/** Something a person must fill in before an artefact can be used. */
export interface Placeholder {
  /** Artefact it stands in. */
  path: string;
  /** The text that stands there now. */
  text: string;
  /** What belongs there. */
  meaning: string;
}

/** Markdown that a template gives. */
export interface GuidePart {
  template: string;
  values: Readonly<Record<string, unknown>>;
}

/** What MIGRATION.md says of the target; the texts are Markdown. */
export interface TargetGuide {
  /** Numbered steps until the services run: 1 to 3, or 2 and 3 after the deployment of a stack. */
  steps: GuidePart;
  /** How a schedule is handed over, without the word for it. */
  schedules: string;
  /** What is stopped when one goes back. */
  stop: string;
  /** Name of the setting that `STOP_TIMEOUT` repeats. */
  stopSetting: string;
  /** What follows the steps, e.g. a table. */
  appendix: GuidePart | null;
}

export interface GuideInput extends TargetInput {
  /** Resources were written as a stack, instead of the artefacts. */
  deployed: boolean;
  /** Where an artefact of that path is, relative to the project root. */
  placed(path: string): string;
}

/** Resources that run the services, and what their deployment is given. */
export interface TargetStack {
  stack: Stack;
  parameters: StackParameter[];
  diagnostics: Diagnostic[];
}

/** What every way to run the functions has: how it is listed and judged. */
export interface AssessedTarget {
  id: string;
  title: string;
  /** False when it can only be assessed so far: its files are not made yet. */
  available: boolean;
  /** Where and since when it exists, one sentence; shown by `migrate-lambda list targets`. */
  availability: string;
  /** How `migrate-lambda assess` judges it. */
  profile: Profile;
}

/** Where a migrated service or function runs. Add one: a folder here, a line in `index.ts`, a fixture. */
export type Target = ServiceTarget | FunctionTarget;

/** Functions become services: files and resources that run them. */
export interface ServiceTarget extends AssessedTarget {
  available: true;
  /** What Spot capacity is called in the facts of availability, where the target can use it. */
  spot?: string;
  /** Folder below the project root that its own files go to. */
  folder: string;
  /** Files to generate; called by `produce()` once a project. */
  artefacts(input: TargetInput): Artefact[];
  /** What a person has to fill in; shown in MIGRATION.md. */
  placeholders(input: TargetInput): Placeholder[];
  /** What a person should know of the artefacts. */
  findings?(input: TargetInput): Diagnostic[];
  /** What MIGRATION.md says of it. */
  guide(input: GuideInput): TargetGuide;
  /** What its stack can put in front of web services; a load balancer alone, or whatever the target has, where it is absent. */
  fronts?: readonly FrontDoor[];
  /** Resources of CloudFormation that run the services, with `--infra template` instead of the artefacts; without it there are only artefacts. */
  stack?(input: TargetInput, origin: Origin): TargetStack;
}

/** Functions stay functions of Lambda that are run otherwise: their definition is edited, and there are no services. */
export interface FunctionTarget extends AssessedTarget {
  available: true;
  spot?: undefined;
  /** What the plan says of a function that is taken. */
  because: string;
  /** The hazards that are mended in the code of functions; undefined when their code stays as it is. */
  concurrency?: ConcurrencyTarget;
  /** Why a function is left as it is; undefined when it is taken. */
  leaves(lambda: LambdaFunction, project: Project, facts: Facts): string | undefined;
  /** How the definition changes for these functions. */
  editFunctions(input: FunctionInput): FunctionEdits;
  /** What MIGRATION.md says of it. */
  describe(input: FunctionGuideInput): FunctionGuide;
}

export interface FunctionInput {
  project: Project;
  /** The functions that are taken. */
  functions: readonly LambdaFunction[];
  /** As the user wrote it. */
  definition: Definition;
}

export interface FunctionEdits extends DefinitionEdits {
  /** Resources that are added. */
  stack: Stack;
  parameters: StackParameter[];
  diagnostics: Diagnostic[];
}

interface FunctionGuideInput {
  project: Project;
  functions: readonly LambdaFunction[];
  /** The definition was edited; else everything is done by hand. */
  edited: boolean;
}

export interface FunctionGuide {
  /** What follows the deployment, or, by hand, all steps. */
  steps: GuidePart;
  rollBack: GuidePart;
}

/** Whether a target leaves functions on Lambda. */
export function isFunctionTarget(target: Target): target is FunctionTarget {
  return 'editFunctions' in target;
}
