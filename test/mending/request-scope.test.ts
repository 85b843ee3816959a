import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';
import { differing, outcomes } from './run-concurrently.js';

afterAll(cleanUp);

const template = (...functions: string[]) =>
  [
    'AWSTemplateFormatVersion: "2010-09-09"',
    'Transform: AWS::Serverless-2016-10-31',
    'Resources:',
    ...functions.flatMap((id) => [
      `  ${id}:`,
      '    Type: AWS::Serverless::Function',
      `    Properties: { CodeUri: src/, Handler: ${id}.handler, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /${id}, Method: get } } } }`,
    ]),
    '',
  ].join('\n');

async function outcomesOf(folder: string, entry: string) {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  return outcomes(outputFiles[0]?.text ?? '', 'js');
}

/** Runs the handlers before and after; gives the edited files. */
async function mended(files: Record<string, string>, ...functions: string[]) {
  const folder = await temporaryFolder();
  await writeTree(folder, { 'template.yaml': template(...functions), ...files });
  const before = await Promise.all(functions.map((id) => outcomesOf(folder, `src/${id}.js`)));
  const result = await migrate({ folder, threads: 0 });
  const edits = result.changes.filter(({ by }) => by.includes('request-scope'));
  for (const { path, after } of edits) writeFileSync(join(folder, path), after ?? '');
  for (const [index, id] of functions.entries()) {
    const { alone, together } = before[index] as Awaited<ReturnType<typeof outcomes>>;
    expect(differing(alone, together)).toBeGreaterThan(0);
    const after = await outcomesOf(folder, `src/${id}.js`);
    expect(after).toMatchObject({ alone, inTurn: alone, together: alone });
  }
  const { projects } = await check({ folder });
  const left = projects.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity !== 'info'));
  return { edits: Object.fromEntries(edits.map(({ path, after }) => [path, after ?? ''])), left: left.map(({ code }) => code) };
}

const setters = `let user;
exports.setUser = (value) => {
  user = value;
};
exports.describe = async () => {
  const response = await fetch('https://orders.example/', { body: user });
  return \`\${user} got \${await response.text()}\`;
};
`;

describe('state that several files use', () => {
  it('of a variable behind functions of its module', async () => {
    const handler = `const { setUser, describe } = require('./current');
exports.handler = async (event) => {
  setUser(event.user);
  await fetch('https://audit.example/');
  return { text: await describe() };
};
`;
    const { edits, left } = await mended({ 'src/current.js': setters, 'src/get.js': handler }, 'get');
    expect(left).toEqual([]);
    expect(Object.keys(edits).sort()).toEqual(['src/current.js', 'src/get.js']);
    expect(edits['src/get.js']).toContain("const { withRequestState } = require('./current');");
    expect(edits['src/get.js']).toContain('exports.handler = async (event) => withRequestState(async () => {');
    expect(edits['src/current.js']).toContain('exports.withRequestState = (work) => requestStates.run(newRequestState(), work);');
  });

  it('of an object that a module exports, for every function that sets it', async () => {
    const handler = `const current = require('./current');
const { load } = require('./load');
exports.handler = async (event) => {
  current.user = event.user;
  await fetch('https://audit.example/');
  return { text: await load(), user: current.user };
};
`;
    const files = {
      'src/current.js': "const current = {\n  stage: 'live',\n  user: null,\n};\n\nmodule.exports = current;\n",
      'src/load.js':
        "const current = require('./current');\nexports.load = async () => (await fetch('https://orders.example/', { body: current.user })).text();\n",
      'src/get.js': handler,
      'src/put.js': handler,
    };
    const { edits, left } = await mended(files, 'get', 'put');
    expect(left).toEqual([]);
    expect(Object.keys(edits).sort()).toEqual(['src/current.js', 'src/get.js', 'src/put.js']);
    expect(edits['src/current.js']).toContain('get user() {\n    return requestState().user;\n  },');
  });
});

describe('nothing is edited', () => {
  const scoped = async (files: Record<string, string>) => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'template.yaml': template('get'), ...files });
    const { changes } = await migrate({ folder, threads: 0 });
    return changes.flatMap(({ by }) => by).filter((id) => id === 'request-scope');
  };

  it('when a file reads the state while it loads', async () => {
    const handler = `const { setUser, describe } = require('./current');
const early = describe();
exports.handler = async (event) => {
  setUser(event.user);
  await fetch('https://audit.example/');
  return { text: await describe(), early: await early };
};
`;
    const kept = setters.replace('exports.describe', 'const first = user;\nexports.first = first;\nexports.describe');
    expect(await scoped({ 'src/current.js': kept, 'src/get.js': handler })).toEqual([]);
  });

  it('when a library is given a function that reads it later', async () => {
    const handler = `const { queue } = require('p-queue');
let user;
const later = () => user;
exports.handler = async (event) => {
  user = event.user;
  await queue.add(later);
  return { user };
};
`;
    expect(await scoped({ 'src/get.js': handler })).toEqual([]);
  });
});
