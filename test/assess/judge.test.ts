import { describe, expect, it } from 'vitest';
import { effortOf, fitOf, ratingOf, readinessOf, riskOf } from '../../src/assess/judge.js';
import type { Need, Profile } from '../../src/targets/assessment.js';
import { targets } from '../../src/targets/index.js';
import { stay } from '../../src/targets/stay.js';
import { need } from './needs.js';

const profileOf = (id: string) => (id === 'stay' ? stay.profile : targets.find((target) => target.id === id)?.profile) as Profile;
const clean = need().findings;
const leaking: Need['findings'] = {
  ...clean,
  container: { error: { SHARED_VARIABLE_REASSIGNED: 2 }, warning: {} },
  managed: { error: { SHARED_VARIABLE_REASSIGNED: 2 }, warning: {} },
};

describe('fit', () => {
  const reasons = (id: string, values: Partial<Need>) => fitOf(profileOf(id), [need(values)]).reasons.map(({ key, fact }) => [key, fact]);

  it.each([
    ['ecs-fargate', {}, 'fits', []],
    ['ecs-fargate', { outcome: 'stays', workload: 'stays', triggers: ['s3'] }, 'no', [['fit.stays', undefined]]],
    ['ecs-fargate', { triggers: ['http-api', 's3'] }, 'changes', [['fit.trigger-stays', undefined]]],
    ['ecs-fargate', { outcome: 'needs-person' }, 'changes', [['fit.needs-person', undefined]]],
    ['ecs-fargate', { outcome: 'failed' }, 'unknown', [['fit.not-understood', undefined]]],
    ['ecs-express', { workload: 'worker', triggers: ['sqs'] }, 'no', [['fit.http-only', undefined]]],
    ['ecs-express', { workload: 'job', triggers: ['schedule'] }, 'no', [['fit.http-only', undefined]]],
    ['app-runner', { timeoutSeconds: 300 }, 'changes', [['fit.request-time', 'app-runner-request-timeout']]],
    ['app-runner', { diskMb: 4096 }, 'no', [['fit.disk', 'app-runner-disk']]],
    ['lambda-managed-instances', { node: 20, runtime: 'nodejs20.x' }, 'changes', [['fit.runtime-older', 'lmi-node-minimum']]],
    ['lambda-managed-instances', { node: null, runtime: null }, 'unknown', [['fit.runtime-unknown', 'lmi-node-minimum']]],
    ['lambda-managed-instances', { callback: true }, 'changes', [['fit.callback', undefined]]],
    ['lambda-managed-instances', { outcome: 'stays', workload: 'stays', triggers: ['s3'] }, 'fits', []],
    ['lambda-web-function', { node: 22, runtime: 'nodejs22.x' }, 'changes', [['fit.runtime-older', 'web-function-node-minimum']]],
    ['stay', { triggers: ['rest-api'], timeoutSeconds: 60 }, 'changes', [['fit.gateway-time', 'rest-api-timeout']]],
    [
      'stay',
      { timeoutSeconds: 1000 },
      'no',
      [
        ['fit.time', 'lambda-timeout'],
        ['fit.gateway-time', 'http-api-timeout'],
      ],
    ],
    ['lambda-provisioned-concurrency', {}, 'fits', []],
  ] as const)('%s with %j: %s', (id, values, fit, keys) => {
    expect(fitOf(profileOf(id), [need(values as Partial<Need>)]).value).toBe(fit);
    expect(reasons(id, values as Partial<Need>)).toEqual(keys);
  });

  it('counts functions and names them', () => {
    const found = fitOf(profileOf('ecs-fargate'), [need(), need({ id: 'Up', outcome: 'stays', workload: 'stays', triggers: ['s3'] })]);
    expect(found).toMatchObject({ value: 'changes', counts: { fits: 1, no: 1 } });
    expect(found.reasons[0]?.functions).toEqual(['Up']);
  });
});

describe('effort and risk', () => {
  it('of shared state count where one process serves many requests', () => {
    const needs = [need({ findings: leaking })];
    for (const id of ['ecs-fargate', 'eks', 'lambda-managed-instances']) {
      expect(effortOf(profileOf(id), needs, true).level, id).toBe('high');
      expect(riskOf(profileOf(id), needs, '2026-11-27', true).level, id).toBe('high');
    }
    for (const id of ['stay', 'lambda-provisioned-concurrency']) {
      expect(effortOf(profileOf(id), needs, true).level, id).toBe('low');
      expect(riskOf(profileOf(id), needs, '2026-11-27', true).level, id).toBe('low');
    }
    expect(effortOf(profileOf('ecs-fargate'), needs, true).reasons[0]).toEqual({
      key: 'effort.shared-state',
      args: { functions: 1, codes: ['SHARED_VARIABLE_REASSIGNED ×2'] },
    });
  });
  it('do not count functions that cannot go there', () => {
    const needs = [need({ outcome: 'stays', workload: 'stays', triggers: ['s3'], findings: leaking })];
    expect(effortOf(profileOf('ecs-fargate'), needs, true).level).toBe('low');
  });
  it('know of guarded routes and of queues', () => {
    const guarded = riskOf(
      profileOf('ecs-fargate'),
      [need({ findings: { ...clean, guarded: { HTTP_AUTHORIZER_GUARDED: 1 } } })],
      '2026-11-27',
      true,
    );
    expect(guarded).toMatchObject({ level: 'medium', reasons: [{ key: 'risk.guarded' }, { key: 'risk.established' }] });
    expect(riskOf(profileOf('eks'), [need({ workload: 'worker', triggers: ['sqs'] })], '2026-11-27', true).level).toBe('medium');
  });
  it.each([
    ['nodejs18.x', '2026-11-27', 'high'],
    ['nodejs20.x', '2026-11-27', 'high'],
    ['nodejs20.x', '2026-05-01', 'medium'],
    ['nodejs22.x', '2026-11-27', 'low'],
    ['nodejs14.x', '2026-11-27', 'medium'],
    ['python3.12', '2026-11-27', 'low'],
  ] as const)('of a runtime %s on %s are %s for Lambda and none for a container', (runtime, date, level) => {
    expect(riskOf(stay.profile, [need({ runtime })], date, true).level).toBe(level);
    expect(riskOf(profileOf('ecs-fargate'), [need({ runtime })], date, true).level).toBe('low');
  });
});

describe('readiness', () => {
  it.each([
    [{}, 'ready'],
    [{ findings: leaking }, 'work'],
    [{ outcome: 'needs-person' as const }, 'person'],
    [{ outcome: 'stays' as const }, 'stays'],
    [{ outcome: 'failed' as const }, 'unknown'],
  ])('of %j is %s', (values, readiness) => expect(readinessOf(need(values))).toBe(readiness));
});

describe('rating', () => {
  const fine = {
    availability: { value: 'yes' as const, facts: [] },
    fit: { value: 'fits' as const, counts: { fits: 3, changes: 0, no: 0, unknown: 0 }, reasons: [] },
    effort: { level: 'medium' as const, reasons: [] },
    risk: { level: 'medium' as const, reasons: [] },
  };
  const high = { level: 'high' as const, reasons: [] };
  const unknown = { value: 'unknown' as const, facts: [] };
  const fits = (no: number) => ({ ...fine.fit, value: 'changes' as const, counts: { fits: 3, changes: 0, no, unknown: 0 } });
  it.each([
    [{}, 'HIGH'],
    [{ effort: high }, 'MEDIUM'],
    [{ availability: unknown }, 'MEDIUM'],
    [{ availability: unknown, risk: high }, 'LOW'],
    [{ availability: { value: 'no' as const, facts: [] } }, 'LOW'],
    [{ fit: fits(1) }, 'MEDIUM'],
    [{ fit: fits(4) }, 'LOW'],
  ])('of %j is %s', (values, rating) => expect(ratingOf({ ...fine, ...values })).toBe(rating));
});

it('a function in another language stays for another reason than its triggers', () => {
  const python = need({ outcome: 'stays', workload: 'stays', runtime: 'python3.12', node: null, triggers: ['rest-api'] });
  expect(fitOf(profileOf('ecs-fargate'), [python]).reasons.map(({ key }) => key)).toEqual(['fit.not-moved']);
});
