import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Change, ChangeSet } from '../../src/changes/change-set.js';
import { lineCounts, patchOf } from '../../src/changes/diff.js';
import { writeChanges } from '../../src/changes/write.js';
import { Repository } from '../../src/project/repository.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { commitAll, snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

interface Case {
  files: Record<string, string>;
  edits: Record<string, string | null>;
  modes?: Record<string, number>;
  /** Folder below the top level of the git work tree. */
  below?: string;
}

/** The tree that writing gives, and the one that `git apply` of the patch gives. */
async function bothWays({ files, edits, modes = {}, below = '' }: Case, inGit: boolean) {
  const folder = await temporaryFolder();
  const [written, patched] = [join(folder, 'written'), join(folder, 'patched')];
  mkdirSync(join(written, below), { recursive: true });
  await writeTree(join(written, below), files, modes);
  cpSync(written, patched, { recursive: true });
  if (inGit) commitAll(patched);
  const repository = new Repository(join(written, below));
  const changes = new ChangeSet(repository);
  for (const [path, text] of Object.entries(edits)) changes.stage(path, text, 'test');
  const patch = patchOf(changes.changes(), {
    prefix: below === '' ? '' : `${below}/`,
    modeOf: (path) => statSync(repository.absolute(path)).mode,
  });
  await writeChanges(repository, changes.changes());
  if (patch !== '')
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: patched, input: patch, stdio: ['pipe', 'pipe', 'inherit'] });
  const trees = [snapshot(written, [join(below, '.migrate-lambda')]), snapshot(patched)];
  rmSync(folder, { recursive: true });
  return { written: trees[0], patched: trees[1], patch };
}

/** Not one: of the shape that such keys have. */
const secret = 'AKIAIOSFODNN7EXAMPLE';

const cases: Record<string, Case> = {
  'a secret before the change': { files: { a: `one\n${secret}\n` }, edits: { a: `one\n${secret}\nthree\n` } },
  'a secret above the change': { files: { a: `a\n${secret}\nb\nc\nd\n` }, edits: { a: `a\n${secret}\nb\nnew\nc\nd\n` } },
  'a secret below the change': { files: { a: `a\nb\nc\n${secret}\nd\n` }, edits: { a: `a\nnew\nb\nc\n${secret}\nd\n` } },
  'a changed line': { files: { 'a.js': 'one\ntwo\nthree\n' }, edits: { 'a.js': 'one\n2\nthree\n' } },
  'Windows line ends': { files: { 'a.js': 'one\r\ntwo\r\nthree\r\n' }, edits: { 'a.js': 'one\r\n2\r\nthree\r\n', 'b.js': 'x\r\n' } },
  'mixed line ends': { files: { 'a.js': 'one\r\ntwo\nthree\rfour\n' }, edits: { 'a.js': 'one\r\n2\nthree\rfour\r\n' } },
  'no newline at the end, kept': { files: { a: 'one\ntwo' }, edits: { a: 'ONE\ntwo' } },
  'a newline at the end, added': { files: { a: 'one' }, edits: { a: 'one\n' } },
  'a newline at the end, removed': { files: { a: 'one\n' }, edits: { a: 'one' } },
  'a new file without a newline': { files: {}, edits: { a: 'one' } },
  'a new file, deep': { files: {}, edits: { 'a/b/c/d/e/f/g/h.txt': 'deep\n' } },
  'an empty new file': { files: {}, edits: { a: '' } },
  'a file emptied': { files: { a: 'one\n' }, edits: { a: '' } },
  'an empty file filled': { files: { a: '' }, edits: { a: 'one\n' } },
  'a file deleted, with its folder': { files: { 'x/y/a': 'one\n', b: '' }, edits: { 'x/y/a': null } },
  'an empty file deleted': { files: { a: '', b: '' }, edits: { a: null } },
  'names with blanks': {
    files: { 'my file.js': 'a\n', 'gone file': 'x\n' },
    edits: { 'my file.js': 'b\n', 'new file.js': 'c\n', 'gone file': null },
  },
  'names in Unicode': { files: { 'größe/日本.js': 'a\n' }, edits: { 'größe/日本.js': 'b\n', 'é e.js': 'c\n' } },
  'names with quotes and backslashes': { files: { 'a"b.js': 'a\n' }, edits: { 'a"b.js': 'b\n', "c'd.js": 'c\n' } },
  'names with a tab': { files: { 'a\tb.js': 'a\n' }, edits: { 'a\tb.js': 'b\n' } },
  'executable files': {
    files: { 'run.sh': 'a\n', 'gone.sh': 'b\n' },
    modes: { 'run.sh': 0o755, 'gone.sh': 0o755 },
    edits: { 'run.sh': 'b\n', 'gone.sh': null },
  },
  'a byte order mark and a form feed': { files: { a: '\uFEFFone\n\ftwo\n' }, edits: { a: '\uFEFF1\n\ftwo\n' } },
  'lines that look like a diff': {
    files: { a: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n' },
    edits: { a: '--- a/x\n+++ b/y\n@@ -1 +1 @@\n\\ No newline\n' },
  },
  'a folder below the top level': {
    files: { 'a.js': 'a\n' },
    edits: { 'a.js': 'b\n', Dockerfile: 'FROM x\n' },
    below: 'services/my orders',
  },
};

describe.each([
  ['in a git work tree', true],
  ['outside of git', false],
])('%s', (_, inGit) => {
  it.each(Object.entries(cases))('git apply gives the tree that writing gives: %s', async (_name, each) => {
    const { written, patched } = await bothWays(each, inGit);
    expect(patched).toEqual(written);
  });
});

it('git apply gives the tree that writing gives, whatever the texts', { timeout: 120_000 }, async () => {
  const line = fc.constantFrom('a', 'b', 'c', '', ' ', '-', '+', '\\', 'd\r', '\t', 'ü');
  const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));
  await fc.assert(
    fc.asyncProperty(text, fc.option(text, { nil: null }), text, async (before, after, created) => {
      const { written, patched } = await bothWays({ files: { 'x/a': before, keep: '' }, edits: { 'x/a': after, 'new/b': created } }, false);
      expect(patched).toEqual(written);
    }),
    { numRuns: 60 },
  );
});

it('counts lines', () => {
  const change = (before: string | null, after: string | null): Change => ({ path: 'a', kind: 'modify', before, after, by: [] });
  expect(lineCounts(change('a\nb\nc\n', 'a\nB\nc\nd\n'))).toEqual({ added: 2, removed: 1 });
  expect(lineCounts(change(null, 'a\nb'))).toEqual({ added: 2, removed: 0 });
  expect(lineCounts(change('a\n', null))).toEqual({ added: 0, removed: 1 });
});

it('ends in time on texts that share nothing', () => {
  const text = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word}${index}\n`).join('');
  const started = Date.now();
  const patch = patchOf([{ path: 'a', kind: 'modify', before: text('a'), after: text('b'), by: [] }]);
  expect(patch).toContain('+b19999');
  expect(Date.now() - started).toBeLessThan(20_000);
});

it.each(['before', 'above', 'below'])('a secret %s the change is not in the patch', async (where) => {
  const { patch } = await bothWays(cases[`a secret ${where} the change`] as Case, true);
  expect(patch).not.toContain(secret);
});
