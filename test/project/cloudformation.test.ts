import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, functionOf, projectOf, type Tree, withoutRanges } from './tree.js';

const app: Tree = { 'src/app.js': 'exports.handler = async () => {};\n' };
const template = (properties: string, more = '') =>
  `Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: { Role: !GetAtt Role.Arn, ${properties} }\n${more}`;

describe('functions of CloudFormation', () => {
  it('reads a function and its role', async () => {
    const role = `  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
      Policies: [{ PolicyName: p }]
`;
    const { project, diagnostics } = await projectOf({
      'stack.yml': template("Runtime: nodejs22.x, Handler: app.handler, Code: src/, MemorySize: '512', Timeout: 9", role),
      ...app,
    });
    expect(project).toMatchObject({ dialect: 'cloudformation', name: 'stack', root: '' });
    expect(functionOf(project, 'Fn')).toMatchObject({
      runtime: 'nodejs22.x',
      handler: { declared: 'app.handler', codeRoot: 'src' },
      memoryMb: 512,
      timeoutSeconds: 9,
      permissions: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess', { PolicyName: 'p' }],
    });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['an archive beside its sources', 'Handler: app.handler, Code: build/src.zip', 'src', 'ARCHIVE_SOURCE_ASSUMED'],
    [
      'an archive in S3 by its name',
      'Handler: app.handler, Code: { S3Bucket: b, S3Key: releases/src.zip }',
      'src',
      'ARCHIVE_SOURCE_ASSUMED',
    ],
    ['a placeholder', "Handler: src/app.handler, Code: { ZipFile: 'dummy' }", '', 'INLINE_CODE_IS_PLACEHOLDER'],
  ])('takes the sources of %s', async (_, properties, codeRoot, code) => {
    const { project, diagnostics } = await projectOf({ 'stack.yml': template(`Runtime: nodejs22.x, ${properties}`), ...app });
    expect(functionOf(project, 'Fn').handler).toMatchObject({ codeRoot });
    expect(functionOf(project, 'Fn').unreadable).toBeUndefined();
    expect(codesOf(diagnostics)).toEqual([code]);
  });

  it.each([
    ['other/app.zip', 'CODE_IS_ARCHIVE'],
    ["{ ZipFile: 'exports.handler = async () => 1' }", undefined],
  ])('takes no sources for %s', async (written, code) => {
    const { project, diagnostics } = await projectOf({
      'stack.yml': template(`Runtime: nodejs22.x, Handler: index.handler, Code: ${written}`),
      ...app,
    });
    expect(functionOf(project, 'Fn').unreadable).toBe(code);
    expect(codesOf(diagnostics)).toEqual(code === undefined ? [] : [code]);
  });

  it('reads JSON, references written as JSON', async () => {
    const json = {
      Resources: {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: { Runtime: 'nodejs22.x', Handler: 'app.handler', Code: 'src', Environment: { Variables: { T: { Ref: 'Table' } } } },
        },
      },
    };
    const { project } = await projectOf({ 'stack.template': JSON.stringify(json, null, 2), ...app });
    expect(withoutRanges(functionOf(project, 'Fn').environment)).toEqual({
      T: { kind: 'reference', text: '{"Ref":"Table"}', names: ['Table'] },
    });
  });

  it('reads code that stands in the template', async () => {
    const { project } = await projectOf({
      'stack.yaml': template("Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: 'exports.handler = async () => 1' }"),
    });
    expect(functionOf(project, 'Fn')).toMatchObject({ packageType: 'inline', handler: { inlineCode: 'exports.handler = async () => 1' } });
  });

  it('does not read templates whose code is all in S3', async () => {
    const { projects, diagnostics } = await discoverTree({
      'packaged.json': JSON.stringify({
        Resources: {
          Fn: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'a.b', Runtime: 'nodejs22.x', Code: { S3Bucket: 'b', S3Key: 'k' } } },
        },
      }),
    });
    expect(projects).toEqual([]);
    expect(codesOf(diagnostics)).toEqual(['TEMPLATE_PACKAGED']);
  });

  it('lists a function of S3 beside others', async () => {
    const other =
      '  Other:\n    Type: AWS::Lambda::Function\n    Properties: { Runtime: nodejs22.x, Handler: app.handler, Code: { S3Bucket: b, S3Key: k } }\n';
    const { project, diagnostics } = await projectOf({
      'stack.yaml': template('Runtime: nodejs22.x, Handler: app.handler, Code: src/', other),
      ...app,
    });
    expect(functionOf(project, 'Other').unreadable).toBe('CODE_IN_S3');
    expect(diagnostics).toMatchObject([{ code: 'CODE_IN_S3', function: 'Other', file: 'stack.yaml', line: 5 }]);
  });
});

describe('conditions of CloudFormation', () => {
  const stack = `
Parameters: { Stage: { Type: String, Default: dev } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsRegion: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Always: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: app.handler, Code: src/ } }
  Regional: { Type: AWS::Lambda::Function, Condition: IsRegion, Properties: { Runtime: nodejs22.x, Handler: app.handler, Code: src/ } }
  Report: { Type: AWS::Lambda::Function, Condition: IsProd, Properties: { Runtime: nodejs22.x, Handler: app.handler, Code: src/ } }
  Nightly:
    Type: AWS::Events::Rule
    Condition: IsProd
    Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: one, Arn: !GetAtt Always.Arn }] }
`;

  it('leaves out what a condition leaves out, and says so', async () => {
    const { project, diagnostics } = await projectOf({ 'stack.yml': stack, ...app });
    expect(project.functions.map(({ id }) => id)).toEqual(['Always', 'Regional']);
    expect(withoutRanges(functionOf(project, 'Always').triggers)).toEqual([{ type: 'invoke' }]);
    expect(diagnostics).toMatchObject([
      { code: 'FUNCTION_NOT_CREATED', line: 9, function: 'Report', args: { condition: 'IsProd' } },
      { code: 'RESOURCES_NOT_CREATED', line: 4, args: { condition: 'IsProd', resources: 'Nightly' } },
    ]);
  });

  it('reads them with the parameters of a deployment that has them', async () => {
    const { project, diagnostics } = await projectOf({ 'stack.yml': stack, ...app }, { parameters: { Stage: 'prod' } });
    expect(project.functions.map(({ id }) => id)).toEqual(['Always', 'Regional', 'Report']);
    expect(functionOf(project, 'Always').triggers).toMatchObject([{ type: 'schedule' }]);
    expect(diagnostics).toEqual([]);
  });
});

describe('nested stacks of CloudFormation', () => {
  const outer = (parameters: string, id = 'Shop') =>
    `Parameters: { Stage: { Type: String, Default: dev } }
Resources:
  ${id}:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: stacks/shop.yml, Parameters: { ${parameters} } }
`;
  const inner = `Parameters: { Table: { Type: String }, Size: { Type: Number, Default: 128 }, Key: { Type: String, NoEcho: true } }
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      Code: src/
      MemorySize: !Ref Size
      Environment: { Variables: { TABLE: !Ref Table, KEY: !Ref Key } }
`;
  const read = async (files: Tree, parameters: Record<string, string> = {}) => {
    const { project } = await projectOf(
      { 'stacks/shop.yml': inner, 'stacks/src/app.js': 'exports.handler = async () => {};', ...files },
      { parameters },
    );
    const { memoryMb, environment } = functionOf(project, 'Fn');
    return { memoryMb, environment: withoutRanges(environment) };
  };
  const reference = (name: string) => ({ kind: 'reference', text: `!Ref ${name}`, names: [name] });

  it('get the parameters that the outer stack gives them, but no secret', async () => {
    expect(await read({ 'main.yml': outer("Table: !Sub '${Stage}-orders', Size: 512, Key: hunter2") })).toEqual({
      memoryMb: 512,
      environment: { TABLE: { kind: 'literal', value: 'dev-orders' }, KEY: reference('Key') },
    });
  });

  it('keep a reference that the outer stack does not know, or two of them know differently', async () => {
    const two = { 'main.yml': outer('Table: a, Size: 512'), 'other.yml': outer('Table: b, Size: 512') };
    expect(await read(two)).toMatchObject({ memoryMb: 512, environment: { TABLE: reference('Table') } });
    expect(await read({ 'main.yml': outer('Table: !GetAtt Db.Outputs.Name') })).toMatchObject({
      environment: { TABLE: reference('Table') },
    });
  });

  it('get what the user gives before what the outer stack gives', async () => {
    const files = { 'main.yml': outer("Table: !Sub '${Stage}-orders', Size: 512") };
    expect(await read(files, { Stage: 'prod' })).toMatchObject({ environment: { TABLE: { value: 'prod-orders' } } });
    expect(await read(files, { Table: 'mine' })).toMatchObject({ environment: { TABLE: { value: 'mine' } } });
  });
});
