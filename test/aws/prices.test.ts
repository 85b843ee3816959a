import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findRegion, type RegionFact, regionFacts } from '../../src/aws/facts.js';
import { priceBook, readPrices } from '../../src/aws/prices.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

const at = (id: string) => findRegion(id) as RegionFact;

async function file(content: unknown): Promise<string> {
  const path = join(await temporaryFolder(), 'prices.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('prices of a region', () => {
  it('are those of its row', () => {
    expect(priceBook(at('us-east-1')).priceOf('fargate-vcpu-x86')).toEqual({
      item: 'fargate-vcpu-x86',
      row: 'fargate-vcpu-x86@us-east-1',
      amount: 0.04048,
      unit: 'vCPU-hour',
      standIn: false,
    });
    expect(priceBook(at('eu-west-1')).priceOf('lmi-fee')).toMatchObject({ row: 'lmi-fee@*', amount: 0.15, standIn: false });
  });

  it('are those of us-east-1 where the same currency is paid, and say so', () => {
    expect(priceBook(at('eu-west-1')).priceOf('alb-hour')).toMatchObject({ row: 'alb-hour@us-east-1', amount: 0.0225, standIn: true });
  });

  it.each(['cn-north-1', 'cn-northwest-1', 'us-gov-west-1'])('are never converted or taken over: %s', (id) => {
    expect(priceBook(at(id)).priceOf('alb-hour')).toMatchObject({ row: null, amount: null, unit: 'hour', standIn: false });
  });

  it('are not known where the row says so', () => {
    expect(priceBook(at('us-east-1')).priceOf('ec2-commitment-1y')).toMatchObject({ row: 'ec2-commitment-1y@*', amount: null });
    expect(() => priceBook(at('us-east-1')).priceOf('gold')).toThrow('gold');
  });
});

describe('a file of prices', () => {
  it('comes before the data', async () => {
    const path = await file({
      prices: [{ item: 'alb-hour', where: 'cn-north-1', amount: 0.15, currency: 'CNY', source: 'my bill', date: '2026-10' }],
    });
    const given = readPrices(path, regionFacts());
    expect(given[0]).toMatchObject({
      item: 'alb-hour',
      where: 'cn-north-1',
      amount: 0.15,
      currency: 'CNY',
      source: 'my bill',
      date: '2026-10',
    });
    expect(priceBook(at('cn-north-1'), given).priceOf('alb-hour')).toMatchObject({ amount: 0.15, standIn: false });
    expect(priceBook(at('cn-northwest-1'), given).priceOf('alb-hour').amount).toBeNull();
  });

  it('may speak of a partition', async () => {
    const given = readPrices(await file({ prices: [{ item: 'nat-hour', where: 'aws-cn', amount: 0.4 }] }), regionFacts());
    expect(priceBook(at('cn-northwest-1'), given).priceOf('nat-hour').amount).toBe(0.4);
  });

  it.each([
    ['no JSON', '{'],
    ['no list', { price: [] }],
    ['a negative amount', { prices: [{ item: 'alb-hour', where: 'us-east-1', amount: -1 }] }],
    ['an item that is not there', { prices: [{ item: 'alb-hours', where: 'us-east-1', amount: 1 }] }],
    ['another currency', { prices: [{ item: 'alb-hour', where: 'cn-north-1', amount: 1, currency: 'USD' }] }],
  ])('is refused with %s', async (_, content) => {
    const path = await file(content);
    expect(() => readPrices(path, regionFacts())).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});
