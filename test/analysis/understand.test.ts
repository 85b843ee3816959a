import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseModule } from '../../src/analysis/source-module.js';
import { understand } from '../../src/analysis/understand.js';
import { catalog } from '../../src/diagnostics/catalog.js';
import { understanding } from '../../src/diagnostics/understanding.js';
import { isNestedSafely } from '../../src/nesting.js';
import { openRepository } from '../../src/project/open-repository.js';
import { lambda, project } from '../planning/builders.js';
import { writeTree } from '../project/tree.js';
import { understandTree } from './understand-tree.js';

const good = 'exports.handler = async (event) => ({ statusCode: 200 });\n';

function understandAll(files: Record<string, string | Buffer>, ids: string[]) {
  const repository = openRepository(writeTree(files));
  const functions = ids.map((id) => lambda(id, { handler: { declared: `${id}.handler`, codeRoot: '' } }));
  return { repository, facts: understand(repository, project(functions)) };
}

describe('a failure is one function’s', () => {
  test('source that does not parse', () => {
    const { facts } = understandAll({ 'a.js': good, 'b.js': 'exports.handler = async () => {\n  const = 1;\n};' }, ['a', 'b']);
    expect(facts.functions['a']).toMatchObject({ shape: 'function', returnsHttpResult: true });
    expect(facts.functions['b']).toMatchObject({ file: 'b.js', shape: 'unknown', declaration: null, files: ['b.js'] });
    expect(facts.diagnostics).toMatchObject([
      { code: 'SOURCE_NOT_PARSED', severity: 'error', function: 'b', file: 'b.js', line: 2, column: 9 },
    ]);
  });

  test('shared source that does not parse fails each function that reaches it', () => {
    const files = { 'a.js': `require('./lib');\n${good}`, 'b.js': `require('./lib');\n${good}`, 'c.js': good, 'lib.js': 'let let = ;' };
    const { facts } = understandAll(files, ['a', 'b', 'c']);
    expect(facts.diagnostics.map(({ code, function: id, file }) => [code, id, file])).toEqual([
      ['SOURCE_NOT_PARSED', 'a', 'lib.js'],
      ['SOURCE_NOT_PARSED', 'b', 'lib.js'],
    ]);
  });

  test('a remark about shared source is made once', () => {
    const files = { 'a.js': `require('./lib');\n${good}`, 'b.js': `require('./lib');\n${good}`, 'lib.js': 'require(process.env.X);' };
    expect(understandAll(files, ['a', 'b']).facts.diagnostics).toMatchObject([{ code: 'DYNAMIC_IMPORT', function: 'a' }]);
  });

  test.each<[string, string | Buffer, string]>([
    ['binary', Buffer.from([0x7f, 0x45, 0, 1]), 'binary'],
    ['huge', 'x'.repeat(5 * 1024 * 1024 + 1), 'too-large'],
  ])('%s source', (_, content, problem) => {
    expect(understandAll({ 'a.js': content }, ['a']).facts.diagnostics).toMatchObject([
      { code: 'SOURCE_NOT_READ', severity: 'error', function: 'a', args: { problem } },
    ]);
  });

  test('source nested too deep', () => {
    const { facts } = understandAll({ 'a.js': `exports.handler = ${'['.repeat(20_000)}${']'.repeat(20_000)};`, 'b.js': good }, ['a', 'b']);
    expect(facts.functions['b']).toMatchObject({ shape: 'function' });
    expect(facts.diagnostics.map(({ function: id, severity }) => [id, severity])).toEqual([['a', 'error']]);
  });

  test.each([
    ['brackets', (n: number) => `x = ${'['.repeat(n)}${']'.repeat(n)};`],
    ['functions', (n: number) => `${'(function () {'.repeat(n)}${'})();'.repeat(n)}`],
    ['conditions', (n: number) => `${'if (1) '.repeat(n)};`],
    ['alternatives', (n: number) => `${'if (1) {} else '.repeat(n)}{}`],
    ['arrows', (n: number) => `x = ${'a => '.repeat(n)}1;`],
  ])('%s nested too deep are not even parsed', (_, make) => {
    expect(parseModule('a.js', make(10_000)).error).not.toBeNull();
    expect(isNestedSafely(make(10_000))).toBe(false);
    expect(isNestedSafely(make(20))).toBe(true);
  });

  test('long files are not deep', () => {
    const line = "exports.a = (b, c = []) => { if (b) { return c ? '((((' : b } else if (c) { return 1 } }\n";
    expect(isNestedSafely(`const x = 1\n${line.repeat(500)}`)).toBe(true);
  });

  test('functions of other runtimes and unreadable ones are left alone', () => {
    const repository = openRepository(writeTree({ 'a.py': '' }));
    const functions = [lambda('Python', { runtime: 'python3.13' }), lambda('Packaged', { unreadable: 'CODE_PACKAGED' })];
    const facts = understand(repository, project(functions));
    expect(facts.diagnostics).toEqual([]);
    expect(Object.keys(facts.functions)).toEqual(['Packaged']);
    expect(facts.functions['Packaged']).toMatchObject({ file: null, shape: 'unknown' });
  });
});

describe('inline code', () => {
  const inline = (inlineCode: string) =>
    understandTree({ 'template.yaml': '' }, 'index.handler', {
      packageType: 'inline',
      handler: { declared: 'index.handler', codeRoot: null, inlineCode },
    });

  test('is analysed as a module without a file', () => {
    const { facts, codes } = inline(
      "const { S3 } = require('@aws-sdk/client-s3');\nexports.handler = (event, context, callback) => callback(null, { statusCode: 200 });",
    );
    expect(codes).toEqual([]);
    expect(facts).toMatchObject({
      file: null,
      exportPath: ['handler'],
      declaration: null,
      shape: 'function',
      parameterCount: 3,
      usesCallback: true,
      returnsHttpResult: true,
      format: 'commonjs',
      packages: { '@aws-sdk/client-s3': { file: 'template.yaml', line: 1 } },
    });
  });

  test('that does not parse', () => {
    expect(inline('exports.handler = (').diagnostics).toMatchObject([
      { code: 'INLINE_CODE_NOT_PARSED', severity: 'error', function: 'Fn', file: 'template.yaml', line: 1 },
    ]);
  });

  test('without the handler', () => {
    expect(inline('exports.other = 1;').diagnostics).toMatchObject([{ code: 'EXPORT_NOT_FOUND', file: 'template.yaml', function: 'Fn' }]);
  });

  test('as an ES module', () => {
    expect(inline('export const handler = async () => {};').facts).toMatchObject({ format: 'esm', shape: 'function' });
  });
});

describe('parsing', () => {
  test.each([
    ['a return at the top level', 'a.js', 'if (x) return;'],
    ['await at the top level', 'a.js', 'const x = await y;'],
    ['sloppy code', 'a.js', 'with (a) { b = 010; }'],
    ['import beside module.exports', 'a.js', "import a from 'a';\nmodule.exports = a;"],
    ['a hashbang', 'a.js', '#!/usr/bin/env node\nvar a;'],
    ['a byte order mark', 'a.js', '\uFEFFvar a;'],
    ['JSX in .js', 'a.js', 'const a = <p/>;'],
    ['an old assertion', 'a.ts', 'const a = <string>b;'],
    ['decorators and parameter properties', 'a.ts', '@a() class B { constructor(private c: string, @d() e: F) {} }'],
    ['enums and namespaces', 'a.ts', 'enum A { B }\nnamespace C { export const d = 1; }'],
    ['import equals', 'a.ts', "import a = require('a');\nexport = a;"],
  ])('%s', (_, file, text) => {
    expect(parseModule(file, text).error).toBeNull();
  });

  test.each([
    ['await in a plain function', 'a.js', 'function f() { await x; }'],
    ['types in JavaScript', 'a.js', 'const a: string = 1;'],
    ['an open brace', 'a.ts', 'function f() {'],
  ])('not %s', (_, file, text) => {
    expect(parseModule(file, text).error).toMatchObject({ line: 1 });
  });
});

test('never throws, whatever the source', () => {
  const pieces = [
    'exports',
    '.handler',
    ' = ',
    'async ',
    '(event) => ',
    '{',
    '}',
    '(',
    ')',
    'require("./a")',
    '...',
    'class A ',
    'export ',
    'const a',
    ' from "b"',
    ';\n',
    'import ',
    '* as c',
    'module.',
    '[x]',
    'default ',
    'new ',
    'a.b?.c',
    '`${',
    '`',
    'middy',
    'event.Records',
    'for (const r of ',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 25 }), fc.constantFrom('a.js', 'a.ts', 'a.mjs'), (parts, file) => {
      const { facts } = understandAll({ [file]: parts.join('') }, ['a']);
      expect(facts.functions['a'] !== undefined || facts.diagnostics.length > 0).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('every code of this stage is in the catalogue with its own sentences', () => {
  for (const [code, entry] of Object.entries(understanding)) expect(catalog[code]).toBe(entry);
});
