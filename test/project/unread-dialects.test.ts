import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, type Tree } from './tree.js';

/** Code beside the definition that would be a project of its own if nothing declared it. */
const code: Tree = { 'package.json': '{"name": "app"}', 'src/index.js': 'exports.handler = async (event) => event;' };

describe('dialects that are not read yet', () => {
  it.each<[string, string, number, Tree]>([
    [
      'AWS CDK',
      'lib/stack.ts',
      3,
      {
        'cdk.json': '{"app": "node bin/app.js"}',
        'lib/stack.ts':
          "import * as lambda from 'aws-cdk-lib/aws-lambda';\nexport const make = (scope) =>\n  new lambda.Function(scope, 'Fn', { handler: 'index.handler' });\n",
      },
    ],
    ['AWS CDK', 'stack.py', 2, { 'cdk.json': '{}', 'stack.py': "from aws_cdk import aws_lambda\naws_lambda.Function(self, 'Fn')\n" }],
    ['AWS CDK', 'cdk.json', 1, { 'cdk.json': '{}', 'lib/own.ts': "import { make } from './aws-lambda-stack';\nmake();\n" }],
    ['SST', 'sst.config.ts', 1, { 'sst.config.ts': 'export default $config({ app() {}, async run() {} });' }],
    ['SST', 'sst.json', 1, { 'sst.json': '{"name": "x"}' }],
    [
      'Pulumi',
      'index.ts',
      2,
      {
        'Pulumi.yaml': 'name: x\nruntime: nodejs\n',
        'index.ts': "import * as aws from '@pulumi/aws';\nnew aws.lambda.Function('fn', {});\n",
      },
    ],
    ['Architect', 'app.arc', 3, { 'app.arc': '@app\nshop\n@http\nget /\n' }],
    ['Architect', 'arc.json', 1, { 'arc.json': '{"app": "shop", "http": [["get", "/"]]}' }],
    [
      'AWS Amplify',
      'amplify/backend/function/fn/fn-cloudformation-template.json',
      1,
      { 'amplify/backend/function/fn/fn-cloudformation-template.json': '{"Resources": {}}' },
    ],
    [
      'AWS Amplify',
      'amplify/fn/resource.ts',
      2,
      { 'amplify/fn/resource.ts': "import { defineFunction } from '@aws-amplify/backend';\nexport const fn = defineFunction({});\n" },
    ],
    [
      'Netlify Functions',
      'netlify/functions/hello.js',
      1,
      { 'netlify/functions/hello.js': 'exports.handler = async (event) => ({ statusCode: 200 });' },
    ],
    ['Serverless Components', 'serverless.yml', 1, { 'serverless.yml': 'component: express\nname: x\ninputs: { src: ./ }\n' }],
  ])('%s is named: %s:%i', async (dialect, file, line, files) => {
    const besides = dialect === 'AWS Amplify' || dialect === 'Netlify Functions' ? {} : code;
    const { projects, diagnostics } = await discoverTree({ ...besides, ...files });
    expect(projects).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'DIALECT_NOT_READ', severity: 'error', file, line, args: { dialect } }]);
  });

  it('says where to synthesise', async () => {
    const { diagnostics } = await discoverTree({ 'apps/api/cdk.json': '{}', 'apps/api/lib/stack.ts': "new NodejsFunction(this, 'Fn');" });
    expect(diagnostics[0]?.args['advice']).toContain('npx cdk synth` in apps/api');
  });

  it('covers only its own folder', async () => {
    const { projects, diagnostics } = await discoverTree({
      'a/sst.json': '{"name": "x"}',
      'a/src/index.js': 'exports.handler = async (event) => event;',
      'b/package.json': '{"name": "b", "engines": {"node": "22"}}',
      'b/index.js': 'exports.handler = async (event) => event;',
    });
    expect(projects.map(({ root }) => root)).toEqual(['b']);
    expect(codesOf(diagnostics)).toEqual(['DIALECT_NOT_READ']);
  });

  it('names modules of Terraform that no root module calls in a way that is read', async () => {
    const files: Tree = {
      'a/main.tf': 'module "b" {\n  source = "../b"\n}\n',
      'b/main.tf': 'module "a" {\n  source = "../a"\n}\nresource "aws_lambda_function" "fn" {}\n',
    };
    const { diagnostics } = await discoverTree({ ...code, ...files });
    expect(diagnostics[0]).toMatchObject({ code: 'DIALECT_NOT_READ', file: 'b/main.tf', line: 4, args: { dialect: 'Terraform' } });
  });

  it('says nothing of infrastructure without functions', async () => {
    await expect(
      discoverTree({ 'main.tf': 'resource "aws_s3_bucket" "b" {}\n', 'cdk.json': '{}', 'lib/stack.ts': "new s3.Bucket(this, 'B');" }),
    ).rejects.toThrow('No Lambda function was found');
  });

  it.each([
    ['Claudia.js', 'claudia.json', '{\n  "lambda": { "role": "x", "name": "y" }\n}'],
    ['Apex Up', 'up.json', '{\n  "name": "x", "regions": ["eu-west-1"]\n}'],
    ['Apex', 'project.json', '{\n  "name": "x", "role": "arn:aws:iam::1:role/x"\n}'],
  ])('%s is named where no handler is found', async (dialect, file, text) => {
    const { projects, diagnostics } = await discoverTree({
      [file]: text,
      'package.json': '{"name": "app"}',
      'app.js': 'module.exports = api;',
    });
    expect(projects).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'DIALECT_NOT_READ', file, line: 2, args: { dialect } }]);
    const found = await discoverTree({
      [file]: text,
      'package.json': '{"name": "app", "engines": {"node": "22"}}',
      'index.js': 'exports.handler = async (event) => event;',
    });
    expect(found.projects).toHaveLength(1);
    expect(found.diagnostics).toEqual([]);
  });
});
