import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Project } from '../project/model.js';
import type { ScheduleTrigger } from '../project/trigger.js';
import { authorizerVariables, authorizingFunctions } from './authorizers.js';
import { type FunctionEnvironment, unionOf } from './environment.js';
import type { FunctionDecision } from './function-decision.js';
import type { Group } from './grouping.js';
import { unique } from './names.js';
import type { EnvironmentPlan, JobPlan, RoutePlan, ServicePlan } from './plan.js';
import { QueueVariables } from './queue-variables.js';
import { sizeOf } from './sizing.js';

/** A service a group: what it serves, its environment and its size. */
export function planServices(
  project: Project,
  groups: readonly Group[],
  environments: ReadonlyMap<string, FunctionEnvironment>,
): ServicePlan[] {
  const queueVariables = new QueueVariables(project);
  return groups.map(({ name, kind, because, members }) => {
    const decisions = [...new Set(members.map(({ decision }) => decision))];
    const server = kind === 'web' ? (decisions[0]?.server ?? null) : null;
    const routes = members.flatMap((member) => member.routes);
    const ids = [...new Set([...decisions.map(({ lambda }) => lambda.id), ...authorizingFunctions(routes)])];
    return {
      name,
      kind,
      because,
      functions: ids,
      routes,
      queues:
        kind === 'worker'
          ? decisions.flatMap(({ lambda, queues }) =>
              queues.map((trigger) => ({ function: lambda.id, trigger, urlVariable: queueVariables.of(lambda, trigger) })),
            )
          : [],
      jobs: kind === 'job' ? decisions.flatMap(planJobs) : [],
      server,
      environment: withAuthorizers(unionOf(ids.map((id) => environments.get(id) ?? new Map())), routes),
      ...sizeOf(project.functions.filter(({ id }) => ids.includes(id))),
    };
  });
}

function withAuthorizers(environment: EnvironmentPlan[], routes: readonly RoutePlan[]): EnvironmentPlan[] {
  return [...environment, ...authorizerVariables(routes)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A function is one job, unless its schedules send it different events. */
function planJobs({ lambda, schedules }: FunctionDecision): JobPlan[] {
  const byEvent = new Map<string, ScheduleTrigger>();
  for (const trigger of schedules) {
    const key = JSON.stringify([trigger.scheduler, trigger.input ?? null]);
    if (!byEvent.has(key)) byEvent.set(key, trigger);
  }
  const taken = new Set<string>();
  return [...byEvent.values()].map((trigger) => ({ name: unique(lambda.id, taken), function: lambda.id, trigger }));
}

/** What sharing a process means beyond the code: one role for all its functions. */
export function sharedPermissions(services: readonly ServicePlan[], project: Project): Diagnostic[] {
  return services.flatMap((service) => {
    const functions = project.functions.filter(({ id }) => service.functions.includes(id));
    const different = new Set(functions.map(({ permissions }) => JSON.stringify(permissions)));
    if (different.size < 2) return [];
    const args = { service: service.name, functions: service.functions.join(', ') };
    return [diagnostic('PERMISSIONS_SHARED', { args, place: { file: project.definition } })];
  });
}
