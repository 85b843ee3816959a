import { describe, expect, it } from 'vitest';
import type { LambdaFunction } from '../../src/project/model.js';
import { codesOf, discoverTree, functionOf, projectOf, type Tree, withoutRanges } from './tree.js';

const head = 'Transform: AWS::Serverless-2016-10-31\n';
const app = { 'src/app.js': 'exports.handler = async () => {};\n' };

/** A template whose function `Fn` has the properties given (on one line), and parts beside it. */
const template = (properties: string, more = '') =>
  `${head}${more}\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties: { ${properties} }\n`;

async function read(
  text: string,
  files: Tree = {},
  parameters: Record<string, string> = {},
): Promise<{ fn: LambdaFunction; codes: string[] }> {
  const { project, diagnostics } = await projectOf({ 'template.yaml': text, ...app, ...files }, { parameters });
  return { fn: functionOf(project, 'Fn'), codes: codesOf(diagnostics) };
}

describe('functions of SAM', () => {
  it('reads everything about a function, with what Globals give it', async () => {
    const text = `${head}Globals:
  Function:
    Runtime: nodejs20.x
    Timeout: 20
    MemorySize: 256
    CodeUri: src/
    Layers: [!Ref Shared]
    Environment: { Variables: { STAGE: dev, LEVEL: debug } }
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [app.ts], Format: esm, External: [sharp] } }
    Properties:
      FunctionName: !Sub '\${AWS::StackName}-fn'
      Description: does things
      Handler: app.handler
      Timeout: 30
      Architectures: [arm64]
      EphemeralStorage: { Size: 1024 }
      ReservedConcurrentExecutions: 5
      VpcConfig: { SubnetIds: [subnet-1], SecurityGroupIds: [sg-1] }
      Environment: { Variables: { LEVEL: info, TABLE: !Ref Orders } }
      Layers: [arn:aws:lambda:eu-west-1:1:layer:x:1]
      Policies: [AmazonS3ReadOnlyAccess]
  Orders: { Type: AWS::Serverless::SimpleTable }
  Shared: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer/ } }
`;
    const { fn, codes } = await read(text);
    expect(codes).toEqual([]);
    expect(withoutRanges(fn)).toEqual({
      id: 'Fn',
      name: { kind: 'reference', text: '!Sub "${AWS::StackName}-fn"', names: ['AWS::StackName'] },
      description: 'does things',
      runtime: 'nodejs20.x',
      packageType: 'zip',
      handler: { declared: 'app.handler', codeRoot: 'src' },
      architecture: 'arm64',
      memoryMb: 256,
      timeoutSeconds: 30,
      ephemeralStorageMb: 1024,
      environment: {
        STAGE: { kind: 'literal', value: 'dev' },
        LEVEL: { kind: 'literal', value: 'info' },
        TABLE: { kind: 'reference', text: '!Ref Orders', names: ['Orders'] },
      },
      triggers: [{ type: 'invoke' }],
      layers: [
        { kind: 'reference', text: '!Ref Shared', names: ['Shared'] },
        { kind: 'literal', value: 'arn:aws:lambda:eu-west-1:1:layer:x:1' },
      ],
      vpc: true,
      reservedConcurrency: 5,
      permissions: ['AmazonS3ReadOnlyAccess'],
      build: { tool: 'esbuild', entryPoints: ['app.ts'], format: 'esm', external: ['sharp'] },
    });
    expect(fn.range).toMatchObject({ file: 'template.yaml', line: 11, column: 3 });
    expect(fn.environment['TABLE']?.range).toMatchObject({ line: 23 });
    expect(fn.environment['STAGE']?.range).toMatchObject({ line: 9 });
    expect(fn.handler.range).toMatchObject({ line: 17, column: 16 });
  });

  it.each([
    ['makefile', ['BUILD_METHOD_UNREAD']],
    ['nodejs22.x', []],
    ['esbuild', []],
  ])('says when the build is a program of its own: %s', async (method, expected) => {
    const text = template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/');
    const { codes } = await read(text.replace('    Properties:', `    Metadata: { BuildMethod: ${method} }\n    Properties:`));
    expect(codes).toEqual(expected);
  });

  it.each([
    ["'*'", undefined, 3],
    ['[Timeout]', 'nodejs22.x', 3],
    ['[MemorySize]', 'nodejs22.x', 20],
  ])('leaves out Globals that IgnoreGlobals names: %s', async (ignored, runtime, timeoutSeconds) => {
    const text = template('Handler: app.handler, CodeUri: src/', 'Globals: { Function: { Runtime: nodejs22.x, Timeout: 20 } }');
    const { fn } = await read(text.replace('    Properties:', `    IgnoreGlobals: ${ignored}\n    Properties:`));
    expect(fn).toMatchObject({ runtime: runtime ?? null, timeoutSeconds });
  });

  it.each([
    ['[arm64]', 'arm64', undefined],
    ['[!ImportValue arch]', 'x86_64', true],
    ['[!Ref Arch]', 'x86_64', true],
  ])('says whether the architecture is known: %s', async (written, architecture, architectureUnread) => {
    const { fn } = await read(
      template(`Runtime: nodejs22.x, Handler: src/app.handler, Architectures: ${written}`, 'Parameters: { Arch: { Type: String } }'),
    );
    expect(fn).toMatchObject({ architecture });
    expect(fn.architectureUnread).toBe(architectureUnread);
  });

  it("takes Lambda's defaults", async () => {
    const { fn } = await read(template('Runtime: nodejs22.x, Handler: src/app.handler'));
    expect(fn).toMatchObject({
      memoryMb: 128,
      timeoutSeconds: 3,
      ephemeralStorageMb: 512,
      architecture: 'x86_64',
      vpc: false,
      handler: { codeRoot: '' },
    });
  });

  it.each([
    ['a default', 'Runtime: { Type: String, Default: nodejs18.x }', '!Ref Runtime', {}, 'nodejs18.x'],
    ['a value given', 'Runtime: { Type: String, Default: nodejs18.x }', '!Ref Runtime', { Runtime: 'nodejs24.x' }, 'nodejs24.x'],
    ['no default', 'Runtime: { Type: String }', '!Ref Runtime', {}, null],
    ['a substitution', 'Major: { Type: String, Default: "22" }', "!Sub 'nodejs${Major}.x'", {}, 'nodejs22.x'],
    ['a choice', 'Old: { Type: String, Default: "no" }', '!If [IsOld, nodejs18.x, nodejs22.x]', {}, 'nodejs22.x'],
    ['a choice given', 'Old: { Type: String, Default: "no" }', '!If [IsOld, nodejs18.x, nodejs22.x]', { Old: 'yes' }, 'nodejs18.x'],
    ['a mapping', 'Stage: { Type: String, Default: dev }', '!FindInMap [Runtimes, !Ref Stage, node]', {}, 'nodejs20.x'],
    [
      'parts put together',
      'Major: { Type: String, Default: "22" }',
      "!Join ['', [nodejs, !Select [1, !Split ['-', 'a-22']], .x]]",
      {},
      'nodejs22.x',
    ],
    ['an import', 'X: { Type: String }', '!ImportValue Runtime', {}, null],
    [
      'a name in Parameter Store',
      "Runtime: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /node/runtime }",
      '!Ref Runtime',
      {},
      null,
    ],
  ])('resolves a runtime from %s', async (_, parameter, runtime, parameters, expected) => {
    const parts = `Parameters:\n  ${parameter}\nConditions:\n  IsOld: !Equals [!Ref Old, 'yes']\nMappings:\n  Runtimes: { dev: { node: nodejs20.x } }`;
    const { fn } = await read(template(`Runtime: ${runtime}, Handler: app.handler, CodeUri: src/`, parts), {}, parameters);
    expect(fn.runtime).toBe(expected);
  });

  it('keeps a secret parameter a reference', async () => {
    const parts = 'Parameters: { Password: { Type: String, NoEcho: true, Default: hunter2 } }';
    const { fn } = await read(
      template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/, Environment: { Variables: { PW: !Ref Password } }', parts),
    );
    expect(withoutRanges(fn.environment)).toEqual({ PW: { kind: 'reference', text: '!Ref Password', names: ['Password'] } });
  });

  it.each([
    ['code in S3 beside code here', 'CodeUri: s3://bucket/key', 'CODE_IN_S3'],
    ['code outside the folder', 'CodeUri: ../../elsewhere', 'CODE_OUTSIDE_REPOSITORY'],
    ['an archive without sources', 'CodeUri: build/fn.zip, Handler: main.handler', 'CODE_IS_ARCHIVE'],
    ['code that only the deployment knows', 'CodeUri: !Ref Where', 'CODE_UNRESOLVED'],
    ['a handler that only the deployment knows', 'CodeUri: src/, Handler: !ImportValue H', 'HANDLER_UNRESOLVED'],
    ['no handler', 'CodeUri: src/', 'HANDLER_MISSING'],
    ['another runtime', 'CodeUri: src/, Handler: app.handler, Runtime: python3.12', 'RUNTIME_NOT_NODE'],
    ['an image without sources', 'PackageType: Image, ImageUri: 1.dkr.ecr.eu-west-1.amazonaws.com/x:1', 'IMAGE_WITHOUT_SOURCES'],
  ])('lists a function with %s, and says why it stays', async (_, properties, code) => {
    const handler = code.startsWith('HANDLER') || properties.includes('Handler') ? '' : 'Handler: app.handler, ';
    const other =
      '\n  Other:\n    Type: AWS::Serverless::Function\n    Properties: { Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/ }\n';
    const { fn, codes } = await read(template(`${handler}${properties}`) + other);
    expect(fn.unreadable).toBe(code);
    expect(codes).toEqual([code]);
  });

  it('reads inline code', async () => {
    const { fn, codes } = await read(
      template('Runtime: nodejs22.x, Handler: index.handler, InlineCode: "exports.handler = async () => 1"'),
    );
    expect(fn).toMatchObject({
      packageType: 'inline',
      handler: { declared: 'index.handler', codeRoot: null, inlineCode: 'exports.handler = async () => 1' },
    });
    expect(codes).toEqual([]);
  });

  const dockerfile =
    'ARG V=22\nFROM public.ecr.aws/lambda/nodejs:${V}-arm64 AS base\nCOPY package*.json ./\nCOPY app.js ./\nCMD ["app.handler"]\n';
  const image = (metadata: string, properties = '') =>
    `${head}Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Metadata: { ${metadata} }\n    Properties: { PackageType: Image${properties} }\n`;

  it('reads an image through its Dockerfile', async () => {
    const { fn } = await read(image('DockerContext: ./image, Dockerfile: Dockerfile'), {
      'image/Dockerfile': dockerfile,
      'image/app.js': '',
    });
    expect(fn).toMatchObject({ packageType: 'image', runtime: 'nodejs22.x', handler: { declared: 'app.handler', codeRoot: 'image' } });
    const overridden = await read(image('DockerContext: ./image', ', ImageConfig: { Command: [app.other] }'), {
      'image/Dockerfile': dockerfile,
      'image/app.js': '',
    });
    expect(overridden.fn.handler).toEqual({ declared: 'app.other', codeRoot: 'image' });
  });

  it('takes the variables of an image and sees the Lambda Web Adapter in it', async () => {
    const text =
      'FROM node:22 AS build\nENV LEFT=1\nFROM node:22-slim\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.0.0 /lambda-adapter /opt/extensions/\n' +
      'ENV PORT=3000 MODE="a b" OTHER=$PORT PATH=/x\nENV OLD some text\nENTRYPOINT ["node"]\nCMD ["server.js"]\n';
    const { fn } = await read(image('DockerContext: ./image'), { 'image/Dockerfile': text, 'image/server.js': '' });
    expect(fn).toMatchObject({ webAdapter: true, handler: { declared: 'node server.js' } });
    expect(Object.entries(fn.environment).map(([name, value]) => [name, value.kind === 'literal' && value.value])).toEqual([
      ['PORT', '3000'],
      ['MODE', 'a b'],
      ['OLD', 'some text'],
    ]);
  });

  it('says when the Dockerfile is missing or the context leaves the folder', async () => {
    expect((await read(image('DockerContext: ./image'))).codes).toEqual(['DOCKERFILE_NOT_FOUND']);
    expect((await read(image('DockerContext: ../../x'))).codes).toEqual(['CODE_OUTSIDE_REPOSITORY']);
  });
});

describe('templates of SAM', () => {
  it('writes loops out, and says which ones it cannot', async () => {
    const text = `Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters: { Names: { Type: CommaDelimitedList, Default: 'Get,Put' }, More: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Functions:
    - Name
    - !Ref Names
    - \${Name}Order:
        Type: AWS::Serverless::Function
        Properties: { Runtime: nodejs22.x, Handler: !Sub 'app.\${Name}', CodeUri: src/, Events: { E: { Type: Api, Properties: { Path: !Sub '/\${Name}', Method: get } } } }
  Fn::ForEach::Unknown: [Name, !Ref More, { '\${Name}X': { Type: AWS::Serverless::Function, Properties: {} } }]
`;
    const { project, diagnostics } = await projectOf({ 'template.yaml': text, ...app });
    expect(project.functions.map(({ id, handler, triggers }) => [id, handler.declared, triggers[0]?.type])).toEqual([
      ['GetOrder', 'app.Get', 'rest-api'],
      ['PutOrder', 'app.Put', 'rest-api'],
    ]);
    expect(project.functions[1]?.range.line).toBe(4);
    expect(codesOf(diagnostics)).toEqual(['LOOP_UNRESOLVED']);
  });

  it('names nested applications, macros and includes', async () => {
    const text = `Transform: [AWS::Serverless-2016-10-31, MyMacro]
Resources:
  Local: { Type: AWS::Serverless::Application, Properties: { Location: ./orders/template.yaml } }
  Remote: { Type: AWS::Serverless::Application, Properties: { Location: { ApplicationId: arn:aws:serverlessrepo:x, SemanticVersion: 1.0.0 } } }
  Stack: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/b/t.yaml } }
  Web: { Type: AWS::Serverless::WebFunction, Properties: { Runtime: nodejs24.x, AuthType: NONE } }
  Fn: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/ } }
  Included: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/x.yaml } } }
`;
    const nested = template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: .');
    const { projects, diagnostics } = await discoverTree({
      'template.yaml': text,
      'orders/template.yaml': nested,
      'orders/app.js': '',
      ...app,
    });
    expect(projects.map(({ definition }) => definition)).toEqual(['orders/template.yaml', 'template.yaml']);
    expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([
      ['NESTED_APPLICATION', 3],
      ['NESTED_APPLICATION_REMOTE', 4],
      ['NESTED_APPLICATION_REMOTE', 5],
      ['WEB_FUNCTION_FOUND', 6],
      ['TEMPLATE_MACRO', 1],
      ['TEMPLATE_INCLUDE', 8],
    ]);
  });

  it('reads several templates of one folder as several projects', async () => {
    const text = template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/');
    const { projects } = await discoverTree({
      'template.yaml': text,
      'jobs.yml': text,
      'sam-template.json': JSON.stringify({
        Transform: 'AWS::Serverless-2016-10-31',
        Resources: {
          Fn: { Type: 'AWS::Serverless::Function', Properties: { Runtime: 'nodejs22.x', Handler: 'app.handler', CodeUri: 'src' } },
        },
      }),
      ...app,
    });
    expect(projects.map(({ definition, dialect }) => [definition, dialect])).toEqual([
      ['jobs.yml', 'sam'],
      ['sam-template.json', 'sam'],
      ['template.yaml', 'sam'],
    ]);
  });

  it('does not read packaged copies, and says so', async () => {
    const { projects, diagnostics } = await discoverTree({
      'packaged.yaml': template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: s3://bucket/hash'),
      'template.yaml': template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/'),
      ...app,
    });
    expect(projects.map(({ definition }) => definition)).toEqual(['template.yaml']);
    expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_PACKAGED', severity: 'info', file: 'packaged.yaml' }]);
  });

  it('charges a template that cannot be read to itself', async () => {
    const { projects, diagnostics } = await discoverTree({
      'bad/template.yaml': `${head}Resources:\n  Fn:\n   Type: AWS::Serverless::Function\n  bad\n`,
      'template.yaml': template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/'),
      ...app,
    });
    expect(projects).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: 'bad/template.yaml', line: 5 }]);
  });

  it.each([
    ['too large', 'template.yaml', Buffer.alloc(50 * 1024 * 1024, `${head}Resources: {}\n`), 'too-large'],
    ['binary', 'template.yaml', Buffer.from(`${head}\0\0`), 'binary'],
  ])('refuses a template that is %s', async (_, path, content, reason) => {
    const { diagnostics } = await discoverTree({ [path]: content, 'other/template.yaml': template('Runtime: nodejs22.x, Handler: a.b') });
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', file: path, args: { reason } }]);
  });

  it('leaves other YAML alone', async () => {
    const { projects, diagnostics } = await discoverTree({
      'template.yaml': template('Runtime: nodejs22.x, Handler: app.handler, CodeUri: src/'),
      'docs.yaml': '# AWS::Serverless::Function is explained here\ntext: [broken\n',
      'table.yaml': 'Resources: { T: { Type: AWS::DynamoDB::Table, Properties: {} } }',
      ...app,
    });
    expect(projects).toHaveLength(1);
    expect(diagnostics).toEqual([]);
  });

  it('reads a project template with placeholders, defaults filled in for the runtime', async () => {
    const text = `${head}Resources:
  {{cookiecutter.name}}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {{ cookiecutter.runtime }}
      Handler: app.handler
      CodeUri: src/
      {%- if cookiecutter.x %}
      Events: { E: { Type: S3, Properties: { Bucket: b } } }
      {%- endif %}
`;
    const files = { 'cookiecutter.json': '{"runtime": ["nodejs22.x", "nodejs20.x"]}', '{{cookiecutter.name}}/template.yaml': text };
    const { project, diagnostics } = await projectOf(files);
    expect(project.functions.map(({ id, runtime, triggers }) => [id, runtime, triggers[0]?.type])).toEqual([
      ['{{cookiecutter.name}}', 'nodejs22.x', 's3'],
    ]);
    expect(codesOf(diagnostics)).toEqual(['TEMPLATE_PLACEHOLDERS']);
  });
});
