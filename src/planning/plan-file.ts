import { parse, stringify } from 'yaml';
import type { Plan } from './plan.js';
import { type PlanFile, planFileSchema } from './plan-schema.js';

/** Plans of a repository as YAML that a person can edit and give back with `--plan`. */
export function writePlan(plans: readonly Plan[]): string {
  return stringify({ version: 1, projects: plans.map(({ project, definition, target }) => ({ project, definition, target, functions: {}, services: {} })) });
}

/**
 * An edited plan file; give it to `decide()` as `options.edits`.
 * @throws UserError with line and column when it cannot be understood.
 */
export function readPlan(text: string, _path = 'plan.yaml'): PlanFile {
  return planFileSchema.parse(parse(text));
}
