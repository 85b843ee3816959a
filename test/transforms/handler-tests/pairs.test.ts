/**
 * Unit tests before and after: the text, and that both pass when they are run, each with its handler. `UPDATE_FIXTURES=1` writes the
 * outputs; read the diff before committing.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { exportsOf } from '../../../src/analysis/exports.js';
import { modulesOf } from '../../../src/analysis/modules.js';
import { Resolver } from '../../../src/analysis/resolve.js';
import { parseModule } from '../../../src/analysis/source-module.js';
import { Values } from '../../../src/analysis/values.js';
import { testModule } from '../../../src/producing/runtime.js';
import type { Project } from '../../../src/project/model.js';
import { Repository } from '../../../src/project/repository.js';
import { rewriteTests, type TestsRewrite } from '../../../transforms/handler-tests/project.js';
import { repositoryRoot } from '../../support/fixtures.js';
import { rewriteText, routeOf } from '../../support/native.js';
import { fixturesRoot } from '../fixtures.js';

const run = promisify(execFile);
const update = process.env['UPDATE_FIXTURES'] === '1';
const folder = join(fixturesRoot, 'handler-tests');
const scratch = mkdtempSync(join(tmpdir(), 'handler-tests-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const files = readdirSync(folder);

const cases = files.flatMap((file) => {
  const found = /^(?<name>.+)\.input\.(?<extension>\w+)$/.exec(file)?.groups;
  return found ? [{ name: found['name'] ?? '', extension: found['extension'] ?? '' }] : [];
});

/** A project of one handler, one test, and the events beside it. */
function lay(root: string, name: string, extension: string): void {
  const runner = extension === 'cjs' ? 'unit.test.cjs' : `unit.test.${extension}`;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(`app.${extension}`, read(`${name}.handler.${extension}`));
  write(`tests/unit/${runner}`, read(`${name}.input.${extension}`));
  if (files.includes(`${name}.events.${extension}`)) write(`events/event.${extension}`, read(`${name}.events.${extension}`));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
}

/** The handler as a route, and what becomes of its test. */
function rewrite(root: string, extension: string): { route: string; outcome: TestsRewrite } {
  const repository = new Repository(root);
  const project = {
    root: '',
    definition: 'template.yaml',
    packageInfo: { file: null, workspaceRoot: null },
    resources: {},
    functions: [],
  } as unknown as Project;
  const file = `app.${extension}`;
  const text = readFileSync(join(root, file), 'utf8');
  const routes = [routeOf('rest-api', { path: text.includes('pathParameters') ? '/items/{id}' : '/items' })];
  const [name = ''] = exportsOf(parseModule(file, text)).named.keys();
  const rewritten = rewriteText({ text, extension, routes, exportPath: [name] });
  if (rewritten.kind === 'refused') throw new Error(rewritten.because);
  const values = new Values(modulesOf(repository), new Resolver(repository, project));
  const handler = { exportPath: [name] };
  const test = `tests/unit/unit.test.${extension}`;
  return {
    route: rewritten.text,
    outcome: rewriteTests({ repository, project, values }, { file, handler, routes, text: rewritten.text }, [test]),
  };
}

/** Runs the test of a project; rejects when it fails. */
async function runTest(root: string, extension: string): Promise<void> {
  const test = `tests/unit/unit.test.${extension}`;
  // One runner in another: what the outer one tells its children would confuse the inner.
  const { NODE_TEST_CONTEXT: _context, VITEST: _vitest, ...env } = process.env;
  if (extension === 'cjs') {
    await run(process.execPath, ['--test', test], { cwd: root, env });
    return;
  }
  const config = `export default { test: { globals: true, alias: { '@jest/globals': 'vitest' } } };`;
  writeFileSync(join(root, 'vitest.config.mjs'), config);
  await run(process.execPath, [join(repositoryRoot, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, test], { cwd: root, env });
}

describe.each(cases.filter(({ name }) => !name.startsWith('refuse-')))('$name', ({ name, extension }) => {
  it('becomes what is expected, and passes before and after', { timeout: 60_000 }, async () => {
    const root = join(scratch, name);
    lay(root, name, extension);
    await runTest(root, extension);
    const { route, outcome } = rewrite(root, extension);
    expect(outcome).toMatchObject({ kind: 'rewritten' });
    if (outcome.kind === 'refused') return;
    const [test] = outcome.tests;
    const output = `${name}.output.${extension}`;
    if (update) writeFileSync(join(folder, output), test?.text ?? '');
    expect(test?.text).toBe(read(output));
    writeFileSync(join(root, `app.${extension}`), route);
    for (const { file, text, helper } of outcome.tests) {
      mkdirSync(dirname(join(root, helper)), { recursive: true });
      writeFileSync(join(root, helper), testModule(helper));
      writeFileSync(join(root, file), text);
    }
    await runTest(root, extension);
  });
});

describe.each(cases.filter(({ name }) => name.startsWith('refuse-')))('$name', ({ name, extension }) => {
  it('is refused, with its reason and line', () => {
    const root = join(scratch, name);
    lay(root, name, extension);
    const { outcome } = rewrite(root, extension);
    const shown = outcome.kind === 'refused' ? [{ line: outcome.line, reason: outcome.because }] : [];
    const file = `${name}.diagnostics.json`;
    if (update) writeFileSync(join(folder, file), `${JSON.stringify(shown)}\n`);
    expect(shown).toEqual(JSON.parse(read(file)));
    expect(shown.length).toBe(1);
  });
});
