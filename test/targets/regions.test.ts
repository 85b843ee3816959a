import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { migrate } from '../../src/run.js';
import { repositoryRoot } from '../support/fixtures.js';

async function made(region: string | undefined, target: string, infra: 'template' | 'none' = 'none') {
  const folder = join(repositoryRoot, 'fixtures/targets/input');
  const { changes, projects } = await migrate({ folder, region, target, infra, threads: 0 });
  const files = new Map(changes.map(({ path, after }) => [path, after ?? '']));
  const codes = projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  return {
    files,
    codes,
    text: [...files]
      .filter(([path]) => path.startsWith('deploy/'))
      .map(([, text]) => text)
      .join('\n'),
  };
}

const argument = (dockerfile: string, name: string) =>
  DockerfileParser.parse(dockerfile)
    .getARGs()
    .map((each) => each.getProperty())
    .find((property) => property?.getName() === name);

describe('a migration for a region of China', () => {
  it.each(['ecs-fargate', 'eks'])('names what is there in files of %s', async (target) => {
    const { text, codes } = await made('cn-northwest-1', target);
    expect(text).toContain('cn-northwest-1');
    expect(text).toContain('arn:aws-cn:');
    expect(text).not.toMatch(/replace-with-region|arn:aws:|(?:sqs|ecr)\.[\w-]+\.amazonaws\.com(?!\.cn)|internet-facing/);
    expect(codes).toContain('CHINA_FRONT');
  });

  it('takes base image and packages from where they can be had', async () => {
    const dockerfile = (await made('cn-north-1', 'ecs-fargate')).files.get('Dockerfile') ?? '';
    expect(validate(dockerfile)).toEqual([]);
    expect(argument(dockerfile, 'NODE_IMAGE')?.getValue()).toBe('000000000000.dkr.ecr.cn-north-1.amazonaws.com.cn/base/node:22-slim');
    expect(argument(dockerfile, 'NPM_REGISTRY')).toBeDefined();
    const guide = (await made('cn-north-1', 'ecs-fargate', 'template')).files.get('MIGRATION.md') ?? '';
    expect(guide).toContain('REGISTRY=<account>.dkr.ecr.cn-north-1.amazonaws.com.cn');
    expect(guide).toContain('docker push "$REGISTRY/base/node:22-slim"');
  });
});

it('names the partition of GovCloud', async () => {
  const { text, files, codes } = await made('us-gov-west-1', 'ecs-fargate');
  expect(text).toContain('arn:aws-us-gov:iam::');
  expect(text).toContain('us-gov-west-1');
  expect(argument(files.get('Dockerfile') ?? '', 'NODE_IMAGE')?.getValue()).toBe('node:22-slim');
  expect(codes).not.toContain('CHINA_FRONT');
});

it('leaves the region open when none is named', async () => {
  expect((await made(undefined, 'ecs-fargate')).text).toContain('replace-with-region');
});

it('refuses a region that there is not', async () => {
  await expect(made('cn-northwest-9', 'ecs-fargate')).rejects.toThrow(UserError);
});
