import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Crossing, crossingOf } from '../../src/assess/cost/crossing.js';
import { amountOf, estimate } from '../../src/assess/cost/estimate.js';
import { findRegion, type PriceFact, priceFacts, type RegionFact } from '../../src/aws/facts.js';
import { priceBook } from '../../src/aws/prices.js';
import type { CostVariant, Need, Profile } from '../../src/targets/assessment.js';
import { targets } from '../../src/targets/index.js';
import { stay } from '../../src/targets/stay.js';
import { need, scenario, service } from './needs.js';

const at = (id: string) => findRegion(id) as RegionFact;

/** What the data does not know, so that every way of buying has a price. */
const filled: PriceFact[] = [
  ...new Set(
    priceFacts()
      .filter(({ amount }) => amount === null)
      .map(({ item }) => item),
  ),
].map((item) => ({
  id: item,
  item,
  where: 'us-east-1',
  currency: null,
  amount: item.startsWith('ec2-commitment') ? 0.3 : 0.00001,
  unit: '',
  source: 'test',
  date: '2026',
  sure: 'copied',
}));
const book = priceBook(at('us-east-1'), filled);
const known = priceBook(at('us-east-1'));

const web = need();
const queue = need({ id: 'Consume', workload: 'worker', triggers: ['sqs'] });
const nightly = need({ id: 'Nightly', workload: 'job', triggers: ['schedule'], scheduledRuns: 30 });
const upload = need({ id: 'Upload', workload: 'stays', outcome: 'stays', triggers: ['s3'] });
const all = [web, queue, nightly, upload];
const services = [service('web', [web]), service('worker', [queue]), service('job', [nightly])];

const ways: [string, CostVariant][] = [stay, ...targets].flatMap(({ id, profile }) =>
  profile.variants(all).map((variant): [string, CostVariant] => [`${id}, ${variant.id}`, variant]),
);
const first = (profile: Profile, needs: readonly Need[] = all) => profile.variants(needs)[0] as CostVariant;
const profileOf = (id: string) => targets.find((target) => target.id === id)?.profile as Profile;

describe.each(ways)('%s', (_, variant) => {
  const cost = (requests: number, values = {}) =>
    amountOf(variant, { book, needs: all, services }, scenario(requests, all, values)) as number;

  it('never costs less for more traffic, longer requests or more memory', () => {
    const amounts = fc.double({ min: 0, max: 1e10, noNaN: true });
    const durations = fc.integer({ min: 1, max: 900_000 });
    fc.assert(
      fc.property(amounts, amounts, durations, durations, fc.integer({ min: 128, max: 10240 }), (a, b, c, d, memoryMb) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const [short, long] = [Math.min(c, d), Math.max(c, d)];
        const base = cost(less, { durationMs: short, memoryMb });
        const slack = 1 + 1e-9;
        expect(cost(more, { durationMs: short, memoryMb }) * slack).toBeGreaterThanOrEqual(base);
        expect(cost(less, { durationMs: long, memoryMb }) * slack).toBeGreaterThanOrEqual(base);
        expect(cost(less, { durationMs: short, memoryMb: 10240 }) * slack).toBeGreaterThanOrEqual(base);
      }),
      { numRuns: 60 },
    );
  });

  it('is the sum of its lines, each its quantity times its price, from rows that there are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (requests) => {
        const made = scenario(requests, all);
        const result = estimate(variant, { book, needs: all, services }, { low: made, likely: made, high: made });
        const sum = result.lines.reduce((total, { amount }) => total + (amount?.likely ?? Number.NaN), 0);
        expect(result.total?.likely).toBeCloseTo(sum, 6);
        expect(result.total?.likely).toBeCloseTo(cost(requests), 6);
        const ids = new Set([...priceFacts(), ...filled].map(({ id }) => id));
        for (const line of result.lines) {
          expect(line.rows.length).toBeGreaterThan(0);
          for (const row of line.rows) expect(ids).toContain(row);
          expect((line.unitPrice ?? Number.NaN) * line.quantity.likely).toBeCloseTo(line.amount?.likely ?? Number.NaN, 6);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('without any traffic', () => {
  const idle = scenario(0, [web]);
  const cost = (id: string, values = {}) =>
    amountOf(
      first(profileOf(id), [web]),
      { book: known, needs: [web], services: [service('web', [web])] },
      { ...idle, ...values },
    ) as number;
  const balancer = 730 * (0.0225 + 2 * 0.005);
  const nat = 730 * (0.045 + 0.005);
  const task = 730 * (0.25 * 0.04048 + 0.5 * 0.004445);

  it('Lambda costs nothing', () => {
    expect(amountOf(first(stay.profile, [web]), { book: known, needs: [web], services: [] }, idle)).toBe(0);
  });
  it('Fargate costs two tasks, a load balancer and a NAT gateway', () => {
    expect(task).toBeCloseTo(9.01, 2);
    expect(cost('ecs-fargate')).toBeCloseTo(2 * task + balancer + nat, 8);
    expect(cost('ecs-fargate', { natGateways: 0 })).toBeCloseTo(2 * task + balancer, 8);
  });
  it('Express Mode costs two tasks with an address each, and a load balancer', () =>
    expect(cost('ecs-express')).toBeCloseTo(2 * task + 2 * 730 * 0.005 + balancer, 8));
  it('instances cost one a zone', () => {
    expect(cost('ecs-ec2')).toBeCloseTo(2 * 730 * 0.096 + balancer + nat, 8);
    expect(cost('ec2-asg')).toBeCloseTo(2 * 730 * 0.096 + balancer + nat, 8);
    expect(cost('eks')).toBeCloseTo(73 + 2 * 730 * 0.096 + balancer + nat, 8);
  });
  it('App Runner costs the memory of one instance', () => expect(cost('app-runner')).toBeCloseTo(730 * 0.5 * 0.007, 8));
  it('Managed Instances cost three instances and the fee', () => {
    const arm = need({ architecture: 'arm64' });
    const [variant] = profileOf('lambda-managed-instances').variants([arm]);
    const amount = amountOf(variant as CostVariant, { book: known, needs: [arm], services: [] }, scenario(0, [arm], { natGateways: 0 }));
    expect(amount).toBeCloseTo(3 * 730 * 0.0816 * 1.15, 8);
    expect(amount).toBeCloseTo(205.5, 1);
  });
  it('provisioned concurrency costs what stands ready', () =>
    expect(cost('lambda-provisioned-concurrency')).toBeCloseTo(0.5 * 2_628_000 * 0.0000041667, 8));
  it('a schedule costs its runs alone', () => {
    const lines = first(profileOf('ecs-fargate'), [nightly]);
    const made = scenario(0, [nightly], { natGateways: 0, logKb: 0, requests: new Map([[nightly.key, 30]]) });
    const amount = amountOf(lines, { book: known, needs: [nightly], services: [service('job', [nightly])] }, made);
    expect(amount).toBeCloseTo(((30 * 60) / 3600 / 730) * task, 8);
  });
});

describe('Lambda', () => {
  const cost = (requests: number, values = {}) =>
    amountOf(first(stay.profile, [web]), { book: known, needs: [web], services: [] }, scenario(requests, [web], values)) as number;
  it('costs requests, GB-seconds, its gateway and its logs', () =>
    expect(cost(10e6)).toBeCloseTo(10 * 0.2 + 10e6 * 0.1 * 0.5 * 0.0000166667 + 10 * 1 + 10 * 0.5, 6));
  it('costs less by the free tier', () => expect(cost(10e6) - cost(10e6, { freeTier: true })).toBeCloseTo(0.2 + 400_000 * 0.0000166667, 6));
  it('is billed until its timeout at most', () => expect(cost(1e6, { durationMs: 1e9 })).toBeCloseTo(cost(1e6, { durationMs: 10_000 }), 6));
  it('remains for functions that cannot move', () => {
    const made = scenario(4e6, all);
    const { lines } = estimate(
      first(profileOf('ecs-fargate')),
      { book: known, needs: all, services },
      { low: made, likely: made, high: made },
    );
    expect(lines.filter(({ remains }) => remains).map(({ item }) => item)).toEqual([
      'lambda-request',
      'lambda-duration-x86',
      'logs-ingestion',
    ]);
    expect(lines.find(({ item, remains }) => item === 'lambda-request' && remains)?.quantity.likely).toBeCloseTo(1, 8);
  });
});

describe('what is not known', () => {
  const made = scenario(1e6, [web]);
  const readings = { low: made, likely: made, high: made };
  const inRegion = (region: string) =>
    estimate(
      first(profileOf('ecs-fargate'), [web]),
      { book: priceBook(at(region)), needs: [web], services: [service('web', [web])] },
      readings,
    );
  it('leaves no sum', () => {
    const china = inRegion('cn-northwest-1');
    expect(china.total).toBeNull();
    expect(china.missing).toEqual(expect.arrayContaining(['fargate-vcpu-x86', 'alb-hour']));
    expect(china.standIns).toEqual([]);
  });
  it('is told where another region stands in', () => {
    expect(inRegion('eu-west-1').standIns).toContain('fargate-vcpu-x86');
    expect(inRegion('us-east-1').standIns).toEqual([]);
  });
});

describe('a crossing', () => {
  it.each<[string, (r: number) => number | null, (r: number) => number | null, Crossing]>([
    ['where the lines meet', () => 100, (r: number) => r / 1e5, { kind: 'at', requests: 1e7 }],
    ['never', () => 5, () => 4, { kind: 'never' }],
    ['always', () => 3, () => 4, { kind: 'always' }],
    ['unknown without a price', () => null, () => 4, { kind: 'unknown' }],
  ])('is %s', (_, mine, theirs, wanted) => {
    const found = crossingOf(mine, theirs);
    if (wanted.kind === 'at' && found.kind === 'at') expect(found.requests / wanted.requests).toBeCloseTo(1, 1);
    else expect(found).toEqual(wanted);
  });
  it('is the last one: a dip before it does not count', () => {
    const found = crossingOf(
      (r) => (r < 1e5 ? 1 : r < 1e7 ? 3 : 1),
      () => 2,
    );
    expect(found.kind === 'at' && Math.abs(found.requests / 1e7 - 1) < 0.05).toBe(true);
  });
});
