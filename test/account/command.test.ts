import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { type Account, AwsApi, accountId, arnOf } from '../support/aws-api.js';
import { cleanUp, readTree, runCli, temporaryFolder } from '../support/fixtures.js';
import { expectDocument } from '../support/schemas.js';

let api: AwsApi | undefined;
let folder: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'account');
});
afterEach(async () => {
  await api?.stop();
  api = undefined;
});
afterAll(cleanUp);

const handler = `const { randomUUID } = require('node:crypto');
exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ id: randomUUID(), path: event.rawPath }) });
`;

const queue = `arn:aws:sqs:eu-west-1:${accountId}:orders`;
const execute = `arn:aws:execute-api:eu-west-1:${accountId}:http1/*/*/users`;
const allows = (principal: string, source: string) => ({
  Effect: 'Allow',
  Principal: { Service: principal },
  Condition: { ArnLike: { 'AWS:SourceArn': source } },
});

const account: Account = {
  functions: [
    {
      name: 'users',
      files: [{ name: 'index.js', content: handler }],
      configuration: { Environment: { Variables: { TABLE: 'users' } } },
      policies: { '': [allows('apigateway.amazonaws.com', execute)] },
    },
    {
      name: 'orders',
      files: [
        {
          name: 'index.js',
          content: 'exports.handler = async (event) => { for (const record of event.Records) console.log(record.body); };\n',
        },
      ],
      policies: { '': [allows('s3.amazonaws.com', 'arn:aws:s3:::photos')] },
    },
    { name: 'report', configuration: { Runtime: 'python3.13', Handler: 'app.main' } },
  ],
  mappings: [{ FunctionArn: arnOf('orders'), EventSourceArn: queue, State: 'Enabled' }],
  httpApis: {
    http1: {
      settings: { Name: 'Users', ProtocolType: 'HTTP' },
      stages: [{ stageName: '$default' }],
      document: {
        openapi: '3.0.1',
        paths: {
          '/users': {
            get: {
              'x-amazon-apigateway-integration': {
                type: 'aws_proxy',
                payloadFormatVersion: '2.0',
                uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arnOf('users')}/invocations`,
              },
            },
          },
        },
      },
    },
  },
  metrics: { users: { requests: [1000, 2000], busy: [60_000, 120_000] } },
};

async function run(...args: string[]) {
  api ??= await AwsApi.start(account);
  const env = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: 'eu-west-1' };
  return runCli([...args, '--endpoint-url', api.url], { env });
}

interface Assessed {
  functions: { id: string; triggers: string[]; outcome: string }[];
  projects: { dialect: string; definition: string }[];
  regions: { services: { subject: string; available: string; source: string }[] }[];
  assumptions: { id: string; given: boolean; range: { likely: number } | null }[];
  unread: { code: string }[];
}

it('assess judges what is deployed', async () => {
  const { code, stdout } = await run('assess', folder, '--from-aws', '--measured', '--region', 'eu-west-1,cn-northwest-1', '--json');
  const document = expectDocument<Assessed>(stdout, 'assess');
  expect(document.projects).toEqual([{ root: 'without-stack', dialect: 'account', definition: 'without-stack/deployed.json' }]);
  expect(document.functions.map(({ id, triggers }) => [id, triggers])).toEqual([
    ['users', ['http-api']],
    ['orders', ['sqs', 's3']],
    ['report', ['invoke']],
  ]);
  expect(document.assumptions.find(({ id }) => id === 'assumption.duration')).toMatchObject({ given: true, range: { likely: 60 } });
  expect(document.unread).toEqual([]);
  expect(code).toBe(0);
});

it('migrate turns it into services, and writes beside it', async () => {
  const { stdout, code } = await run(folder, '--from-aws', '--name', 'users', '--write', '--json');
  const document = expectDocument<{ summary: { migrated: number }; diagnostics: unknown[] }>(stdout, 'output');
  expect(document.summary.migrated).toBe(1);
  expect(code).toBe(0);
  const tree = await readTree(folder);
  expect(Object.keys(tree).find((path) => /Dockerfile$/.test(path))).toBeDefined();
  expect(existsSync(join(folder, 'without-stack/deployed.json'))).toBe(true);
  const again = await run(folder, '--from-aws');
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('was migrated') });
});

it('services may do what the role of their functions may, and run when their schedules say', async () => {
  const statement = {
    Effect: 'Allow',
    Action: 'dynamodb:PutItem',
    Resource: 'arn:aws:dynamodb:eu-west-1:1:table/${aws:PrincipalTag/team}',
  };
  api = await AwsApi.start({
    functions: [{ name: 'report', files: [{ name: 'index.js', content: 'exports.handler = async () => undefined;\n' }] }],
    iam: {
      roles: {
        report: {
          inline: { table: { Version: '2012-10-17', Statement: [statement] } },
          attached: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
        },
      },
    },
    schedules: [
      {
        Name: 'early',
        GroupName: 'default',
        ScheduleExpression: 'cron(0 6 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        State: 'ENABLED',
        Target: { Arn: arnOf('report') },
      },
    ],
  });
  const { code, stdout } = await run(folder, '--from-aws', '--target', 'ecs-fargate', '--write', '--json');
  const document = expectDocument<{ diagnostics: { code: string }[] }>(stdout, 'output');
  expect(document.diagnostics.map(({ code: found }) => found)).not.toContain('PERMISSIONS_TO_GIVE');
  expect(code).toBe(0);
  const stack = Object.entries(await readTree(folder)).find(([, text]) => text.includes('AWS::ECS::TaskDefinition'))?.[1] ?? '';
  expect(stack).toContain('dynamodb:PutItem');
  expect(stack).toContain('${aws:PrincipalTag/team}');
  expect(stack).toContain('policy/AmazonS3ReadOnlyAccess');
  expect(stack).not.toContain('AWSLambdaBasicExecutionRole');
  expect(stack).toContain('cron(0 6 * * ? *)');
  expect(stack).toContain('Europe/Berlin');
});

it('probe comes before the data', async () => {
  api = await AwsApi.start({
    ...account,
    disturb: ({ path }) =>
      path.includes('capacity-providers')
        ? [403, 'AccessDeniedException', 'Unable to determine service/operation name to be authorized']
        : undefined,
  });
  const fixture = join(import.meta.dirname, '../../fixtures/projects/serverless-http-api/input');
  const { stdout, stderr } = await run('assess', fixture, '--probe', '--region', 'eu-west-1', '--json');
  const document = expectDocument<Assessed>(stdout, 'assess');
  expect(document.regions[0]?.services.find(({ subject }) => subject === 'lambda-managed-instances')).toMatchObject({
    available: 'no',
    source: expect.stringContaining('ListCapacityProviders'),
  });
  expect(stderr).toContain('eu-west-1: managed instances are not there');
});

it.each([
  [['--profile', 'x'], '--profile is about functions of an account'],
  [['--env-values'], '--env-values is about functions of an account'],
])('%j without --from-aws is refused', async (flags, words) => {
  const { code, stderr } = await runCli(['assess', '.', '--region', 'eu-west-1', ...flags]);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});

it('wants a folder', async () => {
  const { code, stderr } = await run('assess', '--from-aws', '--region', 'eu-west-1');
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('Where should the code') });
});
