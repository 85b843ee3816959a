/** Handlers that the file named in the definition only exports on. */
import { expect, it } from 'vitest';
import { definition, migrated } from '../../support/native-project.js';

const impl = 'const list = async (event) => ({ statusCode: 200, body: JSON.stringify({ path: event.path }) });\n';
const route = 'const list = async (request, reply) => reply.code(200).send({ path: request.path });\n';

it.each([
  ['export … from', "export { default as list } from './src/list.js';\n", `${impl}\nexport default list;\n`, true],
  ['an import', "import { list } from './src/list.js';\n\nexport { list };\n", impl.replace('const', 'export const'), true],
  ['require', "exports.list = require('./src/list.js').list;\n", `${impl}\nmodule.exports = { list };\n`, false],
])('rewrites what comes by %s where it is declared', async (_what, entry, text, isEsm) => {
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ list: 'handler.list' }),
    'package.json': `{"name":"shop"${isEsm ? ',"type":"module"' : ''}}`,
    'handler.js': entry,
    'src/list.js': text,
  });
  expect(reasons).toEqual([]);
  expect(texts['handler.js']).toBe(entry);
  expect(texts['src/list.js']).toBe(text.replace(impl.slice(6), route.slice(6)));
});

it('looks through files that only export on', async () => {
  const files = {
    'serverless.yml': definition({ list: 'handler.list' }),
    'package.json': '{"name":"shop","type":"module"}',
    'handler.js': "export { list } from './src/index.js';\n",
    'src/index.js': "export { list } from './list.js';\n",
    'src/list.js': impl.replace('const', 'export const'),
  };
  const { texts, reasons } = await migrated(files);
  expect(reasons).toEqual([]);
  expect(texts['src/list.js']).toBe(route.replace('const', 'export const'));
  const job = "import { list } from './index.js';\n\nexport const job = () => list({ path: '/' });\n";
  expect((await migrated({ ...files, 'src/job.js': job })).reasons).toEqual(['src/job.js calls it with an event']);
});

it('keeps what the file calls too', async () => {
  const entry = "const { list } = require('./src/list.js');\n\nexports.list = list;\nexports.all = () => list({ path: '/' });\n";
  const { texts, reasons } = await migrated({
    'serverless.yml': definition({ list: 'handler.list' }),
    'handler.js': entry,
    'src/list.js': `${impl}\nmodule.exports = { list };\n`,
  });
  expect(reasons).toEqual(['handler.js does more with it than to export it']);
  expect(texts['src/list.js']).toContain('event.path');
});

it('keeps what other code calls where it is declared', async () => {
  const { reasons } = await migrated({
    'serverless.yml': definition({ list: 'handler.list' }),
    'handler.js': "exports.list = require('./src/list.js').list;\n",
    'src/list.js': `${impl}\nmodule.exports = { list };\n`,
    'src/job.js': "const { list } = require('./list.js');\n\nexports.job = () => list({ path: '/' });\n",
  });
  expect(reasons).toEqual(['src/job.js calls it with an event']);
});
