import { fargateTable, isFargateSize } from '../aws/fargate.js';
import { isReservedByLambda } from '../aws/lambda-environment.js';
import type { UserError } from '../errors.js';
import { authorizingFunctions } from './authorizers.js';
import type { FunctionEnvironment } from './environment.js';
import { type Group, type Member, obstacle } from './grouping.js';
import type { EnvironmentPlan, ServicePlan } from './plan.js';
import type { Overrides } from './plan-edits.js';
import { editError, type PlanFileService } from './plan-schema.js';
import { hasSecretValue } from './secrets.js';

/**
 * Puts functions into the services that the plan file lists them in.
 * @throws UserError when they cannot share a process, or when the lists contradict the workloads.
 */
export function regroup(groups: readonly Group[], overrides: Overrides, environments: ReadonlyMap<string, FunctionEnvironment>): Group[] {
  if (!overrides.project) return [...groups];
  const members = groups.flatMap((group) => group.members.map((member) => ({ member, group })));
  refuseStrangers(overrides, groups);
  const claimed = new Map<string, Set<string>>();
  const placed = new Map<string, Member[]>();
  for (const { member, group } of members) {
    const name = serviceOf(member, group, overrides, claimed);
    placed.set(name, [...(placed.get(name) ?? []), member]);
  }
  const order = [...new Set([...groups.map(({ name }) => name), ...Object.keys(overrides.project.services)])];
  return order.flatMap((name) => {
    const chosen = placed.get(name);
    if (!chosen) return [];
    const known = groups.find((group) => group.name === name);
    const isSame = known?.members.length === chosen.length && known.members.every((member) => chosen.includes(member));
    refuseObstacles(name, chosen, overrides, environments);
    return [{ name, kind: kindOf(name), because: known && isSame ? known.because : 'the plan file groups them', members: chosen }];
  });
}

function kindOf(service: string): ServicePlan['kind'] {
  return service.startsWith('worker') ? 'worker' : service.startsWith('job') ? 'job' : 'web';
}

/** The service that a member goes into; a function with two APIs has two members and is listed twice. */
function serviceOf({ decision }: Member, group: Group, overrides: Overrides, claimed: Map<string, Set<string>>): string {
  const id = decision.lambda.id;
  const listed = Object.entries(overrides.project?.services ?? {}).filter(
    ([name, { functions }]) => kindOf(name) === group.kind && functions.includes(id),
  );
  const names = listed.map(([name]) => name);
  if (names.length === 0) {
    if (overrides.moved.has(id)) return group.name;
    const advice = `List it in a service (as before in "${group.name}"), or give it "workload: stays".`;
    throw serviceError(overrides, [], `The function "${id}" is in no ${group.kind} service`, advice);
  }
  const taken = claimed.get(`${group.kind} ${id}`) ?? new Set();
  claimed.set(`${group.kind} ${id}`, taken);
  const free = names.filter((name) => !taken.has(name));
  const chosen = names.includes(group.name) && !taken.has(group.name) ? group.name : (free[0] ?? names[0] ?? group.name);
  taken.add(chosen);
  return chosen;
}

function refuseStrangers(overrides: Overrides, groups: readonly Group[]): void {
  for (const [name, { functions }] of Object.entries(overrides.project?.services ?? {})) {
    for (const [index, id] of functions.entries()) {
      const entry = overrides.project?.functions[id];
      if (!entry)
        throw serviceError(
          overrides,
          [name, 'functions', index],
          `The project has no function "${id}"`,
          'Correct the name, or remove it from the service.',
        );
      const isMember = groups.some(
        (group) =>
          group.kind === kindOf(name) &&
          group.members.some(({ decision, routes }) => decision.lambda.id === id || authorizingFunctions(routes).includes(id)),
      );
      if (isMember || overrides.moved.has(id)) continue;
      const advice = `Remove it from the service, or change its workload (now ${entry.workload}).`;
      throw serviceError(
        overrides,
        [name, 'functions', index],
        `The function "${id}" is not a ${kindOf(name)}, so it cannot be in "${name}"`,
        advice,
      );
    }
  }
}

function refuseObstacles(
  name: string,
  members: readonly Member[],
  overrides: Overrides,
  environments: ReadonlyMap<string, FunctionEnvironment>,
): void {
  for (const [index, member] of members.entries()) {
    for (const other of members.slice(0, index)) {
      const reason = obstacle(other, member, environments);
      if (reason)
        throw serviceError(
          overrides,
          [name, 'functions'],
          `The functions of "${name}" cannot share a process: ${reason}`,
          'Put them into different services.',
        );
    }
  }
}

function serviceError(overrides: Overrides, path: readonly (string | number)[], message: string, advice: string): UserError {
  const file = overrides.file ?? { path: 'the plan', projects: [], places: {} };
  return editError(file, [...overrides.path, 'services', ...path], message, advice);
}

/**
 * Gives services the size and environment that the plan file says.
 * @throws UserError for a size that Fargate does not have, and for a secret written into the file.
 */
export function editServices(services: readonly ServicePlan[], overrides: Overrides): ServicePlan[] {
  return services.map((service) => {
    const edit = overrides.project?.services[service.name];
    if (!edit) return service;
    const size = { cpu: edit.cpu, memoryMb: edit.memory };
    if (!isFargateSize(size)) {
      const row = fargateTable.find(({ cpu }) => cpu === edit.cpu);
      const advice = row
        ? `With cpu ${edit.cpu}, memory can be ${row.memory.join(', ')}.`
        : `cpu can be ${fargateTable.map(({ cpu }) => cpu).join(', ')}.`;
      throw serviceError(
        overrides,
        [service.name, row ? 'memory' : 'cpu'],
        `Fargate has no task with cpu ${edit.cpu} and memory ${edit.memory}`,
        advice,
      );
    }
    return {
      ...service,
      ...size,
      stopTimeout: edit.stopTimeout,
      ephemeralStorageGb: edit.ephemeralStorage ?? null,
      architecture: edit.architecture,
      environment: editEnvironment(service.name, edit, overrides),
    };
  });
}

function editEnvironment(service: string, { environment = {} }: PlanFileService, overrides: Overrides): EnvironmentPlan[] {
  return Object.entries(environment)
    .map(([name, entry]): EnvironmentPlan => {
      const path = [service, 'environment', name];
      if (isReservedByLambda(name)) {
        throw serviceError(
          overrides,
          path,
          `"${name}" only means something on Lambda`,
          'Remove it: libraries that see it believe they run on Lambda.',
        );
      }
      const [kind, value] =
        'value' in entry
          ? (['literal', entry.value] as const)
          : 'reference' in entry
            ? (['reference', entry.reference] as const)
            : (['secret', entry.secret] as const);
      if (hasSecretValue(value)) {
        const advice = `Store it in Parameter Store or Secrets Manager and write "{ secret: '' }".`;
        throw serviceError(overrides, path, `The value of "${name}" looks like a secret`, advice);
      }
      return { name, kind, value };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
