import type { Target } from '../target.js';
import { ecsGuide } from './guide.js';
import { ecsFolder, pathOf } from './paths.js';
import { profile } from './profile.js';
import { fargate } from './stack/capacity.js';
import { ecsStack } from './stack/index.js';
import { replaceables, taskDefinition } from './task-definition.js';

/** Amazon ECS on AWS Fargate: one task definition a service. */
export const ecsFargate: Target = {
  id: 'ecs-fargate',
  title: 'Amazon ECS on AWS Fargate',
  available: true,
  availability: 'in every AWS region, China included',
  profile,
  folder: ecsFolder,
  artefacts: ({ project, services }) =>
    services.map((each) => ({
      path: pathOf(each.service.name),
      content: `${JSON.stringify(taskDefinition(project, each, fargate.compatibility), null, 2)}\n`,
    })),
  placeholders: ({ project, services }) =>
    services.flatMap((each) => replaceables(project, each).map((replaceable) => ({ path: pathOf(each.service.name), ...replaceable }))),
  guide: (input) => ecsGuide(input, fargate.compatibility),
  stack: (input, origin) => ecsStack(fargate, input, origin),
};
