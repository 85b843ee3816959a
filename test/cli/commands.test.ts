import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { catalog } from '../../src/diagnostics/catalog.js';
import { commands, type FlagName, flagSyntax } from '../../src/options.js';
import { triggerTypes } from '../../src/project/trigger.js';
import type { Report } from '../../src/reports/json.js';
import { targets } from '../../src/targets/index.js';
import { transforms } from '../../transforms/index.js';
import { cleanUp, cli, copyInput, fixtureNames, repositoryRoot, runCli, temporaryFolder } from '../support/fixtures.js';
import { snapshot, writeTree } from '../support/trees.js';

const run = promisify(execFile);
const names = await fixtureNames();

afterAll(cleanUp);

describe('help and version', () => {
  it('names every command and flag', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const name of Object.keys(commands)) if (name !== 'migrate') expect(stdout).toContain(`  ${name} `);
    for (const flag of commands.migrate.flags) expect(stdout).toContain(flagSyntax(flag));
    for (const [name, command] of Object.entries(commands)) {
      const help = (await runCli([name, '-h'])).stdout;
      for (const flag of command.flags) expect(help).toContain(flagSyntax(flag as FlagName));
    }
  });

  it('tells the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
    expect((await runCli(['--version'])).stdout).toBe(`${version}\n`);
    expect((await runCli(['list', '-V'])).stdout).toBe(`${version}\n`);
  });

  it('loads nothing but the option table for help', async () => {
    const { stderr } = await run(process.execPath, ['--experimental-loader', traceLoader, '--no-warnings', cli, '--help']);
    const loaded = stderr.split('\n').filter((line) => line.startsWith('loaded '));
    expect(loaded.map((line) => line.replace(/.*\/dist\/src\//, ''))).toEqual(['cli.js', 'help.js', 'options.js']);
  });
});

/** Tells every module of ours and of our dependencies that is loaded. */
const traceLoader = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; export async function load(url, context, next) { if (url.startsWith('file:')) writeSync(2, 'loaded ' + url + '\\n'); return next(url, context); }",
)}`;

describe('a mistake on the command line', () => {
  it.each([
    [['--wirte'], 'Did you mean --write?'],
    [['a', 'b'], 'Too many arguments'],
    [['explian', 'X'], 'migrate-lambda explain'],
    [['--style', 'fancy'], 'Allowed choices are auto, native, adapter'],
    [['--param', 'novalue'], 'KEY=VALUE'],
    [['explain'], 'needs <CODE>'],
    [['list', 'trigers'], 'Did you mean triggers'],
    [['batch', 'x', '--concurrency', '0'], 'whole number'],
    [['.', '--target', 'moon'], 'There is no target "moon"'],
    [['.', '--target', 'lambda-web-function'], 'later version'],
    [['.', '--plan', 'no-such-plan.yaml'], 'cannot be read'],
  ])('%j is told with the next step, and the code is 2', async (args, said) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: await copyInput('sam-rest') });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('    at ');
  });
});

describe('explain', () => {
  it('says what a code means, whatever its case', async () => {
    for (const code of ['PROJECT_FAILED', 'project_failed', 'Project-Failed']) {
      const { code: exit, stdout } = await runCli(['explain', code]);
      expect(exit).toBe(0);
      expect(stdout).toContain('PROJECT_FAILED (error)');
      expect(stdout.replace(/\s+/g, ' ')).toContain(catalog['PROJECT_FAILED']?.detail);
    }
  });

  it('suggests near misses', async () => {
    expect(await runCli(['explain', 'PROJECT_FALED'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean PROJECT_FAILED'),
    });
    expect(await runCli(['explain', '__proto__'])).toMatchObject({ code: 2, stderr: expect.stringContaining('list diagnostics') });
  });
});

describe('list', () => {
  it.each([
    ['transforms', transforms.map(({ meta }) => meta.id)],
    ['targets', targets.map(({ id }) => id)],
    ['triggers', [...triggerTypes]],
    ['diagnostics', Object.keys(catalog).sort()],
  ])('%s', async (what, expected) => {
    const { code, stdout } = await runCli(['list', what]);
    expect(code).toBe(0);
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(expected);
    const items = JSON.parse((await runCli(['list', what, '--json'])).stdout) as Record<string, unknown>[];
    expect(items.map((item) => Object.values(item)[0])).toEqual(expected);
  });
});

describe('plan', () => {
  it.each(names)('gives a plan that, given back unchanged, changes nothing of the migration: %s', async (name) => {
    const folder = await copyInput(name);
    const before = snapshot(folder);
    const { code, stdout } = await runCli(['plan', folder]);
    expect(code).toBeLessThan(2);
    expect(parse(stdout)).toMatchObject({ version: 1, projects: [{ target: 'ecs-fargate' }] });
    const plan = join(await temporaryFolder(), 'plan.yaml');
    await writeTree(join(plan, '..'), { 'plan.yaml': stdout });
    expect((await runCli([folder, '--json', '--plan', plan])).stdout).toBe((await runCli([folder, '--json'])).stdout);
    expect((await runCli([folder, '--diff', '--plan', plan])).stdout).toBe((await runCli([folder, '--diff'])).stdout);
    expect(snapshot(folder)).toEqual(before);
  });

  it('is followed when it was edited', async () => {
    const folder = await copyInput('sam-rest');
    const { stdout } = await runCli(['plan', folder]);
    const plan = join(await temporaryFolder(), 'plan.yaml');
    await writeTree(join(plan, '..'), { 'plan.yaml': stdout.replace(/(Echo:\n\s+workload: )web/, '$1stays') });
    const { summary } = JSON.parse((await runCli([folder, '--json', '--plan', plan])).stdout) as Report;
    expect(summary).toMatchObject({ migrated: 2, stays: 1 });
  });

  it('says where an edited plan is wrong', async () => {
    const folder = await copyInput('sam-rest');
    const plan = join(await temporaryFolder(), 'plan.yaml');
    for (const [text, place] of [
      ['version: [1', ':1:'],
      ['version: 1\nprojects:\n  - project: 5\n', ':3:'],
      ['version: 2\nprojects: []\n', ':1:'],
    ] as const) {
      await writeTree(join(plan, '..'), { 'plan.yaml': text });
      const { code, stderr } = await runCli([folder, '--plan', plan]);
      expect(code).toBe(2);
      expect(stderr).toContain(`plan.yaml${place}`);
    }
  });
});
