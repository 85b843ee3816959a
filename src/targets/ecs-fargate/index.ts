import type { Target } from '../target.js';
import { profile } from './profile.js';
import { ecsStack } from './stack/index.js';
import { replaceables, taskDefinition } from './task-definition.js';

const pathOf = (service: string) => `deploy/ecs/task-definition.${service}.json`;

/** Amazon ECS on AWS Fargate: one task definition a service. */
export const ecsFargate: Target = {
  id: 'ecs-fargate',
  title: 'Amazon ECS on AWS Fargate',
  available: true,
  availability: 'in every AWS region, China included',
  profile,
  artefacts: ({ project, services }) =>
    services.map((each) => ({ path: pathOf(each.service.name), content: `${JSON.stringify(taskDefinition(project, each), null, 2)}\n` })),
  placeholders: ({ project, services }) =>
    services.flatMap((each) => replaceables(project, each).map((replaceable) => ({ path: pathOf(each.service.name), ...replaceable }))),
  stack: ecsStack,
};
