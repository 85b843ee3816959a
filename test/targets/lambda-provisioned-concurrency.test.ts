import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readPlan, writePlan } from '../../src/planning/plan-file.js';
import { listOf, objectOf } from '../../src/project/data.js';
import { migrate } from '../../src/run.js';
import { cleanUp } from '../support/fixtures.js';
import { editedFunctions } from '../support/function-project.js';

const target = 'lambda-provisioned-concurrency';
const handler = 'exports.handler = async () => ({ statusCode: 200 });\n';

const template = `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }
  Get:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Code: .
      Role: !GetAtt Role.Arn
  Other:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Code: .
      Role: !GetAtt Role.Arn
      Environment: { Variables: { GET: !Ref Get } }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: shop }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Get.Arn}/invocations'
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: Method
    Properties: { RestApiId: !Ref Api, StageName: live }
  ApiMayCall:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt Get.Arn
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub 'arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*'
  StrangersMayCall:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt Get.Arn
      Principal: events.amazonaws.com
      SourceArn: arn:aws:events:us-east-1:123456789012:rule/elsewhere
  Queue: { Type: AWS::SQS::Queue }
  Messages:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Queue.Arn
      FunctionName: !Ref Other
  Schedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      FlexibleTimeWindow: { Mode: 'OFF' }
      ScheduleExpression: rate(1 day)
      Target: { Arn: !GetAtt Other.Arn, RoleArn: !GetAtt Role.Arn }
`;

const files = { 'template.yaml': template, 'index.js': handler, 'package.json': '{"name":"shop"}\n' };

afterEach(cleanUp);

describe('functions of CloudFormation', () => {
  it('get a version and an alias, and calls that a permission allows go to it', async () => {
    const { properties, template: now, restored, codes } = await editedFunctions(files, { target });
    expect(restored).toBe(template);
    expect(objectOf(objectOf(now['Resources'])['ProvisionedGetVersion'])).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(properties('ProvisionedGetAlias')).toMatchObject({
      FunctionName: { Ref: 'Get' },
      FunctionVersion: { 'Fn::GetAtt': ['ProvisionedGetVersion', 'Version'] },
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: { Ref: 'ProvisionedMinimum' } },
    });
    expect(JSON.stringify(properties('Method')['Integration'])).toContain('functions/${ProvisionedGetAlias}/invocations');
    expect(properties('ApiMayCall')['FunctionName']).toEqual({ Ref: 'ProvisionedGetAlias' });
    expect(properties('Messages')['FunctionName']).toEqual({ Ref: 'ProvisionedOtherAlias' });
    expect(properties('ProvisionedGetCapacity')).toMatchObject({
      ResourceId: { 'Fn::Join': ['', ['function:', { Ref: 'Get' }, ':live']] },
    });
    expect(codes).toContain('API_TO_DEPLOY');
  });

  it('leaves what calls by another way, and the functions themselves, as they are', async () => {
    const { properties, result } = await editedFunctions(files, { target });
    expect(properties('StrangersMayCall')['FunctionName']).toEqual({ 'Fn::GetAtt': ['Get', 'Arn'] });
    expect(properties('Schedule')).toMatchObject({ Target: { Arn: { 'Fn::GetAtt': ['Other', 'Arn'] } } });
    expect(properties('Other')).toMatchObject({ Environment: { Variables: { GET: { Ref: 'Get' } } } });
    const kept = result.projects.flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => code === 'CALLER_NOT_MOVED'));
    expect(kept.map(({ args }) => [args['by'], args['function']])).toEqual([
      ['Other', 'Get'],
      ['Schedule', 'Other'],
    ]);
  });

  it('writes the same into JSON', async () => {
    const { readYaml } = await import('../../src/project/yaml.js');
    const json = `${JSON.stringify(readYaml('', template).value, null, 2)}\n`;
    const edited = await editedFunctions({ 'template.json': json, 'index.js': handler, 'package.json': '{"name":"shop"}\n' }, { target });
    expect(edited.restored).toBe(json);
    expect(edited.properties('Messages')['FunctionName']).toEqual({ Ref: 'ProvisionedOtherAlias' });
    expect(edited.properties('ProvisionedGetAlias')).toMatchObject({ Name: 'live' });
  });

  it('is the same when it is done again', async () => {
    const { folder, after } = await editedFunctions(files, { target });
    await writeFile(join(folder, 'template.yaml'), after ?? '');
    const again = await migrate({ folder, target, threads: 0 });
    expect(again.changes.map(({ path }) => path)).toEqual(['MIGRATION.md']);
    expect(again.summary).toMatchObject({ functions: 2, migrated: 2 });
  });

  it('uses an alias that is there', async () => {
    const own =
      '  Mine:\n    Type: AWS::Lambda::Alias\n    Properties:\n      FunctionName: !Ref Get\n      FunctionVersion: "7"\n      Name: prod\n';
    const { properties } = await editedFunctions({ ...files, 'template.yaml': template + own }, { target });
    expect(properties('Mine')).toHaveProperty('ProvisionedConcurrencyConfig');
    expect(properties('ProvisionedGetAlias')).toEqual({});
    expect(properties('ApiMayCall')['FunctionName']).toEqual({ Ref: 'Mine' });
  });

  it('takes the functions of a plan, and refuses what cannot be', async () => {
    const { folder, result } = await editedFunctions(files, { target });
    const text = writePlan(result.projects.map(({ plan }) => plan));
    expect(text).toContain('workload: function');
    const without = readPlan(text.replace('workload: function', 'workload: stays'));
    const edited = await migrate({ folder, edits: without, threads: 0 });
    expect(edited.summary).toMatchObject({ migrated: 1, stays: 1 });
    const strange = readPlan(text.replace('workload: function', 'workload: web'));
    await expect(migrate({ folder, edits: strange, threads: 0 })).rejects.toThrow('cannot become a web');
  });
});

describe('functions of the Serverless Framework', () => {
  const service = `service: shop
frameworkVersion: '3'
provider: { name: aws, runtime: nodejs22.x }
functions:
  get:
    handler: index.handler
    events:
      - httpApi: 'GET /x'
  ready:
    handler: index.handler
    provisionedConcurrency: 2
  one:
    handler: index.handler
    reservedConcurrency: 1
    url: true
`;

  it('get its own setting, and scaling of its alias', async () => {
    const files = { 'serverless.yml': service, 'index.js': handler, 'package.json': '{"name":"shop"}\n' };
    const { after = '', restored, properties, template: now, codes, result } = await editedFunctions(files, { target });
    expect(restored).toBe(service);
    expect(after).toContain("provisionedConcurrency: ${param:provisionedMinimum, '1'}");
    expect(objectOf(objectOf(now['Resources'])['ProvisionedGetLambdaFunctionCapacity'])['DependsOn']).toEqual(['GetProvConcLambdaAlias']);
    expect(properties('ProvisionedGetLambdaFunctionCapacity')).toMatchObject({
      ResourceId: { 'Fn::Join': ['', ['function:', { Ref: 'GetLambdaFunction' }, ':provisioned']] },
    });
    expect(properties('ProvisionedOneLambdaFunctionCapacity')).toMatchObject({ MinCapacity: 1, MaxCapacity: 1 });
    expect(codes).toEqual(expect.arrayContaining(['FUNCTION_NOT_EDITED', 'ALIAS_ADDRESS']));
    expect(result.projects[0]?.plan.functions.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['get', 'migrated'],
      ['ready', 'needs-person'],
      ['one', 'migrated'],
    ]);
  });
});

describe('where nothing can be edited', () => {
  it.each([
    ['a package alone', { 'package.json': '{"name":"shop"}\n', 'index.js': handler }, undefined],
    ['--infra none', files, 'none' as const],
  ])('says what to do by hand: %s', async (_, given, infra) => {
    const { result, guide, codes, after } = await editedFunctions(given, { target, infra });
    expect(after).toBeUndefined();
    expect(codes).toContain('FUNCTIONS_NOT_EDITED');
    expect(guide).toContain('aws lambda put-provisioned-concurrency-config');
    expect(result.summary.migrated).toBe(0);
    expect(result.summary.needsPerson).toBeGreaterThan(0);
  });
});

it('leaves functions that cannot have it', async () => {
  const sam = `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: . } }
Resources:
  Off: { Type: AWS::Serverless::Function, Properties: { ReservedConcurrentExecutions: 0 } }
  Has:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 }
  Aliased:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: prod-1
`;
  const { properties, template: now, result } = await editedFunctions({ 'template.yaml': sam, 'index.js': handler }, { target });
  expect(result.summary).toMatchObject({ migrated: 1, stays: 2 });
  expect(properties('Aliased')).toMatchObject({ AutoPublishAlias: 'prod-1', ProvisionedConcurrencyConfig: expect.anything() });
  const capacity = objectOf(objectOf(now['Resources'])['ProvisionedAliasedCapacity']);
  expect(listOf(capacity['DependsOn'])).toEqual(['AliasedAliasprod1']);
});

it('says that nothing certain is known of it in China', async () => {
  const { codes } = await editedFunctions(files, { target, region: 'cn-north-1' });
  expect(codes).toContain('TARGET_AVAILABILITY_UNKNOWN');
});
