import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagramAfter, diagramBefore } from '../../src/diagram/diagram.js';
import { mermaid } from '../../src/diagram/mermaid.js';
import type { FunctionPlan, Plan, ServicePlan } from '../../src/planning/plan.js';
import type { Trigger } from '../../src/project/trigger.js';
import { servicePlan } from '../planning/builders.js';
import { http, schedule, sqs } from '../producing/sample.js';
import { hostileText } from '../support/hostile.js';

function fn(id: string, triggers: Trigger[]): FunctionPlan {
  return { id, workload: 'web', style: 'adapter', outcome: 'migrated', because: '', triggers };
}

function service(name: string, kind: ServicePlan['kind'], functions: string[], more: Partial<ServicePlan> = {}): ServicePlan {
  return servicePlan({ name, kind, functions, ...more });
}

const route = (id: string, path: string) => ({
  function: id,
  trigger: http('GET', path),
  front: 'http-api' as const,
  guard: null,
  authorizer: null,
});

const plan: Pick<Plan, 'functions' | 'services'> = {
  functions: [
    fn('List', [http('GET', '/a')]),
    fn('Get', [http('GET', '/a/{id}')]),
    fn('Take', [sqs('orders')]),
    fn('Run', [schedule('rate(1 hour)')]),
    fn('Stays', [{ type: 's3', source: 'Bucket' }]),
  ],
  services: [
    service('web', 'web', ['List', 'Get'], { routes: [route('List', '/a'), route('Get', '/a/{id}')] }),
    service('worker', 'worker', ['Take'], {
      queues: [{ function: 'Take', trigger: sqs('orders') as never, urlVariable: 'ORDERS_QUEUE_URL' }],
    }),
    service('job', 'job', ['Run'], { jobs: [{ name: 'Run', function: 'Run', trigger: schedule('rate(1 hour)') as never }] }),
  ],
};

/** Every line that Mermaid is given: a box with a text that holds nothing but letters, digits, a few signs and codes, or an arrow. */
const text = String.raw`"(?:[\p{L}\p{N} ,:()/]|(?<=[\p{L}\p{N}])[-._](?=[\p{L}\p{N}])|#\d+;)+"`;
const line = new RegExp(
  String.raw`^  (?:accTitle: [\w, ]+|\w+(?:\(\[${text}\]\)|\[${text}\]|\{\{${text}\}\}|\[\[${text}\]\])|\w+ -->(?:\|${text}\|)? \w+)$`,
  'u',
);

describe('a diagram', () => {
  it('has what calls the functions, and functions that are called alike in one box', () => {
    expect(mermaid(diagramBefore(plan), 'Before')).toEqual([
      'flowchart LR',
      '  accTitle: Before',
      '  function1["List, Get"]',
      '  source2(["http-api Api"])',
      '  function3["Take"]',
      '  source4(["sqs orders"])',
      '  function5["Run"]',
      '  source6(["schedule rate(1 hour)"])',
      '  function7["Stays"]',
      '  source8(["s3 Bucket"])',
      '  source2 -->|"2 routes"| function1',
      '  source4 --> function3',
      '  source6 --> function5',
      '  source8 --> function7',
    ]);
  });

  it('has the services with their fronts, queues and schedules, and what stays', () => {
    expect(mermaid(diagramAfter(plan), 'After').slice(2)).toEqual([
      '  service1[["web: List, Get"]]',
      '  front2{{"HTTP, in place of Api"}}',
      '  service3[["worker: Take"]]',
      '  source4(["sqs orders"])',
      '  service5[["job: Run"]]',
      '  source6(["schedule rate(1 hour)"])',
      '  function7["Stays"]',
      '  source8(["s3 Bucket"])',
      '  front2 -->|"2 routes"| service1',
      '  source4 --> service3',
      '  source6 --> service5',
      '  source8 --> function7',
    ]);
  });

  it('counts what is too much for one box', () => {
    const many = Array.from({ length: 9 }, (_, index) => fn(`F${index}`, [http('GET', `/${index}`)]));
    const { nodes } = diagramBefore({ functions: many });
    expect(nodes.map(({ label }) => label)).toEqual(['F0, F1, F2, F3, F4, F5 and 3 more', 'http-api Api']);
  });

  it('lets no text leave its place', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (id, queue, api) => {
        const functions = [fn(id, [sqs(queue), http('GET', '/a', { api })])];
        const services = [service('web', 'web', [id], { routes: [{ ...route(id, '/a'), trigger: http('GET', '/a', { api }) }] })];
        for (const diagram of [diagramBefore({ functions }), diagramAfter({ functions, services })]) {
          const [first, ...lines] = mermaid(diagram, 'Title');
          expect(first).toBe('flowchart LR');
          for (const each of lines) expect(each).toMatch(line);
        }
      }),
      { numRuns: 200 },
    );
  });
});
