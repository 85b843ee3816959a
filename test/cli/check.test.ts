import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reports/json.js';
import { cleanUp, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';
import { snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

const leaking = [
  'let user;',
  'exports.handler = async (event) => {',
  "  user = event.headers['x-user'];",
  "  await fetch('https://example.org');",
  '  return { statusCode: 200, body: user };',
  '};',
  '',
].join('\n');
const harmless = 'exports.handler = async (event) => ({ statusCode: 200, body: event.rawPath });\n';

function template(...names: string[]): string {
  const functions = names.map((name) =>
    [
      `  ${name}:`,
      '    Type: AWS::Serverless::Function',
      '    Properties:',
      '      Runtime: nodejs22.x',
      `      Handler: ${name.toLowerCase()}.handler`,
      '      CodeUri: src/',
      '      Events: { Api: { Type: HttpApi, Properties: { Method: get, Path: /x } } }',
    ].join('\n'),
  );
  return ['Transform: AWS::Serverless-2016-10-31', 'Resources:', ...functions, ''].join('\n');
}

async function project(files: Record<string, string> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeTree(folder, { 'template.yaml': template('Leak', 'Fine'), 'src/leak.js': leaking, 'src/fine.js': harmless, ...files });
  return folder;
}

describe('check', () => {
  it('tells the hazard with its place, function, consequence and repair, and writes nothing', async () => {
    const folder = await project();
    const before = snapshot(folder);
    const { code, stdout } = await runCli(['check', folder]);
    expect(code).toBe(1);
    expect(stdout).toContain('error  SHARED_VARIABLE_REASSIGNED  src/leak.js:3:3  Leak');
    expect(stdout).toContain("request B can be answered with A's event.headers.x-user");
    expect(stdout).toContain('1 project, 2 functions: 1 error');
    expect(snapshot(folder)).toEqual(before);
  });

  it('gives the document of the contract, over several folders with paths below what holds them', async () => {
    const parent = await temporaryFolder();
    for (const name of ['one', 'two']) await writeTree(join(parent, name), { 'template.yaml': template('Leak'), 'src/leak.js': leaking });
    const { code, stdout } = await runCli(['check', join(parent, 'one'), join(parent, 'two'), '--json']);
    const report = expectDocument<Report>(stdout, 'output');
    expect(code).toBe(1);
    expect(report.projects.map(({ root, changes }) => ({ root, changes }))).toEqual([
      { root: 'one', changes: [] },
      { root: 'two', changes: [] },
    ]);
    expect(report.projects[1]?.diagnostics).toEqual([
      expect.objectContaining({
        code: 'SHARED_VARIABLE_REASSIGNED',
        severity: 'error',
        file: 'two/src/leak.js',
        line: 3,
        function: 'Leak',
      }),
    ]);
    expect(report.projects[1]?.functions[0]?.diagnostics).toEqual(['SHARED_VARIABLE_REASSIGNED']);
    expect(report.summary).toMatchObject({ projects: 2, functions: 2 });
  });

  it('looks at the functions of --only alone, and refuses a name that is not there', async () => {
    const folder = await project();
    const { code, stdout } = await runCli(['check', folder, '--only', 'Fine', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).projects[0]?.diagnostics).toEqual([]);
    expect((await runCli(['check', folder, '--only', 'Lead'])).stderr).toContain('Did you mean Leak');
  });

  it.each([
    ['never', 0],
    ['info', 1],
    ['warning', 1],
    ['error', 1],
  ])('ends by --fail-on %s with %i', async (failOn, wanted) => {
    expect((await runCli(['check', await project(), '--fail-on', failOn])).code).toBe(wanted);
  });

  it('ends well when nothing as grave as --fail-on is found', async () => {
    const information = 'let last;\nexports.handler = async (event) => {\n  last = event.id;\n  return { id: last };\n};\n';
    const folder = await project({ 'src/leak.js': information });
    expect((await runCli(['check', folder, '--fail-on', 'warning'])).code).toBe(0);
    expect((await runCli(['check', folder, '--fail-on', 'info'])).code).toBe(1);
  });

  it('says what it could not look at', async () => {
    const folder = await project({ 'src/leak.js': 'exports.handler = async ( => {' });
    const { stdout } = await runCli(['check', folder, '--json']);
    const [found] = (JSON.parse(stdout) as Report).projects[0]?.diagnostics ?? [];
    expect(found).toMatchObject({ code: 'SOURCE_NOT_PARSED', severity: 'error' });
  });

  it('refuses a target that is not there', async () => {
    const { code, stderr } = await runCli(['check', await project(), '--target', 'mainframe']);
    expect(code).toBe(2);
    expect(stderr).toContain('lambda-managed-instances');
    expect((await runCli(['check', await project(), '--target', 'lambda-managed-instances'])).code).toBe(1);
  });
});

describe('a migration', () => {
  it('mends what it can of the hazards of what goes into a service, and says so', async () => {
    const folder = await project();
    const { code, stdout } = await runCli([folder, '--json', '--write']);
    const [found] = (JSON.parse(stdout) as Report).projects[0]?.diagnostics.filter(({ file }) => file === 'src/leak.js') ?? [];
    expect(code).toBe(0);
    expect(found).toMatchObject({ code: 'HAZARD_MENDED', severity: 'info', line: 3, function: 'Leak' });
    expect((await runCli(['check', folder])).code).toBe(0);
  });
});

describe('check --sarif', () => {
  const schema = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as Record<string, unknown>;
  // The schema is of draft 4 to 7 alike; ajv is told so by leaving the draft out.
  const { $schema: _, id: __, ...body } = schema;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(body);

  function expectSarif(text: string): { runs: { results: Record<string, unknown>[]; tool: { driver: { rules?: { id: string }[] } } }[] } {
    const log = JSON.parse(text) as never;
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    return log;
  }

  it('is valid SARIF 2.1.0 with rules, levels and places', async () => {
    const { code, stdout } = await runCli(['check', await project(), '--sarif']);
    expect(code).toBe(1);
    const [run] = expectSarif(stdout).runs;
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(['SHARED_VARIABLE_REASSIGNED']);
    expect(run?.results).toEqual([
      expect.objectContaining({
        ruleId: 'SHARED_VARIABLE_REASSIGNED',
        level: 'error',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'src/leak.js' }, region: { startLine: 3, startColumn: 3 } } }],
      }),
    ]);
  });

  it('keeps the fingerprint of a finding when lines move', async () => {
    const fingerprint = async (source: string) => {
      const { stdout } = await runCli(['check', await project({ 'src/leak.js': source }), '--sarif']);
      return expectSarif(stdout).runs[0]?.results[0]?.['partialFingerprints'];
    };
    expect(await fingerprint(`// moved\n\n${leaking}`)).toEqual(await fingerprint(leaking));
  });

  it('is valid when nothing was found, and when it could not run', async () => {
    const fine = await project({ 'src/leak.js': harmless });
    expect(expectSarif((await runCli(['check', fine, '--sarif'])).stdout).runs[0]?.results).toEqual([]);
    const { code, stdout } = await runCli(['check', join(fine, 'missing'), '--sarif']);
    expect(code).toBe(2);
    expectSarif(stdout);
  });
});
