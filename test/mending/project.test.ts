import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

const template = (functions: Record<string, string>) =>
  [
    'AWSTemplateFormatVersion: "2010-09-09"',
    'Transform: AWS::Serverless-2016-10-31',
    'Resources:',
    ...Object.entries(functions).flatMap(([id, handler]) => [
      `  ${id}:`,
      '    Type: AWS::Serverless::Function',
      `    Properties: { CodeUri: src/, Handler: ${handler}, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /${id}, Method: get } } } }`,
    ]),
    '',
  ].join('\n');

const leaking = `let user;
exports.handler = async (event) => {
  user = event.headers.authorization;
  await fetch('https://example.org');
  return { statusCode: 200, body: user };
};
`;

async function migrated(files: Record<string, string>) {
  const folder = await temporaryFolder();
  await writeTree(folder, files);
  const result = await migrate({ folder, threads: 0, style: 'adapter' });
  return { folder, result, found: result.projects.flatMap(({ diagnostics }) => diagnostics) };
}

describe('a migration', () => {
  it('mends what it can prove, says so, and leaves nothing for a second run', async () => {
    const { folder, result, found } = await migrated({ 'template.yaml': template({ Get: 'get.handler' }), 'src/get.js': leaking });
    const edit = result.changes.find(({ path }) => path === 'src/get.js');
    expect(edit?.by).toEqual(['scope-shared-state']);
    expect(found.filter(({ code }) => code === 'HAZARD_MENDED')).toEqual([
      {
        code: 'HAZARD_MENDED',
        severity: 'info',
        args: { hazard: 'SHARED_VARIABLE_REASSIGNED', what: 'user', transform: 'scope-shared-state' },
        file: 'src/get.js',
        line: 3,
        function: 'Get',
      },
    ]);
    expect(found.filter(({ code }) => code === 'SHARED_VARIABLE_REASSIGNED')).toEqual([]);
    writeFileSync(join(folder, 'src/get.js'), edit?.after ?? '');
    const again = await migrate({ folder, threads: 0, style: 'adapter' });
    expect(again.changes.map(({ path }) => path)).not.toContain('src/get.js');
    const { projects } = await check({ folder });
    expect(projects.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity !== 'info'))).toEqual([]);
  });

  it('leaves what it cannot prove as a warning, and the code as it is', async () => {
    const { result, found } = await migrated({
      'template.yaml': template({ Get: 'get.handler' }),
      'src/get.js': leaking.replace('user = ', 'if (event.headers) user = '),
    });
    expect(found.filter(({ code }) => code === 'SHARED_VARIABLE_REASSIGNED').map(({ severity, line }) => [severity, line])).toEqual([
      ['warning', 3],
    ]);
    expect(result.changes.map(({ path }) => path)).not.toContain('src/get.js');
  });

  it('mends a file that several functions run once, for all of them', async () => {
    const { result, found } = await migrated({
      'template.yaml': template({ One: 'one.handler', Two: 'two.handler' }),
      'src/one.js': "const { whoIs } = require('./who');\nexports.handler = async (event) => whoIs(event);\n",
      'src/two.js': "const { whoIs } = require('./who');\nexports.handler = async (event) => whoIs(event);\n",
      'src/who.js': leaking.replace('exports.handler', 'exports.whoIs'),
    });
    expect(result.changes.filter(({ path }) => path.startsWith('src/')).map(({ path }) => path)).toEqual(['src/who.js']);
    expect(found.filter(({ code }) => code === 'HAZARD_MENDED').map((each) => each.function)).toEqual(['One', 'Two']);
  });

  it.each([
    ['^2.35.0', 'appendKeys', 'info', 'HAZARD_MENDED'],
    ['^2.10.0', 'appendKeys', 'warning', 'LOGGER_CONTEXT_SHARED'],
    ['^2.35.0', 'appendPersistentKeys', 'warning', 'LOGGER_CONTEXT_SHARED'],
  ])('Powertools %s: %s is told as %s', async (version, method, severity, code) => {
    const { found } = await migrated({
      'template.yaml': template({ Get: 'get.handler' }),
      'src/package.json': JSON.stringify({ dependencies: { '@aws-lambda-powertools/logger': version } }),
      'src/get.js': `const { Logger } = require('@aws-lambda-powertools/logger');
const logger = new Logger();
exports.handler = async (event) => {
  logger.${method}({ user: event.headers.user });
  await fetch('https://example.org');
  return { statusCode: 200 };
};
`,
    });
    const told = found.filter(({ code }) => /^(HAZARD_MENDED|LOGGER_CONTEXT_SHARED)$/.test(code));
    expect(told.map((each) => [each.severity, each.code])).toEqual([[severity, code]]);
  });
});
