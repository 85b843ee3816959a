/** Two definitions in one repository whose functions run the same code. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/index.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shared-handlers-'));
  write('functions/ask.js', 'exports.handler = async (event) => ({ statusCode: 200, body: event.requestContext.http.method });\n');
  write('functions/own.js', 'exports.handler = async (event) => ({ statusCode: 200, body: event.requestContext.http.method });\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const template = (codeUri: string, ...modules: string[]) =>
  JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: Object.fromEntries(
      modules.map((module) => [
        `Fn${module}`,
        {
          Type: 'AWS::Serverless::Function',
          Properties: {
            CodeUri: codeUri,
            Handler: `${module}.handler`,
            Runtime: 'nodejs22.x',
            Events: { Get: { Type: 'HttpApi', Properties: { Path: `/${module}`, Method: 'get' } } },
          },
        },
      ]),
    ),
  });

describe('a handler that two definitions name', () => {
  it('is no route of the services of one of them; what only one names is', async () => {
    write('one/template.json', template('../functions', 'ask', 'own'));
    write('two/template.json', template('../functions', 'ask'));
    const { projects, changes } = await migrate({ folder: root, style: 'native' });
    expect(projects.map(({ plan }) => plan.functions.map(({ id, style }) => [id, style]))).toEqual([
      [
        ['Fnask', 'adapter'],
        ['Fnown', 'native'],
      ],
      [['Fnask', 'adapter']],
    ]);
    expect(changes.map(({ path }) => path)).not.toContain('functions/ask.js');
    const reasons = projects.flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => code === 'HANDLER_NOT_REWRITTEN'));
    expect(reasons.map(({ args }) => args?.['reason'])).toEqual([
      'functions of two/template.json have handlers in its file too',
      'functions of one/template.json have handlers in its file too',
    ]);
  });

  it('is found through links', async () => {
    write('one/template.json', template('../functions', 'ask'));
    write('two/template.json', template('functions', 'ask'));
    symlinkSync('../functions', join(root, 'two/functions'));
    const { projects, changes } = await migrate({ folder: root, style: 'native' });
    expect(projects.map(({ plan }) => plan.functions.map(({ style }) => style))).toEqual([['adapter'], ['adapter']]);
    // What a link leads to is in the image too.
    const dockerfile = changes.find(({ path }) => path === 'two/Dockerfile')?.after ?? '';
    expect(dockerfile).toMatch(/Build it from the root of the repository/);
  });
});
