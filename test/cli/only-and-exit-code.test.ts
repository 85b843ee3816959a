import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reports/json.js';
import { cleanUp, copyInput, runCli } from '../support/fixtures.js';

afterAll(cleanUp);

describe('--only', () => {
  it('migrates the functions named, and the others stay', async () => {
    const folder = await copyInput('sam-rest');
    const { stdout } = await runCli([folder, '--json', '--only', 'GetNote,Echo']);
    const { summary, projects } = JSON.parse(stdout) as Report;
    expect(summary).toMatchObject({ migrated: 2, stays: 1 });
    expect(projects[0]?.functions.find(({ id }) => id === 'CreateNote')).toMatchObject({
      outcome: 'stays',
      because: expect.stringContaining('--only'),
    });
  });

  it('suggests the name that was meant', async () => {
    const { code, stderr } = await runCli([await copyInput('sam-rest'), '--only', 'GetNotes']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean GetNote');
  });
});

describe('exit code', () => {
  const broken = async () => {
    const folder = await copyInput('sam-rest');
    writeFileSync(join(folder, 'notes/get.js'), 'exports.handler = async ( => {\n');
    return folder;
  };

  it('is 1 when a function failed, and the others go on', async () => {
    const folder = await broken();
    const { code, stdout } = await runCli([folder, '--json']);
    const { summary, projects } = JSON.parse(stdout) as Report;
    expect(code).toBe(1);
    expect(summary.migrated).toBe(2);
    expect(summary.failed + summary.needsPerson).toBe(1);
    expect(projects[0]?.diagnostics.find(({ severity }) => severity === 'error')).toMatchObject({
      file: 'notes/get.js',
      line: 1,
      function: 'GetNote',
    });
  });

  it('is what --fail-on asks for', async () => {
    expect((await runCli([await broken(), '--fail-on', 'never'])).code).toBe(0);
    const folder = await copyInput('serverless-express');
    const { stdout } = await runCli([folder, '--json']);
    const warns = (JSON.parse(stdout) as Report).projects.some(({ diagnostics }) =>
      diagnostics.some(({ severity }) => severity === 'warning'),
    );
    expect((await runCli([folder, '--fail-on', 'warning'])).code).toBe(warns ? 1 : 0);
    expect((await runCli([folder, '--fail-on', 'sometimes'])).code).toBe(2);
  });
});
