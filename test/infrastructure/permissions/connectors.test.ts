import { expect, it } from 'vitest';
import { permissionsOfConnectors } from '../../../src/infrastructure/permissions/connectors.js';
import { listOf, objectOf } from '../../../src/project/data.js';

const resources = {
  Table: { Type: 'AWS::Serverless::SimpleTable' },
  Topic: { Type: 'AWS::SNS::Topic' },
  Queue: { Type: 'AWS::SQS::Queue' },
  Machine: { Type: 'AWS::Serverless::StateMachine' },
  Cache: { Type: 'AWS::ElastiCache::CacheCluster' },
  Get: { Type: 'AWS::Serverless::Function' },
};

const attribute = (destination: unknown, permissions: unknown) => ({
  ...resources,
  Get: { ...resources.Get, Connectors: { C: { Properties: { Destination: destination, Permissions: permissions } } } },
});

const statements = (declared: Record<string, unknown>, id = 'Get') =>
  permissionsOfConnectors(declared, id).policies.flatMap((policy) => listOf(objectOf(objectOf(policy)['PolicyDocument'])['Statement']));

// What aws-sam-translator 1.115.0 makes of the same connectors.
it('an attribute of the function grants what SAM grants', () => {
  expect(statements(attribute({ Id: 'Table' }, ['Read']))).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:PartiQLSelect',
      ],
      Resource: [{ 'Fn::GetAtt': ['Table', 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Table', 'Arn'] }, '/index/*']] }],
    },
  ]);
  expect(statements(attribute([{ Id: 'Topic' }, { Id: 'Queue' }], ['Write']))).toEqual([
    { Effect: 'Allow', Action: ['sns:Publish'], Resource: [{ Ref: 'Topic' }] },
    {
      Effect: 'Allow',
      Action: ['sqs:DeleteMessage', 'sqs:SendMessage', 'sqs:ChangeMessageVisibility', 'sqs:PurgeQueue'],
      Resource: [{ 'Fn::GetAtt': ['Queue', 'Arn'] }],
    },
  ]);
  expect(statements(attribute({ Id: 'Machine' }, ['Write']))).toEqual([
    { Effect: 'Allow', Action: ['states:StartExecution', 'states:StartSyncExecution'], Resource: [{ Ref: 'Machine' }] },
    {
      Effect: 'Allow',
      Action: ['states:StopExecution'],
      Resource: [
        {
          'Fn::Sub': [
            'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${DestinationName}:*',
            { DestinationName: { 'Fn::GetAtt': ['Machine', 'Name'] } },
          ],
        },
      ],
    },
  ]);
});

it.each([{ Id: 'Get' }, { Arn: { 'Fn::GetAtt': ['Get', 'Arn'] }, Type: 'AWS::Lambda::Function' }])(
  'a connector from %j grants it too, and nothing to others',
  (source) => {
    const properties = {
      Source: source,
      Destination: { Arn: 'arn:aws:sns:eu-west-1:1:t', Type: 'AWS::SNS::Topic' },
      Permissions: ['Write'],
    };
    const declared = { ...resources, C: { Type: 'AWS::Serverless::Connector', Properties: properties } };
    expect(statements(declared)).toEqual([{ Effect: 'Allow', Action: ['sns:Publish'], Resource: ['arn:aws:sns:eu-west-1:1:t'] }]);
    expect(statements(declared, 'Other')).toEqual([]);
  },
);

it.each([
  ['a destination that SAM does not know', { Id: 'Cache' }, ['Read']],
  ['one that is not in the template', { Id: 'Nowhere' }, ['Read']],
  ['a permission that there is not', { Id: 'Topic' }, ['Read']],
  ['no permissions', { Id: 'Table' }, undefined],
  ['a part of the destination', { Id: 'Table', Qualifier: 'prod' }, ['Read']],
])('%s is told, and grants nothing', (_, destination, permissions) => {
  expect(permissionsOfConnectors(attribute(destination, permissions), 'Get')).toEqual({
    policies: [],
    managed: [],
    unknown: ['the connector Get-C is not understood'],
  });
});
