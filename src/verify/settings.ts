import type { EnvironmentPlan, ServicePlan } from '../planning/plan.js';
import type { LambdaFunction } from '../project/model.js';

/** Region that both sides run in. */
export const region = 'eu-central-1';

/** The variables of a service: what is not known, or secret, has the same stand-in on both sides. */
export function serviceEnvironment({ environment }: ServicePlan): Record<string, string> {
  return Object.fromEntries(environment.map((variable) => [variable.name, standIn(variable)]));
}

/** Those of the service's variables that the function's definition sets. */
export function functionEnvironment(fn: LambdaFunction, service: ServicePlan): Record<string, string> {
  const all = serviceEnvironment(service);
  return Object.fromEntries(Object.keys(fn.environment).flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

function standIn({ name, kind, value }: EnvironmentPlan): string {
  return kind === 'literal' ? value : `stand-in-for-${name.toLowerCase().replaceAll('_', '-')}`;
}
