import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Facts, HandlerFacts, ServerAdapter } from '../../src/analysis/facts.js';
import { ChangeSet } from '../../src/changes/change-set.js';
import type { Outcome, Plan, ServicePlan } from '../../src/planning/plan.js';
import type { Project } from '../../src/project/model.js';
import { Repository } from '../../src/project/repository.js';
import { applyTransforms, exportedServerName } from '../../transforms/index.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Function {
  file: string;
  name?: string;
  declaredIn?: string;
  line?: number;
  outcome?: Outcome;
  usesCallback?: boolean;
  parameterCount?: number;
  server?: ServerAdapter;
}

function apply(files: Record<string, string>, functions: Record<string, Function>) {
  const root = mkdtempSync(join(tmpdir(), 'apply-transforms-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const repository = new Repository(root);
  const changes = new ChangeSet(repository);
  const all = Object.entries(functions);
  const facts = {
    functions: Object.fromEntries(
      all.map(([id, { file, declaredIn = file, name = 'handler', line = 1, usesCallback = true, parameterCount = 3, server = null }]) => [
        id,
        {
          file,
          exportPath: [name],
          declaration: { file: declaredIn, line, column: 1 },
          files: [file, declaredIn],
          parameterCount,
          usesCallback,
          usesContextDone: false,
          server,
        } as unknown as HandlerFacts,
      ]),
    ),
    diagnostics: [],
  } as Facts;
  const plan = {
    functions: all.map(([id, { outcome = 'migrated' }]) => ({ id, outcome })),
    services: all.flatMap(([id, { server }]) => (server ? [{ server: { ...server, function: id } } as unknown as ServicePlan] : [])),
  } as unknown as Plan;
  const diagnostics = applyTransforms({ repository, project: {} as Project, facts, plan, changes });
  return {
    changes: Object.fromEntries(changes.changes().map(({ path, after, by }) => [path, { after, by }])),
    diagnostics: diagnostics.map(({ code, args, file, line, function: id }) => ({ code, args, file, line, id })),
  };
}

const callbackHandler = 'exports.handler = (event, context, callback) => {\n  callback(null, event.name);\n};\n';
const asyncHandler = 'exports.handler = async (event, context) => {\n  return event.name;\n};\n';

describe('applyTransforms', () => {
  it('edits the files of migrated functions and says who did it', () => {
    expect(apply({ 'src/a.js': callbackHandler }, { A: { file: 'src/a.js' } })).toEqual({
      changes: { 'src/a.js': { after: asyncHandler, by: ['callback-to-promise'] } },
      diagnostics: [],
    });
  });

  it('leaves functions alone that stay on Lambda, and stages nothing that does not change', () => {
    expect(
      apply({ 'a.js': callbackHandler, 'b.js': asyncHandler }, { A: { file: 'a.js', outcome: 'stays' }, B: { file: 'b.js' } }),
    ).toEqual({ changes: {}, diagnostics: [] });
  });

  it('converts only the migrated handler of a file', () => {
    const text = `${callbackHandler}${callbackHandler.replace('handler', 'other')}`;
    const { changes } = apply({ 'a.js': text }, { A: { file: 'a.js' }, B: { file: 'a.js', name: 'other', line: 4, outcome: 'stays' } });
    expect(changes['a.js']?.after).toBe(`${asyncHandler}${callbackHandler.replace('handler', 'other')}`);
  });

  it.each([
    ['test/a.test.js', "const { handler } = require('../src/a');\n"],
    ['src/b.mjs', "\nimport { handler } from './a.js';\n"],
    ['src/c.ts', "export * as a from './a'; // handler\n"],
  ])('keeps the callback of a handler that %s calls', (caller, text) => {
    const { changes, diagnostics } = apply({ 'src/a.js': callbackHandler, [caller]: text }, { A: { file: 'src/a.js' } });
    expect(changes).toEqual({});
    expect(diagnostics).toMatchObject([{ code: 'CALLBACK_KEPT', args: { reason: 'called-elsewhere' }, file: caller, id: 'A' }]);
  });

  it('takes the module that hands a handler on for no caller', () => {
    const files = { 'index.js': "exports.handler = require('./src/a').handler;\n", 'src/a.js': callbackHandler };
    const { changes } = apply(files, { A: { file: 'index.js', declaredIn: 'src/a.js' } });
    expect(changes).toEqual({ 'src/a.js': { after: asyncHandler, by: ['callback-to-promise'] } });
  });

  it('says of a wrapped handler that its callback is kept', () => {
    const text = "const middy = require('middy');\nexports.handler = middy((event, context, callback) => callback(null, 1));\n";
    expect(apply({ 'a.js': text }, { A: { file: 'a.js', line: 2 } }).diagnostics).toMatchObject([
      { code: 'CALLBACK_KEPT', args: { reason: 'not-a-plain-function' }, file: 'a.js', line: 2 },
    ]);
  });

  it('does not even parse a file whose handlers the facts know to need no edit', () => {
    const { diagnostics } = apply(
      { 'a.js': `${asyncHandler} const callback = (` },
      { A: { file: 'a.js', parameterCount: 2, usesCallback: false } },
    );
    expect(diagnostics).toEqual([]);
  });

  it('charges a file that does not parse to that file alone', () => {
    const { changes, diagnostics } = apply(
      { 'a.js': 'exports.handler = (event, context, callback => {\n', 'b.js': callbackHandler },
      { A: { file: 'a.js' }, B: { file: 'b.js' } },
    );
    expect(Object.keys(changes)).toEqual(['b.js']);
    expect(diagnostics).toMatchObject([{ code: 'TRANSFORM_FAILED', file: 'a.js' }]);
  });

  it('exports a server that the plan lets listen', () => {
    const text = "const app = require('express')();\nexports.handler = require('serverless-http')(app);\n";
    const server: ServerAdapter = {
      adapter: 'serverless-http',
      framework: 'express',
      file: 'a.js',
      line: 2,
      binding: 'app',
      unwrappable: true,
    };
    const { changes, diagnostics } = apply({ 'a.js': text }, { A: { file: 'a.js', server } });
    expect(changes['a.js']).toEqual({ after: `${text}exports.app = app;\n`, by: ['unwrap-server-adapter'] });
    expect(diagnostics).toEqual([]);
  });
});

describe('exportedServerName', () => {
  it.each([
    ['exports.app = app;', 'app'],
    ['module.exports = { handler, server: app };', 'server'],
    ['export const app = make();', 'app'],
    ['const app = make(); export { app as site };', 'site'],
    ['exports.app = wrap(app); exports.appServer = app;', 'appServer'],
    ['exports.handler = wrap(app);', null],
    ['const app = (', null],
  ])('%s → %s', (text, name) => expect(exportedServerName(text, 'app')).toBe(name));
});
