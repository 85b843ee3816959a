import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { format, type Options } from 'prettier';
import { afterAll, describe, expect, it } from 'vitest';
import { formatterStyle } from '../../src/producing/formatter.js';
import { Repository } from '../../src/project/repository.js';
import { cleanSamples, http, produceSample } from './sample.js';

const folders: string[] = [];
afterAll(() => {
  cleanSamples();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function styleOf(files: Record<string, string>, folder = '', extension = '.js') {
  const root = mkdtempSync(join(tmpdir(), 'formatter-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return formatterStyle(new Repository(root), folder, extension);
}

const prettierDefaults = { quote: '"', semicolons: true, indent: '  ', width: 80, trailingCommas: true };
const biomeDefaults = { ...prettierDefaults, indent: '\t' };

describe('the formatter of a project says', () => {
  it.each<[string, Record<string, string>, object]>([
    ['nothing when there is none', { 'package.json': '{"name":"shop"}' }, {}],
    ["Prettier's defaults", { '.prettierrc': '{}' }, prettierDefaults],
    ['JSON in .prettierrc', { '.prettierrc': '{"singleQuote":true,"printWidth":100}' }, { ...prettierDefaults, quote: "'", width: 100 }],
    ['YAML in .prettierrc', { '.prettierrc': 'semi: false\ntabWidth: 4\n' }, { ...prettierDefaults, semicolons: false, indent: '    ' }],
    ['a .yaml', { '.prettierrc.yaml': 'useTabs: true\nendOfLine: crlf\n' }, { ...prettierDefaults, indent: '\t', eol: '\r\n' }],
    ['package.json', { 'package.json': '{"prettier":{"trailingComma":"none"}}' }, { ...prettierDefaults, trailingCommas: false }],
    ['nothing by the name of a package', { 'package.json': '{"prettier":"@company/prettier-config"}' }, {}],
    ['nothing by code', { 'prettier.config.js': 'module.exports = { singleQuote: true };' }, {}],
    ['nothing in broken YAML', { '.prettierrc': 'a: [\n' }, {}],
    ['nothing in broken JSON', { '.prettierrc': '{"semi": false' }, {}],
    ['JSON with comments', { '.prettierrc': '{\n// ours\n"semi": false,\n}' }, { ...prettierDefaults, semicolons: false }],
    ['nothing by a width that is none', { '.prettierrc': '{"tabWidth":1e9,"printWidth":"wide"}' }, prettierDefaults],
    ["Biome's defaults", { 'biome.json': '{}' }, biomeDefaults],
    [
      'biome.jsonc, for JavaScript before all languages',
      {
        'biome.jsonc':
          '{ // ours\n"formatter":{"indentStyle":"space","lineWidth":140},"javascript":{"formatter":{"quoteStyle":"single","semicolons":"asNeeded","lineWidth":90}}}',
      },
      { ...biomeDefaults, indent: '  ', width: 90, quote: "'", semicolons: false },
    ],
    ['nothing when Biome only lints', { 'biome.json': '{"formatter":{"enabled":false}}' }, {}],
    [
      '.editorconfig',
      { '.editorconfig': 'root = true\n[*]\nindent_style = space\nindent_size = 4\nend_of_line = lf\n[*.md]\nindent_size = 8\n' },
      { indent: '    ', eol: '\n' },
    ],
    ['a section for several extensions', { '.editorconfig': '[*]\nindent_size = 4\n[*.{ts,js}]\nindent_style = tab\n' }, { indent: '\t' }],
    [
      'Prettier before .editorconfig, which fills what it leaves open',
      { '.prettierrc': 'tabWidth: 3\n', '.editorconfig': '[*]\nindent_size = 4\nmax_line_length = 100\n' },
      { ...prettierDefaults, indent: '   ', width: 100 },
    ],
  ])('%s', (_name, files, expected) => {
    expect(styleOf(files)).toEqual(expected);
  });

  it('what stands nearest to the service', () => {
    const files = { '.prettierrc': '{"singleQuote":true}', 'services/shop/.prettierrc.json': '{"tabWidth":4}' };
    expect(styleOf(files, 'services/shop')).toMatchObject({ quote: '"', indent: '    ' });
    expect(styleOf(files, 'services')).toMatchObject({ quote: "'", indent: '  ' });
  });
});

describe('an entry is as the formatter would write it', () => {
  const handler = "exports.handler = async () => ({ statusCode: 200, body: 'there' });\n";
  it.each<Options>([
    {},
    { singleQuote: true, printWidth: 100, tabWidth: 4 },
    { semi: false, useTabs: true },
    { trailingComma: 'none', printWidth: 60 },
  ])('%o', async (options) => {
    const { files } = await produceSample({
      files: { 'package.json': '{"name":"shop"}', '.prettierrc': JSON.stringify(options), 'get.js': handler },
      functions: {
        Get: { file: 'get.js', triggers: [http('GET', '/'), http('POST', '/orders/{id}/positions/{position}', { stage: 'production' })] },
      },
    });
    const entry = files['service/web.js'] ?? '';
    expect(entry).toContain('startWeb');
    expect(await format(entry, { parser: 'babel', ...options })).toBe(entry);
  });
});
