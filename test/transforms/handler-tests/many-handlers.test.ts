/** One test that calls the handlers of many files: each becomes a route of its own, under a name of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { migrate } from '../../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'many-handlers-'));
afterAll(() => rmSync(root, { recursive: true }));

const names = ['create', 'find', 'update', 'remove', 'list', 'count'];

const files: Record<string, string> = {
  'package.json': '{ "name": "many", "version": "1.0.0" }\n',
  'serverless.yml': [
    'service: many',
    'provider: { name: aws, runtime: nodejs20.x }',
    'functions:',
    ...names.map((name) => `  ${name}: { handler: api/${name}.handler, events: [{ http: { method: post, path: ${name} } }] }`),
    '',
  ].join('\n'),
  'test/api.test.js': [
    ...names.map((name) => `const ${name} = require("../api/${name}");`),
    ...names.map(
      (name) => `
it("${name}s", async () => {
  const result = await ${name}.handler({ body: JSON.stringify({ id: "1" }) });
  expect(result.statusCode).toBe(200);
  expect(JSON.parse(result.body)).toEqual({ ${name}: "1" });
});`,
    ),
    '',
  ].join('\n'),
};
for (const name of names)
  files[`api/${name}.js`] = `exports.handler = async (event) => {
  const { id } = JSON.parse(event.body);
  return { statusCode: 200, body: JSON.stringify({ ${name}: id }) };
};
`;

it('asks each handler of a test through an application of its own', async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { projects, changes } = await migrate({ folder: root, style: 'native' });
  const [project] = projects;
  expect(project?.plan.functions.map(({ style }) => style)).toEqual(names.map(() => 'native'));
  const text = changes.find(({ path }) => path === 'test/api.test.js')?.after ?? '';
  const applications = [...text.matchAll(/const (\w+) = routeApp\((\w+)\.handler, "\/(\w+)"\);/g)];
  expect(new Set(applications.map(([, application]) => application)).size).toBe(names.length);
  expect(applications.map(([, , handler]) => handler).sort()).toEqual([...names].sort());
  for (const [, application, handler, path] of applications) {
    expect(path).toBe(handler);
    expect(text).toMatch(new RegExp(`it\\("${handler}s", async \\(\\) => \\{\\s+const result = await ${application}\\.inject\\(`));
  }
});
