import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { discover } from '../../src/project/discover.js';
import { openRepository } from '../../src/project/open-repository.js';
import { codesOf, discoverTree, projectOf, writeTree } from './tree.js';

const service = (name: string, handler = 'src/app.handler') =>
  `service: ${name}\nprovider: { name: aws }\nfunctions: { fn: { handler: ${handler} } }\n`;
const sam = (uri = 'src/') =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties: { Runtime: nodejs20.x, Handler: app.handler, CodeUri: ${uri} }\n`;

describe('discover', () => {
  it('finds every definition of a folder, nested ones too, in order', async () => {
    const { projects } = await discoverTree({
      'serverless.yml': service('root'),
      'services/a/serverless.yml': service('a'),
      'services/a/jobs/template.yaml': sam(),
      'services/b/serverless-jobs.yml': service('b-jobs'),
      'services/b/serverless.yml': service('b'),
    });
    expect(projects.map(({ definition, root, dialect }) => [definition, root, dialect])).toEqual([
      ['serverless.yml', '', 'serverless'],
      ['services/a/jobs/template.yaml', 'services/a/jobs', 'sam'],
      ['services/a/serverless.yml', 'services/a', 'serverless'],
      ['services/b/serverless-jobs.yml', 'services/b', 'serverless'],
      ['services/b/serverless.yml', 'services/b', 'serverless'],
    ]);
  });

  it('does not look into dependencies, caches, packaged copies and what .gitignore leaves out', async () => {
    const { projects } = await discoverTree({
      'serverless.yml': service('root'),
      '.gitignore': 'out/\n*.packaged.yaml\n!keep.packaged.yaml\n',
      'node_modules/x/serverless.yml': service('dependency'),
      '.git/serverless.yml': service('git'),
      '.serverless/serverless.yml': service('packaged'),
      '.aws-sam/build/template.yaml': sam(),
      'coverage/serverless.yml': service('coverage'),
      'out/serverless.yml': service('ignored'),
      'a.packaged.yaml': sam(),
      'kept/.gitignore': '!out/\n',
      'kept/out/serverless.yml': service('kept'),
    });
    expect(projects.map(({ name }) => name)).toEqual(['kept', 'root']);
  });

  it('charges a definition that cannot be read to itself', async () => {
    const { projects, diagnostics } = await discoverTree({
      'a/serverless.yml': 'service: a\nprovider:\n\tname: aws\n',
      'b/serverless.yml': service('b'),
      'c/serverless.yml': Buffer.concat([Buffer.from(service('c')), Buffer.from([0, 1, 2])]),
      'd/template.yaml': sam() + '#'.repeat(6 * 1024 * 1024),
      'e/big.yaml': `x: ${'y'.repeat(6 * 1024 * 1024)}`,
    });
    expect(projects.map(({ name }) => name)).toEqual(['b']);
    expect(diagnostics).toMatchObject([
      { code: 'DEFINITION_UNREADABLE', file: 'a/serverless.yml', line: 3 },
      { code: 'DEFINITION_UNREADABLE', file: 'c/serverless.yml', args: { reason: 'binary' } },
      { code: 'DEFINITION_UNREADABLE', file: 'd/template.yaml', args: { reason: 'too-large' } },
    ]);
  });

  it('bounds what aliases of a definition multiply into', async () => {
    const bomb = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`),
    ].join('\n');
    const { projects, diagnostics } = await discoverTree({
      'a/serverless.yml': `${service('a')}custom:\n${bomb.replace(/^/gm, '  ')}\n`,
      'b/serverless.yml': service('b'),
    });
    expect(projects.map(({ name }) => name)).toEqual(['b']);
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: 'a/serverless.yml' }]);
  });

  it('never follows a symlink out of the folder, nor a folder that leads back', async () => {
    const outside = writeTree({ 'serverless.yml': service('outside'), 'env.yml': 'secret: hidden\n' });
    const folder = writeTree({
      'in/serverless.yml':
        'service: in\nprovider: { name: aws, environment: { X: "${file(env.yml):secret}" } }\nfunctions: { fn: { handler: app.handler } }\n',
    });
    symlinkSync(outside, join(folder, 'link'));
    symlinkSync(join(outside, 'env.yml'), join(folder, 'in/env.yml'));
    symlinkSync(folder, join(folder, 'in/circle'));
    const { projects, diagnostics } = await discover(openRepository(folder), { parameters: {} });
    expect(projects.map(({ name }) => name)).toEqual(['in']);
    expect(codesOf(diagnostics)).toEqual(['SERVERLESS_FILE_REFUSED']);
    expect(JSON.stringify({ projects, diagnostics })).not.toContain('hidden');
  });

  it('widens a root to the code of its handlers, up to their package', async () => {
    const { project } = await projectOf({
      'app/package.json': '{"name": "app"}',
      'app/src/app.js': 'exports.handler = async () => 1;',
      'app/infra/template.yaml': sam('../src/'),
    });
    expect(project).toMatchObject({ root: 'app', definition: 'app/infra/template.yaml', packageInfo: { file: 'app/package.json' } });
  });

  it('says once what two projects share', async () => {
    const { diagnostics } = await discoverTree({
      'package.json': '{ "name": }',
      'a/serverless.yml': service('a'),
      'b/serverless.yml': service('b'),
    });
    expect(diagnostics).toMatchObject([{ code: 'PACKAGE_JSON_UNREADABLE', file: 'package.json', line: 1, column: 11 }]);
  });

  it('reads a folder of 40 projects within a second or two', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        [`p${at}/serverless.yml`, service(`p${at}`)],
        [`p${at}/package.json`, `{"name": "p${at}"}`],
        ...Array.from({ length: 25 }, (_, file) => [`p${at}/src/file${file}.js`, 'exports.x = 1;\n']),
      ]).flat() as [string, string][],
    );
    const folder = writeTree(files);
    const start = performance.now();
    const { projects } = await discover(openRepository(folder), { parameters: {} });
    expect(projects).toHaveLength(40);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each([
    ['an empty folder', {}, 'holds no files'],
    ['a folder without functions', { 'README.md': '# nothing' }, 'No Lambda function was found'],
  ])('refuses %s', async (_, files, message) => {
    await expect(discoverTree(files)).rejects.toThrow(message);
    await expect(discoverTree(files)).rejects.toBeInstanceOf(UserError);
  });
});

describe('openRepository', () => {
  it('refuses what is no folder', () => {
    const folder = writeTree({ 'a.txt': 'x' });
    expect(() => openRepository(join(folder, 'none'))).toThrow('There is no folder');
    expect(() => openRepository(join(folder, 'a.txt'))).toThrow('is a file, not a folder');
  });

  it('takes a folder by a symlink', () => {
    const folder = writeTree({ 'a/b.txt': 'x' });
    mkdirSync(join(folder, 'c'));
    writeFileSync(join(folder, 'c/d.txt'), 'y');
    symlinkSync(join(folder, 'a'), join(folder, 'c/link'));
    expect(openRepository(join(folder, 'c/link')).files()).toEqual(['b.txt']);
  });
});
