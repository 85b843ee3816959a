/** What every container target has in common: the functions that move, those that remain, and what stands around the services. */
import type { CostInput, CostLine, Need } from '../../targets/assessment.js';
import { balancerLines, hoursAMonth, lambdaLines, logLines, natLines, tasksOf } from './quantities.js';

/** Functions in a service of the plan; `kinds` leaves only those of some services. */
function moving({ needs, services }: CostInput, kinds: readonly string[] = ['web', 'worker', 'job']): CostInput['services'] {
  const known = new Set(needs.map(({ key }) => key));
  return services.filter(({ kind, keys }) => kinds.includes(kind) && keys.some((key) => known.has(key)));
}

const within = (services: CostInput['services'], needs: readonly Need[]) =>
  needs.filter(({ key }) => services.some(({ keys }) => keys.includes(key)));

/** The lines of services by `platform`, and of Lambda for the rest; the platform gets only the services that move. */
export function serviceLines(
  input: CostInput,
  platform: (moved: CostInput) => CostLine[],
  { kinds, nat = true, balancer = true }: { kinds?: readonly string[]; nat?: boolean; balancer?: boolean } = {},
): CostLine[] {
  const services = moving(input, kinds);
  const moved = within(services, input.needs);
  const served = within(
    services.filter(({ kind }) => kind === 'web'),
    input.needs,
  );
  const rest = input.needs.filter((need) => !moved.includes(need));
  return [
    ...platform({ ...input, services, needs: moved }),
    ...(balancer ? balancerLines(input.scenario, served) : []),
    ...(nat ? natLines(input.scenario, moved) : []),
    ...logLines(input.scenario, moved),
    ...lambdaLines(input, rest, true),
  ];
}

/** Tasks in public subnets have an address each. */
export function taskAddresses({ scenario, services, needs }: CostInput): CostLine[] {
  const tasks = services.filter(({ kind }) => kind !== 'job').reduce((sum, service) => sum + tasksOf(scenario, service, needs), 0);
  return tasks === 0 ? [] : [{ item: 'public-ipv4', quantity: tasks * hoursAMonth }];
}
