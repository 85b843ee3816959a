import { describe, expect, it } from 'vitest';
import { runsAMonth } from '../../src/assess/runs.js';
import { guardOwners, readTraffic, scenarioOf } from '../../src/assess/traffic.js';
import { need } from './needs.js';

describe('--traffic', () => {
  it.each([
    ['requests=5M', 'requests', { low: 5e6, likely: 5e6, high: 5e6 }],
    ['requests=300k', 'requests', { low: 3e5, likely: 3e5, high: 3e5 }],
    ['requests=1M-4M', 'requests', { low: 1e6, likely: 2e6, high: 4e6 }],
    ['requests=0', 'requests', { low: 0, likely: 0, high: 0 }],
    ['duration=1.5s', 'durationMs', { low: 1500, likely: 1500, high: 1500 }],
    ['duration=120ms', 'durationMs', { low: 120, likely: 120, high: 120 }],
    ['memory=1GB', 'memoryMb', { low: 1024, likely: 1024, high: 1024 }],
  ] as const)('%s', (entry, field, range) => expect(readTraffic([entry])[field]).toEqual({ range, given: true }));

  it.each([
    'requests',
    'requests=',
    'requests=many',
    'speed=1',
    'requests=5-1',
    'requests=-1',
    'Get:duration=1',
    'requests=1-2-3',
    'duration=5M',
  ])('refuses %s', (entry) => expect(() => readTraffic([entry])).toThrow(expect.objectContaining({ name: 'UserError' })));

  it('is a range where it is not given', () => {
    const { requests, memoryMb } = readTraffic([]);
    expect(requests.given).toBe(false);
    expect(requests.range.low).toBeLessThan(requests.range.high);
    expect(memoryMb).toBeNull();
  });

  it('is shared by the functions that nothing else tells of', () => {
    const needs = [need({ id: 'A' }), need({ id: 'B' }), need({ id: 'C' }), need({ id: 'Job', scheduledRuns: 30 })];
    const traffic = readTraffic(['requests=4M', 'C:requests=10']);
    const { requests } = scenarioOf(traffic, needs, 'likely');
    expect(Object.fromEntries([...requests].map(([key, count]) => [key.split('#')[1], count]))).toEqual({ A: 2e6, B: 2e6, C: 10, Job: 30 });
    expect(() => guardOwners(readTraffic(['D:requests=1']), needs)).toThrow('"D"');
  });
});

describe('runs of a schedule a month', () => {
  it.each([
    ['rate(5 minutes)', 8760],
    ['rate(1 hour)', 730],
    ['rate(1 day)', 730 / 24],
    ['cron(0 12 * * ? *)', 730 / 24],
    ['cron(0/15 * * * ? *)', 2920],
    ['cron(0 8-17 ? * MON-FRI *)', (10 * 5 * 730) / 7 / 24],
    ['cron(0 0 1 * ? *)', 730 / 24 / 31],
    ['cron(30 6 ? * 2#1 *)', 730 / 24 / 7],
    ['cron(0 3 ? 1,7 SUN *)', 730 / 24 / 7 / 6],
    ['at(2026-12-01T00:00:00)', 1],
  ])('%s', (expression, runs) => expect(runsAMonth(expression)).toBeCloseTo(runs, 6));
  it.each(['rate(0 minutes)', 'rate(x)', 'cron(* * *)', 'cron(!! 1 * * ? *)', '', 'cron(0/0 1 * * ? *)'])(
    'does not guess %j',
    (expression) => expect(runsAMonth(expression)).toBeNull(),
  );
});
