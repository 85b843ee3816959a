import { rewritableIn } from '../transforms/http-route-native/project.js';
import { findHazards } from './analysis/concurrency/find-hazards.js';
import type { Facts } from './analysis/facts.js';
import { understandWith, valuesOf } from './analysis/understand.js';
import type { Values } from './analysis/values.js';
import type { ChangeSet } from './changes/change-set.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { type DecideOptions, decide } from './planning/decide.js';
import type { Plan } from './planning/plan.js';
import type { ProduceOptions } from './producing/draft.js';
import { type Package, produce } from './producing/produce.js';
import type { Project } from './project/model.js';
import type { Repository } from './project/repository.js';

/** Everything that is known about one project after a run; the reports are made from it. */
export interface ProjectResult {
  project: Project;
  facts: Facts;
  plan: Plan;
  /** Null when there is no service, or the project failed. */
  package: Package | null;
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
  const values = valuesOf(repository, project);
  const understood = understandWith(values, project);
  const adapted = decide(project, understood, options);
  const plan = mayRewrite(options)
    ? decide(project, understood, {
        ...options,
        rewritable: rewritableIn({ repository, project, facts: understood, plan: adapted, changes }),
      })
    : adapted;
  const facts = { ...understood, diagnostics: [...understood.diagnostics, ...hazards(values, project, understood, plan)] };
  const produced = await produce({ repository, project, facts, plan, changes, suffix: options.suffix, templates: options.templates });
  return {
    project,
    facts,
    plan,
    package: produced.package,
    diagnostics: [...facts.diagnostics, ...plan.diagnostics, ...produced.diagnostics],
  };
}

/**
 * What many requests in one process would break in the functions that go to a service. A job runs alone. None of it stops a function, so
 * that the gravest is work left for a person here, a warning; what is no hazard is left to `check`.
 */
function hazards(values: Values, project: Project, facts: Facts, plan: Plan): Diagnostic[] {
  const served = new Set(
    plan.functions.filter(({ outcome, workload }) => outcome === 'migrated' && workload !== 'job').map(({ id }) => id),
  );
  const found = findHazards(values, project, {
    functions: project.functions.filter(({ id }) => served.has(id)),
    facts,
    target: 'container',
    listening: new Set(plan.functions.filter(({ style }) => style === 'unwrapped').map(({ id }) => id)),
  });
  return found.filter(({ severity }) => severity !== 'info').map((each) => ({ ...each, severity: 'warning' }));
}

/** Rewriting is asked for: reading what it takes is left out otherwise. */
function mayRewrite({ style, edits }: MigrateProjectOptions): boolean {
  return (
    style === 'native' ||
    (edits?.projects.some(({ functions }) => Object.values(functions).some((each) => each.style === 'native')) ?? false)
  );
}
