import { ecsTarget } from '../ecs/index.js';
import { fargate, fargateSpot } from './capacity.js';
import { profile } from './profile.js';

/** Amazon ECS on AWS Fargate: one task definition a service. */
export const ecsFargate = ecsTarget({
  id: 'ecs-fargate',
  title: 'Amazon ECS on AWS Fargate',
  availability: 'in every AWS region, China included',
  profile,
  capacity: fargate,
  onSpot: { subject: 'fargate-spot', capacity: fargateSpot },
});
