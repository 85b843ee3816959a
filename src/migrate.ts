import type { Facts } from './analysis/facts.js';
import { understand } from './analysis/understand.js';
import type { ChangeSet } from './changes/change-set.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { type DecideOptions, decide } from './planning/decide.js';
import type { Plan } from './planning/plan.js';
import type { ProduceOptions } from './producing/draft.js';
import { produce } from './producing/produce.js';
import type { Project } from './project/model.js';
import type { Repository } from './project/repository.js';

/** Everything that is known about one project after a run; the reports are made from it. */
export interface ProjectResult {
  project: Project;
  facts: Facts;
  plan: Plan;
  diagnostics: Diagnostic[];
}

/** A plan file edited by a person is `edits`: `readPlan()` of `planning/plan-file.ts`. */
export type MigrateProjectOptions = DecideOptions & ProduceOptions;

/** understand → decide → produce for one project. Stages its changes into `changes`; writes nothing. */
export async function migrateProject(
  repository: Repository,
  project: Project,
  changes: ChangeSet,
  options: MigrateProjectOptions,
): Promise<ProjectResult> {
  const facts = understand(repository, project);
  const plan = decide(project, facts, options);
  const produced = await produce({ repository, project, facts, plan, changes, suffix: options.suffix, templates: options.templates });
  return { project, facts, plan, diagnostics: [...facts.diagnostics, ...plan.diagnostics, ...produced] };
}
