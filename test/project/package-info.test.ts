import { describe, expect, it } from 'vitest';
import type { LambdaFunction } from '../../src/project/model.js';
import { readPackageInfo } from '../../src/project/package-info.js';
import { Repository } from '../../src/project/repository.js';
import { projectOf, type Tree, writeTree } from './tree.js';

function infoOf(files: Tree, root = '', functions: LambdaFunction[] = []) {
  return readPackageInfo(new Repository(writeTree(files)), root, functions);
}

describe('package manager', () => {
  it.each<[string, Tree, object]>([
    ['npm', { 'package.json': '{}', 'package-lock.json': '{}' }, { manager: 'npm', lockfile: 'package-lock.json' }],
    ['npm without a lockfile', { 'package.json': '{}' }, { manager: 'npm', lockfile: null }],
    [
      'pnpm',
      { 'package.json': '{"packageManager": "pnpm@9.1.0+sha512.abc"}', 'pnpm-lock.yaml': '' },
      { manager: 'pnpm', managerVersion: '9.1.0', lockfile: 'pnpm-lock.yaml' },
    ],
    ['yarn', { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' }, { manager: 'yarn' }],
    ['yarn of version 2 and later', { 'package.json': '{}', 'yarn.lock': '__metadata:\n  version: 8\n' }, { manager: 'yarn-berry' }],
    ['yarn as stated', { 'package.json': '{"packageManager": "yarn@4.1.0"}' }, { manager: 'yarn-berry', managerVersion: '4.1.0' }],
    ['bun', { 'package.json': '{}', 'bun.lockb': Buffer.from([0]) }, { manager: 'bun', lockfile: 'bun.lockb' }],
    ['the lockfile of the newer manager', { 'package.json': '{}', 'package-lock.json': '{}', 'pnpm-lock.yaml': '' }, { manager: 'pnpm' }],
    ['no package at all', {}, { file: null, manager: 'npm', json: {} }],
  ])('%s', (_, files, expected) => {
    expect(infoOf({ 'README.md': '', ...files }).info).toMatchObject(expected);
  });
});

describe('surroundings', () => {
  it.each<[string, Tree]>([
    ['npm', { 'package.json': '{"workspaces": ["services/*"]}', 'package-lock.json': '{}' }],
    ['yarn', { 'package.json': '{"workspaces": {"packages": ["services/**", "!services/b"]}}', 'package-lock.json': '{}' }],
    ['pnpm', { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages:\n  - services/*\n', 'package-lock.json': '{}' }],
  ])('a workspace of %s rules its members', (_, files) => {
    const { info } = infoOf({ ...files, 'services/a/package.json': '{"name": "a"}' }, 'services/a');
    expect(info).toMatchObject({ file: 'services/a/package.json', workspaceRoot: '', lockfile: 'package-lock.json' });
  });

  it('a package that is no member has its own lockfile, or none', () => {
    const { info } = infoOf(
      { 'package.json': '{"workspaces": ["libs/*"]}', 'package-lock.json': '{}', 'services/a/package.json': '{}' },
      'services/a',
    );
    expect(info).toMatchObject({ workspaceRoot: null, lockfile: null });
  });

  it('knows the nearest tsconfig', () => {
    expect(infoOf({ 'tsconfig.json': '{}', 'a/package.json': '{}' }, 'a').info.tsconfig).toBe('tsconfig.json');
  });

  it('says where a package.json is broken, and treats it as empty', () => {
    const { info, diagnostics } = infoOf({ 'package.json': '{\n  "name": "x",\n}' });
    expect(info).toMatchObject({ json: {}, unreadable: true });
    expect(diagnostics).toMatchObject([{ code: 'PACKAGE_JSON_UNREADABLE', file: 'package.json', line: 3, column: 1 }]);
  });

  it('leaves out fields that npm would refuse', () => {
    const { info } = infoOf({ 'package.json': '{"name": 1, "scripts": {"a": "b", "c": 2}, "dependencies": []}' });
    expect(info.json).toEqual({ scripts: { a: 'b' } });
  });

  it('knows packages of its own that hold code of functions', async () => {
    const { project } = await projectOf({
      'package.json': '{"name": "root"}',
      'serverless.yml':
        'service: s\nprovider: { name: aws }\nfunctions: { a: { handler: a/index.handler }, b: { handler: src/b.handler } }\n',
      'a/package.json': '{"name": "a", "dependencies": {"x": "1"}}',
      'a/package-lock.json': '{}',
    });
    expect(project.packageInfo).toMatchObject({
      file: 'package.json',
      nested: [{ file: 'a/package.json', json: { dependencies: { x: '1' } }, lockfile: 'a/package-lock.json' }],
    });
  });
});
