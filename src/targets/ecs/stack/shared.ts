/** What all services of a stack share: the cluster, the network, the role that starts tasks. */
import { partitionOf } from '../../../aws/partition.js';
import { getAtt, join, managedPolicy, policyDocument, ref, sub, when } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { ServicePlan } from '../../../planning/plan.js';
import type { Project } from '../../../project/model.js';
import type { Capacity } from './capacity.js';
import type { Grant } from './environment.js';

/** A role that a service may take on. */
export const assumedBy = (service: unknown, condition?: unknown) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(condition !== undefined && { Condition: condition }),
    },
  ],
});

export const allow = (actions: readonly string[], resources: readonly unknown[]) => ({
  Effect: 'Allow',
  Action: [...actions],
  Resource: [...resources],
});

export interface Shared {
  clusterName: unknown;
  clusterArn: unknown;
  /** Logical id of the role that pulls the image, writes logs and reads secrets. */
  executionRole: string;
  image: unknown;
  vpc: unknown;
  /** Tasks have addresses of their own. */
  targetType: 'ip';
  subnets: unknown;
  /** `AssignPublicIp` of the tasks; undefined where they have none. */
  publicIp: unknown;
  /** Condition under which the stack makes the cluster. */
  makesCluster: string;
  /** Name of the cluster that is used otherwise. */
  existingCluster: unknown;
  logRetention: unknown;
}

/** Name of the cluster that the stack makes. */
export const clusterId = 'NewCluster';

/** Lets the cluster's backlog be divided by its running tasks; only workers need it. */
function clusterSettings(services: readonly ServicePlan[]) {
  return services.some(({ kind }) => kind === 'worker') ? [{ Name: 'containerInsights', Value: 'enabled' }] : undefined;
}

export function sharedResources(draft: StackDraft, capacity: Capacity, services: readonly ServicePlan[]): Shared {
  const image = draft.image();
  const placesTasks = !capacity.web || services.some(({ kind }) => kind !== 'web');
  const vpc = placesTasks ? draft.parameter('Vpc', { type: 'AWS::EC2::VPC::Id', description: 'VPC that the tasks run in' }) : undefined;
  const subnets = draft.parameter('Subnets', {
    type: 'List<AWS::EC2::Subnet::Id>',
    description:
      'Subnets of the tasks, in two zones or more; they need a way to the registry of the image, CloudWatch Logs and what the code calls',
  });
  const publicIp = placesTasks ? capacity.publicIp(draft) : undefined;
  const existing = draft.parameter('Cluster', {
    type: 'String',
    description: 'Name of an existing ECS cluster; without one a cluster is made',
    default: '',
  });
  const condition = draft.condition('MakesCluster', { 'Fn::Equals': [existing, ''] });
  const cluster = draft.resource(
    clusterId,
    'AWS::ECS::Cluster',
    { CapacityProviders: capacity.providers, ClusterSettings: clusterSettings(services) },
    { Condition: condition },
  );
  const existingArn = join('', [sub('arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/'), existing]);
  return {
    clusterName: when(condition, ref(cluster), existing),
    clusterArn: when(condition, getAtt(cluster, 'Arn'), existingArn),
    executionRole: draft.id('ExecutionRole'),
    image,
    vpc,
    targetType: 'ip',
    subnets,
    publicIp,
    makesCluster: condition,
    existingCluster: existing,
    logRetention: draft.origin.logRetention() ?? 30,
  };
}

/** Made last, when it is known which secrets the tasks read. */
export function executionRole(draft: StackDraft, grants: readonly Grant[]): void {
  const statements = [...new Map(grants.map((grant) => [JSON.stringify(grant), allow([grant.action], [grant.resource])])).values()];
  draft.resource('ExecutionRole', 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: assumedBy('ecs-tasks.amazonaws.com'),
    ManagedPolicyArns: [managedPolicy('service-role/AmazonECSTaskExecutionRolePolicy')],
    Policies: statements.length > 0 ? [{ PolicyName: 'secrets', PolicyDocument: policyDocument(statements) }] : undefined,
  });
}

/** In China a load balancer that is open to the Internet needs an ICP record first. */
export function defaultScheme(project: Project): string {
  return partitionOf(project) === 'aws-cn' ? 'internal' : 'internet-facing';
}

/** Condition that all functions of a service have in common. */
export function conditionOf(draft: StackDraft, functions: readonly string[]): string | undefined {
  const conditions = new Set(functions.map((id) => draft.origin.condition(id)));
  const [only] = conditions;
  return conditions.size === 1 ? only : undefined;
}

/** `Condition` of a resource, as more of its entry. */
export const under = (condition: string | undefined) => (condition === undefined ? {} : { Condition: condition });
