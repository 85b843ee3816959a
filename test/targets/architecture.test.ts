import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/run.js';
import { repositoryRoot } from '../support/fixtures.js';

const folder = join(repositoryRoot, 'fixtures/targets/input');

describe('--arch arm64', () => {
  it.each([
    ['ecs-fargate', /CpuArchitecture: ARM64/g, /X86_64/],
    ['ecs-ec2', /amazon-linux-2023\/arm64\/recommended/g, /X86_64|m5\./],
    ['ecs-express', /CpuArchitecture: ARM64/g, /X86_64/],
    ['ec2-asg', /al2023-ami-kernel-default-arm64/g, /x86_64|m5\./],
    ['eks', /kubernetes\.io\/arch: arm64/g, /kubernetes\.io\/arch: amd64/],
  ])('reaches everything that %s makes', async (target, expected, never) => {
    const { changes } = await migrate({ folder, target, arch: 'arm64', threads: 0 });
    const written = changes.filter(({ path, after }) => after !== null && !path.endsWith('.md') && /\.ya?ml$/.test(path));
    const text = written.map(({ before, after }) => (after ?? '').replace(before ?? '\0', '')).join('\n');
    expect(text).toMatch(expected);
    expect(text).not.toMatch(never);
    const dockerfile = changes.find(({ path }) => path.endsWith('Dockerfile'))?.after;
    expect(dockerfile).toContain('--platform linux/arm64 ');
  });
});
