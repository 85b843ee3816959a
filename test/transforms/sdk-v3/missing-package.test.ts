/** AWS's codemod is an optional package: where it is not installed, the command line says so and how to get it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { repositoryRoot } from '../../support/fixtures.js';

const scratch = mkdtempSync(join(tmpdir(), 'no-codemod-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** This package as it is built, beside all that is installed but the codemod. */
function installWithout(missing: string): string {
  const root = join(scratch, 'package');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  for (const name of ['dist', 'templates', 'package.json']) cpSync(join(repositoryRoot, name), join(root, name), { recursive: true });
  const installed = join(repositoryRoot, 'node_modules');
  for (const name of readdirSync(installed)) if (name !== missing) symlinkSync(join(installed, name), join(root, 'node_modules', name));
  return join(root, 'dist/src/cli.js');
}

it('is asked for by name, and nothing is written', () => {
  const folder = join(scratch, 'fn');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "fn", "dependencies": { "aws-sdk": "^2.1692.0" } }');
  writeFileSync(
    join(folder, 'serverless.yml'),
    'service: fn\nprovider: { name: aws, runtime: nodejs20.x }\nfunctions: { a: { handler: a.handler, events: [{ httpApi: GET / }] } }\n',
  );
  writeFileSync(
    join(folder, 'a.js'),
    "const AWS = require('aws-sdk');\nexports.handler = async () => new AWS.S3().listBuckets().promise();\n",
  );
  const cli = installWithout('aws-sdk-js-codemod');
  const { status, stderr } = spawnSync(process.execPath, [cli, 'migrate', folder, '--sdk-v3', '--write'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('the package aws-sdk-js-codemod is not installed');
  expect(stderr).toContain('npm install aws-sdk-js-codemod@3');
  expect(readdirSync(folder).sort()).toEqual(['a.js', 'package.json', 'serverless.yml']);
});
