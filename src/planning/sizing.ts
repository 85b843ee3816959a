import { limitOf } from '../aws/facts.js';
import { ephemeralStorageBounds, fargateSizeFor, stopTimeoutBounds } from '../aws/fargate.js';
import type { LambdaFunction } from '../project/model.js';
import type { ServicePlan } from './plan.js';

/** Lambda gives one vCPU at this memory, and less or more in proportion. */
const memoryOfOneCpu = limitOf('lambda-memory-of-one-vcpu').value;

/** A process that serves several requests needs more than one that serves one at a time. */
const headroom = 1.25;

/** Seconds between the last request's deadline and the end of the process. */
const drainMargin = 5;

type Sized = Pick<LambdaFunction, 'memoryMb' | 'timeoutSeconds' | 'ephemeralStorageMb' | 'architecture'>;

export type Size = Pick<ServicePlan, 'cpu' | 'memoryMb' | 'stopTimeout' | 'ephemeralStorageGb' | 'architecture'>;

/**
 * Size of a service: cpu as the largest of its functions had on Lambda, its memory with a quarter of headroom, both rounded up
 * to a size Fargate has. A place to start from: load-test, then edit the plan.
 */
export function sizeOf(functions: readonly Sized[]): Size {
  const memory = Math.max(128, ...functions.map(({ memoryMb }) => memoryMb));
  const size = fargateSizeFor({ cpu: Math.round((1024 * memory) / memoryOfOneCpu), memoryMb: Math.ceil(memory * headroom) });
  return {
    ...size,
    stopTimeout: stopTimeoutFor(Math.max(0, ...functions.map(({ timeoutSeconds }) => timeoutSeconds))),
    ephemeralStorageGb: ephemeralStorageFor(functions.reduce((sum, { ephemeralStorageMb }) => sum + ephemeralStorageMb, 0)),
    architecture: functions[0]?.architecture === 'arm64' ? 'ARM64' : 'X86_64',
  };
}

/** Long enough for the slowest invocation, within 30 to 120 seconds. */
function stopTimeoutFor(timeoutSeconds: number): number {
  return Math.min(stopTimeoutBounds.maximum, Math.max(30, Math.ceil(timeoutSeconds) + drainMargin));
}

/** Functions of one service share `/tmp`; null while what every task has is enough. */
function ephemeralStorageFor(sumMb: number): number | null {
  const gigabytes = Math.ceil(sumMb / 1024);
  if (gigabytes <= ephemeralStorageBounds.included) return null;
  return Math.min(ephemeralStorageBounds.maximum, gigabytes);
}
