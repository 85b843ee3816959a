import { describe, expect, test } from 'vitest';
import type { BuildReason } from '../../src/analysis/facts.js';
import { type Tree, writeTree } from '../project/tree.js';
import { understandFolder, understandTree } from './understand-tree.js';

const handler = 'exports.handler = async () => {};\n';
const kinds = (reasons: BuildReason[]) => [...new Set(reasons.map(({ kind }) => kind))];

describe('files', () => {
  test.each<[string, string, Tree, string[]]>([
    ['require', "require('./lib/a');", { 'lib/a.js': '' }, ['lib/a.js']],
    ['a folder', "require('./lib');", { 'lib/index.js': '' }, ['lib/index.js']],
    ['the main of a folder', "require('./lib');", { 'lib/package.json': '{"main":"b"}', 'lib/b.js': '' }, ['lib/b.js']],
    ['JSON', "require('./data');", { 'data.json': '{}' }, ['data.json']],
    ['a chain', "require('./a');", { 'a.js': "require('./b');", 'b.js': "require('./a');" }, ['a.js', 'b.js']],
    ['import() of a literal', "import('./a.mjs');", { 'a.mjs': '' }, ['a.mjs']],
    ['a require inside a function', "function f() { return require('./a'); }", { 'a.js': '' }, ['a.js']],
    ['a template without expressions', 'require(`./a`);', { 'a.js': '' }, ['a.js']],
    ['no require in a comment', "// require('./a')\n/* require('./a') */ const s = \"require('./a')\";", { 'a.js': '' }, []],
    ['a require of its own', "function f(require) { require('./a'); }", { 'a.js': '' }, []],
  ])('%s', (_, source, files, expected) => {
    const { facts, codes } = understandTree({ 'app.js': `${source}\n${handler}`, ...files }, 'app.handler');
    expect(codes).toEqual([]);
    expect(facts.files).toEqual(['app.js', ...expected].sort());
    expect(facts.packages).toEqual({});
  });

  test.each<[string, string, Tree, string[], string[]]>([
    ['a file', "require('./LIB/A.js');", { 'lib/a.js': '' }, ['lib/a.js'], ['IMPORT_CASE_DIFFERS']],
    ['a folder', "require('./Lib');", { 'lib/index.js': '' }, ['lib/index.js'], ['IMPORT_CASE_DIFFERS']],
    ['two files that it may be', "require('./aB');", { 'ab.js': '', 'AB.js': '' }, [], ['MODULE_NOT_FOUND']],
    ['a file that is longer', "require('./Ab');", { 'abc.js': '', 'ab-c.js': '' }, [], ['MODULE_NOT_FOUND']],
    ['the file that is there', "require('./ab');", { 'ab.js': '', 'AB.js': '' }, ['ab.js'], []],
  ])('upper and lower case: %s', (_, source, files, expected, found) => {
    const { facts, codes } = understandTree({ 'app.js': `${source}\n${handler}`, ...files }, 'app.handler');
    expect(facts.files).toEqual(['app.js', ...expected].sort());
    expect(codes).toEqual(found);
    expect(facts.miscased).toEqual(found.includes('IMPORT_CASE_DIFFERS') ? ['app.js'] : undefined);
  });

  test('TypeScript named as the JavaScript that it becomes', () => {
    const { facts } = understandTree(
      { 'app.ts': "import { a } from './a.js';\nexport const handler = () => a;", 'a.ts': 'export const a = 1;' },
      'app.handler',
    );
    expect(facts.files).toEqual(['a.ts', 'app.ts']);
  });

  test('above the code folder, as in a monorepo', () => {
    const files = { 'services/a/app.js': `require('../../shared/b');\n${handler}`, 'shared/b.js': "require('left-pad');" };
    const { facts, codes } = understandTree(files, 'app.handler', {}, { root: 'services/a' });
    expect(codes).toEqual([]);
    expect(facts.files).toEqual(['services/a/app.js', 'shared/b.js']);
    expect(facts.packages).toEqual({ 'left-pad': { file: 'shared/b.js', line: 1 } });
  });

  test('of a workspace, by name', () => {
    const files = {
      'package.json': '{"workspaces":["apps/*","libs/*"]}',
      'apps/a/package.json': '{"name":"a","dependencies":{"@mono/money":"*"}}',
      'apps/a/app.js': `const { format } = require('@mono/money');\nconst { round } = require('@mono/money/round');\n${handler}`,
      'libs/money/package.json': '{"name":"@mono/money","main":"dist/index.js"}',
      'libs/money/src/index.ts': 'export const format = 1;',
      'libs/money/round.js': '',
    };
    const { facts, codes } = understandTree(files, 'app.handler', {}, { root: 'apps/a' });
    expect(codes).toEqual([]);
    expect(facts.files).toEqual(['apps/a/app.js', 'libs/money/round.js', 'libs/money/src/index.ts']);
    expect(facts.packages).toEqual({ '@mono/money': { file: 'apps/a/app.js', line: 1 } });
  });

  test('of a file: dependency', () => {
    const files = {
      'a/package.json': '{"dependencies":{"shared":"file:../shared"}}',
      'a/app.js': `require('shared');\n${handler}`,
      'shared/package.json': '{"name":"shared","main":"main.js"}',
      'shared/main.js': '',
    };
    expect(understandTree(files, 'app.handler', {}, { root: 'a' }).facts.files).toEqual(['a/app.js', 'shared/main.js']);
  });

  test('imports of package.json', () => {
    const files = {
      'package.json': '{"imports":{"#db":"./src/db.js","#lib/*":"./src/lib/*.js"}}',
      'app.mjs': "import '#db';\nimport '#lib/a';\nexport const handler = () => {};",
      'src/db.js': '',
      'src/lib/a.js': '',
    };
    const { facts, codes } = understandTree(files, 'app.handler');
    expect(codes).toEqual([]);
    expect(facts.files).toEqual(['app.mjs', 'src/db.js', 'src/lib/a.js']);
    expect(facts.buildReasons).toEqual([]);
  });

  test.each<[string, string, Tree]>([
    ['paths', '@lib/a', { 'tsconfig.json': '{"compilerOptions":{"paths":{"@lib/*":["./src/lib/*"]}}}' }],
    ['paths below a baseUrl', '@lib/a', { 'tsconfig.json': '{"compilerOptions":{"baseUrl":"src","paths":{"@lib/*":["lib/*"]}}}' }],
    [
      'paths of an extended file',
      '@lib/a',
      {
        'tsconfig.json': '{"extends":["./config/paths.json"]}',
        'config/paths.json': '{"compilerOptions":{"paths":{"@lib/*":["../src/lib/*"]}}}',
      },
    ],
    ['baseUrl', 'src/lib/a', { 'tsconfig.json': '{"compilerOptions":{"baseUrl":"."}}' }],
    ['the project root, without a configuration', 'src/lib/a', {}],
  ])('alias: %s', (_, specifier, files) => {
    const { facts, codes } = understandTree(
      { 'app.ts': `import { a } from '${specifier}';\nexport const handler = () => a;`, 'src/lib/a.ts': 'export const a = 1;', ...files },
      'app.handler',
    );
    expect(codes).toEqual([]);
    expect(facts.files).toEqual(['app.ts', 'src/lib/a.ts']);
    expect(facts.packages).toEqual({});
    expect(kinds(facts.buildReasons)).toEqual(['typescript', 'tsconfig.json' in files ? 'path-alias' : 'bundler-alias']);
  });

  test('of a layer', () => {
    const files = { 'app.js': `const db = require('/opt/nodejs/db');\n${handler}`, 'layers/common/nodejs/db.js': '' };
    const resources = { Common: { type: 'AWS::Serverless::LayerVersion', properties: { ContentUri: 'layers/common' } } };
    const { facts, diagnostics } = understandTree(files, 'app.handler', {}, { resources });
    expect(facts.files).toEqual(['app.js', 'layers/common/nodejs/db.js']);
    expect(diagnostics).toMatchObject([{ code: 'LAYER_IMPORT', file: 'app.js', line: 1, args: { found: 'layers/common/nodejs/db.js' } }]);
    expect(understandTree(files, 'app.handler').facts.files).toEqual(facts.files);
  });
});

describe('packages', () => {
  const packages = (source: string, file = 'app.js', files: Tree = {}) =>
    Object.keys(understandTree({ [file]: source, ...files }, 'app.handler').facts.packages);

  test('without subpath, without built-ins', () => {
    const source = `require('fs'); require('node:path'); require('fs/promises'); require('lodash/get'); require('@aws-sdk/client-s3/dist-cjs'); require('aws-sdk');\n${handler}`;
    expect(packages(source)).toEqual(['@aws-sdk/client-s3', 'aws-sdk', 'lodash']);
  });

  test('types are not packages', () => {
    const source = `import type { A } from 'only-types';
import { type B } from 'inline-types';
import { APIGatewayProxyEvent } from 'aws-lambda';
import { S3 } from '@aws-sdk/client-s3';
import 'side-effect';
export type { C } from 'exported-types';
export const handler = async (event: APIGatewayProxyEvent) => new S3({});`;
    expect(packages(source, 'app.ts')).toEqual(['@aws-sdk/client-s3', 'side-effect']);
  });

  test('JavaScript keeps imports that nothing uses', () => {
    expect(packages("import { a } from 'unused';\nexport const handler = () => {};", 'app.mjs')).toEqual(['unused']);
  });

  test('the first place', () => {
    const { facts } = understandTree({ 'app.js': `\nconst s3 = require('@aws-sdk/client-s3');\n${handler}` }, 'app.handler');
    expect(facts.packages).toEqual({ '@aws-sdk/client-s3': { file: 'app.js', line: 2 } });
  });

  test('a package with the name of a built-in, when it is listed', () => {
    expect(
      packages(`require('punycode/');\nrequire('events');\n${handler}`, 'app.js', {
        'package.json': '{"dependencies":{"events":"^3.0.0"}}',
      }),
    ).toEqual(['events']);
  });
});

describe('what cannot be followed', () => {
  test.each([
    ['require(name);', 1],
    ["\nimport('./handlers/' + name + '.js');", 2],
  ])('%s', (source, line) => {
    const { diagnostics } = understandTree({ 'app.js': `${source}\n${handler}` }, 'app.handler');
    expect(diagnostics).toMatchObject([{ code: 'DYNAMIC_IMPORT', severity: 'info', file: 'app.js', line, function: 'Fn' }]);
  });

  test.each(["require('./missing');", "require('@/missing');", "import './missing.js';"])('%s', (source) => {
    const { facts, diagnostics } = understandTree({ 'app.js': `${source}\n${handler}` }, 'app.handler');
    expect(diagnostics).toMatchObject([{ code: 'MODULE_NOT_FOUND', severity: 'warning', file: 'app.js', line: 1 }]);
    expect(facts.shape).toBe('function');
  });

  test.each(["require('./generated/client');", "require('../generated/prisma');", "try { require('./local-config'); } catch {}"])(
    '%s may be missing',
    (source) => {
      expect(understandTree({ 'src/app.js': `${source}\n${handler}` }, 'app.handler', {}, { root: 'src' }).codes).toEqual([]);
    },
  );

  test('only declarations of types', () => {
    expect(
      understandTree({ 'app.ts': "import { a } from './types';\nexport const handler = () => a;", 'types.d.ts': '' }, 'app.handler').codes,
    ).toEqual([]);
  });

  test('out of the folder', () => {
    expect(understandTree({ 'app.js': `require('../../secret');\n${handler}` }, 'app.handler').codes).toEqual([
      'MODULE_OUTSIDE_REPOSITORY',
    ]);
  });
});

describe('what plain Node cannot run', () => {
  test.each<[string, Tree, string[], string]>([
    ['CommonJS', { 'app.js': handler }, [], 'commonjs'],
    ['ES modules by package', { 'app.js': 'export const handler = () => {};', 'package.json': '{"type":"module"}' }, [], 'esm'],
    ['ES modules by ending', { 'app.mjs': 'export const handler = () => {};' }, [], 'esm'],
    ['nearest package.json', { 'package.json': '{"type":"module"}', 'src/package.json': '{}', 'src/app.js': handler }, [], 'commonjs'],
    ['TypeScript', { 'app.ts': 'export const handler = () => {};' }, ['typescript'], 'esm'],
    ['TypeScript that exports as CommonJS', { 'app.ts': 'import { a } from "a";\nexports.handler = () => a;' }, ['typescript'], 'commonjs'],
    ['export in a CommonJS package', { 'app.js': 'export const handler = () => {};' }, ['esm-syntax-in-commonjs'], 'esm'],
    [
      'import and module.exports',
      { 'app.js': "import a from 'a';\nmodule.exports.handler = () => a;" },
      ['esm-syntax-in-commonjs'],
      'commonjs',
    ],
    ['JSX', { 'app.js': "const React = require('react');\nexports.handler = () => <p/>;" }, ['jsx'], 'commonjs'],
    [
      'extensionless imports',
      { 'app.mjs': "import './a';\nexport const handler = () => {};", 'a.js': '' },
      ['extensionless-esm-import'],
      'esm',
    ],
    ['imports with endings', { 'app.mjs': "import './a.js';\nexport const handler = () => {};", 'a.js': '' }, [], 'esm'],
    [
      'JSON in an ES module',
      { 'app.mjs': "import a from './a.json';\nexport const handler = () => a;", 'a.json': '{}' },
      ['non-js-import'],
      'esm',
    ],
    [
      'JSON with attributes',
      { 'app.mjs': "import a from './a.json' with { type: 'json' };\nexport const handler = () => a;", 'a.json': '{}' },
      [],
      'esm',
    ],
    ['text', { 'app.js': `require('./a.graphql');\n${handler}`, 'a.graphql': '' }, ['non-js-import'], 'commonjs'],
    ['native', { 'app.js': `require('./a.node');\n${handler}`, 'a.node': '' }, [], 'commonjs'],
    [
      'metadata of decorators',
      {
        'app.ts': '@injectable() class A {}\nexport const handler = () => A;',
        'tsconfig.json': '{"compilerOptions":{"emitDecoratorMetadata":true,"experimentalDecorators":true}}',
      },
      ['typescript', 'decorator-metadata'],
      'esm',
    ],
    [
      'decorators without metadata',
      { 'app.ts': '@injectable() class A {}\nexport const handler = () => A;', 'tsconfig.json': '{}' },
      ['typescript'],
      'esm',
    ],
  ])('%s', (_, files, expected, format) => {
    const root = 'src/app.js' in files ? 'src' : '';
    const { facts, codes } = understandTree(files, 'app.handler', {}, { root });
    expect(codes).toEqual([]);
    expect(kinds(facts.buildReasons)).toEqual(expected);
    expect(facts.format).toBe(format);
  });

  test('a reason names the file that gives it', () => {
    const { facts } = understandTree({ 'app.js': `require('./view');\n${handler}`, 'view.jsx': 'exports.a = () => <p/>;' }, 'app.handler');
    expect(facts.buildReasons).toEqual([{ kind: 'jsx', file: 'view.jsx' }]);
  });

  test('tsc needs the files of types as well', () => {
    const files = {
      'tsconfig.json': '{"compilerOptions":{"emitDecoratorMetadata":true}}',
      'app.ts': "import type { T } from './types';\n@injectable() class A {}\nexport const handler = (event: T) => A;",
      'types.ts': 'export type T = string;',
    };
    expect(understandTree(files, 'app.handler').facts.files).toEqual(['app.ts', 'types.ts']);
    expect(understandTree({ ...files, 'tsconfig.json': '{}' }, 'app.handler').facts.files).toEqual(['app.ts']);
  });
});

test('a configuration that extends itself ends', () => {
  const folder = writeTree({
    'tsconfig.json': '{"extends":"./b.json"}',
    'b.json': '{"extends":"./tsconfig.json"}',
    'app.ts': "import 'x';\nexport const handler = () => {};",
  });
  expect(understandFolder(folder, 'app.handler').facts.packages).toHaveProperty('x');
});
