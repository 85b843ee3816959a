import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { type DecideOptions, decide } from '../../src/planning/decide.js';
import type { LambdaFunction } from '../../src/project/model.js';
import { facts, http, lambda, project } from './builders.js';

function plan(functions: LambdaFunction[], options: DecideOptions = {}) {
  const of = project(functions);
  return decide(of, facts(of), options);
}

const about = ({ diagnostics }: ReturnType<typeof plan>) => diagnostics.filter(({ code }) => code.startsWith('ARCHITECTURE'));
const intel = lambda('A', { triggers: [http('GET /a')] });
const arm = lambda('B', { triggers: [http('GET /b')], architecture: 'arm64' });

describe('what the services run on', () => {
  it('is what the functions ran on, and two are told', () => {
    const made = plan([intel, arm]);
    expect(made.services.map(({ architecture }) => architecture).sort()).toEqual(['ARM64', 'X86_64']);
    expect(about(made)).toMatchObject([{ code: 'ARCHITECTURES_MIXED', severity: 'info' }]);
  });

  it.each([
    ['arm64', 'ARM64', 'A'],
    ['x86_64', 'X86_64', 'B'],
  ] as const)('is %s for all when that is asked for', (arch, architecture, changed) => {
    const made = plan([intel, arm], { arch });
    expect(made.services).toMatchObject([{ functions: ['A', 'B'], architecture }]);
    expect(about(made)).toMatchObject([{ code: 'ARCHITECTURE_CHANGED', severity: 'warning' }]);
    expect(about(made)[0]?.args).toMatchObject({ functions: changed, architecture: arch });
  });

  it('says nothing when nothing changes, or the function stays', () => {
    expect(about(plan([arm], { arch: 'arm64' }))).toEqual([]);
    expect(about(plan([arm, lambda('C', { triggers: [{ type: 'cognito' }] })], { arch: 'arm64' }))).toEqual([]);
  });

  it('is told when it is not known, until it is given', () => {
    const unread = { ...intel, architectureUnread: true as const };
    expect(about(plan([unread]))).toMatchObject([{ code: 'ARCHITECTURE_UNKNOWN', function: 'A' }]);
    expect(about(plan([unread], { arch: 'arm64' }))).toEqual([]);
  });

  it.each(['lambda-managed-instances', 'lambda-provisioned-concurrency', 'lambda-web-function'])('is not for %s', (target) =>
    expect(() => plan([intel], { target, arch: 'arm64' })).toThrow(UserError),
  );
});
