/** Handlers that nobody wrote down: random steps in random forms, under the built-in runner and under AWS's own runtime client. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ricRunner } from '../../../src/verify/lambda/ric.js';
import { both, cannotInstall } from './both-runners.js';

const values = [
  ...['undefined', 'null', '1', "'text'", 'NaN', '-0', 'true', 'new Date(0)', '[undefined, () => 1]', '{ a: undefined, b: 1 }', '10n'],
  ...['circular', "{ toJSON() { throw new Error('no JSON'); } }", "Symbol('s')", '() => 1', "Buffer.from('x')", 'new Map([[1, 2]])'],
  ...["'\\u2028\\ud800'", '{ statusCode: 200, body: event.n }', 'Object.create(null)', 'event', 'context.awsRequestId.length'],
];

const errors = [
  ...[
    "new Error('e')",
    "'text'",
    'null',
    'undefined',
    '0',
    "''",
    '{ a: 1 }',
    "new TypeError('t')",
    "new Custom('c')",
    'new AggregateError([], "a")',
  ],
  ...[
    "Object.assign(new Error('x'), { name: 'Named', code: 'C' })",
    "new Error('outer', { cause: new Error('inner') })",
    'circular',
    'new Error()',
  ],
];

const value = fc.constantFrom(...values);
const error = fc.constantFrom(...errors);

/** What tells Lambda a result. */
const answer = fc.oneof(
  value.map((v) => `callback(null, ${v});`),
  error.map((e) => `callback(${e});`),
  value.map((v) => `context.succeed(${v});`),
  error.map((e) => `context.fail(${e});`),
  fc.tuple(error, value).map(([e, v]) => `context.done(${e}, ${v});`),
);

const end = fc.oneof(
  value.map((v) => `return ${v};`),
  error.map((e) => `throw ${e};`),
  value.map((v) => `return Promise.resolve(${v});`),
  error.map((e) => `return Promise.reject(${e});`),
  value.map((v) => `return { then(ok) { ok(${v}); } };`),
  value.map((v) => `return new Promise((ok) => setTimeout(ok, 5, ${v}));`),
  fc.constant(''),
);

const inTurn = fc.constantFrom('process.nextTick', 'queueMicrotask');

/** What a timer throws after the answer meets the next event or not, as it happens: only what runs in this turn throws. */
const step = fc.oneof(
  answer,
  fc.tuple(fc.constantFrom('setTimeout', 'setImmediate'), answer).map(([when, what]) => `${when}(() => { ${what} });`),
  fc.tuple(inTurn, answer).map(([when, what]) => `${when}(() => { ${what} });`),
  fc.tuple(inTurn, error).map(([when, what]) => `${when}(() => { throw ${what}; });`),
  fc.constant('context.callbackWaitsForEmptyEventLoop = false;'),
  fc.constant('setTimeout(() => {}, 20);'),
  error.map((e) => `Promise.reject(${e});`),
);

const form = fc.constantFrom(
  ['async (event, context, callback) => {', '}'],
  ['(event, context, callback) => {', '}'],
  ['async function (event, context) { const callback = arguments[2];', '}'],
  ['function (event, context) { const callback = arguments[2];', '}'],
);

const handler = fc
  .tuple(form, fc.array(step, { maxLength: 2 }), end)
  .map(([[open, close], steps, last]) => `exports.handler = ${open} ${[...steps, last].join(' ')} ${close};`);

const prelude = 'class Custom extends Error {}\nconst circular = {};\ncircular.self = circular;\n';

const offline = await cannotInstall(ricRunner());

describe.skipIf(offline)('random handlers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-lambda-random-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const runs = Number(process.env['MIGRATE_LAMBDA_RANDOM_RUNS'] ?? 25);

  test('end under both runners alike', async () => {
    let count = 0;
    const property = fc.asyncProperty(handler, async (source) => {
      const name = `random${count++}`;
      writeFileSync(join(folder, `${name}.js`), `${prelude}${source}\n`);
      const [own, theirs] = await both(ricRunner(), { runtime: 'nodejs22.x', root: folder, handler: `${name}.handler`, timeoutSeconds: 1 });
      expect(own).toEqual(theirs);
    });
    const seed = Number(process.env['MIGRATE_LAMBDA_RANDOM_SEED'] ?? 20260101);
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: runs > 100 });
  }, 600_000);
});
