import { UserError } from '../errors.js';
import { ecsFargate } from './ecs-fargate/index.js';
import { planned } from './planned.js';
import type { Target } from './target.js';

/** All targets, the default first. */
export const targets: readonly Target[] = [
  ecsFargate,
  planned('ecs-ec2', 'Amazon ECS on EC2 instances'),
  planned('ecs-express', 'Amazon ECS Express Mode'),
  planned('eks', 'Amazon EKS'),
  planned('app-runner', 'AWS App Runner'),
  planned('ec2-asg', 'Amazon EC2 Auto Scaling'),
  planned('lambda-managed-instances', 'Lambda Managed Instances'),
  planned('lambda-web-function', 'Lambda Web Functions'),
  planned('lambda-provisioned-concurrency', 'Lambda with provisioned concurrency'),
];

export const defaultTarget = ecsFargate.id;

/**
 * The target of that id.
 * @throws UserError when there is none, or when it is not available yet.
 */
export function findTarget(id: string): Target {
  const found = targets.find((target) => target.id === id);
  const available = targets.filter((target) => target.available).map((target) => target.id);
  const advice = `Available now: ${available.join(', ')}.`;
  if (!found) throw new UserError(`There is no target "${id}"`, advice);
  if (!found.available) throw new UserError(`The target "${id}" (${found.title}) comes with a later version`, advice);
  return found;
}
