import { ecsTarget } from '../ecs/index.js';
import { hosts } from './hosts.js';
import { profile } from './profile.js';

/** Amazon ECS on instances of one's own: task definitions as on Fargate, on a capacity provider. */
export const ecsEc2 = ecsTarget({
  id: 'ecs-ec2',
  title: 'Amazon ECS on EC2 instances',
  availability: 'in every AWS region, China included',
  profile,
  capacity: hosts,
});
