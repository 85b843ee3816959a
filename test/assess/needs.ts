/** Functions and services as the planning stage would give them, for tests of judgement and cost. */

import type { CostInput, Need, Scenario } from '../../src/targets/assessment.js';
import { servicePlan } from '../planning/builders.js';

const clean = { error: {}, warning: {} };

export function need(values: Partial<Need> = {}): Need {
  const id = values.id ?? 'Get';
  return {
    key: `template.yaml#${id}`,
    id,
    definition: 'template.yaml',
    workload: 'web',
    outcome: 'migrated',
    runtime: 'nodejs24.x',
    node: 24,
    architecture: 'x86_64',
    memoryMb: 512,
    timeoutSeconds: 10,
    diskMb: 512,
    triggers: ['http-api'],
    streaming: false,
    callback: false,
    scheduledRuns: null,
    findings: { container: clean, managed: clean, guarded: {}, left: {} },
    ...values,
  };
}

export function service(kind: 'web' | 'worker' | 'job', needs: readonly Need[], values: Partial<CostInput['services'][number]> = {}) {
  const plan = servicePlan({ name: kind, kind, functions: needs.map(({ id }) => id) });
  return { ...plan, keys: needs.map(({ key }) => key), ...values };
}

/** The likely reading of so many requests, all shared. */
export function scenario(requests: number, needs: readonly Need[], values: Partial<Scenario> = {}): Scenario {
  return {
    reading: 'likely',
    requests: new Map(needs.map(({ key }) => [key, requests / needs.length])),
    durationMs: 100,
    memoryMb: null,
    cpuShare: 0.5,
    headroom: 2,
    payloadKb: 10,
    logKb: 1,
    connectionsPerRequest: 0.2,
    natGateways: 1,
    freeTier: false,
    ...values,
  };
}
