import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reports/json.js';
import { cleanUp, copyInput, fixtureNames, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';
import { snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

describe.each(await fixtureNames())('%s', (name) => {
  it('gives one document that the schema allows, and writes nothing', async () => {
    const folder = await copyInput(name);
    const before = snapshot(folder);
    const { code, stdout, stderr } = await runCli([folder, '--json']);
    const { projects, summary } = expectDocument<Report>(stdout, 'output');
    const functions = projects.flatMap((project) => project.functions);
    expect(stderr).toBe('');
    expect(code).toBe(summary.failed + summary.needsPerson > 0 ? 1 : 0);
    expect(summary.functions).toBe(functions.length);
    expect(summary.functions).toBe(summary.migrated + summary.stays + summary.needsPerson + summary.failed);
    expect(summary.migrated).toBeGreaterThan(0);
    for (const { handler } of functions.filter(({ outcome }) => outcome === 'migrated')) {
      expect(Object.keys(before)).toContain(handler.file);
      expect(handler.export).not.toBeNull();
    }
    expect(snapshot(folder)).toEqual(before);
  });
});

it('names what a function is, as the contract has it', async () => {
  const folder = await copyInput('sam-rest');
  const { projects } = expectDocument<Report>((await runCli([folder, '--json'])).stdout, 'output');
  expect(projects[0]).toMatchObject({ root: '', dialect: 'sam', definition: 'template.yaml' });
  expect(projects[0]?.functions[0]).toMatchObject({
    id: 'GetNote',
    runtime: 'nodejs22.x',
    handler: { declared: 'get.handler', file: 'notes/get.js', export: 'handler' },
    triggers: [{ type: 'rest-api', method: 'GET', path: '/notes/{id}' }],
    workload: 'web',
    style: 'adapter',
    outcome: 'migrated',
  });
  expect(projects[0]?.changes).toContainEqual({ path: 'Dockerfile', kind: 'create' });
});

it('gives one document also when it cannot run, and says it on standard error too', async () => {
  const { code, stdout, stderr } = await runCli([join(await temporaryFolder(), 'missing'), '--json']);
  const { error, projects } = expectDocument<Report>(stdout, 'output');
  expect(code).toBe(2);
  expect(projects).toEqual([]);
  expect(error?.message).toContain('There is no folder');
  expect(stderr).toContain(error?.advice);
});

it('gives the same document when it writes, and an error document when the write is refused', async () => {
  const folder = await copyInput('sam-rest');
  const planned = (await runCli([folder, '--json'])).stdout;
  expect((await runCli([folder, '--json', '--write'])).stdout).toBe(planned);

  const dirty = await copyInput('sam-rest');
  await writeTree(dirty, { '.git/HEAD': 'not git\n' });
  const { code, stdout } = await runCli([dirty, '--json', '--write']);
  expect(code).toBe(2);
  expect(expectDocument<Report>(stdout, 'output').error?.advice).toContain('--allow-dirty');
});

it('does not take --diff as well', async () => {
  const { code, stdout } = await runCli([await copyInput('sam-rest'), '--json', '--diff']);
  expect(code).toBe(2);
  expectDocument(stdout, 'output');
});

it('keeps a secret of the definition out of everything it prints and writes', async () => {
  const folder = await temporaryFolder();
  const secrets = ['hunter2hunter2', 'AKIAIOSFODNN7EXAMPLE', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'];
  await writeTree(folder, {
    'template.yaml': [
      'Transform: AWS::Serverless-2016-10-31',
      'Resources:',
      '  Pay:',
      '    Type: AWS::Serverless::Function',
      '    Properties:',
      '      Runtime: nodejs22.x',
      '      Handler: app.handler',
      '      CodeUri: .',
      '      Environment:',
      '        Variables:',
      `          DB_PASSWORD: ${secrets[0]}`,
      `          WHO: ${secrets[1]}`,
      '      Events:',
      '        Get: { Type: HttpApi, Properties: { Path: /pay, Method: get } }',
      `        Cron: { Type: Schedule, Properties: { Schedule: rate(1 hour), Input: '{"apiKey":"${secrets[2]}"}' } }`,
      '',
    ].join('\n'),
    'app.js': "exports.handler = async () => ({ statusCode: 200, body: 'ok' });\n",
  });
  const original = snapshot(folder);
  const outputs: string[] = [];
  for (const args of [[folder], [folder, '--json'], [folder, '--diff'], ['plan', folder], [folder, '--write']]) {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBeLessThan(2);
    outputs.push(stdout, stderr);
  }
  const written = Object.entries(snapshot(folder, ['.migrate-lambda'])).filter(([path]) => !(path in original));
  expect(written.length).toBeGreaterThan(5);
  for (const secret of secrets) for (const text of [...outputs, JSON.stringify(written)]) expect(text).not.toContain(secret);
});
