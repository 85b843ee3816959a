import type { Plan } from './planning/plan.js';
import { type MigrateOptions, migrate } from './run.js';

/**
 * What would be done with every project of a folder: plain data, to be looked at, or given to `writePlan()`, edited, and given
 * back as `edits`.
 *
 * @example const plans = await plan({ folder: './fn' });
 * @throws UserError as `migrate()` does.
 */
export async function plan(options: MigrateOptions): Promise<Plan[]> {
  const { projects } = await migrate(options);
  return projects.map((project) => project.plan);
}
