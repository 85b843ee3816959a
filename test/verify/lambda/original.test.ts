import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Invocation, type OriginalOptions, startOriginal } from '../../../src/verify/lambda/original.js';
import { handlers, settings } from './shapes.js';

async function run(
  handler: string,
  events: unknown[] = [{}],
  more: Partial<OriginalOptions> = {},
): Promise<{ ends: Invocation[]; log: string }> {
  const original = await startOriginal(settings(handler, more));
  try {
    const ends = [];
    for (const event of events) ends.push(await original.invoke(event));
    return { ends, log: original.log() };
  } finally {
    await original.stop();
  }
}

function payloadOf(invocation: Invocation | undefined): unknown {
  if (invocation?.outcome.kind !== 'result') throw new Error(`no result: ${JSON.stringify(invocation)}`);
  return JSON.parse(invocation.outcome.payload);
}

describe('a function as Lambda runs it', () => {
  test('Node.js 22 drops what a synchronous handler returns, Node.js 24 answers with it', async () => {
    expect((await run('shapes.syncValue')).ends[0]?.outcome).toEqual({ kind: 'result', payload: 'null' });
    const { ends } = await run('shapes.syncValue', [{}], { runtime: 'nodejs24.x' });
    expect(ends[0]?.outcome).toEqual({ kind: 'result', payload: '{"statusCode":200}' });
  });

  test('Node.js 24 refuses callback handlers when they are loaded', async () => {
    const { ends } = await run('shapes.callbackValue', [{}], { runtime: 'nodejs24.x' });
    expect(ends[0]?.outcome).toMatchObject({ kind: 'init-error', error: { errorType: 'Runtime.CallbackHandlerDeprecated' } });
  });

  test('the answer of a callback waits for the event loop', async () => {
    expect((await run('shapes.callbackWaits')).ends[0]?.outcome).toEqual({ kind: 'result', payload: '{"done":true}' });
    expect((await run('shapes.callbackDoesNotWait')).ends[0]?.outcome).toEqual({ kind: 'result', payload: '{"done":false}' });
  });

  test('module state lives as long as the process', async () => {
    const { ends } = await run('shapes.counter', [1, 2, 3]);
    expect(ends.map(({ outcome, coldStart }) => [outcome, coldStart])).toEqual([
      [{ kind: 'result', payload: '1' }, true],
      [{ kind: 'result', payload: '2' }, false],
      [{ kind: 'result', payload: '3' }, false],
    ]);
  });

  test('events that overlap wait for each other', async () => {
    const original = await startOriginal(settings('shapes.counter'));
    const ends = await Promise.all([1, 2, 3].map((event) => original.invoke(event)));
    await original.stop();
    expect(ends.map(({ outcome }) => outcome)).toEqual(['1', '2', '3'].map((payload) => ({ kind: 'result', payload })));
  });

  test('a streamed answer is taken apart', async () => {
    const { ends } = await run('shapes.streamPrelude');
    expect(ends[0]?.outcome).toEqual({
      kind: 'stream',
      stream: {
        contentType: 'application/vnd.awslambda.http-integration-response',
        prelude: { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['a=1', 'b=2'] },
        body: Buffer.from('body'),
        error: null,
      },
    });
  });

  test('nothing of the environment of this process is inherited', async () => {
    process.env['MIGRATE_LAMBDA_SECRET'] = 'secret';
    const { ends } = await run('shapes.environment');
    delete process.env['MIGRATE_LAMBDA_SECRET'];
    const { environment } = payloadOf(ends[0]) as { environment: unknown };
    expect(environment).toMatchObject({ TABLE: 'things', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', _HANDLER: 'shapes.environment' });
    expect(environment).not.toHaveProperty('MIGRATE_LAMBDA_SECRET');
    expect((await run('trouble.home')).ends[0]?.outcome).toEqual({ kind: 'result', payload: '[]' });
  });
});

describe('code that misbehaves', () => {
  test('a handler that hangs is killed when its time is up, also when it keeps the processor', async () => {
    for (const handler of ['shapes.hangs', 'trouble.spins']) {
      const { ends } = await run(handler, [{}, {}], { timeoutSeconds: 1 });
      expect(ends.map(({ outcome, coldStart }) => [outcome.kind, coldStart])).toEqual([
        ['timeout', true],
        ['timeout', true],
      ]);
      expect(ends[0]?.outcome).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
    }
  });

  test('an exit is told apart from a crash', async () => {
    expect((await run('shapes.exit0')).ends[0]?.outcome).toMatchObject({ kind: 'exit', code: 0 });
    expect((await run('shapes.exit3')).ends[0]?.outcome).toMatchObject({ kind: 'exit', code: 3 });
    expect((await run('shapes.killed')).ends[0]?.outcome).toMatchObject({ kind: 'exit', signal: 'SIGKILL' });
    expect((await run('exits-at-init.handler')).ends[0]?.outcome).toMatchObject({ kind: 'exit', code: 4 });
  });

  test('a missing module and an error at the top level are errors of the start', async () => {
    expect((await run('missing-module.handler')).ends[0]?.outcome).toMatchObject({
      kind: 'init-error',
      error: { errorType: 'Runtime.ImportModuleError' },
    });
    expect((await run('top-level-rejects.handler', [{}], { taskRoot: `${handlers}/esm` })).ends[0]?.outcome).toMatchObject({
      kind: 'init-error',
      error: { errorType: 'RangeError', errorMessage: 'top level' },
    });
  });

  test('memory ends at the limit', async () => {
    const { ends } = await run('trouble.eats', [{}], { memoryMb: 128, timeoutSeconds: 30 });
    expect(ends[0]?.outcome).toMatchObject({ kind: 'exit', signal: 'SIGABRT' });
  });

  test('a flood of output keeps its beginning and its end', async () => {
    const { ends, log } = await run('trouble.floods', [{}], { timeoutSeconds: 20 });
    expect(ends[0]?.outcome).toEqual({ kind: 'result', payload: '"flooded"' });
    expect(log.length).toBeLessThan(400_000);
    expect(log).toContain('characters left out');
  });

  test('a server it opened does not keep it from answering', async () => {
    expect((await run('trouble.listens', [{}, {}])).ends.map(({ outcome }) => outcome)).toEqual([
      { kind: 'result', payload: '"listening"' },
      { kind: 'result', payload: '"listening"' },
    ]);
  });

  test('processes it started are gone after stop', async () => {
    const { ends } = await run('trouble.leavesChild');
    await sleep(50);
    // Ended, or a zombie that nobody has waited for.
    const state = await readFile(`/proc/${payloadOf(ends[0])}/stat`, 'utf8').catch(() => 'gone Z');
    expect(state.split(' ').includes('Z')).toBe(true);
  });
});
