/** How far services scale, whoever does it. */
import type { QueuePlan } from '../planning/plan.js';
import type { Project } from '../project/model.js';

/** A function that ran once at a time is one copy, too. */
export function maximumCopies({ functions }: Project, ids: readonly string[]): number {
  const reserved = functions.filter(({ id }) => ids.includes(id)).flatMap(({ reservedConcurrency }) => reservedConcurrency ?? []);
  return Math.max(1, Math.min(10, ...reserved));
}

/** Messages that may wait for each copy of a worker. */
export function backlogOfOne(queues: readonly QueuePlan[]): number {
  return 10 * Math.max(1, ...queues.map(({ trigger }) => trigger.batchSize));
}
