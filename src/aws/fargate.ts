/** Fargate sizes for Linux (ECS developer guide, "Task size", as of November 2026). Memory in MiB, cpu in units (1024 = 1 vCPU). */
export interface FargateSize {
  cpu: number;
  memoryMb: number;
}

interface FargateRow {
  cpu: number;
  memory: readonly number[];
}

const steps = (from: number, to: number, step: number) => Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

export const fargateTable: readonly FargateRow[] = [
  { cpu: 256, memory: [512, 1024, 2048] },
  { cpu: 512, memory: steps(1024, 4096, 1024) },
  { cpu: 1024, memory: steps(2048, 8192, 1024) },
  { cpu: 2048, memory: steps(4096, 16384, 1024) },
  { cpu: 4096, memory: steps(8192, 30720, 1024) },
  { cpu: 8192, memory: steps(16384, 61440, 4096) },
  { cpu: 16384, memory: steps(32768, 122880, 8192) },
];

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
