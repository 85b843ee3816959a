import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import { UserError } from '../../src/errors.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { migrate } from '../../src/run.js';
import { repositoryRoot } from '../support/fixtures.js';
import { editedDefinitions } from '../support/stacks.js';

const folder = join(repositoryRoot, 'fixtures/targets/input');

async function resourcesOf(options: { spot?: boolean; arch?: 'arm64' }): Promise<PlainObject[]> {
  const [definition] = await editedDefinitions('', { ...options, folder });
  return Object.values(objectOf(templateOf({ dialect: 'sam' }, definition?.after ?? '')['Resources'])).map(objectOf);
}

const propertiesOf = (resources: readonly PlainObject[], type: string) =>
  resources.filter((each) => each['Type'] === type).map((each) => objectOf(each['Properties']));

describe('--spot', () => {
  it('leaves the first task of a service on Fargate, and schedules', async () => {
    const resources = await resourcesOf({ spot: true, arch: 'arm64' });
    expect(propertiesOf(resources, 'AWS::ECS::Cluster')).toMatchObject([{ CapacityProviders: ['FARGATE', 'FARGATE_SPOT'] }]);
    const services = propertiesOf(resources, 'AWS::ECS::Service');
    expect(services.length).toBeGreaterThan(0);
    for (const service of services) {
      expect(service['CapacityProviderStrategy']).toEqual([
        { CapacityProvider: 'FARGATE', Base: 1, Weight: 0 },
        { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
      ]);
      expect(service).not.toHaveProperty('LaunchType');
    }
    for (const { Target: target } of propertiesOf(resources, 'AWS::Scheduler::Schedule'))
      expect(target).toMatchObject({ EcsParameters: { LaunchType: 'FARGATE' } });
  });

  it('is not there unless it is asked for', async () => {
    const resources = await resourcesOf({});
    expect(JSON.stringify(resources)).not.toContain('FARGATE_SPOT');
    for (const service of propertiesOf(resources, 'AWS::ECS::Service')) expect(service).toMatchObject({ LaunchType: 'FARGATE' });
  });

  it('warns of what it means for those who wait for an answer', async () => {
    const { projects } = await migrate({ folder, spot: true, threads: 0 });
    const found = projects.flatMap(({ diagnostics }) => diagnostics).filter(({ code }) => code.startsWith('SPOT'));
    expect(found).toMatchObject([{ code: 'SPOT_INTERRUPTS', severity: 'warning' }]);
  });

  it('is named by the steps that are done by hand', async () => {
    const guideOf = async (spot: boolean) => {
      const { changes } = await migrate({ folder, spot, infra: 'none', threads: 0 });
      return changes.find(({ path }) => path === 'MIGRATION.md')?.after ?? '';
    };
    expect(await guideOf(true)).toContain('capacityProvider=FARGATE,base=1,weight=0 capacityProvider=FARGATE_SPOT,weight=1');
    expect(await guideOf(false)).not.toContain('FARGATE_SPOT');
  });

  it.each([
    [{ region: 'cn-north-1' }, /not known to be available/],
    [{ region: 'us-gov-west-1' }, /not known to be available/],
    [{ target: 'ecs-ec2' }, /not for the target "ecs-ec2"/],
    [{ target: 'eks' }, /not for the target "eks"/],
    [{ target: 'lambda-managed-instances' }, /not for the target/],
  ])('is refused for %j', async (options, message) => {
    const run = migrate({ folder, spot: true, threads: 0, ...options });
    await expect(run).rejects.toThrow(UserError);
    await expect(migrate({ folder, spot: true, threads: 0, ...options })).rejects.toThrow(message);
  });
});
