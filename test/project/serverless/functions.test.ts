import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, functionOf, projectOf, withoutRanges } from '../tree.js';
import { readYml } from './service.js';

describe('functions of a service', () => {
  it('have the defaults of Serverless', async () => {
    const { project, functions, diagnostics } = await readYml('functions:\n  hello-world:\n    handler: src/hello.handler\n');
    expect(project).toMatchObject({ root: '', dialect: 'serverless', definition: 'serverless.yml', name: 'shop' });
    expect(withoutRanges(functions['hello-world'])).toEqual({
      id: 'hello-world',
      name: { kind: 'literal', value: 'shop-dev-hello-world' },
      runtime: 'nodejs20.x',
      packageType: 'zip',
      handler: { declared: 'src/hello.handler', codeRoot: '' },
      architecture: 'x86_64',
      memoryMb: 1024,
      timeoutSeconds: 6,
      ephemeralStorageMb: 512,
      environment: {},
      triggers: [{ type: 'invoke' }],
      layers: [],
      vpc: false,
      permissions: [],
      build: { tool: 'none' },
    });
    expect(functions['hello-world']?.range).toMatchObject({ file: 'serverless.yml', line: 7, column: 3 });
    expect(functions['hello-world']?.handler.range).toMatchObject({ line: 8, column: 14 });
    expect(codesOf(diagnostics)).toEqual([]);
  });

  it('take what the provider says, and their own above it', async () => {
    const { functions } = await readYml(`provider:
  name: aws
  stage: live
  runtime: nodejs22.x
  memorySize: 256
  timeout: 10
  architecture: arm64
  ephemeralStorageSize: 2048
  environment: { A: one, B: two, C: three }
  vpc: { subnetIds: [a], securityGroupIds: [b] }
  layers: [arn:aws:lambda:eu-west-1:1:layer:x:1]
  iam: { role: { statements: [{ Effect: Allow, Action: 's3:*' }] } }
functions:
  one: { handler: a.one }
  two:
    handler: a.two
    name: own-name
    description: The second
    runtime: nodejs18.x
    memorySize: '512'
    timeout: 30
    architecture: x86_64
    environment: { B: null, C: own }
    vpc: ~
    layers: [!Ref SharedLambdaLayer]
    reservedConcurrency: 2
    iamRoleStatements: [{ Effect: Allow, Action: 'sqs:*' }]
`);
    expect(withoutRanges(functions['one'])).toMatchObject({
      name: { value: 'shop-live-one' },
      runtime: 'nodejs22.x',
      memoryMb: 256,
      timeoutSeconds: 10,
      architecture: 'arm64',
      ephemeralStorageMb: 2048,
      environment: { A: { value: 'one' }, B: { value: 'two' }, C: { value: 'three' } },
      vpc: true,
      layers: [{ kind: 'literal', value: 'arn:aws:lambda:eu-west-1:1:layer:x:1' }],
      permissions: [{ Effect: 'Allow', Action: 's3:*' }],
    });
    expect(withoutRanges(functions['two'])).toMatchObject({
      name: { value: 'own-name' },
      description: 'The second',
      runtime: 'nodejs18.x',
      memoryMb: 512,
      timeoutSeconds: 30,
      architecture: 'x86_64',
      environment: { A: { value: 'one' }, C: { value: 'own' } },
      layers: [{ kind: 'reference', names: ['SharedLambdaLayer'] }],
      reservedConcurrency: 2,
      permissions: [{ Action: 's3:*' }, { Action: 'sqs:*' }],
    });
    expect(functions['two']?.environment).not.toHaveProperty('B');
  });

  it('of other runtimes are listed, not read', async () => {
    const { functions, diagnostics } = await readYml('functions:\n  fn: { handler: a.b }\n  py: { handler: a.b, runtime: python3.12 }\n');
    expect(functions['py']).toMatchObject({ runtime: 'python3.12', unreadable: 'RUNTIME_NOT_NODE' });
    expect(functions['fn']?.unreadable).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'RUNTIME_NOT_NODE', function: 'py', severity: 'info' }]);
  });

  it('without a handler, with an unresolved one, or that are no mapping are told', async () => {
    const { functions, diagnostics } = await readYml(
      'functions:\n  none: { timeout: 3 }\n  later: { handler: "${ssm:/handler}" }\n  text: hello\n',
    );
    expect(Object.keys(functions)).toEqual(['none', 'later']);
    expect(functions['none']?.unreadable).toBe('SERVERLESS_HANDLER_MISSING');
    expect(functions['later']?.unreadable).toBe('SERVERLESS_HANDLER_UNRESOLVED');
    expect(diagnostics.map(({ code, line, function: id }) => [code, line, id]).sort()).toEqual([
      ['SERVERLESS_FUNCTION_INVALID', 9, 'text'],
      ['SERVERLESS_HANDLER_MISSING', 7, 'none'],
      ['SERVERLESS_HANDLER_UNRESOLVED', 8, 'later'],
    ]);
  });

  it('of images take the handler from the command or the Dockerfile', async () => {
    const { functions } = await readYml(
      `provider:
  name: aws
  ecr: { images: { app: { path: ./image }, other: { uri: 1.dkr.ecr.eu-west-1.amazonaws.com/x:1 } } }
functions:
  one: { image: app }
  two: { image: { name: app, command: [src/app.two] } }
  three: { image: { name: other, command: [remote.handler] } }
  four: { image: 1.dkr.ecr.eu-west-1.amazonaws.com/x@sha256:abc }
`,
      { 'image/Dockerfile': 'FROM node:20 AS build\nFROM public.ecr.aws/lambda/nodejs:20\nCOPY . .\nCMD [ "src/app.one" ]\n' },
    );
    expect(withoutRanges(functions['one'])).toMatchObject({
      packageType: 'image',
      runtime: 'nodejs20.x',
      handler: { declared: 'src/app.one', codeRoot: 'image' },
    });
    expect(functions['two']?.handler).toMatchObject({ declared: 'src/app.two', codeRoot: 'image' });
    expect(functions['three']).toMatchObject({ runtime: null, handler: { declared: 'remote.handler', codeRoot: null } });
    expect(functions['four']).toMatchObject({ packageType: 'image', handler: { declared: null, codeRoot: null } });
  });

  it('of an artifact are told, once a function', async () => {
    const { diagnostics } = await readYml(
      'package: { artifact: dist/app.zip }\nfunctions:\n  one: { handler: a.one }\n  go: { handler: bin/a, runtime: provided.al2 }\n',
    );
    expect(diagnostics.map(({ code, function: id }) => [code, id])).toEqual([
      ['SERVERLESS_ARTIFACT', 'one'],
      ['RUNTIME_NOT_NODE', 'go'],
    ]);
  });
});

describe('how a service is built', () => {
  it.each([
    ['plugins: [serverless-esbuild]\ncustom: { esbuild: { outputFileExtension: .cjs } }', { tool: 'esbuild', format: 'cjs' }],
    [
      'plugins: [serverless-esbuild]\ncustom: { esbuild: { external: [sharp], exclude: ["@aws-sdk/*"], format: esm } }',
      { tool: 'esbuild', external: ['sharp', '@aws-sdk/*'], format: 'esm' },
    ],
    ['plugins: [serverless-webpack, serverless-offline]', { tool: 'webpack' }],
    ['plugins: [serverless-bundle]', { tool: 'webpack' }],
    ['plugins: { modules: [serverless-plugin-optimize] }', { tool: 'webpack' }],
    ['plugins: [serverless-plugin-typescript]', { tool: 'tsc' }],
    ['plugins: ["@hewmen/serverless-plugin-typescript"]', { tool: 'tsc' }],
    ['plugins: [serverless-offline]', { tool: 'none' }],
    ["package: { patterns: ['!**', 'src/a.js'] }", { tool: 'none', listsFiles: true }],
    ["package: { exclude: ['./**'], include: [src/a.js] }", { tool: 'none', listsFiles: true }],
    ["package: { patterns: ['!node_modules/**'] }", { tool: 'none' }],
    ["plugins: [serverless-webpack]\npackage: { patterns: ['!**'] }", { tool: 'webpack' }],
    ['build: { esbuild: { external: [sharp] } }', { tool: 'esbuild', external: ['sharp'] }],
  ])('%s', async (text, expected) => {
    const { functions } = await readYml(`functions:\n  fn: { handler: a.b }\n${text}\n`);
    expect(functions['fn']?.build).toEqual(expected);
  });

  it('version 4 bundles by itself, unless told not to', async () => {
    const yml = (rest: string) =>
      `service: shop\nframeworkVersion: '4'\nprovider: { name: aws }\nfunctions: { fn: { handler: a.b } }\n${rest}`;
    const { project } = await projectOf({ 'serverless.yml': yml('') });
    expect(functionOf(project, 'fn').build).toEqual({ tool: 'esbuild' });
    const { project: plain } = await projectOf({ 'serverless.yml': yml('build: { esbuild: false }\n') });
    expect(functionOf(plain, 'fn').build).toEqual({ tool: 'none' });
  });
});

describe('definitions', () => {
  it.each(['azure', 'google', 'openwhisk', 'kubeless', 'cloudflare'])('of %s are named', async (provider) => {
    const { projects, diagnostics } = await discoverTree({
      'serverless.yml': `service: shop\nprovider:\n  name: ${provider}\nfunctions:\n  fn: { handler: index.handler }\n`,
      'package.json': '{}',
      'index.js': 'exports.handler = async (event) => event;',
    });
    expect(projects).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'SERVERLESS_PROVIDER_NOT_AWS', file: 'serverless.yml', line: 3, args: { provider } }]);
  });

  it.each([
    ['serverless.yaml', 'service:\n  name: my_Shop\nprovider: aws\nfunctions: { fn: { handler: a.b } }\n'],
    ['serverless.json', '{"service": "my_Shop", "provider": {"name": "aws"}, "functions": {"fn": {"handler": "a.b"}}}'],
    ['serverless.js', "module.exports = { service: 'my_Shop', provider: { name: 'aws' }, functions: { fn: { handler: 'a.b' } } };"],
    ['serverless.ts', "export default { service: 'my_Shop', provider: { name: 'aws' }, functions: { fn: { handler: 'a.b' } } };"],
    ['api/serverless-jobs.yml', 'service: my_Shop\nprovider: { name: aws }\nfunctions: { fn: { handler: a.b } }\n'],
  ])('are read from %s', async (file, text) => {
    const { project } = await projectOf({ [file]: text });
    expect(project).toMatchObject({ name: 'my-shop', definition: file });
    expect(functionOf(project, 'fn').handler).toMatchObject({ declared: 'a.b', codeRoot: file.startsWith('api/') ? 'api' : '' });
  });

  it('are not read from what a compiler made of them', async () => {
    const text = "export default { service: 'a', provider: { name: 'aws' }, functions: { fn: { handler: 'a.b' } } };\n";
    const { projects, diagnostics } = await discoverTree({
      'serverless.ts': text,
      'lib/serverless.js': `${text}//# sourceMappingURL=serverless.js.map`,
      'other/serverless.js': text,
    });
    expect(projects.map(({ definition }) => definition)).toEqual(['other/serverless.js', 'serverless.ts']);
    expect(codesOf(diagnostics)).toEqual([]);
  });

  it('that Serverless would not take are named', async () => {
    const text = 'service: a\nprovider: { name: aws }\nfunctions: { fn: { handler: a.b } }\n';
    const { projects, diagnostics } = await discoverTree({
      'serverless.yml': text,
      'serverless.ts': "export default { service: 'a', provider: {}, functions: {} };",
    });
    expect(projects.map(({ definition }) => definition)).toEqual(['serverless.yml']);
    expect(diagnostics).toMatchObject([{ code: 'SERVERLESS_SHADOWED', file: 'serverless.ts', args: { other: 'serverless.yml' } }]);
  });

  it('that are no YAML are one diagnostic with its place', async () => {
    const { projects, diagnostics } = await discoverTree({ 'serverless.yml': 'service: shop\nprovider:\n  name: aws\n functions: [\n' });
    expect(projects).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: 'serverless.yml', line: 4 }]);
    expect(diagnostics).toHaveLength(1);
  });

  it('that export names only are parts of the service beside them', async () => {
    const { projects, diagnostics } = await discoverTree({
      'serverless.ts':
        "import { todos } from './src/serverless';\nexport default { service: 's', provider: { name: 'aws' }, functions: { ...todos } };",
      'src/serverless.ts':
        "import type { AWS } from '@serverless/typescript';\nexport const todos: AWS['functions'] = { all: { handler: 'a.b' } };",
    });
    expect(projects.map(({ functions }) => functions.map(({ id }) => id))).toEqual([['all']]);
    expect(diagnostics).toEqual([]);
  });

  it('that are no mapping are one diagnostic', async () => {
    const { diagnostics } = await discoverTree({
      'serverless.ts': 'import { service, provider, functions } from "./x";\nexport default make();\n',
    });
    expect(codesOf(diagnostics)).toContain('SERVERLESS_NOT_A_SERVICE');
  });

  it('of resources alone are no project', async () => {
    const { projects } = await discoverTree({
      'db/serverless.yml': 'service: db\nprovider: { name: aws }\nresources: { Resources: { T: { Type: AWS::DynamoDB::Table } } }\n',
      'api/serverless.yml': 'service: api\nprovider: { name: aws }\nfunctions: { fn: { handler: a.b } }\n',
      'serverless-compose.yml': 'services:\n  db: { path: db }\n  api: { path: api, dependsOn: db }\n',
    });
    expect(projects.map(({ root }) => root)).toEqual(['api']);
  });

  it('keep resources that values may refer to', async () => {
    const { project } = await readYml(
      'functions: { fn: { handler: a.b } }\nresources:\n  - Resources: { A: { Type: AWS::SQS::Queue, Properties: { QueueName: "a-${sls:stage}" } } }\n  - Resources: { B: { Type: AWS::SNS::Topic } }\n',
    );
    expect(withoutRanges(project.resources)).toEqual({
      A: { type: 'AWS::SQS::Queue', name: 'a-dev', properties: { QueueName: 'a-dev' } },
      B: { type: 'AWS::SNS::Topic', properties: {} },
    });
    expect(project.resources['A']?.range).toMatchObject({ file: 'serverless.yml', line: 8 });
  });
});
