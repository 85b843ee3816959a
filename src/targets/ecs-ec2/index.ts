import { ecsGuide } from '../ecs-fargate/guide.js';
import { ecsFolder, pathOf } from '../ecs-fargate/paths.js';
import { ecsStack } from '../ecs-fargate/stack/index.js';
import { replaceables, taskDefinition } from '../ecs-fargate/task-definition.js';
import type { Target } from '../target.js';
import { hosts } from './hosts.js';
import { profile } from './profile.js';

/** Amazon ECS on instances of one's own: task definitions as on Fargate, on a capacity provider. */
export const ecsEc2: Target = {
  id: 'ecs-ec2',
  title: 'Amazon ECS on EC2 instances',
  available: true,
  availability: 'in every AWS region, China included',
  profile,
  folder: ecsFolder,
  artefacts: ({ project, services }) =>
    services.map((each) => ({
      path: pathOf(each.service.name),
      content: `${JSON.stringify(taskDefinition(project, each, hosts.compatibility), null, 2)}\n`,
    })),
  placeholders: ({ project, services }) =>
    services.flatMap((each) => replaceables(project, each).map((replaceable) => ({ path: pathOf(each.service.name), ...replaceable }))),
  guide: (input) => ecsGuide(input, hosts.compatibility),
  stack: (input, origin) => ecsStack(hosts, input, origin),
};
