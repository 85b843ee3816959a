import { join } from 'node:path';
import { expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import type { ServicePlan } from '../../src/planning/plan.js';
import { objectOf } from '../../src/project/data.js';
import { migrate } from '../../src/run.js';
import { sizeOf, startCommand } from '../../src/targets/app-runner/limits.js';
import { repositoryRoot } from '../support/fixtures.js';
import { editedDefinitions } from '../support/stacks.js';

const folder = join(repositoryRoot, 'fixtures/targets/input');

it('makes a service of each web service, and none of workers and schedules', async () => {
  const [definition] = await editedDefinitions('', { target: 'app-runner', folder });
  const resources = objectOf(templateOf({ dialect: definition?.dialect ?? '' }, definition?.after ?? '')['Resources']);
  const types = Object.entries(resources)
    .filter(([id]) => id.startsWith('Container'))
    .map(([, entry]) => String(objectOf(entry)['Type']));
  expect(types.filter((type) => type === 'AWS::AppRunner::Service')).toHaveLength(2);
  expect(types.filter((type) => type === 'AWS::AppRunner::AutoScalingConfiguration')).toHaveLength(2);
  expect(types.filter((type) => /^AWS::(?:ECS|Scheduler|ElasticLoadBalancingV2)::/.test(type))).toEqual([]);
});

it.each(['none', 'template'] as const)('says with --infra %s that it is closed and what it does not run', async (infra) => {
  const { projects } = await migrate({ folder, target: 'app-runner', infra, threads: 0 });
  const codes = projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  expect(codes).toEqual(expect.arrayContaining(['TARGET_CLOSED', 'RUNNER_WEB_ONLY', 'RUNNER_ADDRESSES']));
  expect(codes.filter((code) => code === 'RUNNER_WEB_ONLY')).toHaveLength(2);
});

it('makes nothing where there is nothing for the web', async () => {
  const only = join(repositoryRoot, 'fixtures/projects/sam-sqs/input');
  const { projects, changes } = await migrate({ folder: only, target: 'app-runner', infra: 'template', threads: 0 });
  expect(projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))).toContain('RUNNER_WEB_ONLY');
  expect(changes.filter(({ after }) => after?.includes('AppRunner'))).toEqual([]);
});

it('is refused in China', async () => {
  await expect(migrate({ folder, target: 'app-runner', region: 'cn-north-1', threads: 0 })).rejects.toThrow('not available');
});

it.each([
  [256, 512, 256, 512],
  [256, 2048, 1024, 2048],
  [512, 1024, 512, 1024],
  [2048, 8192, 4096, 8192],
  [8192, 16384, 4096, 12288],
])('takes the smallest size for %i units and %i MB', (cpu, memoryMb, units, memory) => {
  expect(sizeOf({ cpu, memoryMb } as ServicePlan)).toEqual({ cpu: units, memoryMb: memory });
});

it('gives no command with words that would come apart', () => {
  expect(startCommand(['node', 'service/web.js'])).toBe('node service/web.js');
  expect(startCommand(['node', 'a b.js'])).toBeUndefined();
});
