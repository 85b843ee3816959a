import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { HandlerFacts } from '../../src/analysis/facts.js';
import { UserError } from '../../src/errors.js';
import { decide } from '../../src/planning/decide.js';
import { readPlan, writePlan } from '../../src/planning/plan-file.js';
import type { LambdaFunction, Project } from '../../src/project/model.js';
import { facts, guarded, http, lambda, literal, project, reference, schedule, sqs } from './builders.js';

const shop = project(
  [
    lambda('Get', {
      triggers: [http('GET /orders/{id}')],
      environment: { TABLE: literal('orders'), COUNT: literal(1), DB_PASSWORD: literal('hunter2') },
    }),
    lambda('Put', {
      triggers: [guarded('PUT /orders/{id}', { kind: 'api-key' })],
      environment: { TOPIC: reference('!Ref Topic') },
      memoryMb: 1769,
    }),
    lambda('Consume', { triggers: [sqs('orders')] }),
    lambda('Nightly', { triggers: [schedule('cron(0 3 * * ? *)')] }),
    lambda('Confirm', { triggers: [{ type: 'cognito' }] }),
    lambda('Manual', { triggers: [{ type: 'invoke' }] }),
    lambda('Both', { triggers: [http('GET /both'), sqs('both')] }),
  ],
  { root: 'services/shop', definition: 'services/shop/template.yaml' },
);
const loose = project([lambda('Api'), lambda('Other')], { root: 'loose', definition: 'loose/package.json', dialect: 'convention' });
const looseFacts: Record<string, Partial<HandlerFacts>> = { Api: { returnsHttpResult: true } };

const decided = (of: Project, more: Record<string, Partial<HandlerFacts>> = {}) => decide(of, facts(of, more), {});
const written = writePlan([decided(shop), decided(loose, looseFacts)]);
const redecide = (text: string, of = shop, more = {}) => decide(of, facts(of, more), { edits: readPlan(text) });

/** Replaces once, and fails when there is nothing to replace. */
function edit(from: string | RegExp, to: string, text = written): string {
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`nothing to edit: ${from}`);
  return edited;
}

const inFunction = (id: string, from: string, to: string) => edit(new RegExp(`( {6}${id}:\\n(?: {8}.*\\n)*? {8})${from}`), `$1${to}`);

describe('the plan file', () => {
  it('gives back exactly the plan it was made from', () => {
    expect(redecide(written)).toEqual(decided(shop));
    expect(redecide(written, loose, looseFacts)).toEqual(decided(loose, looseFacts));
    expect(writePlan([redecide(written), redecide(written, loose, looseFacts)])).toBe(written);
  });

  it('names every function, and holds no secret', () => {
    const data = parse(written) as { projects: { functions: Record<string, { outcome: string; because: string }> }[] };
    expect(Object.keys(data.projects[0]?.functions ?? {})).toEqual(shop.functions.map(({ id }) => id));
    for (const entry of Object.values(data.projects[0]?.functions ?? {})) expect(entry.because).not.toBe('');
    expect(written).not.toContain('hunter2');
  });

  it('shows routes, guards, queues and jobs as comments', () => {
    expect(written).toMatch(/# GET \/orders\/\{id\} \(Get\)/);
    expect(written).toMatch(/# PUT \/orders\/\{id\} \(Put\); closed with 403/);
    expect(written).toMatch(/# queue of \$ORDERS_QUEUE_URL \(Consume\)/);
    expect(written).toMatch(/# job Nightly: cron/);
  });

  it('keeps --arch and --spot, and what is edited of them', () => {
    const given = decide(shop, facts(shop), { arch: 'arm64', spot: true });
    const text = writePlan([given]);
    expect(text).toMatch(/target: ecs-fargate\n {4}arch: arm64\n {4}spot: true\n/);
    expect(redecide(text)).toEqual(given);
    expect(redecide(edit('spot: true', 'spot: false', text))).not.toHaveProperty('spot');
    expect(decide(shop, facts(shop), { edits: readPlan(edit('    spot: true\n', '', text)), spot: true })).toHaveProperty('spot', true);
    expect(() => redecide(edit('target: ecs-fargate', 'target: eks', text))).toThrow('not for the target "eks"');
    expect(() => readPlan(edit('arch: arm64', 'arch: arm', text))).toThrow(UserError);
  });

  it('can be cloned for a worker thread', () => expect(structuredClone(readPlan(written))).toEqual(readPlan(written)));
});

describe('an edit', () => {
  const services = (text: string, of = shop, more = {}) =>
    Object.fromEntries(redecide(text, of, more).services.map((service) => [service.name, service]));

  it('leaves a function on Lambda', () => {
    const plan = redecide(inFunction('Get', 'workload: web', 'workload: stays'));
    expect(plan.functions.find(({ id }) => id === 'Get')).toMatchObject({ outcome: 'stays', workload: 'stays' });
    expect(plan.services[0]?.functions).toEqual(['Put', 'Both']);
  });

  it('makes a job of a function that nothing triggers', () => {
    const plan = redecide(inFunction('Manual', 'workload: stays', 'workload: job'));
    expect(plan.functions.find(({ id }) => id === 'Manual')).toMatchObject({ outcome: 'migrated', workload: 'job' });
    expect(plan.services.find(({ kind }) => kind === 'job')?.jobs.map(({ name }) => name)).toEqual(['Nightly', 'Manual']);
  });

  it('makes a route or a queue consumer of it', () => {
    const routes = services(
      inFunction('Manual', 'workload: stays', 'workload: web\n        front: rest-api\n        routes: [POST /manual]'),
    )['web']?.routes;
    expect(routes?.find((route) => route.function === 'Manual')).toMatchObject({
      front: 'rest-api',
      trigger: { method: 'POST', path: '/manual', payload: '1.0' },
    });
    expect(
      services(inFunction('Manual', 'workload: stays', 'workload: worker'))['worker']?.queues.map((queue) => queue.function),
    ).toContain('Manual');
  });

  it('chooses one of the workloads of a function', () => {
    const plan = services(inFunction('Both', 'workload: web', 'workload: worker'));
    expect(plan['web']?.functions).not.toContain('Both');
    expect(plan['worker']?.functions).toContain('Both');
  });

  it('corrects an inferred front', () => {
    const text = edit(
      'routes:\n          - ANY $default',
      'routes:\n          - GET /a\n          - POST /a',
      edit('front: http-api', 'front: rest-api'),
    );
    const routes = redecide(text, loose, looseFacts).services[0]?.routes;
    expect(routes?.map(({ trigger }) => [trigger.type, trigger.payload, trigger.method, trigger.path])).toEqual([
      ['rest-api', '1.0', 'GET', '/a'],
      ['rest-api', '1.0', 'POST', '/a'],
    ]);
    expect(redecide(edit('payload: "2.0"', 'payload: "1.0"'), loose, looseFacts).services[0]?.routes[0]?.trigger.payload).toBe('1.0');
  });

  it('moves a function to a new service', () => {
    const text = edit(
      '      worker:\n',
      '      web-admin:\n        functions: [Put]\n        cpu: 512\n        memory: 1024\n        stopTimeout: 60\n        architecture: X86_64\n      worker:\n',
      edit('          - Put\n', ''),
    );
    const plan = services(text);
    expect(plan['web']?.functions).toEqual(['Get', 'Both']);
    expect(plan['web-admin']).toMatchObject({ kind: 'web', functions: ['Put'], cpu: 512, memoryMb: 1024, stopTimeout: 60 });
    expect(plan['web-admin']?.routes[0]?.guard?.status).toBe(403);
  });

  it('changes size and environment', () => {
    const text = edit(
      'TABLE:\n            value: orders',
      'TABLE:\n            value: orders-2',
      edit('cpu: 1024\n        memory: 3072', 'cpu: 2048\n        memory: 4096'),
    );
    const { web } = services(text);
    expect(web).toMatchObject({ cpu: 2048, memoryMb: 4096 });
    expect(web?.environment).toContainEqual({ name: 'TABLE', kind: 'literal', value: 'orders-2' });
  });

  it('lets a person say that something is no secret', () => {
    expect(
      services(edit('DB_PASSWORD:\n            secret: ""', 'DB_PASSWORD:\n            value: none'))['web']?.environment,
    ).toContainEqual({
      name: 'DB_PASSWORD',
      kind: 'literal',
      value: 'none',
    });
  });

  it('leaves out a project that the file does not list', () => {
    const text = written.slice(0, written.indexOf('  - project: loose'));
    const plan = redecide(text, loose, looseFacts);
    expect(plan.functions.map(({ outcome }) => outcome)).toEqual(['stays', 'stays']);
    expect(plan.services).toEqual([]);
  });
});

describe('a bad edit', () => {
  const line = (text: string, of: string) => text.split('\n').findIndex((each) => each.includes(of)) + 1;

  it.each<[string, () => string, string]>([
    ['broken YAML', () => edit('    functions:\n', '    functions: [\n'), ''],
    ['an unknown key', () => inFunction('Get', 'workload: web', 'workload: web\n        colour: red'), 'colour'],
    ['an unknown workload', () => inFunction('Get', 'workload: web', 'workload: daemon'), 'daemon'],
    ['an unknown function', () => edit('      Get:\n', '      Got:\n'), 'Got:'],
    ['a removed function', () => edit(/ {6}Manual:\n( {8}.*\n)+/, ''), ''],
    ['an unknown function in a service', () => edit('          - Get\n', '          - Get\n          - Nobody\n'), '- Nobody'],
    ['a function that has no such trigger', () => edit('          - Consume\n', '          - Consume\n          - Nightly\n'), '- Nightly'],
    ['a workload that no trigger makes', () => inFunction('Consume', 'workload: worker', 'workload: web'), ''],
    ['a front of a declared route', () => inFunction('Get', 'workload: web', 'workload: web\n        front: alb'), 'front: alb'],
    ['a function in no service', () => edit('          - Put\n', ''), ''],
    ['a size that Fargate does not have', () => edit('memory: 3072', 'memory: 3000'), 'memory: 3000'],
    ['a number as a value', () => edit('value: orders', 'value: 5'), 'TABLE'],
    ['a secret as a value', () => edit('value: orders', 'value: postgres://app:hunter2@db/app'), 'TABLE'],
    ['a variable of Lambda', () => edit('TABLE:', 'AWS_LAMBDA_X:'), 'AWS_LAMBDA_X'],
    ['a stop timeout out of bounds', () => edit('stopTimeout: 30', 'stopTimeout: 500'), 'stopTimeout: 500'],
    ['a service with another name', () => edit('      worker:', '      queue:'), 'queue:'],
    ['another target', () => edit('target: ecs-fargate', 'target: nowhere'), ''],
    ['another version', () => edit('version: 1', 'version: 2'), 'version'],
    ['no plan at all', () => 'hello', ''],
    ['nothing', () => '', ''],
  ])('is refused: %s', (_, make, at) => {
    const text = make();
    const failure = (() => {
      try {
        redecide(text);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(UserError);
    const { place, advice, message } = failure as UserError;
    expect(advice).not.toBe('');
    expect(`${message} ${advice}`).not.toContain('hunter2');
    if (at !== '') expect(place).toMatch(new RegExp(`^plan\\.yaml:${line(text, at)}:\\d+$`));
  });

  it('is refused when functions cannot share a process', () => {
    const functions = (mode: string): Partial<LambdaFunction> => ({ environment: { MODE: literal(mode) } });
    const of = project([
      lambda('A', { triggers: [http('GET /a')], ...functions('a') }),
      lambda('B', { triggers: [http('GET /b')], ...functions('b') }),
    ]);
    const text = edit('          - A\n', '          - A\n          - B\n', edit(/ {6}web-b:\n(?: {8}.*\n)+/, '', writePlan([decided(of)])));
    expect(() => redecide(text, of)).toThrow(/MODE/);
  });

  it('is refused when aliases explode', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ].join('\n');
    expect(() => readPlan(bomb)).toThrow(UserError);
  });
});
