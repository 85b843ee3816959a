import { expect, test } from 'vitest';
import { understandTree } from './understand-tree.js';

const lib = { 'src/lib/db.js': 'exports.all = () => [];\n' };
const uses = (specifier: string) =>
  `const db = require('${specifier}');\nexports.handler = async (event) => ({ body: JSON.stringify(db.all()) });\n`;

test.each<[string, string, Record<string, string>]>([
  [
    'webpack',
    '@lib/db',
    {
      'webpack.config.js':
        "const path = require('path');\nmodule.exports = { resolve: { alias: { '@lib': path.resolve(__dirname, 'src', 'lib') } } };\n",
    },
  ],
  [
    'webpack, below a template of the folder',
    '@lib/db',
    { 'webpack.config.js': 'module.exports = { resolve: { alias: { "@lib": `$' + '{__dirname}/src/lib/` } } };\n' },
  ],
  ['one file of webpack', 'db', { 'webpack.config.js': "module.exports = { resolve: { alias: { db$: './src/lib/db.js' } } };\n" }],
  ['Babel', '~/db', { '.babelrc': '{ "plugins": [["module-resolver", { "root": ["./"], "alias": { "~": "./src/lib" } }]] }' }],
  [
    'Babel, as a function',
    '@lib/db',
    {
      'babel.config.js':
        "module.exports = (api) => {\n  api.cache(true);\n  return { plugins: [['babel-plugin-module-resolver', { alias: { '@lib': './src/lib' } }]] };\n};\n",
    },
  ],
  ['module-alias', '@lib/db', { 'package.json': '{ "_moduleAliases": { "@lib": "src/lib" } }' }],
])('an alias of %s', (_, specifier, configuration) => {
  const { facts, codes } = understandTree({ 'app.js': uses(specifier), ...lib, ...configuration }, 'app.handler');
  expect(codes).toEqual([]);
  expect(facts.files).toEqual(['app.js', 'src/lib/db.js']);
  expect(facts.packages).toEqual({});
  expect(facts.redirects).toEqual({ [specifier]: { file: 'src/lib/db.js' } });
  expect(facts.buildReasons).toContainEqual({ kind: 'bundler-alias', file: 'app.js', line: 1 });
});

test.each([
  ['leads out of the repository', "{ '@lib': '../lib' }"],
  ['is a pattern', "{ '^@lib/(.+)': './src/lib/\\\\1' }"],
  ['is known only when it runs', "{ '@lib': process.env.LIB }"],
])('an alias that %s is no alias', (_, alias) => {
  const files = { 'app.js': uses('@lib/db'), ...lib, 'webpack.config.js': `module.exports = { resolve: { alias: ${alias} } };\n` };
  const { facts } = understandTree(files, 'app.handler');
  expect(facts.files).toEqual(['app.js']);
  expect(facts.redirects).toBeUndefined();
});
