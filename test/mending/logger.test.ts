import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

const template = `AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Get:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src/, Handler: get.handler, Runtime: nodejs22.x, Events: { Api: { Type: HttpApi, Properties: { Path: /get, Method: get } } } }
`;

const handler = (statement: string) => `const { logger } = require('./logger');
exports.handler = async (event) => {
  ${statement}
  await fetch('https://orders.example/');
  logger.info('answered');
  return { statusCode: 204 };
};
`;

it.each([
  ['pino', "const pino = require('pino');\nexports.logger = pino();\n", 'logger.setBindings({ user: event.headers.user });', false],
  [
    'pino',
    "const pino = require('pino');\nconst logger = pino();\nmodule.exports = { logger };\n",
    'logger.setBindings({ user: event.headers.user });',
    true,
  ],
  [
    'winston',
    "const { createLogger } = require('winston');\nconst logger = createLogger({});\nmodule.exports = { logger };\n",
    'logger.defaultMeta = { user: event.headers.user };',
    true,
  ],
])('%s, made in a file of its own: %s', async (_, logger, statement, isMended) => {
  const folder = await temporaryFolder();
  await writeTree(folder, { 'template.yaml': template, 'src/logger.js': logger, 'src/get.js': handler(statement) });
  const { changes } = await migrate({ folder, threads: 0, style: 'adapter' });
  const edits = changes.filter(({ by }) => by.includes('logger-per-request'));
  expect(edits.map(({ path }) => path).sort()).toEqual(isMended ? ['src/get.js', 'src/logger.js'] : []);
  for (const { path, after } of edits) writeFileSync(join(folder, path), after ?? '');
  const { projects } = await check({ folder });
  const left = projects.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity !== 'info'));
  expect(left.length).toBe(isMended ? 0 : 1);
});
