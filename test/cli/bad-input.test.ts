import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reports/json.js';
import { cleanUp, cli, copyInput, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';
import { snapshot, writeTree } from '../support/trees.js';

afterAll(cleanUp);

const template = (properties: string) =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: nodejs22.x\n${properties}`;
const route = '      Events:\n        Get: { Type: HttpApi, Properties: { Path: /x, Method: get } }\n';
const working = {
  'good/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`),
  'good/app.js': "exports.handler = async () => ({ statusCode: 200, body: 'ok' });\n",
};

const service = 'service: x\nprovider: { name: aws, runtime: nodejs22.x }\n';

/** Ten lists, each ten times the one before. */
function aliasBomb(indent: string): string {
  const lists = 'bcdefghij'.split('').map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(',')}]`);
  return ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...lists].map((line) => `${indent}${line}\n`).join('');
}

describe('a folder that cannot be migrated at all', () => {
  it.each([
    ['missing', async () => join(await temporaryFolder(), 'no-such-folder'), /There is no folder/],
    ['a file', async () => join(await copyInput('sam-rest'), 'template.yaml'), /is a file, not a folder/],
    ['empty', () => temporaryFolder(), /holds no files/],
    [
      'without a Lambda function',
      async () => {
        const folder = await temporaryFolder();
        await writeTree(folder, { 'README.md': '# x\n', 'index.js': 'console.log(1)\n' });
        return folder;
      },
      /No Lambda function was found/,
    ],
  ])('%s: one message with the next step, code 2', async (_, make, said) => {
    const folder = await make();
    for (const args of [[folder], [folder, '--write'], ['plan', folder], [folder, '--diff'], [folder, '--json']]) {
      const { code, stdout, stderr } = await runCli(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(said);
      expect(stderr.trim().split('\n')).toHaveLength(2);
      if (args.includes('--json')) expectDocument(stdout, 'output');
      else expect(stdout).toBe('');
    }
  });
});

/** Each is put beside a working project, which has to go on. */
const bad: Record<string, { files: Record<string, string | Buffer>; prepare?: (folder: string) => void; place: RegExp }> = {
  'a binary template': {
    files: { 'bad/template.yaml': Buffer.concat([Buffer.from('AWSTemplateFormatVersion: x\n'), Buffer.from([0, 1, 2])]) },
    place: /bad\/template\.yaml/,
  },
  'a template of 50 MB': {
    files: { 'bad/template.yaml': Buffer.alloc(50 * 1024 * 1024, 'AWSTemplateFormatVersion: x\n') },
    place: /bad\/template\.yaml/,
  },
  'a YAML alias bomb': {
    files: {
      'bad/template.yaml': `${template(`      Handler: app.handler\n${route}`)}${aliasBomb('')}`,
    },
    place: /bad\/template\.yaml/,
  },
  'a template that is no YAML': {
    files: { 'bad/template.yaml': 'Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n   Bad: [\n' },
    place: /bad\/template\.yaml:\d+:\d+/,
  },
  'circular includes': {
    files: {
      'bad/serverless.yml':
        'service: x\nprovider: { name: aws, runtime: nodejs22.x }\ncustom: ${file(a.yml)}\nfunctions:\n  fn: { handler: app.handler }\n',
      'bad/a.yml': 'x: ${file(b.yml)}\n',
      'bad/b.yml': 'x: ${file(a.yml)}\n',
      'bad/app.js': 'exports.handler = async () => 1;\n',
    },
    place: /bad\/\w+\.yml/,
  },
  'code outside of the folder': {
    files: { 'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: ../../../../etc\n${route}`) },
    place: /bad\/template\.yaml:\d+/,
  },
  'a handler outside of the folder': {
    files: { 'bad/template.yaml': template(`      Handler: ../../../../etc/passwd.handler\n      CodeUri: .\n${route}`) },
    place: /bad\/template\.yaml:\d+/,
  },
  'code outside of the folder by a link': {
    files: { 'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: src\n${route}`) },
    prepare: (folder) => symlinkSync('/etc', join(folder, 'bad/src')),
    place: /bad\/template\.yaml:\d+/,
  },
  'a handler outside of the folder by a link': {
    files: { 'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`) },
    prepare: (folder) => symlinkSync('/etc/passwd', join(folder, 'bad/app.js')),
    place: /bad\/template\.yaml:\d+/,
  },
  'links that lead to themselves': {
    files: { 'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`) },
    prepare: (folder) => {
      symlinkSync('.', join(folder, 'bad/self'));
      symlinkSync('app.js', join(folder, 'bad/app.js'));
    },
    place: /bad\/template\.yaml:\d+/,
  },
  'a handler of Serverless outside of the folder': {
    files: { 'bad/serverless.yml': `${service}functions:\n  fn: { handler: ../../../../etc/passwd.handler }\n` },
    place: /bad\/serverless\.yml:\d+/,
  },
  'an include outside of the folder': {
    files: {
      'bad/serverless.yml': `${service}custom: \${file(../../../../etc/hostname)}\nfunctions:\n  fn: { handler: app.handler, environment: { A: '\${self:custom}' } }\n`,
      'bad/app.js': 'exports.handler = async () => 1;\n',
    },
    place: /bad\/serverless\.yml:\d+/,
  },
  'an OpenAPI document outside of the folder': {
    files: {
      'bad/template.yaml': `${template(`      Handler: app.handler\n      CodeUri: .\n${route.replace('Path:', 'ApiId: !Ref Api, Path:')}`)}  Api: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionUri: ../../../../etc/passwd } }\n`,
      'bad/app.js': 'exports.handler = async () => 1;\n',
    },
    place: /bad\/template\.yaml:\d+/,
  },
  'an alias bomb of Serverless': {
    files: { 'bad/serverless.yml': `${service}custom:\n${aliasBomb('  ')}functions:\n  fn: { handler: app.handler }\n` },
    place: /bad\/serverless\.yml:\d+/,
  },
  'YAML that is nested too deeply': {
    files: {
      'bad/template.yaml': `Resources:\n  Fn: { Type: AWS::Lambda::Function, Properties: ${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)} }\n`,
    },
    place: /bad\/template\.yaml:\d+/,
  },
  'JSON that is nested too deeply': {
    files: {
      'bad/template.json': `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}}`,
    },
    place: /bad\/template\.json:\d+/,
  },
  'binary source': {
    files: {
      'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`),
      'bad/app.js': Buffer.from([0, 1, 2, 3, 0xff, 0xfe, 0]),
    },
    place: /bad\/app\.js/,
  },
  'a handler that does not exist': {
    files: { 'bad/template.yaml': template(`      Handler: nowhere.handler\n      CodeUri: .\n${route}`) },
    place: /bad\/template\.yaml:\d+/,
  },
  'source that does not parse': {
    files: {
      'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`),
      'bad/app.js': 'exports.handler = async (=> {\n',
    },
    place: /bad\/app\.js:1/,
  },
  'a file of ours that cannot be written back': {
    files: {
      'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`),
      'bad/app.js': 'exports.handler = async () => 1;\n',
      'bad/package.json': Buffer.from('{"name":"caf\xe9"}', 'latin1'),
    },
    place: /bad\/package\.json/,
  },
};

describe('beside a working project', () => {
  it.each(Object.entries(bad))(
    '%s: told with its place; the other project goes on; every byte stays',
    async (_, { files, prepare, place }) => {
      const folder = await temporaryFolder();
      await writeTree(folder, { ...working, ...files });
      prepare?.(folder);
      const before = snapshot(folder);
      const { code, stdout } = await runCli([folder, '--json', '--fail-on', 'warning']);
      const { projects, diagnostics, summary } = expectDocument<Report>(stdout, 'output');
      expect(code).toBe(1);
      expect(projects.find(({ root }) => root === 'good')?.functions[0]).toMatchObject({ outcome: 'migrated' });
      expect(summary.migrated).toBeLessThanOrEqual(2);
      const told = [...diagnostics, ...projects.flatMap((project) => project.diagnostics)].filter(({ severity }) => severity !== 'info');
      expect(told.map(({ file, line, column }) => [file, line, column].filter(Boolean).join(':')).join('\n')).toMatch(place);
      for (const { advice } of told) expect(advice).not.toBe('');
      expect(snapshot(folder)).toEqual(before);
    },
  );

  it('a function whose runtime is not Node.js is listed and stays', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      ...working,
      'py/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`).replace('nodejs22.x', 'python3.13'),
    });
    const { projects, summary } = expectDocument<Report>((await runCli([folder, '--json'])).stdout, 'output');
    expect(summary).toMatchObject({ functions: 2, migrated: 1, stays: 1 });
    expect(projects.find(({ root }) => root === 'py')?.functions[0]).toMatchObject({ runtime: 'python3.13', outcome: 'stays' });
  });
});

const canChangeUser = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

describe.skipIf(!canChangeUser)('as a user without permission', () => {
  const asNobody = (...args: string[]) =>
    spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, cli, ...args], { encoding: 'utf8' });

  it('a folder that may not be read is told', async () => {
    const folder = await copyInput('sam-rest');
    chmodSync(folder, 0o700);
    const { status, stderr } = asNobody(folder);
    expect(status).toBe(2);
    expect(stderr).not.toContain('    at ');
  });

  it('a template that may not be read is told, and the other project goes on', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { ...working, 'bad/template.yaml': template(`      Handler: app.handler\n      CodeUri: .\n${route}`) });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'bad/template.yaml'), 0o600);
    const { status, stdout } = asNobody(folder, '--json', '--fail-on', 'warning');
    const { projects, diagnostics } = expectDocument<Report>(stdout, 'output');
    expect(status).toBe(1);
    expect(projects.map(({ root }) => root)).toEqual(['good']);
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: 'bad/template.yaml' }]);
  });

  it('a folder that may not be written stops before anything is touched', async () => {
    const folder = await copyInput('sam-rest');
    mkdirSync(join(folder, 'deploy'));
    writeFileSync(join(folder, 'deploy/keep'), '');
    chmodSync(folder, 0o755);
    const before = snapshot(folder);
    const { status, stderr } = asNobody(folder, '--write');
    expect(status).toBe(2);
    expect(stderr).toContain('write-protected');
    expect(snapshot(folder)).toEqual(before);
  });
});
