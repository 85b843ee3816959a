/** What all targets on ECS are: task definitions, or the stack that runs them. They differ in what the tasks run on. */
import type { ServiceTarget } from '../target.js';
import { ecsGuide } from './guide.js';
import { ecsFolder, pathOf } from './paths.js';
import type { Capacity } from './stack/capacity.js';
import { ecsStack } from './stack/index.js';
import { replaceables, taskDefinition } from './task-definition.js';

type EcsTarget = Pick<ServiceTarget, 'id' | 'title' | 'availability' | 'profile'> & {
  capacity: Capacity;
  /** The same as Spot capacity. */
  onSpot?: { subject: string; capacity: Capacity };
};

/** A target whose tasks run on `capacity`. */
export function ecsTarget({ capacity, onSpot, ...about }: EcsTarget): ServiceTarget {
  return {
    ...about,
    available: true,
    ...(onSpot && { spot: onSpot.subject }),
    folder: ecsFolder,
    fronts: capacity.web ? [] : ['alb', 'api-gateway'],
    artefacts: ({ project, services }) =>
      services.map((each) => ({
        path: pathOf(each.service.name),
        content: `${JSON.stringify(taskDefinition(project, each, capacity), null, 2)}\n`,
      })),
    placeholders: ({ project, services }) =>
      services.flatMap((each) => replaceables(project, each).map((replaceable) => ({ path: pathOf(each.service.name), ...replaceable }))),
    guide: (input) => ecsGuide(input, capacity),
    stack: (input, origin) => ecsStack((input.plan.spot && onSpot?.capacity) || capacity, input, origin),
  };
}
