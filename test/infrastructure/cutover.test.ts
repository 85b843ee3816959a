import { afterAll, describe, expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import { cutoverOfService } from '../../src/infrastructure/cutover/serverless.js';
import { cutoverOfTemplate } from '../../src/infrastructure/cutover/template.js';
import { CannotSplice } from '../../src/infrastructure/text/place.js';
import { removed } from '../../src/infrastructure/text/remove.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { namesIn } from '../../src/project/readers/cloudformation/intrinsics.js';
import { readYaml } from '../../src/project/yaml.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

afterAll(cleanUp);

const yaml = (text: string) => objectOf(readYaml('', text, { yesIsTrue: true }).value);

const template = `Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: dev }
Resources:
  # orders
  Table: # of orders
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties: { TableName: !Sub "orders-\${Stage}" }

  Queue:
    Type: AWS::SQS::Queue
  GetOrder: # over HTTP
    Type: AWS::Serverless::Function
    Properties:
      Handler: get.handler
      Runtime: nodejs22.x
      CodeUri: .
      Environment: { Variables: { TABLE: !Ref Table } }
      Events:
        Get: { Type: HttpApi, Properties: { Path: /orders, Method: get } }
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: work.handler
      Runtime: nodejs22.x
      CodeUri: .
  # what starts it
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Work }
  Nightly:
    Type: AWS::Serverless::Function
    Properties:
      Handler: nightly.handler
      Runtime: nodejs22.x
      CodeUri: .
      Events:
        Cron: { Type: Schedule, Properties: { Schedule: cron(0 3 * * ? *) } }
  Upload:
    Type: AWS::Serverless::Function
    Properties:
      Handler: upload.handler
      Runtime: nodejs22.x
      CodeUri: .
      Events:
        File: { Type: S3, Properties: { Bucket: !Ref Files, Events: s3:ObjectCreated:* } }
  Files: { Type: AWS::S3::Bucket }
Outputs:
  Url: { Value: !Sub "https://\${ServerlessHttpApi}.execute-api.\${AWS::Region}.amazonaws.com" }
  Role: { Value: !GetAtt GetOrderRole.Arn }
  TableName:
    Value: !Ref Table # stays
`;

const code = Object.fromEntries(
  ['get', 'work', 'nightly', 'upload'].map((name) => [
    `${name}.js`,
    `exports.handler = async () => ({ statusCode: 200, body: '${name}' });\n`,
  ]),
);

async function cutOver(definition: string, text: string, more: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  await writeTree(folder, { [definition]: text, ...code, ...more });
  const result = await migrate({ folder, infra: 'template', cutover: true, threads: 0 });
  const diagnostics = result.projects.flatMap((project) => project.diagnostics);
  return { after: result.changes.find(({ path }) => path === definition)?.after ?? text, diagnostics, changes: result.changes };
}

describe('a SAM template that is cut over', async () => {
  const { after, diagnostics, changes } = await cutOver('template.yaml', template);
  const [before, now] = [yaml(template), yaml(after)].map((each) => objectOf(each['Resources'])) as [PlainObject, PlainObject];

  it('loses exactly the functions that moved and what starts them', () => {
    const gone = Object.keys(before).filter((id) => !Object.hasOwn(now, id));
    expect(gone).toEqual(['GetOrder', 'Work', 'Mapping', 'Nightly']);
    for (const [id, entry] of Object.entries(before)) if (!gone.includes(id)) expect(now[id], id).toEqual(entry);
    expect(Object.keys(objectOf(yaml(after)['Outputs']))).toEqual(['TableName', 'ContainerUrl']);
  });

  it('keeps every other byte', () => {
    const left = after
      .split('\n')
      .filter((line, at, all) => !isAdded(all, at) && !/^\s*# migrate-lambda/.test(line))
      .join('\n');
    const expected = template
      .replace(/ {2}GetOrder:[\s\S]*?(?= {2}# what starts it)/, '')
      .replace(/ {2}Mapping:[\s\S]*?(?= {2}Upload:)/, '')
      .replace(/ {2}Url:.*\n {2}Role:.*\n/, '');
    expect(left).toBe(expected);
  });

  it('runs the schedules, needs its image, and is never taken out by a later run', () => {
    expect(now['ContainerJobsSchedule1'] ?? now['ContainerJobSchedule1']).toMatchObject({ Properties: { State: 'ENABLED' } });
    expect(objectOf(objectOf(yaml(after)['Parameters'])['ContainerImage'])).not.toHaveProperty('Default');
    expect(JSON.stringify(now)).not.toContain('ContainerDeployed');
    expect(after).not.toContain('a later run writes this part anew');
  });

  it('says what clients and scripts lose', () => {
    const codes = diagnostics.map(({ code: each }) => each);
    expect(codes).toEqual(expect.arrayContaining(['CUTOVER_ADDRESS', 'CUTOVER_OUTPUTS']));
    expect(codes).not.toContain('CUTOVER_REFUSED');
    const guide = changes.find(({ path }) => path === 'MIGRATION.md')?.after;
    expect(guide).toContain('in the place of the functions');
    expect(guide).not.toContain('The functions are not touched');
  });

  it('refers to nothing that went', () => {
    const known = new Set([...Object.keys(now), ...Object.keys(objectOf(yaml(after)['Parameters']))]);
    expect(namesIn([now, yaml(after)['Outputs']]).filter((name) => !known.has(name) && !name.startsWith('AWS::'))).toEqual([]);
  });
});

/** A line between the comments that frame what is added. */
function isAdded(lines: readonly string[], at: number): boolean {
  const frame = lines.slice(0, at + 1).findLast((line) => /# migrate-lambda: (what|end)/.test(line));
  return frame !== undefined && !frame.endsWith('end');
}

describe('a Serverless service that is cut over', async () => {
  const service = `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  # orders
  get:
    handler: get.handler
    events:
      - httpApi: GET /orders
  upload: # stays
    handler: upload.handler
    events: [{ s3: files }]
  nightly: { handler: nightly.handler, events: [{ schedule: rate(1 day) }] }
resources:
  Resources:
    Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: a } }
  Outputs:
    Get: { Value: !GetAtt GetLambdaFunction.Arn }
`;

  it('loses exactly the functions that moved', async () => {
    const { after, diagnostics } = await cutOver('serverless.yml', service);
    expect(diagnostics.map(({ code: each }) => each)).not.toContain('CUTOVER_REFUSED');
    const lines = after.split('\n');
    const left = lines.filter((line, at) => !isAdded(lines, at) && !/^\s*# migrate-lambda/.test(line)).join('\n');
    expect(left).toBe(
      service
        .replace(/ {2}get:[\s\S]*?(?= {2}upload)/, '')
        .replace(/ {2}nightly:.*\n/, '')
        .replace(/ {4}Get: .*\n/, ''),
    );
    expect(Object.keys(objectOf(templateOf({ dialect: 'serverless' }, after)['Resources']))).toContain('Table');
  });

  it('keeps no empty `functions`', async () => {
    const { after } = await cutOver(
      'serverless.yml',
      'service: a\nfunctions:\n  get: { handler: get.handler, events: [{ httpApi: GET /a }] }\nprovider: { name: aws, runtime: nodejs22.x }\n',
    );
    expect(Object.keys(yaml(after))).toEqual(['service', 'provider', 'resources']);
  });

  it.each([
    ['a state machine that names its key', { stepFunctions: { stateMachines: { m: { Resource: { 'Fn::GetAtt': ['get', 'Arn'] } } } } }],
    [
      'a resource that names its logical id',
      { resources: { Resources: { A: { Type: 'X', Properties: { B: { Ref: 'GetLambdaFunction' } } } } } },
    ],
    ['a variable that reads its settings', { custom: { a: '${self:functions.get.handler}' } }],
    ['an authorizer of a function that stays', { functions: { get: {}, other: { events: [{ http: { authorizer: 'get' } }] } } }],
    ['an output that other stacks import', { resources: { Outputs: { A: { Value: { Ref: 'HttpApi' }, Export: { Name: 'a' } } } } }],
  ])('is refused because of %s', (_, more) => {
    expect(cutoverOfService({ functions: { get: {} }, ...more }, ['get']).obstacles).not.toEqual([]);
  });
});

describe('a template is refused because of', () => {
  const moved = {
    Type: 'AWS::Serverless::Function',
    Properties: { FunctionName: 'orders-get', Events: { A: { Type: 'Api', Properties: { RestApiId: { Ref: 'Api' } } } } },
  };
  const cases: [string, PlainObject, PlainObject?][] = [
    [
      'an environment variable',
      { B: { Type: 'AWS::Serverless::Function', Properties: { Environment: { Variables: { FN: { Ref: 'A' } } } } } },
    ],
    ['a dependency', { B: { Type: 'AWS::S3::Bucket', DependsOn: ['A'] } }],
    ['its name in a text', { B: { Type: 'X', Properties: { Arn: 'arn:aws:lambda:eu-west-1:1:function:orders-get' } } }],
    ['a role that SAM makes for it', { B: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'ARole' }] } } }],
    ['an exported output', {}, { O: { Value: { 'Fn::GetAtt': ['A', 'Arn'] }, Export: { Name: 'a' } } }],
    [
      'a rule that also starts another',
      { B: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: { 'Fn::GetAtt': ['A', 'Arn'] } }, { Arn: 'x' }] } } },
    ],
    ['an API whose domain clients know', { Api: { Type: 'AWS::Serverless::Api', Properties: { Domain: { DomainName: 'a.example' } } } }],
    [
      'an API with a usage plan',
      { Api: { Type: 'AWS::Serverless::Api' }, Plan: { Type: 'AWS::ApiGateway::UsagePlan', Properties: { Api: { Ref: 'Api' } } } },
    ],
  ];
  it.each(cases)('%s', (_, resources, outputs = {}) => {
    const { obstacles } = cutoverOfTemplate({ Resources: { A: moved, ...resources }, Outputs: outputs }, ['A']);
    expect(obstacles).not.toEqual([]);
  });

  it('nothing, when what needs it goes too', () => {
    const rule = { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: { 'Fn::GetAtt': ['A', 'Arn'] } }] } };
    const permission = {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { Ref: 'A' }, SourceArn: { 'Fn::GetAtt': ['R', 'Arn'] } },
    };
    const found = cutoverOfTemplate({ Resources: { A: moved, R: rule, P: permission, Api: { Type: 'AWS::Serverless::Api' } } }, ['A']);
    expect(found.obstacles).toEqual([]);
    expect(found.paths.map(([, id]) => id).sort()).toEqual(['A', 'Api', 'P', 'R']);
  });
});

it('a refused cut-over leaves everything beside the functions, and says why', async () => {
  const text = template.replace(
    'Handler: upload.handler',
    'Handler: upload.handler\n      Environment: { Variables: { WORK: !Ref Work } }',
  );
  const { after, diagnostics } = await cutOver('template.yaml', text);
  expect(diagnostics.filter(({ code: each }) => each === 'CUTOVER_REFUSED').map(({ args }) => args['reason'])).toEqual([
    'Upload needs Work',
  ]);
  expect(Object.keys(objectOf(yaml(after)['Resources']))).toEqual(expect.arrayContaining(['GetOrder', 'Work', 'Mapping']));
  expect(after).toContain('ContainerDeployed');
});

describe('taking entries out', () => {
  it.each([
    ['Windows line ends', 'A:\r\n  B: 1\r\n  C:\r\n    D: 2\r\nE: 3\r\n', [['A', 'C']], 'A:\r\n  B: 1\r\nE: 3\r\n'],
    ['no last line end', 'A: 1\nB:\n  C: 2', [['B']], 'A: 1\n'],
    ['a parent that becomes empty', 'A:\n  B:\n    C: 1\nD: 2\n', [['A', 'B', 'C']], 'D: 2\n'],
    ['a text with lines like entries', 'A:\n  B: |\n    # x\n    C: 1\n  # after\n  D: 2\n', [['A', 'B']], 'A:\n  # after\n  D: 2\n'],
    ['JSON', '{\n  "A": { "B": 1, "C": 2 },\n  "D": 3\n}\n', [['A', 'C']], '{\n  "A": { "B": 1 },\n  "D": 3\n}\n'],
  ])('with %s', (_, text, paths, expected) => expect(removed(text, paths)).toBe(expected));

  it.each([
    ['on a line with others', 'A: { B: 1, C: 2 }\n', [['A', 'B']]],
    ['that an alias needs', 'A:\n  B: &b\n    x: 1\n  C: *b\n', [['A', 'B']]],
  ])('is refused for an entry %s', (_, text, paths) => expect(() => removed(text, paths)).toThrow(CannotSplice));
});
