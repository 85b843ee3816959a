/** Instances that the tasks run on: an Auto Scaling group for each architecture, which ECS scales by the tasks that wait for a place. */
import { getAtt, join, managedPolicy, ref, sub, when } from '../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../infrastructure/stack-draft.js';
import type { ServicePlan } from '../../planning/plan.js';
import type { Capacity, Launch } from '../ecs/stack/capacity.js';
import { assumedBy, clusterId, type Shared, under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';
import { instanceTypeFor } from './instance-type.js';

type Architecture = ServicePlan['architecture'];

/** AMIs that AWS keeps for ECS; an instance takes the newest when it starts. */
const images: Readonly<Record<Architecture, string>> = {
  X86_64: 'resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  ARM64: 'resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
};

/** Old instances, and with them old AMIs, go; what runs on them is moved first. */
const longestLifeSeconds = 14 * 24 * 3600;

export const hosts: Capacity = {
  compatibility: 'EC2',
  // Tasks on instances have private addresses only.
  publicIp: () => undefined,
  launch(draft, shared, services) {
    const architectures = [...new Set(services.map(({ architecture }) => architecture))].sort();
    const base = baseOf(draft, shared);
    const providers = new Map(
      architectures.map((architecture) => {
        const name = architectures.length === 1 ? '' : pascal(architecture);
        const own = services.filter((service) => service.architecture === architecture);
        return [architecture, providerOf(draft, shared, base, name, architecture, own)] as const;
      }),
    );
    const made = [...providers.values()].map(({ id }) => ref(id));
    const association = draft.resource(
      'CapacityProviders',
      'AWS::ECS::ClusterCapacityProviderAssociations',
      {
        Cluster: draft.ref(clusterId),
        CapacityProviders: made,
        DefaultCapacityProviderStrategy: [{ CapacityProvider: made[0], Weight: 1 }],
      },
      under(shared.makesCluster),
    );
    return ({ architecture }): Launch => ({
      properties: { CapacityProviderStrategy: [{ CapacityProvider: providers.get(architecture)?.name, Weight: 1 }] },
      // Its name is that of the cluster: services wait for it.
      cluster: when(shared.makesCluster, ref(association), shared.existingCluster),
    });
  },
};

/** What instances of all architectures share. */
interface Base {
  profile: string;
  securityGroup: string;
}

function baseOf(draft: StackDraft, { vpc, makesCluster }: Shared): Base {
  const role = draft.resource(
    'HostRole',
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: assumedBy(sub('ec2.${AWS::URLSuffix}')),
      ManagedPolicyArns: [managedPolicy('service-role/AmazonEC2ContainerServiceforEC2Role'), managedPolicy('AmazonSSMManagedInstanceCore')],
    },
    under(makesCluster),
  );
  const profile = draft.resource('HostProfile', 'AWS::IAM::InstanceProfile', { Roles: [ref(role)] }, under(makesCluster));
  // Each task has a network interface and groups of its own: nothing comes in here.
  const securityGroup = draft.resource(
    'HostSecurityGroup',
    'AWS::EC2::SecurityGroup',
    { GroupDescription: 'Instances that the tasks run on', VpcId: vpc },
    under(makesCluster),
  );
  return { profile, securityGroup };
}

/** `name` tells architectures apart. Gives the logical id, and the name of the one that is used. */
function providerOf(
  draft: StackDraft,
  shared: Shared,
  base: Base,
  name: string,
  architecture: Architecture,
  services: readonly ServicePlan[],
): { id: string; name: unknown } {
  const group = groupOf(draft, shared, launchTemplate(draft, shared, base, name, architecture, services), name);
  const id = draft.resource(
    `${name}CapacityProvider`,
    'AWS::ECS::CapacityProvider',
    {
      AutoScalingGroupProvider: {
        AutoScalingGroupArn: ref(group),
        ManagedScaling: { Status: 'ENABLED', TargetCapacity: 100 },
        // Tasks are moved before an instance goes; a protected one could not be taken down with the stack.
        ManagedDraining: 'ENABLED',
        ManagedTerminationProtection: 'DISABLED',
      },
    },
    under(shared.makesCluster),
  );
  const existing = draft.parameter(`${name}Provider`, {
    type: 'String',
    description: `Name of a capacity provider of the existing cluster${name === '' ? '' : ` for ${architecture}`}, to be given with it`,
    // Never used without that cluster.
    default: 'given-with-the-cluster',
  });
  return { id, name: when(shared.makesCluster, ref(id), existing) };
}

function launchTemplate(
  draft: StackDraft,
  { makesCluster }: Shared,
  { profile, securityGroup }: Base,
  name: string,
  architecture: Architecture,
  services: readonly ServicePlan[],
): string {
  const type = draft.parameter(`${name}InstanceType`, {
    type: 'String',
    description: `Type of the instances that the tasks run on (${architecture})`,
    default: instanceTypeFor(architecture, services),
  });
  // Credentials of an instance are none of the tasks' business.
  const settings = [
    '#!/bin/bash',
    join('', ['echo ECS_CLUSTER=', draft.ref(clusterId), ' >> /etc/ecs/ecs.config']),
    'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
  ];
  return draft.resource(
    `${name}HostTemplate`,
    'AWS::EC2::LaunchTemplate',
    {
      LaunchTemplateData: {
        ImageId: images[architecture],
        InstanceType: type,
        IamInstanceProfile: { Arn: getAtt(profile, 'Arn') },
        SecurityGroupIds: [getAtt(securityGroup, 'GroupId')],
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3', VolumeSize: diskOf(services), Encrypted: true } }],
        UserData: { 'Fn::Base64': join('\n', settings) },
      },
    },
    under(makesCluster),
  );
}

/** GB: that of the AMI, and what the tasks were given. */
function diskOf(services: readonly ServicePlan[]): number {
  return 30 + services.reduce((sum, { ephemeralStorageGb }) => sum + (ephemeralStorageGb ?? 0), 0);
}

function groupOf(draft: StackDraft, { subnets, makesCluster }: Shared, template: string, name: string): string {
  const most = draft.parameter(`${name}MaximumHosts`, {
    type: 'Number',
    description: 'Maximum number of instances that the tasks run on',
    default: '10',
  });
  return draft.resource(
    `${name}Hosts`,
    'AWS::AutoScaling::AutoScalingGroup',
    {
      MinSize: '0',
      MaxSize: most,
      VPCZoneIdentifier: subnets,
      LaunchTemplate: { LaunchTemplateId: ref(template), Version: getAtt(template, 'LatestVersionNumber') },
      MaxInstanceLifetime: longestLifeSeconds,
      Tags: [{ Key: 'AmazonECSManaged', Value: 'true', PropagateAtLaunch: true }],
    },
    under(makesCluster),
  );
}
