import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startOriginal } from '../../../src/verify/lambda/original.js';
import type { InvokeOutcome } from '../../../src/verify/lambda/outcome.js';
import { ricRunner } from '../../../src/verify/lambda/ric.js';
import { builtInRunner, type Runner } from '../../../src/verify/lambda/runner.js';
import { handlers, settings } from './shapes.js';

/** Every export of the fixture, plus modules that fail, or that are found in other ways: `[task root, handler]`. */
const cases: [string, string][] = [
  ...[...readFileSync(`${handlers}/cjs/shapes.js`, 'utf8').matchAll(/^exports\.(\w+) =/gm)].map(([, name]): [string, string] => [
    'cjs',
    `shapes.${name}`,
  ]),
  ['cjs', 'shapes.nested.deep.handler'],
  ['cjs', 'shapes.missing'],
  ['cjs', 'shapes.nested.missing.handler'],
  ['cjs', 'shapes'],
  ['cjs', '../cjs/shapes.asyncValue'],
  ['cjs', 'nowhere.handler'],
  ['cjs', 'dir/index.handler'],
  ['cjs', 'dir.handler'],
  ['cjs', 'module.handler'],
  ['cjs', 'module.default'],
  ['cjs', 'common.handler'],
  ['cjs', 'throws-at-init.handler'],
  ['cjs', 'exits-at-init.handler'],
  ['cjs', 'rejects-at-init.handler'],
  ['cjs', 'missing-module.handler'],
  ['cjs', 'missing-file.handler'],
  ['cjs', 'syntax.handler'],
  ['cjs', 'esm-in-cjs.handler'],
  ['esm', 'top-level.handler'],
  ['esm', 'top-level.default.handler'],
  ['esm', 'top-level-rejects.handler'],
  ['esm', 'top-level-hangs.handler'],
  ['esm', 'missing-module.handler'],
  ['esm', 'missing-export.handler'],
  ['esm', 'inner/app.handler'],
  ['esm', 'requires-esm.handler'],
];

/** Node.js 24 for the current runtime client; tests of it are skipped without one. */
const node24 = process.env['MIGRATE_LAMBDA_NODE24'];

const offline = await cannotInstall(ricRunner());

describe.skipIf(offline)('the built-in runner ends like aws-lambda-ric 3.3.0', () => {
  test.concurrent.each(cases)('%s %s', async (root, handler) => {
    const [own, theirs] = await both(ricRunner(), { runtime: 'nodejs22.x', root, handler });
    expect(own).toEqual(theirs);
  });
});

describe.skipIf(offline || !node24 || !existsSync(node24))('the built-in runner ends like aws-lambda-ric 4.0.2', () => {
  test.concurrent.each(cases)('%s %s', async (root, handler) => {
    const [own, theirs] = await both(ricRunner({ node: node24 }), { runtime: 'nodejs24.x', root, handler, node: node24 });
    expect(own).toEqual(theirs);
  });
});

interface Case {
  runtime: string;
  root: string;
  handler: string;
  node?: string | undefined;
}

/** Two events each: what the first leaves behind is part of the behaviour. */
function both(ric: Runner, each: Case): Promise<unknown[]> {
  return Promise.all([builtInRunner, ric].map((runner) => twice(runner, each)));
}

async function twice(runner: Runner, { runtime, root, handler, node }: Case): Promise<unknown[]> {
  const more = { runtime, runner, taskRoot: `${handlers}/${root}`, initSeconds: 10, ...(node && { node }) };
  const original = await startOriginal(settings(handler, more));
  try {
    const ends = [];
    for (const event of [{ n: 1 }, { n: 2 }]) {
      const { outcome, coldStart, requestId } = await original.invoke(event);
      ends.push({ coldStart, ...comparable(outcome, requestId) });
    }
    return ends;
  } finally {
    await original.stop();
  }
}

/** Stack frames, request ids and the place of AWS's code differ; all else must not. */
function comparable(outcome: InvokeOutcome, requestId: string): Record<string, unknown> {
  const text = (value: string | undefined) =>
    value
      ?.replaceAll(requestId, 'ID')
      .replace(/\n?- .*\.mjs$/gm, '')
      .replace(/Require stack:/, '')
      .replace(/(imported from|from) \/\S+\.mjs/, '')
      .trim();
  const error = 'error' in outcome ? outcome.error : outcome.kind === 'stream' ? outcome.stream.error : null;
  return {
    kind: outcome.kind,
    ...(error && { errorType: error.errorType, errorMessage: text(error.errorMessage), trace: text(error.trace?.[0]) }),
    ...(outcome.kind === 'result' && { payload: outcome.payload }),
    ...(outcome.kind === 'exit' && { code: outcome.code, signal: outcome.signal }),
    ...(outcome.kind === 'stream' && {
      contentType: outcome.stream.contentType,
      prelude: outcome.stream.prelude,
      body: outcome.stream.body.toString('utf8'),
    }),
  };
}

async function cannotInstall(runner: Runner): Promise<boolean> {
  return runner.commandFor(settings('shapes.asyncValue')).then(
    () => false,
    () => true,
  );
}
