import type { ProjectResult } from '../migrate.js';
import { dotenvVariables } from '../planning/dotenv.js';
import type { EnvironmentPlan, ServicePlan } from '../planning/plan.js';
import type { LambdaFunction } from '../project/model.js';

/** Region that both sides run in. */
export const region = 'eu-central-1';

/** The variables of a service: what is not known, or secret, has the same stand-in on both sides. */
export function serviceEnvironment({ environment }: ServicePlan): Record<string, string> {
  return Object.fromEntries(environment.map((variable) => [variable.name, standIn(variable)]));
}

/** Those of the service's variables that the function has on Lambda. */
export function functionEnvironment(
  { project, facts }: Pick<ProjectResult, 'project' | 'facts'>,
  fn: LambdaFunction,
  service: ServicePlan,
): Record<string, string> {
  const all = serviceEnvironment(service);
  const names = [...Object.keys(fn.environment), ...Object.keys(dotenvVariables(project, fn, facts.functions[fn.id]))];
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

function standIn({ name, kind, value }: EnvironmentPlan): string {
  return kind === 'literal' ? value : `stand-in-for-${name.toLowerCase().replaceAll('_', '-')}`;
}
