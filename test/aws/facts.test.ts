import { describe, expect, it } from 'vitest';
import {
  availabilityFacts,
  availabilityOf,
  factsDate,
  fargateSizes,
  findRegion,
  instanceFacts,
  limitFacts,
  limitOf,
  priceFacts,
  proposedInstance,
  type RegionFact,
  regionFacts,
  runtimeFacts,
} from '../../src/aws/facts.js';

const region = (id: string): RegionFact => {
  const found = findRegion(id);
  if (!found) throw new Error(id);
  return found;
};
const china = ['cn-north-1', 'cn-northwest-1'];

/** Copied by hand from AWS's documents and price pages, so that a slip in the data does not pass. */
describe('the data says what the sources say', () => {
  it.each([
    ['nodejs24.x', '2028-04-30', '2028-06-01', '2028-07-01'],
    ['nodejs22.x', '2027-04-30', '2027-06-01', '2027-07-01'],
    ['nodejs20.x', '2026-04-30', '2026-08-31', '2026-09-30'],
    ['nodejs18.x', '2025-09-01', '2026-02-03', '2026-03-09'],
    ['nodejs26.x', null, null, null],
  ])('runtime %s', (id, deprecation, blockCreate, blockUpdate) => {
    expect(runtimeFacts().find((each) => each.id === id)).toMatchObject({ deprecation, blockCreate, blockUpdate });
  });

  it.each([
    [256, 512, 2048, 3],
    [512, 1024, 4096, 4],
    [1024, 2048, 8192, 7],
    [2048, 4096, 16384, 13],
    [4096, 8192, 30720, 23],
    [8192, 16384, 61440, 12],
    [16384, 32768, 122880, 12],
  ])('Fargate with %i units: %i to %i MiB in %i sizes', (cpu, least, most, count) => {
    const sizes = fargateSizes().find((each) => each.cpu === cpu)?.memoryMb ?? [];
    expect([sizes[0], sizes.at(-1), sizes.length]).toEqual([least, most, count]);
  });

  it.each([
    ['lambda-timeout', 900, 's'],
    ['lambda-memory', 10240, 'MB'],
    ['lambda-memory-of-one-vcpu', 1769, 'MB'],
    ['lambda-disk', 10240, 'MB'],
    ['lambda-request', 6, 'MB'],
    ['lambda-response', 6, 'MB'],
    ['lambda-response-streamed', 200, 'MB'],
    ['lambda-request-async', 1, 'MB'],
    ['alb-lambda-request', 1, 'MB'],
    ['rest-api-timeout', 29, 's'],
    ['http-api-timeout', 30, 's'],
    ['alb-idle-timeout', 4000, 's'],
    ['fargate-disk', 200, 'GiB'],
    ['fargate-stop-timeout', 120, 's'],
    ['lmi-memory-minimum', 2048, 'MB'],
    ['lmi-memory', 32768, 'MB'],
    ['lmi-node-minimum', 22, 'Node.js'],
    ['lmi-timeout-async', 5400, 's'],
    ['lmi-instances-minimum', 3, 'instances'],
    ['web-function-timeout', 900, 's'],
    ['web-function-node-minimum', 24, 'Node.js'],
    ['app-runner-request-timeout', 120, 's'],
    ['app-runner-disk', 3, 'GB'],
    ['eks-fargate-overhead', 256, 'MB'],
    ['express-services-per-load-balancer', 25, 'services'],
  ])('limit %s: %d %s', (id, value, unit) => expect(limitOf(id)).toMatchObject({ value, unit }));

  it.each([
    ['lambda-request', 0.2],
    ['lambda-duration-x86', 0.0000166667],
    ['lambda-duration-arm', 0.0000133334],
    ['lambda-disk', 0.0000000309],
    ['lambda-free-requests', 1e6],
    ['lambda-free-duration', 4e5],
    ['lambda-provisioned-x86', 0.0000041667],
    ['lambda-provisioned-duration-x86', 0.0000097222],
    ['lambda-provisioned-arm', null],
    ['lambda-provisioned-duration-arm', null],
    ['lmi-request', 0.2],
    ['fargate-vcpu-x86', 0.04048],
    ['fargate-memory-x86', 0.004445],
    ['fargate-vcpu-arm', 0.03238],
    ['fargate-memory-arm', 0.00356],
    ['fargate-disk', 0.000111],
    ['ec2-m7g.large', 0.0816],
    ['ec2-c7g.large', 0.0725],
    ['ec2-m8g.large', 0.0898],
    ['ec2-c8g.large', 0.0798],
    ['ec2-t3.medium', 0.0416],
    ['ec2-m5.large', 0.096],
    ['app-runner-vcpu', 0.064],
    ['app-runner-memory', 0.007],
    ['alb-hour', 0.0225],
    ['alb-lcu', 0.008],
    ['nat-hour', 0.045],
    ['nat-gb', 0.045],
    ['public-ipv4', 0.005],
    ['eks-cluster', 0.1],
    ['http-api-request', 1],
    ['rest-api-request', 3.5],
    ['logs-ingestion', 0.5],
  ])('price %s in us-east-1: %d', (item, amount) => {
    expect(priceFacts().find((each) => each.item === item && each.where === 'us-east-1')).toMatchObject({ amount });
  });

  it.each([
    ['lmi-fee', '*', 0.15, null],
    ['fargate-spot-discount-low', 'aws', 0.5, null],
    ['fargate-spot-discount-high', 'aws', 0.7, null],
    ['lambda-request', 'cn-northwest-1', 1.36, 'CNY'],
    ['lambda-duration-x86', 'cn-northwest-1', 0.000113477, 'CNY'],
  ])('price %s in %s', (item, where, amount, currency) => {
    expect(priceFacts().find((each) => each.item === item && each.where === where)).toMatchObject({ amount, currency });
  });

  it.each([
    ['lambda-managed-instances', ['us-east-1', 'us-east-2', 'us-west-2', 'ap-northeast-1', 'eu-west-1'], 'yes'],
    ['lambda-managed-instances', ['ap-southeast-1', 'eu-central-1', 'us-gov-west-1'], 'unknown'],
    ['lambda-managed-instances', china, 'no'],
    ['lambda-function-url', china, 'no'],
    ['app-runner', [...china, 'us-east-1', 'eu-west-1', 'ap-southeast-1', 'eu-north-1'], 'no'],
    ['ecs-express', ['us-east-1', 'us-gov-west-1'], 'yes'],
    ['ecs-express', china, 'unknown'],
    ['lambda-web-function', [...china, 'us-east-1'], 'unknown'],
    ['lambda-provisioned-concurrency', ['us-east-1'], 'yes'],
    ['lambda-provisioned-concurrency', china, 'unknown'],
    ['eks-fargate', china, 'unknown'],
    ['fargate-spot', china, 'unknown'],
    ['eks-pod-identity', china, 'unknown'],
    ['lambda-x-ray', china, 'no'],
    ['ecr-public', china, 'no'],
    ['cognito-user-pools', china, 'no'],
    ['vpc-lattice', china, 'no'],
    ['managed-prometheus', china, 'no'],
    ...['lambda', 'ecs', 'ecr', 'fargate', 'eks', 'ec2', 'elastic-load-balancing', 'api-gateway', 'eventbridge', 'eventbridge-scheduler']
      .concat(['step-functions', 'sqs', 'sns', 'kinesis', 'dynamodb', 's3', 'kms', 'secrets-manager', 'systems-manager', 'cloud-map'])
      .concat(['certificate-manager', 'codebuild', 'codedeploy', 'efs', 'application-auto-scaling', 'x-ray', 'eventbridge-pipes'])
      .map((subject) => [subject, china, 'yes'] as const),
  ] as const)('%s in %j: %s', (subject, regions, available) => {
    for (const id of regions) expect(availabilityOf(subject, region(id)).available, id).toBe(available);
  });
});

describe('the data', () => {
  const lists = { availabilityFacts, regionFacts, runtimeFacts, limitFacts, instanceFacts, fargateSizes, priceFacts };

  it.each(Object.entries(lists))('%s names each row once, with source and date', (_, rows) => {
    expect(new Set(rows().map(({ id }) => id)).size).toBe(rows().length);
    for (const row of rows()) {
      expect(row.source, row.id).toMatch(/\S{3}/);
      expect(row.date, row.id).toMatch(/^20\d{2}(-\d{2}){0,2}$/);
    }
  });

  it('tells of every subject in every region, and of no place that is not there', () => {
    const places = new Set(['*', ...regionFacts().flatMap(({ id, partition }) => [id, partition])]);
    for (const { where, id } of availabilityFacts()) for (const each of where) expect(places, id).toContain(each);
    for (const subject of new Set(availabilityFacts().map((each) => each.subject)))
      for (const each of regionFacts()) expect(['yes', 'no', 'unknown']).toContain(availabilityOf(subject, each).available);
  });

  it('does not call sure what is unknown, nor known what is unconfirmed', () => {
    for (const { id, available, sure } of availabilityFacts()) if (available === 'yes') expect(sure, id).not.toBe('unconfirmed');
    for (const { id, amount, sure } of priceFacts()) expect(amount === null, id).toBe(sure === 'unconfirmed');
  });

  it('has the currency of the partition', () => {
    for (const { id, where, currency } of priceFacts()) {
      const at = regionFacts().find((each) => each.id === where);
      if (currency !== null) expect(currency, id).toBe(at?.currency);
    }
    expect(
      regionFacts()
        .filter(({ currency }) => currency === 'CNY')
        .map(({ id }) => id),
    ).toEqual(china);
  });

  it('proposes one instance type an architecture, with a price', () => {
    for (const architecture of ['x86_64', 'arm64'] as const)
      for (const purpose of ['containers', 'lambda-managed-instances']) {
        const { id } = proposedInstance(purpose, architecture);
        expect(priceFacts().some(({ item, amount }) => item === `ec2-${id}` && amount !== null)).toBe(true);
      }
  });

  it('is as new as its newest row', () => expect(factsDate()).toMatch(/^2026-11-\d{2}$/));
});
