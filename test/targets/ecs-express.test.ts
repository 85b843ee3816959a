import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import { objectOf } from '../../src/project/data.js';
import { migrate } from '../../src/run.js';
import { repositoryRoot } from '../support/fixtures.js';
import { editedDefinitions } from '../support/stacks.js';

const folder = join(repositoryRoot, 'fixtures/targets/input');

async function resourcesIn(of: string): Promise<(type: string) => Record<string, unknown>[]> {
  const [definition] = await editedDefinitions('', { target: 'ecs-express', folder: of });
  const dialect = definition?.dialect ?? '';
  const resources = objectOf(templateOf({ dialect }, definition?.after ?? '')['Resources']);
  return (type) =>
    Object.values(resources)
      .map(objectOf)
      .filter((each) => each['Type'] === type)
      .map((each) => objectOf(each['Properties']));
}

describe('services of Express Mode', () => {
  it('are made of their task definitions, and ECS makes what is in front of them', async () => {
    const ofType = await resourcesIn(folder);
    const services = ofType('AWS::ECS::ExpressGatewayService');
    expect(services).toHaveLength(2);
    for (const service of services) {
      expect(service).toMatchObject({ TaskDefinitionArn: { Ref: expect.stringMatching(/^ContainerWeb/) }, HealthCheckPath: '/healthz' });
      expect(service).not.toHaveProperty('PrimaryContainer');
    }
    expect(ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([]);
    const cluster = ofType('AWS::ECS::Cluster')[0];
    expect(cluster).toMatchObject({ CapacityProviders: ['FARGATE'] });
    // The worker and the schedules are tasks of their own.
    expect(ofType('AWS::ECS::Service')).toHaveLength(1);
    expect(ofType('AWS::Scheduler::Schedule').length).toBeGreaterThan(0);
  });

  it('have one container called Main with one named port', async () => {
    const ofType = await resourcesIn(folder);
    const web = ofType('AWS::ECS::TaskDefinition')
      .flatMap(({ ContainerDefinitions: containers }) => containers as Record<string, unknown>[])
      .filter(({ PortMappings: ports }) => ports !== undefined);
    expect(web.map(({ Name }) => Name)).toEqual(['Main', 'Main']);
    for (const { PortMappings: ports } of web) expect(ports).toEqual([{ Name: 'http', ContainerPort: 8080, Protocol: 'tcp' }]);
  });

  it('ask for no VPC where there is nothing else', async () => {
    const [definition] = await editedDefinitions('', {
      target: 'ecs-express',
      folder: join(repositoryRoot, 'fixtures/projects/plain-commonjs/input'),
    });
    expect(definition?.after).toContain('AWS::ECS::ExpressGatewayService');
    expect(definition?.after).not.toMatch(/ContainerVpc|ContainerPublicIp|AWS::EC2::SecurityGroup\b/);
  });

  it('have addresses of their own, which is told', async () => {
    const { projects } = await migrate({ folder, target: 'ecs-express', threads: 0 });
    expect(projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toContain('EXPRESS_ADDRESSES');
  });

  it('are not known to be in China, which is told', async () => {
    const { projects } = await migrate({ folder, target: 'ecs-express', region: 'cn-north-1', threads: 0 });
    expect(projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toContain('TARGET_AVAILABILITY_UNKNOWN');
  });
});
