import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { instanceTypeFor } from '../../src/targets/ecs-ec2/instance-type.js';
import { findServiceTarget } from '../../src/targets/index.js';
import { lambda, project, servicePlan } from '../planning/builders.js';
import { repositoryRoot } from '../support/fixtures.js';
import { editedDefinitions } from '../support/stacks.js';

describe('a service on instances', () => {
  it('has a task definition without what only Fargate knows', () => {
    const service = servicePlan({ functions: ['Orders'], ephemeralStorageGb: 40 });
    const plan = { project: '', definition: '', target: 'ecs-ec2', functions: [], services: [service], diagnostics: [] };
    const [artefact] = findServiceTarget('ecs-ec2').artefacts({
      project: project([lambda('Orders')]),
      plan,
      services: [{ service, command: ['node', 'service/web.js'] }],
    });
    const definition = JSON.parse(artefact && 'content' in artefact ? artefact.content : '') as PlainObject;
    expect(definition).toMatchObject({ requiresCompatibilities: ['EC2'], networkMode: 'awsvpc' });
    expect(definition).not.toHaveProperty('ephemeralStorage');
  });

  it.each([
    ['ARM64', 256, 512, 'm7g.large'],
    ['X86_64', 2048, 4096, 'm5.large'],
    ['X86_64', 1024, 8192, 'm5.xlarge'],
    ['ARM64', 8192, 16384, 'm7g.2xlarge'],
    ['X86_64', 16384, 65536, 'm5.8xlarge'],
  ] as const)('of %s with %i units and %i MB is on %s', (architecture, cpu, memoryMb, type) =>
    expect(
      instanceTypeFor(architecture, [
        { cpu: 256, memoryMb: 512 },
        { cpu, memoryMb },
      ]),
    ).toBe(type),
  );

  it('asks for the capacity of the cluster that the stack makes, or of the one that is given', async () => {
    const [definition] = await editedDefinitions('', { target: 'ecs-ec2', folder: join(repositoryRoot, 'fixtures/targets/input') });
    const resources = objectOf(templateOf({ dialect: 'sam' }, definition?.after ?? '')['Resources']);
    const ofType = (type: string) =>
      Object.values(resources)
        .map(objectOf)
        .filter((each) => each['Type'] === type);
    const provider = { 'Fn::If': ['ContainerMakesCluster', { Ref: 'ContainerCapacityProvider' }, { Ref: 'ContainerProvider' }] };
    const services = ofType('AWS::ECS::Service');
    expect(services).toHaveLength(3);
    for (const { Properties: properties } of services) {
      expect(properties).toMatchObject({ CapacityProviderStrategy: [{ CapacityProvider: provider, Weight: 1 }] });
      expect(properties).not.toHaveProperty('LaunchType');
      expect(JSON.stringify(properties)).not.toContain('AssignPublicIp');
    }
    for (const { Properties: properties } of ofType('AWS::Scheduler::Schedule')) {
      expect(properties).toMatchObject({ Target: { EcsParameters: { CapacityProviderStrategy: [{ CapacityProvider: provider }] } } });
    }
    for (const type of ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::LaunchTemplate', 'AWS::ECS::CapacityProvider']) {
      expect(ofType(type), type).toHaveLength(1);
      expect(ofType(type)[0]?.['Condition'], type).toMatch(/MakesCluster$/);
    }
  });
});
