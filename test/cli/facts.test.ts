import { describe, expect, it } from 'vitest';
import { availabilityFacts, priceFacts } from '../../src/aws/facts.js';
import { runCli } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';

type Document = Record<string, { id: string; subject?: string; available?: string; where: unknown }[]>;

describe('facts', () => {
  it('prints every row as JSON', async () => {
    const { code, stdout } = await runCli(['facts', '--json']);
    const document = expectDocument<Document>(stdout, 'facts');
    expect(code).toBe(0);
    expect(document['availability']).toEqual(availabilityFacts());
    expect(document['prices']).toEqual(priceFacts());
    expect(Object.keys(document)).toEqual(expect.arrayContaining(['regions', 'runtimes', 'limits', 'fargate-sizes', 'instances']));
  });

  it('prints one list, and what holds in one region', async () => {
    const { stdout } = await runCli(['facts', 'availability', '--region', 'cn-northwest-1', '--json']);
    const { availability = [], ...rest } = expectDocument<Document>(stdout, 'facts');
    expect(Object.keys(rest)).toEqual(['schemaVersion']);
    expect(availability.length).toBe(new Set(availability.map(({ subject }) => subject)).size);
    expect(availability.find(({ subject }) => subject === 'lambda-function-url')?.available).toBe('no');
  });

  it('prints tables with source and date', async () => {
    const { stdout } = await runCli(['facts', 'prices']);
    expect(stdout).toMatch(/fargate-vcpu-x86 +us-east-1 +USD +0\.04048 +vCPU-hour +2026-06 +secondary +https:/);
    expect(stdout).toMatch(/ec2-commitment-1y .* unknown /);
  });

  it.each([
    [['facts', 'price'], 'Did you mean prices'],
    [['facts', '--region', 'cn-north-2'], 'Did you mean cn-north-1'],
  ])('refuses %j', async (args, told) => {
    const { code, stderr, stdout } = await runCli([...args, '--json']);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
    expectDocument(stdout, 'facts');
  });
});
