/** What App Runner does not do, told of each service. */
import { limitOf } from '../../aws/facts.js';
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { ServicePlan } from '../../planning/plan.js';
import type { Project } from '../../project/model.js';
import type { TargetInput, TargetService } from '../target.js';

/** Units of processor, and the megabytes that go with them. */
const sizes: readonly (readonly [cpu: number, memoryMb: readonly number[]])[] = [
  [256, [512, 1024]],
  [512, [1024]],
  [1024, [2048, 3072, 4096]],
  [2048, [4096, 6144]],
  [4096, [8192, 10240, 12288]],
];

interface Size {
  cpu: number;
  memoryMb: number;
}

/** The smallest size that holds a service; the largest where none does, which {@link findings} tells. */
export function sizeOf({ cpu, memoryMb }: ServicePlan): Size {
  const all = sizes.flatMap(([units, memories]) => memories.map((memory): Size => ({ cpu: units, memoryMb: memory })));
  return all.find((size) => size.cpu >= cpu && size.memoryMb >= memoryMb) ?? (all.at(-1) as Size);
}

/** Services that run there: only what answers requests. */
export function webOf(services: readonly TargetService[]): TargetService[] {
  return services.filter(({ service }) => service.kind === 'web');
}

/** The command as one text, which App Runner takes apart at spaces; undefined where a word would not stay one. */
export function startCommand(command: readonly string[]): string | undefined {
  return command.every((word) => /^[\w@%+=:,./-]+$/.test(word)) ? command.join(' ') : undefined;
}

/** What a person should know before the services are used. */
export function findings({ project, services }: TargetInput): Diagnostic[] {
  const place = { file: project.definition };
  const web = webOf(services);
  const found = services.flatMap((each) => {
    const { name, kind } = each.service;
    if (kind !== 'web') return [diagnostic('RUNNER_WEB_ONLY', { args: { service: name, kind }, place })];
    return reasons(project, each).map((reason) => diagnostic('RUNNER_LIMIT', { args: { service: name, reason }, place }));
  });
  const names = web.map(({ service }) => service.name).join(', ');
  return web.length > 1 ? [...found, diagnostic('RUNNER_ADDRESSES', { args: { services: names }, place })] : found;
}

function reasons({ functions }: Project, { service, command }: TargetService): string[] {
  const longest = Math.max(0, ...functions.filter(({ id }) => service.functions.includes(id)).map(({ timeoutSeconds }) => timeoutSeconds));
  const [time, disk, memory] = [limitOf('app-runner-request-timeout'), limitOf('app-runner-disk'), limitOf('app-runner-memory')];
  const size = sizeOf(service);
  return [
    ...(longest > time.value ? [`a request has ${time.value} s, and a function had ${longest} s`] : []),
    ...((service.ephemeralStorageGb ?? 0) > disk.value
      ? [`an instance has ${disk.value} GB of disk, and ${service.ephemeralStorageGb} GB are planned`]
      : []),
    ...(size.memoryMb < service.memoryMb || size.cpu < service.cpu
      ? [
          `an instance has ${memory.value} MB of memory and 4 vCPU at most, and ${service.memoryMb} MB and ${service.cpu / 1024} vCPU are planned`,
        ]
      : []),
    ...(service.architecture === 'ARM64' ? ['it runs images for x86_64 only, and the functions were for arm64'] : []),
    ...(startCommand(command) === undefined ? ['its command has words that one text does not hold; the command of the image is used'] : []),
  ];
}
