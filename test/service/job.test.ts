import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../support/fixtures.js';
import { type ServiceProcess, serviceFolder, startProcess, until } from '../support/service-process.js';

afterAll(cleanUp);

interface Options {
  /** Statements before the jobs are started. */
  code?: string;
  /** Source of the `jobs` object; `fn(handler)` makes a function with a timeout of 2 seconds. */
  jobs: string;
  args?: string[];
  env?: Record<string, string>;
}

async function startJob({ code = '', jobs, args = [], env = {} }: Options): Promise<ServiceProcess> {
  const folder = await serviceFolder(
    'job',
    `import { startJob } from './runtime/job.mjs';
const fn = (handler) => ({ name: 'fn', handler, timeoutSeconds: 2, memoryMb: 128 });
const print = async (event) => console.log(JSON.stringify({ event }));
${code}
startJob({ name: 'jobs', jobs: ${jobs} });
`,
  );
  return startProcess(folder, env, args);
}

async function runJob(options: Options): Promise<{ code: number | string; lines: ReturnType<ServiceProcess['lines']>; event: unknown }> {
  const job = await startJob(options);
  const code = await job.exit;
  const lines = job.lines();
  return { code, lines, event: lines.find((line) => 'event' in line)?.['event'] };
}

describe('code that cannot be loaded', () => {
  it('fails, also when it takes uncaught errors itself', async () => {
    const code = "process.on('uncaughtException', () => {});\nif (fn) throw new Error('no key');";
    const { code: exit, lines } = await runJob({ code, jobs: '{ a: { function: fn(print) } }' });
    expect(exit).toBe(1);
    expect(lines).toMatchObject([{ level: 'error', message: 'the functions cannot be loaded', error: { message: 'no key' } }]);
  });
});

describe('event', () => {
  it('is the standard one of a rule', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { code, event } = await runJob({
      jobs: "{ nightly: { function: fn(print), scheduleName: 'nightly-rule' } }",
      env: { AWS_REGION: 'cn-north-1', AWS_ACCOUNT_ID: '123456789012' },
    });
    expect(code).toBe(0);
    expect(event).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'cn-north-1',
      resources: ['arn:aws-cn:events:cn-north-1:123456789012:rule/nightly-rule'],
      detail: {},
    });
    const time = Date.parse((event as { time: string }).time);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('is that of EventBridge Scheduler for its schedules', async () => {
    const { event } = await runJob({ jobs: '{ nightly: { function: fn(print), scheduler: true } }' });
    expect(event).toMatchObject({
      source: 'aws.scheduler',
      resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly'],
      detail: '{}',
    });
  });

  it.each([
    ["{ nightly: { function: fn(print), input: { kind: 'full' } } }", { kind: 'full' }],
    ['{ nightly: { function: fn(print), input: null } }', null],
    ["{ nightly: { function: fn(print), input: '<aws.scheduler.attempt-number>' } }", '<aws.scheduler.attempt-number>'],
    [
      "{ nightly: { function: fn(print), scheduler: true, input: { try: '<aws.scheduler.attempt-number>', other: '<aws.scheduler.none>' } } }",
      { try: '1', other: '<aws.scheduler.none>' },
    ],
  ])('is the input of the schedule: %s', async (jobs, expected) => {
    expect((await runJob({ jobs })).event).toEqual(expected);
  });

  it('can be given from outside', async () => {
    const jobs = '{ nightly: { function: fn(print), input: 1 } }';
    expect((await runJob({ jobs, env: { JOB_EVENT: '{"day":"2026-01-01"}' } })).event).toEqual({ day: '2026-01-01' });
    const { code, lines } = await runJob({ jobs, env: { JOB_EVENT: '{day' } });
    expect(code).toBe(2);
    expect(lines).toMatchObject([{ level: 'error', message: expect.stringContaining('JOB_EVENT is not JSON') }]);
  });
});

describe('choice', () => {
  const jobs = "{ one: { function: fn(async () => console.log('ran one')) }, two: { function: fn(async () => console.log('ran two')) } }";

  it('runs the job that is named', async () => {
    const { code, lines } = await runJob({ jobs, args: ['two'] });
    expect(code).toBe(0);
    expect(lines.map(({ message }) => message)).toEqual(['ran two', 'the job succeeded']);
  });

  it.each([
    [['three'], 'There is no job "three". Jobs: one, two'],
    [['toString'], 'There is no job "toString". Jobs: one, two'],
    [[], 'Which job? Name it as the first argument. Jobs: one, two'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, lines } = await runJob({ jobs, args });
    expect(code).toBe(2);
    expect(lines).toMatchObject([{ level: 'error', message }]);
  });
});

describe('outcome', () => {
  it.each([
    ['throws', "fn(async () => { throw new Error('broken'); })", 'broken'],
    ['throws at once', "fn(() => { throw new Error('broken'); })", 'broken'],
    [
      'leaves a rejection unhandled',
      "fn(async () => { Promise.reject(new Error('broken')); await new Promise((done) => setTimeout(done, 500)); })",
      'broken',
    ],
    ['throws in a timer', "fn(() => new Promise(() => setTimeout(() => { throw new Error('broken'); })))", 'broken'],
    ['never ends', 'fn(() => new Promise(() => setInterval(() => {}, 1000)))', 'Task timed out after 2.00 seconds'],
  ])('is 1 when the function %s', async (_what, fn, message) => {
    const { code, lines } = await runJob({ jobs: `{ job: { function: ${fn} } }` });
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: 'the job failed', job: 'job', error: { message } });
  });

  it('waits for what the function started, and not for what never ends', async () => {
    const { code, lines } = await runJob({
      jobs: "{ job: { function: fn(async () => { setTimeout(() => console.log('late'), 300); setInterval(() => {}, 1000); }) } }",
    });
    expect(code).toBe(0);
    expect(lines.map(({ message }) => message)).toEqual(['the job succeeded', 'late']);
  });

  it('stays when something breaks after the run', async () => {
    const { code, lines } = await runJob({
      jobs: "{ job: { function: fn(async () => { setTimeout(() => { throw new Error('late'); }, 100); }) } }",
    });
    expect(code).toBe(0);
    expect(lines.map(({ message }) => message)).toEqual(['the job succeeded', 'error after the job was over']);
  });

  it('is that of the run, also after SIGTERM', async () => {
    const job = await startJob({
      jobs: "{ job: { function: fn(async () => { console.log('begun'); await new Promise((done) => setTimeout(done, 1000)); console.log('done'); }) } }",
    });
    await until(() => job.lines().some(({ message }) => message === 'begun'));
    job.child.kill('SIGTERM');
    await sleep(100);
    expect(await job.exit).toBe(0);
    expect(job.lines().map(({ message }) => message)).toEqual([
      'begun',
      'SIGTERM: the job goes on until it is done',
      'done',
      'the job succeeded',
    ]);
  });

  it('is logged with the request id of the run', async () => {
    const { lines } = await runJob({ jobs: '{ job: { function: fn(async (event, context) => console.log(context.awsRequestId)) } }' });
    expect(lines.map(({ requestId }) => requestId)).toEqual([lines[0]?.message, lines[0]?.message]);
  });
});
