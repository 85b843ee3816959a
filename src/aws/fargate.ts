import { fargateSizes } from './facts.js';

/** A Fargate size for Linux; the rows and their source are facts. Memory in MiB, cpu in units (1024 = 1 vCPU). */
export interface FargateSize {
  cpu: number;
  memoryMb: number;
}

interface FargateRow {
  cpu: number;
  memory: readonly number[];
}

export const fargateTable: readonly FargateRow[] = fargateSizes().map(({ cpu, memoryMb }) => ({ cpu, memory: memoryMb }));

export function isFargateSize({ cpu, memoryMb }: FargateSize): boolean {
  return fargateTable.some((row) => row.cpu === cpu && row.memory.includes(memoryMb));
}

/** The smallest size that has at least this cpu and memory; the largest there is when none has. */
export function fargateSizeFor(wanted: FargateSize): FargateSize {
  for (const row of fargateTable) {
    const memoryMb = row.memory.find((memory) => memory >= wanted.memoryMb);
    if (row.cpu >= wanted.cpu && memoryMb !== undefined) return { cpu: row.cpu, memoryMb };
  }
  return { cpu: 16384, memoryMb: 122880 };
}

/** Bounds of a container's `stopTimeout` on Fargate, in seconds. */
export const stopTimeoutBounds = { minimum: 2, maximum: 120 } as const;

/** GiB: what a Fargate task has without asking, and the bounds when it asks (20 itself is rejected). */
export const ephemeralStorageBounds = { included: 20, minimum: 21, maximum: 200 } as const;
