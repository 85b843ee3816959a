import type { Target } from '../target.js';

/** Amazon ECS on AWS Fargate: one task definition a service. */
export const ecsFargate: Target = {
  id: 'ecs-fargate',
  title: 'Amazon ECS on AWS Fargate',
  available: true,
  availability: 'in every AWS region, China included',
  artefacts: () => [],
  placeholders: () => [],
};
