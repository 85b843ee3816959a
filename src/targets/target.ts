import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Stack } from '../infrastructure/cloudformation.js';
import type { Origin } from '../infrastructure/origins/origin.js';
import type { StackParameter } from '../infrastructure/stack-draft.js';
import type { Plan, ServicePlan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
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

/** Resources that run the services, and what their deployment is given. */
export interface TargetStack {
  stack: Stack;
  parameters: StackParameter[];
  diagnostics: Diagnostic[];
}

/**
 * Where a migrated service runs. Add one: a folder here, a line in `index.ts`, a fixture.
 */
export interface Target {
  id: string;
  title: string;
  /** False when it can only be assessed so far: its files are not made yet. */
  available: boolean;
  /** Where and since when it exists, one sentence; shown by `migrate-lambda list targets`. */
  availability: string;
  /** How `migrate-lambda assess` judges it. */
  profile: Profile;
  /** Files to generate; called by `produce()` once a project. */
  artefacts(input: TargetInput): Artefact[];
  /** What a person has to fill in; shown in MIGRATION.md. */
  placeholders(input: TargetInput): Placeholder[];
  /** Resources of CloudFormation that run the services, with `--infra template` instead of the artefacts; without it there are only artefacts. */
  stack?(input: TargetInput, origin: Origin): TargetStack;
}
