import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { objectOf } from '../../src/project/data.js';
import { migrate } from '../../src/run.js';
import { cleanUp } from '../support/fixtures.js';
import { editedFunctions } from '../support/function-project.js';

const target = 'lambda-managed-instances';
const handler = 'exports.handler = async () => ({ statusCode: 200 });\n';
const files = (template: string, code = handler) => ({ 'template.yaml': template, 'index.js': code, 'package.json': '{"name":"shop"}\n' });

const plain = `Resources:
  Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: vpc-1, CidrBlock: 10.0.0.0/24 } }
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } } }
  Get:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: shop-get
      Runtime: nodejs18.x
      Handler: index.handler
      Code: .
      MemorySize: 3008
      Architectures: [arm64]
      ReservedConcurrentExecutions: 5
      Role: !GetAtt Role.Arn
      VpcConfig: { SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1] }
`;

afterEach(cleanUp);

describe('a function of CloudFormation', () => {
  it('gets another one beside it, published, on instances in its network', async () => {
    const { properties, template, restored, result } = await editedFunctions(files(plain), { target, region: 'us-east-1' });
    expect(restored).toBe(plain);
    expect(properties('ManagedProvider')).toMatchObject({
      VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: ['sg-1'] },
      InstanceRequirements: { Architectures: ['arm64'] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: { 'Fn::GetAtt': ['ManagedOperatorRole', 'Arn'] } },
    });
    expect(properties('ManagedGet')).toEqual({
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: '.',
      MemorySize: 4096,
      Architectures: ['arm64'],
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: { 'Fn::GetAtt': ['ManagedProvider', 'Arn'] },
          PerExecutionEnvironmentMaxConcurrency: { Ref: 'ManagedConcurrency' },
          ExecutionEnvironmentMemoryGiBPerVCpu: 2,
        },
      },
    });
    expect(properties('ManagedGetAlias')).toMatchObject({ FunctionVersion: { 'Fn::GetAtt': ['ManagedGetVersion', 'Version'] } });
    expect(Object.keys(objectOf(template['Parameters']))).not.toContain('ManagedSubnets');
    expect(result.summary).toMatchObject({ migrated: 1 });
  });

  it('is the same when it is done again, and what was added stays as it is', async () => {
    const { folder, after } = await editedFunctions(files(plain), { target });
    await writeFile(join(folder, 'template.yaml'), after ?? '');
    const again = await migrate({ folder, target, threads: 0 });
    expect(again.changes.map(({ path }) => path)).toEqual(['MIGRATION.md']);
    expect(again.summary).toMatchObject({ functions: 2, migrated: 1, stays: 1 });
  });
});

const sam = (more = '') => `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: .${more} } }
Resources:
  Get:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild }
    Properties:
      FunctionUrlConfig: { AuthType: NONE }
      Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: / } } }
`;

describe('a function of SAM', () => {
  it('has the flat settings of SAM, its build, and neither events nor a URL', async () => {
    const { properties, template } = await editedFunctions(files(sam()), { target });
    expect(properties('ManagedProvider')).toMatchObject({
      CapacityProviderScalingConfig: { MaxVCpuCount: { Ref: 'ManagedMaximumVCpus' } },
    });
    expect(properties('ManagedGet')).toEqual({
      MemorySize: 2048,
      AutoPublishAlias: 'live',
      AutoPublishAliasAllProperties: true,
      CapacityProviderConfig: {
        Arn: { 'Fn::GetAtt': ['ManagedProvider', 'Arn'] },
        PerExecutionEnvironmentMaxConcurrency: { Ref: 'ManagedConcurrency' },
        ExecutionEnvironmentMemoryGiBPerVCpu: 2,
      },
    });
    expect(objectOf(objectOf(template['Resources'])['ManagedGet'])['Metadata']).toEqual({ BuildMethod: 'esbuild' });
  });

  it('is left to a person where Globals give it what excludes Managed Instances', async () => {
    const { result, codes } = await editedFunctions(files(sam(', VpcConfig: { SubnetIds: [subnet-1], SecurityGroupIds: [sg-1] }')), {
      target,
    });
    expect(codes).toContain('FUNCTIONS_NOT_EDITED');
    expect(result.summary).toMatchObject({ migrated: 0, needsPerson: 1 });
  });
});

describe('the code', () => {
  it('loses the callback that Managed Instances refuse', async () => {
    const { result } = await editedFunctions(files(sam(), 'exports.handler = (event, context, callback) => { callback(null, 1); };\n'), {
      target,
    });
    expect(result.changes.find(({ path }) => path === 'index.js')?.after).not.toContain('callback');
  });

  it('is not touched for many requests where nothing is wrong with it', async () => {
    const { result } = await editedFunctions(files(sam()), { target });
    expect(result.changes.map(({ path }) => path)).toEqual(['MIGRATION.md', 'template.yaml']);
  });

  it('is mended where it is not right for many requests', async () => {
    const code = "let user;\nexports.handler = async (event) => {\n  user = event.user;\n  await fetch('http://x/');\n  return user;\n};\n";
    const { result, codes } = await editedFunctions(files(sam(), code), { target });
    expect(codes).toContain('HAZARD_MENDED');
    expect(result.changes.map(({ path }) => path)).toContain('index.js');
  });
});

it('is left to hand work with the Serverless Framework', async () => {
  const service = 'service: shop\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions: { get: { handler: index.handler } }\n';
  const { guide, result, after } = await editedFunctions({ 'serverless.yml': service, 'index.js': handler }, { target });
  expect(after).toBeUndefined();
  expect(result.summary).toMatchObject({ needsPerson: 1 });
  expect(guide).toContain('CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig');
  expect(guide).toContain('capacityProvider: { name: managed, maxConcurrency: 10, memoryPerVCpu: 2 }');
});

it('is refused in China', async () => {
  await expect(editedFunctions(files(plain), { target, region: 'cn-north-1' })).rejects.toThrow('is not available there');
});
