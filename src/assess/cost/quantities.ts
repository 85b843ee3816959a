/** How much of everything a month takes, for one reading of the traffic. All quantities grow with the traffic. */
import { type InstanceFact, limitOf, proposedInstance } from '../../aws/facts.js';
import { fargateSizeFor } from '../../aws/fargate.js';
import type { CostInput, CostLine, Need, Scenario } from '../../targets/assessment.js';

/** AWS bills a month of 730 hours. */
export const hoursAMonth = 730;
const secondsAMonth = hoursAMonth * 3600;

/** Share of a processor that a service may use on average before it gets another task. */
const targetUse = 0.6;

/** Share of a host that is left to containers. */
const hostShare = 0.9;

/** Two zones, so that one may fail. */
const zones = 2;

/** Seconds that a task is billed beside the work: image pull and start; and the least that is billed. */
const jobStart = 30;
const leastJob = 60;

export type Service = CostInput['services'][number];

export function requestsOf({ requests }: Scenario, needs: readonly Pick<Need, 'key'>[]): number {
  return needs.reduce((sum, { key }) => sum + (requests.get(key) ?? 0), 0);
}

function secondsOf({ durationMs }: Scenario, { timeoutSeconds }: Need): number {
  return Math.min(durationMs / 1000, timeoutSeconds);
}

/** Processors that are busy on average with these functions. */
function busyCpus(scenario: Scenario, needs: readonly Need[]): number {
  const perCpu = limitOf('lambda-memory-of-one-vcpu').value;
  return needs.reduce((sum, need) => {
    const cpus = Math.min(6, (scenario.memoryMb ?? need.memoryMb) / perCpu);
    return sum + (requestsOf(scenario, [need]) * secondsOf(scenario, need) * cpus * scenario.cpuShare) / secondsAMonth;
  }, 0);
}

/** Tasks of a service on average; at least one a zone for web services, and one for queues. */
export function tasksOf(scenario: Scenario, service: Service, needs: readonly Need[]): number {
  const own = needs.filter(({ key }) => service.keys.includes(key));
  const load = (busyCpus(scenario, own) * scenario.headroom) / ((service.cpu / 1024) * targetUse);
  return Math.max(service.kind === 'web' ? zones : 1, load);
}

/** Hours that the tasks of a service run in a month: those of a job are its runs. */
function taskHours(scenario: Scenario, service: Service, needs: readonly Need[]): number {
  if (service.kind !== 'job') return tasksOf(scenario, service, needs) * hoursAMonth;
  const own = needs.filter(({ key }) => service.keys.includes(key));
  return own.reduce((sum, need) => {
    const seconds = Math.max(leastJob, secondsOf(scenario, need) + jobStart);
    return sum + (requestsOf(scenario, [need]) * seconds) / 3600;
  }, 0);
}

/** Fargate tasks; `extraMemoryMb` is what the platform adds to each. */
export function fargateLines(
  { scenario, services, needs }: CostInput,
  architecture?: InstanceFact['architecture'],
  times?: CostLine['times'],
  extraMemoryMb = 0,
): CostLine[] {
  return services.flatMap((service) => {
    const arm = (architecture ?? (service.architecture === 'ARM64' ? 'arm64' : 'x86_64')) === 'arm64';
    const size = fargateSizeFor({ cpu: service.cpu, memoryMb: service.memoryMb + extraMemoryMb });
    const hours = taskHours(scenario, service, needs);
    const suffix = arm ? 'arm' : 'x86';
    const disk = Math.max(0, (service.ephemeralStorageGb ?? 0) - 20);
    return [
      { item: `fargate-vcpu-${suffix}`, quantity: (hours * size.cpu) / 1024, ...(times && { times }) },
      { item: `fargate-memory-${suffix}`, quantity: (hours * size.memoryMb) / 1024, ...(times && { times }) },
      ...(disk > 0 ? [{ item: 'fargate-disk', quantity: hours * disk }] : []),
    ];
  });
}

/** Instances that hold all tasks, at least one a zone. */
export function hostLines({ scenario, services, needs }: CostInput, times?: CostLine['times']): CostLine[] {
  if (services.length === 0) return [];
  const type = proposedInstance('containers', services[0]?.architecture === 'ARM64' ? 'arm64' : 'x86_64');
  const tasks = services.map((service) => ({ service, count: taskHours(scenario, service, needs) / hoursAMonth }));
  const cpus = tasks.reduce((sum, { service, count }) => sum + (count * service.cpu) / 1024, 0);
  const memory = tasks.reduce((sum, { service, count }) => sum + count * service.memoryMb, 0);
  const hosts = Math.max(zones, cpus / (type.vcpu * hostShare), memory / (type.memoryMb * hostShare));
  return [{ item: `ec2-${type.id}`, quantity: hosts * hoursAMonth, ...(times && { times }) }];
}

/**
 * Instances of Managed Instances with their fee; at least the three that come up by themselves. `times` is a commitment, which lowers the
 * price of the instances and not the fee.
 */
export function managedLines({ scenario, needs }: CostInput, times?: CostLine['times']): CostLine[] {
  if (needs.length === 0) return [];
  const type = proposedInstance('lambda-managed-instances', needs[0]?.architecture ?? 'x86_64');
  const floor = limitOf('lmi-instances-minimum').value;
  const usable = type.memoryMb - limitOf('lmi-system-memory').value;
  const memory = Math.ceil((needs.length * limitOf('lmi-memory-minimum').value) / usable);
  const sets = { low: 1, likely: memory, high: needs.length }[scenario.reading];
  const load = (busyCpus(scenario, needs) * scenario.headroom) / (type.vcpu * targetUse);
  const quantity = Math.max(floor * sets, load) * hoursAMonth;
  return [
    { item: `ec2-${type.id}`, quantity, ...(times && { times }) },
    { item: `ec2-${type.id}`, quantity, times: { item: 'lmi-fee', mode: 'share' } },
    { item: 'lmi-request', quantity: requestsOf(scenario, needs) / 1e6 },
  ];
}

/** Load balancer of the web services, with its addresses. */
export function balancerLines(scenario: Scenario, served: readonly Need[]): CostLine[] {
  if (served.length === 0) return [];
  const perSecond = requestsOf(scenario, served) / secondsAMonth;
  const units = Math.max(
    (perSecond * scenario.connectionsPerRequest) / 25,
    (perSecond * 60 * scenario.connectionsPerRequest) / 3000,
    (perSecond * 3600 * scenario.payloadKb) / 1e6,
  );
  return [
    { item: 'alb-hour', quantity: hoursAMonth },
    { item: 'alb-lcu', quantity: units * hoursAMonth },
    { item: 'public-ipv4', quantity: zones * hoursAMonth },
  ];
}

/** Way out of private subnets. */
export function natLines(scenario: Scenario, needs: readonly Need[]): CostLine[] {
  if (scenario.natGateways === 0 || needs.length === 0) return [];
  return [
    { item: 'nat-hour', quantity: scenario.natGateways * hoursAMonth },
    { item: 'nat-gb', quantity: (requestsOf(scenario, needs) * scenario.payloadKb) / 1e6 },
    { item: 'public-ipv4', quantity: scenario.natGateways * hoursAMonth },
  ];
}

export function logLines(scenario: Scenario, needs: readonly Need[]): CostLine[] {
  return needs.length === 0 ? [] : [{ item: 'logs-ingestion', quantity: (requestsOf(scenario, needs) * scenario.logKb) / 1e6 }];
}

/** What API Gateway or a load balancer in front of Lambda takes. */
export function gatewayLines(scenario: Scenario, needs: readonly Need[]): CostLine[] {
  const called = (type: string) => needs.filter(({ triggers }) => triggers.some((each) => each === type));
  const millions = (type: string) => requestsOf(scenario, called(type)) / 1e6;
  return [
    ...(called('http-api').length > 0 ? [{ item: 'http-api-request', quantity: millions('http-api') }] : []),
    ...(called('rest-api').length > 0 ? [{ item: 'rest-api-request', quantity: millions('rest-api') }] : []),
    ...balancerLines(scenario, called('alb')),
  ];
}

interface LambdaUse {
  /** GB-seconds by the suffix of the item. */
  x86: number;
  arm: number;
  disk: number;
}

function lambdaUse(scenario: Scenario, needs: readonly Need[]): LambdaUse {
  const included = 512;
  const use = { x86: 0, arm: 0, disk: 0 };
  for (const need of needs) {
    const seconds = requestsOf(scenario, [need]) * secondsOf(scenario, need);
    use[need.architecture === 'arm64' ? 'arm' : 'x86'] += (seconds * (scenario.memoryMb ?? need.memoryMb)) / 1024;
    use.disk += (seconds * Math.max(0, need.diskMb - included)) / 1024;
  }
  return use;
}

/** Functions of Lambda as today, with what is in front of them and their logs. */
export function lambdaLines({ scenario, amountOf }: CostInput, needs: readonly Need[], remains = false): CostLine[] {
  if (needs.length === 0) return [];
  const use = lambdaUse(scenario, needs);
  const free = (item: string) => (scenario.freeTier ? (amountOf(item) ?? 0) : 0);
  const freeX86 = Math.min(use.x86, free('lambda-free-duration'));
  const freeArm = Math.min(use.arm, free('lambda-free-duration') - freeX86);
  const has = (architecture: Need['architecture']) => needs.some((need) => need.architecture === architecture);
  const lines = [
    { item: 'lambda-request', quantity: Math.max(0, requestsOf(scenario, needs) - free('lambda-free-requests')) / 1e6 },
    ...(has('x86_64') ? [{ item: 'lambda-duration-x86', quantity: use.x86 - freeX86 }] : []),
    ...(has('arm64') ? [{ item: 'lambda-duration-arm', quantity: use.arm - freeArm }] : []),
    ...(needs.some(({ diskMb }) => diskMb > 512) ? [{ item: 'lambda-disk', quantity: use.disk }] : []),
    ...gatewayLines(scenario, needs),
    ...logLines(scenario, needs),
  ];
  return remains ? lines.map((line) => ({ ...line, remains })) : lines;
}

/** Environments that stand ready for the peak, at least one a function, and the lower price of what they do. */
export function provisionedLines({ scenario, needs }: CostInput): CostLine[] {
  const lines: CostLine[] = [{ item: 'lambda-request', quantity: requestsOf(scenario, needs) / 1e6 }];
  for (const need of needs) {
    const suffix = need.architecture === 'arm64' ? 'arm' : 'x86';
    const seconds = requestsOf(scenario, [need]) * secondsOf(scenario, need);
    const gigabytes = (scenario.memoryMb ?? need.memoryMb) / 1024;
    const ready = Math.max(1, Math.ceil((seconds / secondsAMonth) * scenario.headroom));
    lines.push({ item: `lambda-provisioned-${suffix}`, quantity: ready * gigabytes * secondsAMonth });
    lines.push({ item: `lambda-provisioned-duration-${suffix}`, quantity: seconds * gigabytes });
  }
  return [...lines, ...gatewayLines(scenario, needs), ...logLines(scenario, needs)];
}

/** App Runner: memory of one instance a service always, processors while they work. */
export function appRunnerLines({ scenario, services, needs }: CostInput): CostLine[] {
  return services
    .filter(({ kind }) => kind === 'web')
    .flatMap((service) => {
      const own = needs.filter(({ key }) => service.keys.includes(key));
      const load = (busyCpus(scenario, own) * scenario.headroom) / ((service.cpu / 1024) * targetUse);
      return [
        { item: 'app-runner-vcpu', quantity: (load * hoursAMonth * service.cpu) / 1024 },
        { item: 'app-runner-memory', quantity: (Math.max(1, load) * hoursAMonth * service.memoryMb) / 1024 },
      ];
    });
}
