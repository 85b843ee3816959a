import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ricRunner } from '../../../src/verify/lambda/ric.js';
import { both, cannotInstall } from './both-runners.js';
import { handlers } from './shapes.js';

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
    const [own, theirs] = await both(ricRunner(), { runtime: 'nodejs22.x', root: `${handlers}/${root}`, handler });
    expect(own).toEqual(theirs);
  });
});

describe.skipIf(offline || !node24 || !existsSync(node24))('the built-in runner ends like aws-lambda-ric 4.0.2', () => {
  test.concurrent.each(cases)('%s %s', async (root, handler) => {
    const [own, theirs] = await both(ricRunner({ node: node24 }), {
      runtime: 'nodejs24.x',
      root: `${handlers}/${root}`,
      handler,
      node: node24,
    });
    expect(own).toEqual(theirs);
  });
});
