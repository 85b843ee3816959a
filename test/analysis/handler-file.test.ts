import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LambdaFunction } from '../../src/project/model.js';
import { lambda, literal } from '../planning/builders.js';
import { type Tree, writeTree } from '../project/tree.js';
import { understandFolder, understandTree } from './understand-tree.js';

const js = 'exports.handler = async () => ({});\n';
const ts = 'export const handler = async () => ({});\n';

/** Files by name, with the usual content for their kind. */
function tree(...files: string[]): Tree {
  return Object.fromEntries(files.map((file) => [file, file.endsWith('.ts') || file.endsWith('.mjs') || file.endsWith('.tsx') ? ts : js]));
}

const at = (codeRoot: string): Partial<LambdaFunction> => ({ handler: { ...lambda('x').handler, codeRoot } });

describe('found as the runtime does', () => {
  test.each([
    ['app.js', 'app.handler'],
    ['app.mjs', 'app.handler'],
    ['app.cjs', 'app.handler'],
    ['src/orders/get.js', 'src/orders/get.handler'],
    ['get/index.js', 'get.handler'],
    ['app.ts', 'app.handler'],
    ['app.mts', 'app.handler'],
    ['app.tsx', 'app.handler'],
  ])('%s', (file, declared) => {
    const { facts, codes } = understandTree(tree(file), declared);
    expect(facts).toMatchObject({ file, exportPath: ['handler'], shape: 'function' });
    expect(codes).toEqual([]);
  });

  test('relative to the code folder', () => {
    expect(understandTree(tree('app.js', 'orders/app.js'), 'app.handler', at('orders')).facts.file).toBe('orders/app.js');
  });

  test('relative to the project when the code folder has none', () => {
    expect(understandTree(tree('src/app.js'), 'src/app.handler', at('src')).facts.file).toBe('src/app.js');
  });

  test('the main of a folder that is a package', () => {
    const files = { ...tree('get/lib/main.js'), 'get/package.json': '{"main":"lib/main.js"}' };
    expect(understandTree(files, 'get.handler').facts.file).toBe('get/lib/main.js');
  });

  test('an entry that the definition names wins', () => {
    const handler = { declared: 'index.handler', codeRoot: '', entry: 'lambda/orders.ts' };
    expect(understandTree(tree('index.js', 'lambda/orders.ts'), 'index.handler', { handler }).facts.file).toBe('lambda/orders.ts');
  });
});

describe('back through a build', () => {
  test.each<[string, Tree, string, Partial<LambdaFunction>, string]>([
    ['dist folder of the handler', tree('src/app.ts'), 'dist/app.handler', {}, 'src/app.ts'],
    ['dist as the code folder', tree('src/app.ts'), 'app.handler', at('dist'), 'src/app.ts'],
    ['build folder with the tree of src', tree('src/orders/get.ts'), 'build/src/orders/get.handler', {}, 'src/orders/get.ts'],
    ['a folder of webpack', tree('src/app.js'), '.webpack/service/src/app.handler', {}, 'src/app.js'],
    [
      'outDir and rootDir',
      { ...tree('source/app.ts'), 'tsconfig.json': '{ // c\n "compilerOptions": { "outDir": "output", "rootDir": "source", } }' },
      'output/app.handler',
      {},
      'source/app.ts',
    ],
    [
      'outDir without the folders that all sources share',
      {
        ...tree('src/functions/form/create/index.ts'),
        'src/functions/user/get/index.ts': '',
        'src/functions/types.d.ts': '',
        'jest.config.ts': '',
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist"},"include":["src/**/*.ts"]}',
      },
      'dist/form/create/index.handler',
      {},
      'src/functions/form/create/index.ts',
    ],
    [
      'outDir of an extended configuration',
      {
        ...tree('code/app.ts'),
        'tsconfig.json': '{"extends":"./base"}',
        'base.json': '{"compilerOptions":{"outDir":"./made","rootDir":"code"}}',
      },
      'made/app.handler',
      {},
      'code/app.ts',
    ],
    [
      'entry points of a bundler',
      tree('src/handlers/app.ts'),
      'app.handler',
      { build: { tool: 'esbuild', entryPoints: ['src/handlers/app.ts'] } },
      'src/handlers/app.ts',
    ],
    [
      'a build script with one entry',
      { ...tree('lambda/main.ts'), 'package.json': '{"scripts":{"build":"esbuild lambda/main.ts --bundle --outfile=dist/index.js"}}' },
      'dist/index.handler',
      {},
      'lambda/main.ts',
    ],
    ['a bundle of a handler in its folder', tree('src/orders.ts'), 'dist/orders/index.handler', {}, 'src/orders.ts'],
    ['the built file beside its source', tree('src/app.ts', 'dist/app.js'), 'dist/app.handler', {}, 'src/app.ts'],
    ['the built file when there is no source', tree('dist/app.js'), 'dist/app.handler', {}, 'dist/app.js'],
    ['lib that is no build folder', tree('lib/app.js'), 'lib/app.handler', {}, 'lib/app.js'],
  ])('%s', (_, files, declared, more, file) => {
    const { facts, codes } = understandTree(files, declared, more);
    expect(facts.file).toBe(file);
    expect(codes).toEqual([]);
  });

  test('a source wins over what is compiled beside it', () => {
    const files = { ...tree('app.js', 'app.ts'), 'tsconfig.json': '{}' };
    expect(understandTree(files, 'app.handler').facts.file).toBe('app.ts');
    expect(understandTree(tree('app.js', 'app.ts'), 'app.handler').facts.file).toBe('app.js');
  });
});

describe('in sight', () => {
  test('only the case differs', () => {
    const { facts, diagnostics } = understandTree(tree('Src/App.js'), 'src/app.handler');
    expect(facts.file).toBe('Src/App.js');
    expect(diagnostics).toMatchObject([
      { code: 'HANDLER_CASE_DIFFERS', severity: 'warning', function: 'Fn', args: { file: 'Src/App.js' } },
    ]);
  });

  test('found by its name alone', () => {
    const { facts, codes } = understandTree(tree('packages/orders/functions/app.js'), 'functions/app.handler');
    expect(facts.file).toBe('packages/orders/functions/app.js');
    expect(codes).toEqual(['HANDLER_FOUND_BY_NAME']);
  });

  test('several of that name are no find', () => {
    const { facts, diagnostics } = understandTree(tree('a/functions/app.js', 'b/functions/app.js'), 'functions/app.handler');
    expect(facts).toMatchObject({ file: null, exportPath: ['handler'], shape: 'unknown' });
    expect(diagnostics).toMatchObject([
      { code: 'HANDLER_NOT_FOUND', severity: 'error', file: 'template.yaml', line: 1, args: { looked: 'functions/app' } },
    ]);
  });

  test.each(['../app.handler', 'app', 'a/../app.handler'])('%s is no handler', (declared) => {
    const { facts, codes } = understandTree(tree('app.js'), declared);
    expect(facts.file).toBeNull();
    expect(codes).toEqual(['HANDLER_MALFORMED']);
  });

  test('a link out of the folder is refused', () => {
    const outside = writeTree(tree('app.js'));
    const folder = writeTree({ 'package.json': '{}' });
    symlinkSync(join(outside, 'app.js'), join(folder, 'app.js'));
    const { facts, codes } = understandFolder(folder, 'app.handler');
    expect(facts.file).toBeNull();
    expect(codes).toEqual(['HANDLER_OUTSIDE_REPOSITORY']);
  });

  test('a linked folder out of the folder is refused', () => {
    const outside = writeTree(tree('app.js'));
    const folder = writeTree({ 'package.json': '{}' });
    symlinkSync(outside, join(folder, 'src'));
    expect(understandFolder(folder, 'src/app.handler').codes).toEqual(['HANDLER_OUTSIDE_REPOSITORY']);
  });

  test('a folder of that name is no module', () => {
    const folder = writeTree({ 'package.json': '{}' });
    mkdirSync(join(folder, 'app.js'));
    writeFileSync(join(folder, 'app.js', 'x.txt'), '');
    expect(understandFolder(folder, 'app.handler').codes).toEqual(['HANDLER_NOT_FOUND']);
  });
});

describe('handlers of monitoring vendors', () => {
  test.each([
    ['/opt/nodejs/node_modules/datadog-lambda-js/handler.handler', 'DD_LAMBDA_HANDLER'],
    ['newrelic-lambda-wrapper.handler', 'NEW_RELIC_LAMBDA_HANDLER'],
    ['/opt/nodejs/node_modules/lumigo-auto-instrument.handler', 'LUMIGO_ORIGINAL_HANDLER'],
    ['/opt/vendor/entry.handler', 'ORIGINAL_HANDLER'],
  ])('%s', (declared, variable) => {
    const { facts, diagnostics } = understandTree(tree('src/app.js'), declared, {
      environment: { [variable]: literal('src/app.handler') },
    });
    expect(facts).toMatchObject({ file: 'src/app.js', exportPath: ['handler'] });
    expect(diagnostics).toMatchObject([{ code: 'HANDLER_OF_VENDOR', severity: 'info', args: { variable, original: 'src/app.handler' } }]);
  });

  test('without the real handler', () => {
    const { codes } = understandTree(tree('src/app.js'), '/opt/nodejs/node_modules/datadog-lambda-js/handler.handler');
    expect(codes).toEqual(['HANDLER_OF_VENDOR_UNKNOWN']);
  });
});

describe('entries of webpack', () => {
  const source = 'exports.handler = async () => 1;\n';
  const found = (config: string, handler = 'main.handler') => {
    const files = { 'webpack.config.js': config, 'src/lambda.js': source, 'src/other.js': source, 'package.json': '{}' };
    return understandTree(files, handler, { handler: { declared: handler, codeRoot: 'dist' } });
  };

  test.each([
    [
      'a path',
      "const path = require('path');\nmodule.exports = { entry: './src/lambda.js', output: { path: path.join(__dirname, 'dist') } };",
    ],
    ['a list', "module.exports = { entry: ['core-js', './src/lambda.js'] };"],
    [
      'names',
      "module.exports = { entry: { other: './src/other.js', main: { import: './src/lambda' } }, output: { filename: '[name].js' } };",
    ],
    ['a file name', "module.exports = { entry: './src/lambda', output: { filename: 'main.js' } };"],
    ['several configurations', "module.exports = [{ entry: { a: './src/other' } }, { entry: './src/lambda' }];"],
    ['a function', "module.exports = () => ({ entry: './src/lambda.js' });"],
    ['an ES module', "const entry = './src/lambda.js';\nexport default { entry };"],
  ])('lead from the bundle to the source: %s', (_, config) => {
    const { facts, codes } = found(config);
    expect(facts.file).toBe('src/lambda.js');
    expect(codes).toEqual([]);
  });

  test.each([
    ['of another name', "module.exports = { entry: { a: './src/lambda.js' } };"],
    ['that only running tells', "module.exports = { entry: require('./entries')(process.argv) };"],
    ['that leaves the repository', "module.exports = { entry: '../../lambda.js' };"],
  ])('do not guess: an entry %s', (_, config) => {
    const { codes, diagnostics } = found(config);
    expect(codes).toEqual(['HANDLER_NOT_FOUND']);
    expect(diagnostics[0]?.args['looked']).toContain('webpack.config.js');
  });
});
