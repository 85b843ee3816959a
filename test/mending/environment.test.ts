import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';
import { differing, outcomes } from './run-concurrently.js';

afterAll(cleanUp);

const files = {
  'template.yaml': `AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Get:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src/, Handler: get.handler, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /get, Method: get } } } }
`,
  'src/get.js': `const { query } = require('./query');

exports.handler = async (event) => {
  process.env.TENANT = event.user;
  await fetch('https://audit.example/');
  return { text: await query(event.id) };
};
`,
  'src/query.js': `const host = 'example';

exports.query = async (id) => {
  const response = await fetch(\`https://\${process.env.TENANT}.\${host}/\${id}\`);
  return response.text();
};
`,
};

function outcomesOf(folder: string) {
  const options = { bundle: true, write: false, platform: 'node', format: 'cjs', logLevel: 'silent' } as const;
  const { outputFiles } = buildSync({ entryPoints: [join(folder, 'src/get.js')], ...options });
  return outcomes(outputFiles[0]?.text ?? '', 'js');
}

it('a variable that one file sets and another reads belongs to the request', async () => {
  const folder = await temporaryFolder();
  await writeTree(folder, files);
  const before = await outcomesOf(folder);
  expect(differing(before.alone, before.together)).toBeGreaterThan(0);
  const { changes } = await migrate({ folder, threads: 0, style: 'adapter' });
  const edits = changes.filter(({ by }) => by.includes('environment-per-request'));
  expect(edits.map(({ path }) => path).sort()).toEqual(['src/get.js', 'src/query.js']);
  for (const { path, after } of edits) writeFileSync(join(folder, path), after ?? '');
  expect(await outcomesOf(folder)).toMatchObject({ alone: before.alone, inTurn: before.alone, together: before.alone });
  const { projects } = await check({ folder });
  expect(projects.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity !== 'info'))).toEqual([]);
});
