import type { Facts } from '../analysis/facts.js';
import type { Project } from '../project/model.js';
import type { Plan } from './plan.js';
import type { PlanFile } from './plan-schema.js';

export interface DecideOptions {
  /** Target id; default `ecs-fargate`. */
  target?: string | undefined;
  /** Default `auto`: unwrap servers where that is safe, else adapt. */
  style?: 'auto' | 'native' | 'adapter' | undefined;
  /** Split services further than the code demands; default `none`. */
  split?: 'function' | 'api' | 'none' | undefined;
  /** Ids of the only functions to migrate; the others stay. */
  only?: string[] | undefined;
  /** A plan file edited by a person (`readPlan`); its entry for this project overrides what is decided. */
  edits?: PlanFile | undefined;
}

/** What to do with every function of a project. Pure: the same input gives the same plan. */
export function decide(project: Project, _facts: Facts, options: DecideOptions): Plan {
  const functions = project.functions.map(({ id, triggers }) => ({
    id,
    workload: 'stays' as const,
    style: null,
    outcome: 'stays' as const,
    because: 'nothing was decided yet',
    triggers,
  }));
  return { project: project.root, definition: project.definition, target: options.target ?? 'ecs-fargate', functions, services: [], diagnostics: [] };
}
