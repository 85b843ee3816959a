import { isPlainObject, listOf, type PlainObject } from '../../project/data.js';
import type { Project } from '../../project/model.js';
import { attributeOf, intrinsicOf } from '../../project/readers/cloudformation/intrinsics.js';
import { ref } from '../cloudformation.js';
import { isForLambdaOnly } from './aws-policies.js';
import { noPermissions, type Permissions } from './permissions.js';

/** Permissions of a role that the template declares, policies that are attached to it from outside among them. */
export function permissionsOfRole(resources: Project['resources'], written: unknown): Permissions {
  const id = referredId(written);
  const role = id !== undefined && Object.hasOwn(resources, id) ? resources[id] : undefined;
  if (id === undefined || role?.type !== 'AWS::IAM::Role') return noPermissions(['its role is declared elsewhere']);
  const { Policies: inline, ManagedPolicyArns: managed, PermissionsBoundary: boundary } = role.properties;
  const found: Permissions = {
    policies: [...entries(inline)],
    managed: entries(managed).filter((policy) => !isForLambdaOnly(policy)),
    ...(boundary !== undefined && { boundary }),
    unknown: [inline, managed].some((list) => list !== undefined && !Array.isArray(list))
      ? [`the role ${id} has a list that is made at deployment`]
      : [],
  };
  for (const [name, { type, properties }] of Object.entries(resources)) attach(found, id, name, type, properties);
  return found;
}

function attach(found: Permissions, role: string, name: string, type: string, properties: PlainObject): void {
  if (!listOf(properties['Roles']).some((each) => referredId(each) === role)) return;
  if (type === 'AWS::IAM::ManagedPolicy') found.managed.push(ref(name));
  if (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::RolePolicy') {
    found.policies.push({ PolicyName: properties['PolicyName'] ?? name, PolicyDocument: properties['PolicyDocument'] });
  }
}

function entries(list: unknown): unknown[] {
  return Array.isArray(list) ? list : [];
}

/** Logical id of `Ref` and `Fn::GetAtt`. */
export function referredId(value: unknown): string | undefined {
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Ref' && typeof intrinsic.argument === 'string') return intrinsic.argument;
  if (intrinsic?.name === 'Fn::GetAtt') return attributeOf(intrinsic.argument)?.id;
  const text = intrinsic?.name === 'Fn::Sub' ? intrinsic.argument : undefined;
  return typeof text === 'string' ? /^\$\{(\w+)(?:\.Arn)?\}$/.exec(text)?.[1] : undefined;
}

/** True for a policy document, or one statement. */
export function isStatement(value: unknown): value is PlainObject {
  return isPlainObject(value) && typeof value['Effect'] === 'string';
}
