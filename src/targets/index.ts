import { UserError } from '../errors.js';
import { appRunner } from './app-runner/index.js';
import { ec2Asg } from './ec2-asg/index.js';
import { ecsEc2 } from './ecs-ec2/index.js';
import { ecsExpress } from './ecs-express/index.js';
import { ecsFargate } from './ecs-fargate/index.js';
import { eks } from './eks/index.js';
import { lambdaManagedInstances } from './lambda-managed-instances/index.js';
import { lambdaProvisionedConcurrency } from './lambda-provisioned-concurrency/index.js';
import { lambdaWebFunction } from './lambda-web-function/index.js';
import { type AssessedTarget, isFunctionTarget, type ServiceTarget, type Target } from './target.js';

/** All targets, the default first. */
export const targets: readonly (Target | AssessedTarget)[] = [
  ecsFargate,
  ecsEc2,
  ecsExpress,
  eks,
  appRunner,
  ec2Asg,
  lambdaManagedInstances,
  lambdaWebFunction,
  lambdaProvisionedConcurrency,
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
  if (!isComplete(found)) {
    throw new UserError(`The target "${id}" (${found.title}) can be assessed; its files come with a later version`, advice);
  }
  return found;
}

/** The target of that id, of a plan that has services. */
export function findServiceTarget(id: string): ServiceTarget {
  const target = findTarget(id);
  if (isFunctionTarget(target)) throw new Error(`${id} has no services`);
  return target;
}

function isComplete(target: Target | AssessedTarget): target is Target {
  return target.available;
}
