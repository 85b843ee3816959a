/** What the tasks run on: the one thing in which the ways to run ECS differ. */

import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { ServicePlan } from '../../../planning/plan.js';
import type { PlainObject } from '../../../project/data.js';
import type { Project } from '../../../project/model.js';
import type { TargetService } from '../../target.js';
import type { TaskKind } from '../task-definition.js';
import type { Shared } from './shared.js';
import type { Task } from './task.js';

/** How a service, or a task of a schedule, asks for its capacity. */
export interface Launch {
  /** `LaunchType` or `CapacityProviderStrategy`. */
  properties: PlainObject;
  /** Name of the cluster once the capacity is part of it; undefined where that is always so. */
  cluster?: unknown;
}

/** A service with its task, while the stack is made. */
export interface PlannedTask {
  each: TargetService;
  task: Task;
}

/** Load balancer, security groups and scaling of web services, where ECS itself makes them. */
export interface WebFront {
  /** Puts the services on the network; gives what a person should know. */
  publish(draft: StackDraft, project: Project, shared: Shared, web: readonly PlannedTask[]): Diagnostic[];
}

export interface Capacity extends TaskKind {
  /** Capacity providers of AWS that the cluster must have. */
  providers?: readonly string[];
  /** Absent where the stack makes what is in front of web services. */
  web?: WebFront;
  /** `AssignPublicIp`; undefined where tasks have none. */
  publicIp(draft: StackDraft): unknown;
  /** Adds what the tasks of the services run on. */
  launch(draft: StackDraft, shared: Shared, services: readonly ServicePlan[]): (service: ServicePlan) => Launch;
}
