import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, functionOf, projectOf, withoutRanges } from './tree.js';

describe('packages without a definition', () => {
  it('are read from package.json and the module that exports a handler', async () => {
    const { project, diagnostics } = await projectOf({
      'package.json': '{"name": "@shop/thumbnail-maker", "main": "index.js", "engines": {"node": ">=20"}}',
      'index.js': "const sharp = require('sharp');\n\nexports.handler = async (event) => sharp(event.key);\n",
      'lib/sizes.js': 'exports.sizes = [1, 2];',
    });
    expect(codesOf(diagnostics)).toEqual([]);
    expect(project).toMatchObject({ root: '', dialect: 'convention', definition: 'package.json', name: 'thumbnail-maker' });
    expect(withoutRanges(project.functions)).toEqual([
      {
        id: 'thumbnail-maker',
        runtime: 'nodejs20.x',
        packageType: 'zip',
        handler: { declared: 'index.handler', codeRoot: '', entry: 'index.js' },
        architecture: 'x86_64',
        memoryMb: 128,
        timeoutSeconds: 3,
        ephemeralStorageMb: 512,
        environment: {},
        triggers: [],
        layers: [],
        vpc: false,
        permissions: [],
        build: { tool: 'none' },
      },
    ]);
    expect(functionOf(project, 'thumbnail-maker').range).toMatchObject({ file: 'index.js', line: 3, column: 1 });
  });

  it.each([
    ['index.mjs', 'export const handler = async () => "hello";'],
    ['handler.ts', "import type { SQSEvent } from 'aws-lambda';\nexport async function handler(batch: SQSEvent) {}"],
    ['src/app.js', 'module.exports.lambdaHandler = async (event, context) => ({ statusCode: 200 });'],
    ['src/main.ts', 'const run = async (event: unknown) => event;\nexport { run as handler };'],
    [
      'index.js',
      "const serverless = require('serverless-http');\nconst app = require('./app');\nmodule.exports.handler = serverless(app);",
    ],
    [
      'lambda.js',
      "import middy from '@middy/core';\nconst base = async (event) => event;\nexport const handler = middy(base).use(cors());",
    ],
    ['index.js', "exports['handler'] = function (event, context, callback) { callback(null, event); };"],
    ['index.js', 'module.exports = { handler: async ({ Records }) => Records.length, queueUrl: process.env.AWS_LAMBDA_FUNCTION_NAME };'],
  ])('are found in %s: %s', async (file, text) => {
    const { project } = await projectOf({ 'package.json': '{"name": "fn", "engines": {"node": "22"}}', [file]: text });
    expect(project.functions).toMatchObject([{ handler: { entry: file } }]);
  });

  it.each([
    [
      'a web application',
      { 'index.js': "const app = require('express')();\nexports.handler = (req, res) => res.send('x');\napp.get('/', exports.handler);" },
    ],
    ['a yargs command', { 'src/index.js': "exports.command = 'x';\nexports.handler = async (argv) => {};" }],
    ['a Next.js page', { 'pages/index.tsx': 'export const handler = async (event) => {};\nexport const getServerSideProps = () => {};' }],
    ['a bot', { 'commands/ping.js': 'module.exports = { name: "ping", handler: async (interaction) => interaction.reply("x") };' }],
    ['a library', { 'index.js': "exports.handler = { get() {} };\nexports.version = '1';" }],
    ['a route table', { 'lib/routes.js': 'export const handler = createRouter();' }],
    ['a Koa middleware', { 'handler.js': 'export const handler = async (ctx, next) => { ctx.body = 1; };' }],
    ['a DOM event handler of a library', { 'lib/input.js': 'export function handler(element) { return element; }' }],
    [
      'tests and build output',
      { 'test/handler.js': 'exports.handler = async (event) => event;', 'dist/index.js': 'exports.handler = async (event) => event;' },
    ],
  ])('are not seen in %s', async (_, files) => {
    await expect(discoverTree({ 'package.json': '{"name": "x"}', ...files })).rejects.toThrow('No Lambda function was found');
  });

  it('count a handler that another one wraps or exports again as that one', async () => {
    const { project } = await projectOf({
      'package.json': '{"name": "fn", "engines": {"node": "22"}}',
      'index.js': "export { handler } from './src/handler.js';\n",
      'src/handler.js': 'export const handler = async (event) => event;\n',
    });
    expect(project.functions).toMatchObject([{ id: 'fn', handler: { entry: 'index.js', declared: 'index.handler' } }]);
  });

  it('have a function for each module that exports one', async () => {
    const { project, diagnostics } = await projectOf({
      'package.json': '{"name": "fns"}',
      'functions/orders/index.js': 'exports.handler = async (event) => event;',
      'functions/users/index.js': 'exports.handler = async (event) => event;',
      'functions/users/list.js': 'exports.handler = async (event) => event;',
    });
    expect(project.functions.map(({ id, handler }) => [id, handler.declared])).toEqual([
      ['orders', 'functions/orders/index.handler'],
      ['users', 'functions/users/index.handler'],
      ['list', 'functions/users/list.handler'],
    ]);
    expect(diagnostics).toMatchObject([{ code: 'CONVENTION_RUNTIME_ASSUMED', file: 'package.json' }]);
  });

  it('are one project each in a monorepo', async () => {
    const { projects } = await discoverTree({
      'package.json': '{"name": "all", "workspaces": ["packages/*"]}',
      'package-lock.json': '{}',
      'packages/a/package.json': '{"name": "a"}',
      'packages/a/index.js': 'exports.handler = async (event) => event;',
      'packages/b/package.json': '{"name": "b"}',
      'packages/b/src/index.ts': 'export const handler = async (event: unknown) => event;',
      'packages/lib/package.json': '{"name": "lib"}',
      'packages/lib/index.js': 'exports.sum = (a, b) => a + b;',
    });
    expect(
      projects.map(({ root, name, packageInfo }) => [root, name, packageInfo.file, packageInfo.workspaceRoot, packageInfo.lockfile]),
    ).toEqual([
      ['packages/a', 'a', 'packages/a/package.json', '', 'package-lock.json'],
      ['packages/b', 'b', 'packages/b/package.json', '', 'package-lock.json'],
    ]);
  });

  it('are not projects where a definition covers them', async () => {
    const { projects } = await discoverTree({
      'infra/serverless.yml': 'service: a\nprovider: { name: aws }\nfunctions: { fn: { handler: src/a.handler } }\n',
      'infra/src/a.js': 'exports.handler = async (event) => event;',
      'infra/src/unused.js': 'exports.handler = async (event) => event;',
      'lambda/package.json': '{"name": "other"}',
      'lambda/index.js': 'exports.handler = async (event) => event;',
    });
    expect(projects.map(({ definition }) => definition)).toEqual(['infra/serverless.yml']);
  });

  it('are not needed for a lone file', async () => {
    const { project } = await projectOf({ 'fn/index.mjs': 'export const handler = async (event) => event;' });
    expect(project).toMatchObject({ root: 'fn', definition: 'fn/index.mjs', name: 'fn', packageInfo: { file: null } });
  });
});
