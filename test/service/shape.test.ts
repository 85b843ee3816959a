import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { globby } from 'globby';
import { parseSync } from 'oxc-parser';
import tsBlankSpace from 'ts-blank-space';
import { describe, expect, it } from 'vitest';

// These files also become JavaScript, by removing types, and CommonJS, by rewriting imports and exports.
const files = (await globby('templates/service/*.ts')).filter((file) => basename(file) !== 'build.ts');
const modules = [
  'fastify',
  'sqs-consumer',
  '@aws-sdk/client-sqs',
  'ajv',
  'ajv-formats/dist/formats.js',
  'aws-jwt-verify',
  'aws-jwt-verify/jwk',
];

it('finds the runtime', () =>
  expect(files.map((file) => basename(file))).toEqual(expect.arrayContaining(['web.ts', 'types.ts', 'invoke.ts'])));

describe.each(files)('%s', (file) => {
  it('is JavaScript when its types are removed', async () => {
    const errors: unknown[] = [];
    const text = tsBlankSpace(await readFile(file, 'utf8'), (node) => errors.push(node.getText()));
    expect(errors).toEqual([]);
    expect(parseSync('file.js', text).errors).toEqual([]);
  });

  it('has only static named imports and exports, of itself, Node and a few packages', async () => {
    const { module } = parseSync(file, await readFile(file, 'utf8'));
    const imported = module.staticImports.map(({ moduleRequest }) => moduleRequest.value);
    expect(imported.filter((name) => !/^(?:node:|\.\/[a-z0-9-]+\.js$)/.test(name) && !modules.includes(name))).toEqual([]);
    const kinds = module.staticImports.flatMap(({ entries }) => entries.map(({ importName }) => importName.kind as string));
    expect(kinds.filter((kind) => kind !== 'Name')).toEqual([]);
    const exported = module.staticExports.flatMap(({ entries }) => entries);
    expect(exported.filter(({ moduleRequest, exportName }) => moduleRequest !== null || (exportName.kind as string) !== 'Name')).toEqual(
      [],
    );
    expect([module.dynamicImports, module.importMetas]).toEqual([[], []]);
  });
});
