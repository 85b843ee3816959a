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
