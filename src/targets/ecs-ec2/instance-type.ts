import { proposedInstance } from '../../aws/facts.js';
import type { ServicePlan } from '../../planning/plan.js';

/** Sizes of a family: each has twice as much as the one before. */
const sizes = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge'] as const;

/** What the system and the agent leave to tasks. */
const usableMemory = 0.9;

/** The smallest type of the proposed family on which the largest task has a place. */
export function instanceTypeFor(
  architecture: ServicePlan['architecture'],
  services: readonly Pick<ServicePlan, 'cpu' | 'memoryMb'>[],
): string {
  const { id, vcpu, memoryMb } = proposedInstance('containers', architecture === 'ARM64' ? 'arm64' : 'x86_64');
  const cpu = Math.max(0, ...services.map((service) => service.cpu / 1024));
  const memory = Math.max(0, ...services.map((service) => service.memoryMb));
  const size = sizes.find((_, index) => cpu <= vcpu * 2 ** index && memory <= memoryMb * 2 ** index * usableMemory);
  return `${id.split('.')[0]}.${size ?? sizes.at(-1)}`;
}
