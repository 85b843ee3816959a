/** What the tasks run on: the one thing in which the ways to run ECS differ. */
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { ServicePlan } from '../../../planning/plan.js';
import type { PlainObject } from '../../../project/data.js';
import type { Compatibility } from '../task-definition.js';
import type { Shared } from './shared.js';

/** How a service, or a task of a schedule, asks for its capacity. */
export interface Launch {
  /** `LaunchType` or `CapacityProviderStrategy`. */
  properties: PlainObject;
  /** Name of the cluster once the capacity is part of it; undefined where that is always so. */
  cluster?: unknown;
}

export interface Capacity {
  compatibility: Compatibility;
  /** `AssignPublicIp`; undefined where tasks have none. */
  publicIp(draft: StackDraft): unknown;
  /** Adds what the tasks of the services run on. */
  launch(draft: StackDraft, shared: Shared, services: readonly ServicePlan[]): (service: ServicePlan) => Launch;
}
