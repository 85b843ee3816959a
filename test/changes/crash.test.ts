import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ChangeSet } from '../../src/changes/change-set.js';
import { undo } from '../../src/changes/undo.js';
import { writeChanges } from '../../src/changes/write.js';
import { UserError } from '../../src/errors.js';
import { Repository } from '../../src/project/repository.js';
import { armFault, changesMade } from '../support/faults.mjs';
import { cleanUp, repositoryRoot, temporaryFolder } from '../support/fixtures.js';
import { snapshot, writeTree } from '../support/trees.js';

const never = { under: '\0', at: 0, kind: 'kill' };

afterEach(() => armFault(never));
afterAll(cleanUp);

const files = { 'package.json': '{}\r\n', 'src/app.js': 'one\ntwo', 'old/gone.js': 'gone\n', 'bin/run.sh': '#!/bin/sh\n', untouched: 'x' };
const edits = {
  'package.json': '{"a":1}\r\n',
  'src/app.js': 'ONE\ntwo',
  'old/gone.js': null,
  'bin/run.sh': '#!/bin/bash\n',
  'service/runtime/web.js': 'web\n',
  Dockerfile: 'FROM x\n',
};
const ours = ['.migrate-lambda'];

async function tree(): Promise<string> {
  const folder = await temporaryFolder();
  await writeTree(folder, files, { 'bin/run.sh': 0o755 });
  return folder;
}

async function write(folder: string, signal?: AbortSignal) {
  const repository = new Repository(folder);
  const changes = new ChangeSet(repository);
  for (const [path, text] of Object.entries(edits)) changes.stage(path, text, 'test');
  return writeChanges(repository, changes.changes(), { signal });
}

/** How many changes of files an action makes, so that each of them can be the last. */
async function stepsOf(action: (folder: string) => Promise<unknown>, folder: string): Promise<number> {
  armFault({ ...never, under: folder });
  await action(folder);
  const steps = changesMade();
  armFault(never);
  return steps;
}

/** Runs an action in a process that is killed at the n-th change of a file. */
function killed(action: 'write' | 'undo', folder: string, at: number): void {
  const faults = join(repositoryRoot, 'test/support/faults.mjs');
  const child = join(repositoryRoot, 'test/support/write-child.mjs');
  const env = { ...process.env, EDITS: JSON.stringify(edits), FAULT: JSON.stringify({ under: folder, at, kind: 'kill' }) };
  expect(spawnSync(process.execPath, ['--import', faults, child, action, folder], { env }).signal).toBe('SIGKILL');
}

const probe = await tree();
const writeSteps = await stepsOf(write, probe);
const undoSteps = await stepsOf(undo, probe);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

it('makes enough steps for the tests below to mean something', () => {
  expect(writeSteps).toBeGreaterThan(25);
  expect(undoSteps).toBeGreaterThan(8);
});

describe('killed at any step of a write', () => {
  it.each(upTo(writeSteps))('step %i: undo brings every byte back, and a second write finishes', async (at) => {
    const folder = await tree();
    const before = snapshot(folder);
    killed('write', folder, at);
    await undo(folder).catch((error: unknown) => expect(String(error)).toMatch(/nothing to undo/));
    expect(snapshot(folder, ours)).toEqual(before);

    await write(folder);
    expect(readFileSync(join(folder, 'src/app.js'), 'utf8')).toBe(edits['src/app.js']);
    await undo(folder);
    expect(snapshot(folder)).toEqual(before);
  });
});

it('refuses to write over a write that was killed half-way', async () => {
  const folder = await tree();
  killed('write', folder, writeSteps - 4);
  await expect(write(folder)).rejects.toMatchObject({ name: 'UserError', advice: expect.stringContaining('migrate-lambda undo') });
});

describe('killed at any step of an undo', () => {
  it.each(upTo(undoSteps))('step %i: it can be undone again', async (at) => {
    const folder = await tree();
    const before = snapshot(folder);
    await write(folder);
    killed('undo', folder, at);
    await undo(folder).catch((error: unknown) => expect(String(error)).toMatch(/nothing to undo/));
    expect(snapshot(folder, ours)).toEqual(before);
  });
});

describe.each(['ENOSPC', 'EACCES', 'EIO'])('%s at any step of a write', (kind) => {
  it.each(upTo(writeSteps))('step %i: every byte is as it was, or the write is done', async (at) => {
    const folder = await tree();
    const before = snapshot(folder);
    armFault({ under: folder, at, kind });
    const error = await write(folder).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    armFault(never);
    if (error === undefined) return expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(edits.Dockerfile);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).advice).toMatch(/run the command again|undo/);
    expect(snapshot(folder, ours)).toEqual(before);
  });
});

it('stops between two files when it is aborted, and puts everything back', async () => {
  const folder = await tree();
  const before = snapshot(folder);
  const controller = new AbortController();
  const writing = write(folder, controller.signal);
  controller.abort();
  await expect(writing).rejects.toThrow(/Interrupted/);
  expect(snapshot(folder)).toEqual(before);
});
