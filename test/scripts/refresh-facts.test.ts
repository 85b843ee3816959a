import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rowsText } from '../../scripts/refresh-facts/files.js';
import { refreshFacts } from '../../scripts/refresh-facts/run.js';
import { type AvailabilityFact, type PriceFact, priceFacts, regionFacts } from '../../src/aws/facts.js';
import { cleanUp, repositoryRoot, temporaryFolder } from '../support/fixtures.js';

/** The APIs on loopback, in the shapes of the public models: parameters by path, and products by service and attributes. */
interface Apis {
  /** Regions by the id of a service; `regions` are all. */
  services: Record<string, string[]>;
  regions: string[];
  products: { service: string; attributes: Record<string, string>; price: Record<string, string>; unit: string; tiers?: boolean }[];
  capacityProviders: 'there' | 'absent' | 'denied';
  deny?: string;
}

let server: Server;
let apis: Apis;
let data: string;
const calls: string[] = [];

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  calls.splice(0);
  data = await temporaryFolder();
  await cp(join(repositoryRoot, 'src/aws/data'), data, { recursive: true });
  const every = regionFacts().map(({ id }) => id);
  apis = { services: {}, regions: every, products: [], capacityProviders: 'there' };
  server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(status === 403 && { 'x-amzn-errortype': 'AccessDeniedException' }),
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterAll(cleanUp);

async function answer(request: IncomingMessage): Promise<[number, unknown]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
  const region = /\/\d{8}\/([\w-]+)\//.exec(String(request.headers['authorization']))?.[1];
  calls.push(`${target} ${region}`);
  if (apis.deny !== undefined && target.includes(apis.deny)) return [403, { __type: 'AccessDeniedException', message: 'no' }];
  if (target.includes('capacity-providers')) {
    if (apis.capacityProviders === 'there') return [200, { CapacityProviders: [] }];
    const message = apis.capacityProviders === 'absent' ? 'Unable to determine service/operation name to be authorized' : 'no';
    return [403, { message }];
  }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  return [200, target.endsWith('GetProducts') ? products(body) : parameters(body)];
}

/** Two a page. */
function parameters({ Path: path, NextToken: next = '0' }: { Path?: string; NextToken?: string }) {
  const [, service] = /services\/([\w-]+)\/regions$/.exec(path ?? '') ?? [];
  const names = service !== undefined ? apis.services[service] : path?.endsWith('/services') ? Object.keys(apis.services) : apis.regions;
  const start = Number(next);
  const Parameters = (names ?? []).slice(start, start + 2).map((name) => ({ Name: `${path}/${name}`, Type: 'String', Value: name }));
  return { Parameters, ...(start + 2 < (names ?? []).length && { NextToken: String(start + 2) }) };
}

function products(body: { ServiceCode?: string; Filters?: { Field: string; Value: string }[] }) {
  const fits = apis.products.filter(
    ({ service, attributes }) => service === body.ServiceCode && body.Filters?.every(({ Field, Value }) => attributes[Field] === Value),
  );
  const PriceList = fits.map(({ service, attributes, price, unit, tiers }, index) => {
    const sku = `SKU${index}`;
    const dimension = (beginRange: string) => ({ unit, beginRange, endRange: 'Inf', pricePerUnit: price });
    const priceDimensions = {
      a: dimension('0'),
      ...(tiers === true && { b: { ...dimension('1000'), pricePerUnit: { USD: '0.000001' } } }),
    };
    return JSON.stringify({
      serviceCode: service,
      version: '20261120000000',
      publicationDate: '2026-11-20T10:00:00Z',
      product: { sku, productFamily: 'Serverless', attributes },
      terms: { OnDemand: { [`${sku}.JRTCKXETXF`]: { offerTermCode: 'JRTCKXETXF', sku, priceDimensions } } },
    });
  });
  return { FormatVersion: 'aws_v1', PriceList };
}

async function run(...args: string[]) {
  const told: string[] = [];
  let out = '';
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const code = await refreshFacts([...args, '--endpoint-url', url], {
    data,
    today: new Date('2026-11-28T12:00:00Z'),
    out: (text) => {
      out += text;
    },
    tell: (line) => void told.push(line),
  });
  return { code, out, told };
}

const rows = async <Row>(name: string) => JSON.parse(await readFile(join(data, `${name}.json`), 'utf8')) as Row[];
const price = async (item: string, where: string) =>
  (await rows<PriceFact>('prices')).find((row) => row.item === item && row.where === where);
const rowsOf = async (subject: string) => (await rows<AvailabilityFact>('availability')).filter((row) => row.subject === subject);

const duration = (region: string, amount: Record<string, string>, more = {}) => ({
  service: 'AWSLambda',
  attributes: { group: 'AWS-Lambda-Duration', regionCode: region, usagetype: 'Lambda-GB-Second' },
  price: amount,
  unit: 'Lambda-GB-Second',
  ...more,
});

it('writes files as they are formatted', async () => {
  for (const name of ['availability', 'prices', 'regions', 'limits']) {
    expect(rowsText(await rows(name))).toBe(await readFile(join(data, `${name}.json`), 'utf8'));
  }
});

describe('prices', () => {
  it('are shown as a diff, and written when that is asked for', async () => {
    apis.products = [duration('us-east-1', { USD: '0.0000150000' }, { tiers: true })];
    const preview = await run('--region', 'us-east-1', '--only', 'prices');
    expect(preview.code).toBe(0);
    expect(preview.out).toContain('+    "amount": 0.000015,');
    expect(await price('lambda-duration-x86', 'us-east-1')).toMatchObject({ amount: 0.0000166667 });
    await run('--region', 'us-east-1', '--only', 'prices', '--write');
    expect(await price('lambda-duration-x86', 'us-east-1')).toEqual({
      id: 'lambda-duration-x86@us-east-1',
      item: 'lambda-duration-x86',
      where: 'us-east-1',
      currency: 'USD',
      amount: 0.000015,
      unit: 'GB-second',
      source: 'AWS Price List API, AWSLambda, SKU SKU0',
      date: '2026-11-20',
      sure: 'primary',
    });
  });

  it('of China come from its own endpoint, in its currency', async () => {
    const usage = (usagetype: string, CNY: string, unit: string) => ({
      service: 'AmazonECS',
      attributes: { regionCode: 'cn-northwest-1', usagetype },
      price: { CNY },
      unit,
    });
    apis.products = [usage('CNW1-Fargate-vCPU-Hours:perCPU', '0.3', 'hours'), usage('CNW1-Fargate-GB-Hours', '0.03', 'hours')];
    await run('--region', 'cn-northwest-1', '--only', 'prices', '--write');
    expect(await price('fargate-vcpu-x86', 'cn-northwest-1')).toMatchObject({ amount: 0.3, currency: 'CNY' });
    expect(await price('fargate-memory-x86', 'cn-northwest-1')).toMatchObject({ amount: 0.03, currency: 'CNY' });
    expect(new Set(calls.map((call) => call.split(' ').at(-1)))).toEqual(new Set(['cn-northwest-1']));
  });

  it.each([
    ['none', []],
    ['two that differ', [duration('us-east-1', { USD: '0.1' }), duration('us-east-1', { USD: '0.2' })]],
    ['another unit', [duration('us-east-1', { USD: '0.1' }, { unit: 'MB-Second' })]],
    ['another currency', [duration('us-east-1', { EUR: '0.1' })]],
    ['one of another region', [duration('eu-west-1', { USD: '0.1' })]],
  ])('that are not clear change nothing (%s)', async (_, products) => {
    apis.products = products;
    const { told, out } = await run('--region', 'us-east-1', '--only', 'prices', '--write');
    expect(out).toBe('');
    expect(told.filter((line) => line.startsWith('lambda-duration-x86 in us-east-1'))).toHaveLength(1);
    expect(await rows('prices')).toEqual(priceFacts());
  });

  it('of another product of the same name are not taken', async () => {
    const balancer = (usagetype: string, USD: string) => ({
      service: 'AWSELB',
      attributes: { regionCode: 'us-west-2', operation: 'LoadBalancing:Application', usagetype },
      price: { USD },
      unit: 'Hrs',
    });
    apis.products = [balancer('USW2-LoadBalancerUsage', '0.0225'), balancer('USW2-TS-LoadBalancerUsage', '0.0063')];
    await run('--region', 'us-west-2', '--only', 'prices', '--write');
    expect(await price('alb-hour', 'us-west-2')).toMatchObject({ amount: 0.0225 });
  });
});

describe('services', () => {
  const of = (partition: string) =>
    regionFacts()
      .filter((region) => region.partition === partition)
      .map(({ id }) => id);

  it('are there or not as the parameters list their regions', async () => {
    const missing = of('aws')[0] as string;
    apis.services = { sqs: [...of('aws').slice(1), ...of('aws-us-gov')], lambda: [] };
    const { told } = await run('--region', 'us-east-1', '--only', 'services', '--write');
    const source = 'SSM public parameters, /aws/service/global-infrastructure/services/sqs/regions';
    expect(await rowsOf('sqs')).toMatchObject([
      { id: 'sqs@aws-others', where: [missing], available: 'no', source, date: '2026-11-28', sure: 'primary' },
      { id: 'sqs@aws', where: ['aws'], available: 'yes' },
      { id: 'sqs@aws-cn', where: ['aws-cn'], available: 'no' },
      { id: 'sqs@aws-us-gov', where: ['aws-us-gov'], available: 'yes' },
      { id: 'sqs@elsewhere', where: ['*'], available: 'unknown' },
    ]);
    expect(told.some((line) => line.startsWith('sns: the parameters do not list'))).toBe(true);
  });

  it('keep their rows in partitions and regions that the parameters do not know', async () => {
    const before = (await rowsOf('sqs')).filter(({ id }) => id === 'sqs@aws-cn');
    apis.regions = of('aws').slice(1);
    apis.services = { sqs: of('aws').slice(1) };
    await run('--region', 'us-east-1', '--only', 'services', '--write');
    const after = await rowsOf('sqs');
    expect(after.filter(({ id }) => id === 'sqs@aws-cn')).toEqual(before);
    expect(after.find(({ id }) => id === 'sqs@aws')?.where).toEqual(of('aws').slice(1));
  });

  it('that may not be read stay, and the exit code tells', async () => {
    apis.deny = 'GetParametersByPath';
    const { code, out, told } = await run('--region', 'us-east-1', '--only', 'services', '--write');
    expect({ code, out, told }).toEqual({ code: 1, out: '', told: ['services: it is not allowed; left as they were'] });
  });
});

describe('managed instances', () => {
  it.each([
    ['there', 'yes'],
    ['absent', 'no'],
  ] as const)('that the API says are %s', async (answer, available) => {
    apis.capacityProviders = answer;
    await run('--region', 'us-east-1', '--only', 'managed-instances', '--write');
    const found = await rowsOf('lambda-managed-instances');
    expect(found.filter(({ where }) => where.includes('us-east-1'))).toMatchObject([
      { available, where: ['us-east-1'], source: 'Lambda API, ListCapacityProviders', date: '2026-11-28' },
    ]);
  });

  it('that may not be asked for stay as they were', async () => {
    apis.capacityProviders = 'denied';
    const { out, told } = await run('--region', 'us-east-1', '--only', 'managed-instances', '--write');
    expect(out).toBe('');
    expect(told).toEqual(['lambda-managed-instances in us-east-1: not-allowed; left as it was']);
  });
});

it.each([
  [[], 'Which regions'],
  [['--region', 'nowhere-1'], 'There is no region "nowhere-1"'],
  [['--region', 'us-east-1', '--region', 'cn-north-1'], 'one partition'],
  [['--region', 'us-east-1', '--only', 'all'], 'There is no part "all"'],
])('%j is refused', async (args, words) => {
  const { code, told } = await run(...args);
  expect({ code, told }).toMatchObject({ code: 2, told: [expect.stringContaining(words)] });
  expect(calls).toEqual([]);
});

it('never drops a row of the data', async () => {
  await writeFile(join(data, 'prices.json'), rowsText([...(await rows('prices'))]));
  apis.products = [duration('us-east-1', { USD: '0.0000150000' })];
  await run('--region', 'us-east-1', '--only', 'prices', '--write');
  expect((await rows('prices')).length).toBe(priceFacts().length);
});
