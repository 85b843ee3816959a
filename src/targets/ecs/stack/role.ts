import { noValue, policyDocument, when } from '../../../infrastructure/cloudformation.js';
import { type Permissions, unionOfPermissions } from '../../../infrastructure/permissions/permissions.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { TargetService } from '../../target.js';
import { queueIn } from './queues.js';
import { allow, assumedBy, under } from './shared.js';
import { pascal } from './words.js';

/** Who takes on the role, and what else it needs than the code does. */
export interface RoleOf {
  service: unknown;
  condition: string | undefined;
  policies?: readonly unknown[];
}

/** Role with exactly what the functions may do, and what polling their queues needs. `unknown`: what it lacks. */
export function codeRole(draft: StackDraft, { service }: TargetService, of: RoleOf): { role: string; unknown: string[] } {
  const permissions = unionOfPermissions(service.functions.map((id) => draft.origin.permissions(id)));
  const queues = service.queues.map((queue) => queueIn(draft, queue).arn);
  const polling = { PolicyName: 'queues', PolicyDocument: policyDocument([allow(pollerActions, queues)]) };
  const policies = [...permissions.policies, ...(queues.length > 0 ? [polling] : []), ...(of.policies ?? [])];
  const role = draft.resource(
    `${pascal(service.name)}Role`,
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: assumedBy(of.service),
      ManagedPolicyArns: managedPolicies(draft, permissions),
      Policies: policies.length > 0 ? policies : undefined,
      PermissionsBoundary: permissions.boundary,
    },
    under(of.condition),
  );
  return { role, unknown: permissions.unknown };
}

const pollerActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'];

/** What is not understood can be given at deployment, unless other policies fill the list. */
function managedPolicies(draft: StackDraft, { managed, unknown }: Permissions): unknown {
  if (managed.length > 0) return managed;
  if (unknown.length === 0) return undefined;
  const given = draft.parameter('TaskPolicies', {
    type: 'CommaDelimitedList',
    description: 'ARNs of policies with what the code may do, for what the definition does not tell',
    default: '',
  });
  const condition = draft.condition('HasTaskPolicies', { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', given] }, ''] }] });
  return when(condition, given, noValue);
}
