import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccountOptions, readAccount } from '../../src/account/read-account.js';
import { type Account, AwsApi, accountId, arnOf } from '../support/aws-api.js';
import { cleanUp, readTree, temporaryFolder } from '../support/fixtures.js';

let api: AwsApi;
let folder: string;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  folder = join(await temporaryFolder(), 'account');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await api.stop();
});

afterAll(cleanUp);

const handler = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });\n';
const plain = (name: string, more = {}) => ({ name, files: [{ name: 'index.mjs', content: handler }], ...more });

async function read(account: Account, options: Partial<AccountOptions> = {}) {
  api = await AwsApi.start(account);
  return again(options);
}

function again(options: Partial<AccountOptions> = {}) {
  return readAccount({
    access: { region: 'eu-west-1', endpointUrl: api.url },
    folder,
    filter: { names: [], tags: {} },
    values: false,
    ...options,
  });
}

const template = async (stack = 'without-stack') =>
  JSON.parse(await readFile(join(folder, stack, 'deployed.json'), 'utf8')) as {
    Parameters: Record<string, unknown>;
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };

const codes = ({ diagnostics }: { diagnostics: { code: string }[] }) => diagnostics.map(({ code }) => code);

describe('a function', () => {
  it('is read with its settings, callers and code', async () => {
    const permission = (principal: string, sourceArn?: string) => ({
      Effect: 'Allow',
      Principal: { Service: principal },
      Action: 'lambda:InvokeFunction',
      ...(sourceArn !== undefined && { Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } } }),
    });
    const result = await read({
      functions: [
        plain('orders', {
          concurrency: 5,
          configuration: { Architectures: ['arm64'], VpcConfig: { SubnetIds: ['subnet-1'] } },
          aliases: [{ Name: 'live', FunctionVersion: '3' }],
          provisioned: [{ FunctionArn: `${arnOf('orders')}:live`, RequestedProvisionedConcurrentExecutions: 2 }],
          urls: { live: { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM', FunctionUrl: 'https://x' } },
          policies: {
            '': [permission('s3.amazonaws.com', 'arn:aws:s3:::photos')],
            live: [permission('sns.amazonaws.com', `arn:aws:sns:eu-west-1:${accountId}:news`)],
          },
          destinations: { OnFailure: { Destination: `arn:aws:sqs:eu-west-1:${accountId}:failed` } },
        }),
      ],
      mappings: [
        {
          FunctionArn: `${arnOf('orders')}:live`,
          EventSourceArn: `arn:aws:sqs:eu-west-1:${accountId}:orders`,
          BatchSize: 5,
          State: 'Enabled',
        },
      ],
    });
    expect(codes(result)).toEqual([]);
    expect((await template()).Resources).toMatchObject({
      orders: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: './functions/orders',
          Architectures: ['arm64'],
          ReservedConcurrentExecutions: 5,
          VpcConfig: { SubnetIds: ['subnet-1'] },
        },
      },
      ordersAlias0: { Properties: { Name: 'live', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } } },
      ordersUrl0: { Properties: { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM', Qualifier: 'live' } },
      ordersMapping0: { Properties: { EventSourceArn: `arn:aws:sqs:eu-west-1:${accountId}:orders`, BatchSize: 5, Enabled: true } },
      ordersDestinations: { Type: 'AWS::Lambda::EventInvokeConfig' },
      ordersPermission0: { Properties: { Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::photos' } },
      ordersPermission1: { Properties: { Principal: 'sns.amazonaws.com' } },
    });
    expect(await readTree(folder)).toMatchObject({ 'without-stack/functions/orders/index.mjs': handler });
  });

  it('stands with what was deployed with it', async () => {
    await read({
      functions: [
        plain('a', { tags: { 'aws:cloudformation:stack-name': 'shop' } }),
        plain('b'),
        plain('c', { tags: { 'aws:cloudformation:stack-name': '../out' } }),
      ],
    });
    expect(Object.keys((await template('shop')).Resources)).toEqual(['a', 'RoleA']);
    expect(Object.keys((await template()).Resources)).toEqual(['b', 'c', 'RoleB', 'RoleC']);
  });

  it.each([
    ['name', { names: ['b'], tags: {} }, ['b']],
    ['prefix', { names: [], prefix: 'shop-', tags: {} }, ['shop-a', 'shop-c']],
    ['tag', { names: [], tags: { team: 'x' } }, ['shop-a']],
    ['any value of a tag', { names: [], tags: { team: '' } }, ['shop-a', 'b']],
  ])('is chosen by its %s', async (_, filter, expected) => {
    const functions = [plain('shop-a', { tags: { team: 'x' } }), plain('b', { tags: { team: 'y' } }), plain('shop-c')];
    const result = await read({ functions }, { filter });
    expect(result.functions.map(({ name }) => name)).toEqual(expected);
  });

  it('that is not there is an error of the user', async () => {
    await expect(read({ functions: [plain('orders')] }, { filter: { names: ['order'], tags: {} } })).rejects.toThrow('no function "order"');
  });
});

describe('the environment', () => {
  const secret = `npm_${'aZ3'.repeat(12)}`;
  const environment = { Environment: { Variables: { TABLE: 'orders', DB_PASSWORD: 'hunter2', REGISTRY: secret } } };
  const everything = async () => JSON.stringify([await template(), await readFile(join(folder, '.migrate-lambda/account.jsonl'), 'utf8')]);

  it('is read by name alone', async () => {
    const result = await read({ functions: [plain('orders', { configuration: environment })] });
    expect(Object.keys((await template()).Parameters)).toEqual(['ordersTABLE', 'ordersDBPASSWORD', 'ordersREGISTRY']);
    const written = `${await everything()}${JSON.stringify(result.diagnostics)}`;
    for (const value of ['hunter2', secret]) expect(written).not.toContain(value);
    expect(await everything()).not.toContain('"TABLE":"orders"');
  });

  it('has values when they are asked for, and never secrets', async () => {
    const result = await read({ functions: [plain('orders', { configuration: environment })] }, { values: true });
    expect((await template()).Resources['orders']?.Properties['Environment']).toEqual({
      Variables: { TABLE: 'orders', DB_PASSWORD: { Ref: 'ordersDBPASSWORD' }, REGISTRY: { Ref: 'ordersREGISTRY' } },
    });
    expect(codes(result)).toEqual(['ACCOUNT_SECRETS_LEFT_OUT']);
    for (const value of ['hunter2', secret]) expect(await everything()).not.toContain(value);
  });
});

describe('code', () => {
  it('leaves installed packages out and notes their versions', async () => {
    const files = [
      { name: 'index.mjs', content: handler },
      { name: 'node_modules/@scope/one/package.json', content: '{"version":"1.2.3"}' },
      { name: 'node_modules/@scope/one/index.js', content: 'module.exports = 1' },
      { name: 'node_modules/two/package.json', content: '{"version":"4.5.6"}' },
      { name: 'node_modules/two/node_modules/three/package.json', content: '{"version":"9.9.9"}' },
    ];
    await read({ functions: [{ name: 'orders', files }] });
    const tree = await readTree(join(folder, 'without-stack/functions/orders'));
    expect(Object.keys(tree).sort()).toEqual(['index.mjs', 'package.json']);
    expect(JSON.parse(tree['package.json'] ?? '')).toEqual({ private: true, dependencies: { '@scope/one': '1.2.3', two: '4.5.6' } });
  });

  it('is the sources where a source map holds them', async () => {
    const map = {
      version: 3,
      sources: [
        '../../node_modules/.pnpm/ms@2.1.3/node_modules/ms/index.js',
        '../../src/lib/greet.ts',
        '../../src/app.ts',
        '../../../../../../../../etc/passwd.ts',
      ],
      sourcesContent: [
        'module.exports = 1',
        'export const greet = () => 1;',
        "import { greet } from './lib/greet';\nexport const handler = async () => greet();",
        'no',
      ],
      mappings: '',
    };
    const files = [
      { name: 'app.js', content: 'bundled();\n//# sourceMappingURL=app.js.map\n' },
      { name: 'app.js.map', content: JSON.stringify(map) },
      { name: 'view.html', content: '<p>' },
    ];
    const result = await read({ functions: [{ name: 'orders', files, configuration: { Handler: 'app.handler' } }] });
    expect(codes(result)).toEqual(['ACCOUNT_SOURCES_RESTORED']);
    const tree = await readTree(join(folder, 'without-stack/functions/orders'));
    const entry = Object.keys(tree).find((path) => path.endsWith('src/app.ts')) ?? '';
    expect((await template()).Resources['orders']?.Properties['Handler']).toBe(entry.replace('.ts', '.handler'));
    expect(Object.keys(tree)).toEqual(expect.arrayContaining(['view.html', 'package.json']));
    expect(Object.keys(tree)).not.toContain('app.js');
    expect(existsSync(join(folder, '../etc'))).toBe(false);
  });

  const escaping = (name: string) => [
    { name: 'index.mjs', content: handler },
    { name, content: 'evil' },
  ];
  it.each([
    ['leads up', escaping('../../evil.js'), 'leads out'],
    ['leads up behind a folder', escaping('a/../../evil.js'), 'leads out'],
    ['is absolute', escaping('/tmp/evil.js'), 'leads out'],
    ['has a drive', escaping('C:/evil.js'), 'leads out'],
    ['leads up with backslashes', escaping('..\\..\\evil.js'), 'leads out'],
    ['is far too deep', escaping(`${'a/'.repeat(60)}evil.js`), 'far too long'],
  ])('with a path that %s is given up whole', async (_, files, reason) => {
    const result = await read({ functions: [{ name: 'orders', files }, plain('good')] });
    expect(result.diagnostics).toMatchObject([
      { code: 'ACCOUNT_CODE_UNREAD', function: 'orders', args: { reason: expect.stringContaining(reason) } },
    ]);
    expect(Object.keys(await readTree(folder)).sort()).toEqual(['without-stack/deployed.json', 'without-stack/functions/good/index.mjs']);
  });

  it('follows no symbolic link', async () => {
    const files = [
      { name: 'index.mjs', content: handler },
      { name: 'out', content: '/', mode: 0o120777 },
      { name: 'out/evil.js', content: 'evil' },
    ];
    await read({ functions: [{ name: 'orders', files }] });
    expect(Object.keys(await readTree(join(folder, 'without-stack/functions/orders'))).sort()).toEqual(['index.mjs', 'out/evil.js']);
  });

  it.each([
    ['is no archive', Buffer.from('not a zip'), 'not a whole zip'],
    ['is empty', Buffer.alloc(0), 'not a whole zip'],
  ])('that %s is a finding', async (_, archive, reason) => {
    const result = await read({ functions: [{ name: 'orders', archive }] });
    expect(result.diagnostics).toMatchObject([{ code: 'ACCOUNT_CODE_UNREAD', args: { reason: expect.stringContaining(reason) } }]);
  });

  it('of another size than the archive says is given up', async () => {
    const result = await read({
      functions: [{ name: 'orders', files: [{ name: 'index.mjs', content: 'x'.repeat(5000), statedSize: 10 }] }],
    });
    expect(codes(result)).toEqual(['ACCOUNT_CODE_UNREAD']);
  });

  it('is fetched again when the download breaks off, and its address is never told', async () => {
    const result = await read({
      functions: [plain('orders'), plain('gone')],
      disturb: ({ path, count }) =>
        path.includes('/code/orders') && count === 0 ? [503, 'SlowDown'] : path.includes('/code/gone') ? [403, 'AccessDenied'] : undefined,
    });
    expect(result.diagnostics).toMatchObject([
      { code: 'ACCOUNT_CODE_UNREAD', function: 'gone', args: { reason: expect.stringContaining('403') } },
    ]);
    expect(JSON.stringify(result.diagnostics)).not.toContain('signature');
    expect(await readTree(folder)).toHaveProperty('without-stack/functions/orders/index.mjs');
  });

  it('of layers is taken too, and a layer of others that cannot be had is a finding', async () => {
    const own = `arn:aws:lambda:eu-west-1:${accountId}:layer:shared:7`;
    const others = 'arn:aws:lambda:eu-west-1:999999999999:layer:vendor:1';
    const configuration = { Layers: [{ Arn: own }, { Arn: others }] };
    const result = await read({
      functions: [plain('orders', { configuration })],
      layers: { [own]: [{ name: 'nodejs/shared.js', content: 'exports.a = 1' }] },
    });
    expect(result.diagnostics).toMatchObject([{ code: 'ACCOUNT_LAYER_UNREAD', args: { layer: 'vendor:1' } }]);
    expect((await template()).Resources).toMatchObject({
      orders: { Properties: { Layers: [{ Ref: 'Layer123456789012layershared7' }, others] } },
    });
    expect(await readTree(folder)).toHaveProperty(`without-stack/layers/${accountId}-shared-7/nodejs/shared.js`);
  });
});

describe('trouble', () => {
  it('with one call of one function is a finding about that part', async () => {
    const result = await read({
      functions: [plain('orders'), plain('users')],
      disturb: ({ path }) =>
        /functions\/orders\/policy/.test(path)
          ? [403, 'AccessDeniedException', 'User: arn:aws:iam::1:user/secret is not authorized']
          : undefined,
    });
    expect(result.diagnostics).toMatchObject([
      { code: 'ACCOUNT_PART_UNREAD', function: 'orders', args: { call: 'GetPolicy', reason: 'it is not allowed' } },
    ]);
    expect(result.functions).toHaveLength(2);
  });

  it('with throttling passes', async () => {
    const result = await read({
      functions: Array.from({ length: 12 }, (_, index) => plain(`f${index}`)),
      disturb: ({ path, count }) =>
        /functions\/f[36]$/.test(path) && count < 1 ? [429, 'TooManyRequestsException', 'Rate exceeded'] : undefined,
    });
    expect(codes(result)).toEqual([]);
    expect(api.calls.filter(({ path }) => /functions\/f3$/.test(path))).toHaveLength(2);
  });

  it.each([
    ['expired credentials', [403, 'ExpiredTokenException', 'The security token included in the request is expired'], 'expired'],
    ['credentials that are not accepted', [403, 'UnrecognizedClientException', 'The security token is invalid'], 'not accepted'],
    ['a role that may not list', [403, 'AccessDeniedException', 'not authorized'], 'not allowed'],
  ] as const)('with %s ends the run', async (_, answer, words) => {
    const running = read({ functions: [plain('orders')], disturb: () => [...answer] as [number, string, string] });
    await expect(running).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining(words) });
    expect(existsSync(folder)).toBe(false);
  });

  it('with the network ends the run', async () => {
    api = await AwsApi.start({ functions: [] });
    const running = again({ access: { region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:1' } });
    await expect(running).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining('cannot be reached') });
  }, 60_000);

  it('with a folder that holds other files is told before anything is written', async () => {
    const running = read({ functions: [plain('orders')] }, { folder: join(import.meta.dirname, '../support') });
    await expect(running).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining('holds other files') });
  });
});

describe('a second run', () => {
  const detail = () => api.calls.filter(({ path }) => /\/functions\/f\d+$/.test(path)).length;
  const downloads = () => api.calls.filter(({ path }) => path.startsWith('/code/')).length;

  it('goes on where the first stopped', async () => {
    const functions = Array.from({ length: 30 }, (_, index) => plain(`f${index}`));
    let expired = false;
    const disturb: Account['disturb'] = ({ path }) => {
      if (path.endsWith('/functions/f20')) expired = true;
      return expired ? [403, 'ExpiredTokenException', 'expired'] : undefined;
    };
    await expect(read({ functions, disturb })).rejects.toThrow('expired');
    const before = (await readFile(join(folder, '.migrate-lambda/account.jsonl'), 'utf8')).trim().split('\n').length - 1;
    expect(before).toBeGreaterThan(5);
    api.calls.splice(0);
    api.account.disturb = () => undefined;
    const result = await again();
    expect(result.functions).toHaveLength(30);
    expect(detail()).toBe(30 - before);
    expect(Object.values((await template()).Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function')).toHaveLength(30);
  });

  it('after a whole one reads everything anew but code that is the same', async () => {
    await read({ functions: [plain('f1'), plain('f2')] });
    api.calls.splice(0);
    api.account.functions = [
      plain('f1'),
      plain('f2', {
        configuration: { CodeSha256: 'new', RevisionId: 'new' },
        files: [{ name: 'index.js', content: 'exports.handler = 1' }],
      }),
    ];
    await again();
    expect(detail()).toBe(2);
    expect(downloads()).toBe(1);
    expect(Object.keys(await readTree(join(folder, 'without-stack/functions/f2')))).toEqual(['index.js']);
  });

  it('does not mix regions', async () => {
    await read({ functions: [plain('f1')] });
    await expect(again({ access: { region: 'us-east-1', endpointUrl: api.url } })).rejects.toThrow('eu-west-1');
  });
});

describe('APIs and rules', () => {
  const caller = (principal: string, sourceArn: string) => ({
    Effect: 'Allow',
    Principal: { Service: principal },
    Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } },
  });
  const document = (path: string) => ({
    openapi: '3.0.1',
    paths: {
      [path]: {
        get: {
          'x-amazon-apigateway-integration': {
            type: 'aws_proxy',
            httpMethod: 'POST',
            uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arnOf('api').replace('api', '${stageVariables.fn}')}/invocations`,
          },
        },
      },
    },
  });

  it('stand in the template as they are exported', async () => {
    const execute = (id: string) => `arn:aws:execute-api:eu-west-1:${accountId}:${id}/prod/GET/x`;
    const rule = `arn:aws:events:eu-west-1:${accountId}:rule/nightly`;
    const result = await read({
      functions: [
        plain('api', {
          policies: {
            '': [
              caller('apigateway.amazonaws.com', execute('rest1')),
              caller('apigateway.amazonaws.com', execute('http1')),
              caller('apigateway.amazonaws.com', execute('gone1')),
              caller('events.amazonaws.com', rule),
            ],
          },
        }),
      ],
      restApis: {
        rest1: {
          settings: { name: 'Orders', policy: '{}' },
          stages: [{ stageName: 'dev' }, { stageName: 'prod', variables: { fn: 'api' } }],
          document: document('/orders'),
        },
      },
      httpApis: {
        http1: { settings: { Name: 'Users', ProtocolType: 'HTTP' }, stages: [{ stageName: '$default' }], document: document('/users') },
      },
      rules: {
        nightly: {
          rule: { Name: 'nightly', State: 'ENABLED', ScheduleExpression: 'rate(1 day)' },
          targets: [{ Id: '1', Arn: arnOf('api'), Input: '{"a":1}' }],
        },
      },
    });
    expect(result.diagnostics).toMatchObject([{ code: 'ACCOUNT_API_UNREAD', args: { api: 'gone1' } }]);
    const { Resources } = await template();
    expect(JSON.stringify(Resources['RestApirest1'])).toContain(`${arnOf('api')}/invocations`);
    expect(Resources).toMatchObject({
      RestApirest1Stage: { Properties: { StageName: 'prod' } },
      HttpApihttp1: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Users', ProtocolType: 'HTTP' } },
      Rulenightly: { Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Arn: arnOf('api'), Input: '{"a":1}' }] } },
      apiPermission2: { Properties: { SourceArn: execute('gone1') } },
    });
  });

  it('keep no secret that a rule sends', async () => {
    const rule = `arn:aws:events:eu-west-1:${accountId}:rule/nightly`;
    const token = `ghp_${'a1B2'.repeat(10)}`;
    const result = await read({
      functions: [plain('api', { policies: { '': [caller('events.amazonaws.com', rule)] } })],
      rules: {
        nightly: {
          rule: { Name: 'nightly', ScheduleExpression: 'rate(1 day)' },
          targets: [{ Id: '1', Arn: arnOf('api'), Input: `{"token":"${token}"}` }],
        },
      },
    });
    expect(codes(result)).toEqual(['ACCOUNT_INPUT_LEFT_OUT']);
    expect(JSON.stringify(await template())).not.toContain(token);
  });
});

describe('schedules of EventBridge Scheduler', () => {
  const schedule = (Name: string, Target: Record<string, unknown>, more = {}) => ({
    Name,
    GroupName: 'default',
    ScheduleExpression: 'cron(0 6 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    State: 'ENABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RoleArn: 'arn:aws:iam::1:role/x', ...Target },
    ...more,
  });
  const invoke = 'arn:aws:scheduler:::aws-sdk:lambda:invoke';

  it('are found by the function that they call, also by an alias or by their event', async () => {
    const result = await read({
      functions: [plain('report'), plain('other')],
      schedules: [
        schedule('early', { Arn: arnOf('report'), Input: '{"a":1}' }),
        schedule('elsewhere', { Arn: 'arn:aws:sqs:eu-west-1:1:queue' }),
        schedule('late', { Arn: `${arnOf('report')}:live` }),
        schedule('by-event', { Arn: invoke, Input: '{"FunctionName":"other","Payload":"{}"}' }),
        schedule('of-others', { Arn: invoke, Input: '{"FunctionName":"not-here"}' }),
      ],
    });
    expect(codes(result)).toEqual([]);
    const { Resources } = await template();
    const found = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Scheduler::Schedule');
    expect(found.map(([id, { Properties }]) => [id, Properties['Name']])).toEqual([
      ['reportSchedule0', 'early'],
      ['reportSchedule1', 'late'],
      ['otherSchedule0', 'by-event'],
    ]);
    expect(Resources['reportSchedule0']?.Properties).toMatchObject({
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: { Arn: arnOf('report'), Input: '{"a":1}' },
    });
    expect(api.calls.filter(({ path }) => /schedules\/elsewhere/.test(path))).toEqual([]);
  });

  it('keep no secret that they send', async () => {
    const token = `ghp_${'a1B2'.repeat(10)}`;
    const result = await read({
      functions: [plain('report')],
      schedules: [schedule('early', { Arn: arnOf('report'), Input: `{"token":"${token}"}` })],
    });
    expect(codes(result)).toEqual(['ACCOUNT_INPUT_LEFT_OUT']);
    const { Parameters, Resources } = await template();
    expect(JSON.stringify([Parameters, Resources])).not.toContain(token);
    expect(Resources['reportSchedule0']?.Properties['Target']).toMatchObject({ Input: { Ref: 'reportSchedule0Input' } });
    expect(Parameters['reportSchedule0Input']).toMatchObject({ NoEcho: true });
  });

  it.each([
    [/^\/schedules\/early/, 'ACCOUNT_PART_UNREAD', { function: 'report', call: 'GetSchedule', reason: 'it is not allowed' }],
    [/^\/schedules\?/, 'ACCOUNT_SCHEDULES_UNREAD', { reason: 'it is not allowed' }],
  ])('that may not be read are a finding (%s)', async (denied, code, args) => {
    const result = await read({
      functions: [plain('report')],
      schedules: [schedule('early', { Arn: arnOf('report') })],
      disturb: ({ path }) => (denied.test(path) ? [403, 'AccessDeniedException', 'no'] : undefined),
    });
    expect(result.diagnostics).toMatchObject([{ code, args }]);
    expect(Object.keys((await template()).Resources)).toEqual(['report', 'RoleReport']);
  });
});

describe('roles', () => {
  const document = (Action: string, Resource: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
  const own = `arn:aws:iam::${accountId}:policy/team/orders`;
  const role = `arn:aws:iam::${accountId}:role/service-role/orders`;
  const iam = {
    roles: {
      orders: {
        inline: { table: document('dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:1:table/${aws:PrincipalTag/team}') },
        attached: [
          'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
          'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
          own,
        ],
        boundary: `arn:aws:iam::${accountId}:policy/boundary`,
      },
    },
    policies: { [own]: document('sqs:SendMessage', '*') },
  };

  it("are in the template, with the documents of the policies that are the account's own", async () => {
    const functions = [plain('a', { configuration: { Role: role } }), plain('b', { configuration: { Role: role } })];
    const result = await read({ functions, iam });
    expect(codes(result)).toEqual([]);
    const { Resources } = await template();
    expect(Resources['a']?.Properties['Role']).toEqual({ 'Fn::GetAtt': ['RoleOrders', 'Arn'] });
    expect(Resources['RoleOrders']).toEqual({
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'orders',
        PermissionsBoundary: iam.roles.orders.boundary,
        ManagedPolicyArns: iam.roles.orders.attached.slice(0, 2),
        Policies: [
          { PolicyName: 'table', PolicyDocument: iam.roles.orders.inline.table },
          { PolicyName: 'orders', PolicyDocument: iam.policies[own] },
        ],
      },
    });
    expect(api.calls.filter(({ target }) => target === 'IAM.GetRole')).toHaveLength(1);
  });

  it.each(['GetRole', 'ListRolePolicies', 'GetRolePolicy', 'ListAttachedRolePolicies', 'GetPolicyVersion'])(
    'of which %s is not allowed are left out, with a finding of each function',
    async (call) => {
      const functions = [plain('a', { configuration: { Role: role } }), plain('b', { configuration: { Role: role } }), plain('c')];
      const result = await read({
        functions,
        iam,
        disturb: ({ target, count }) => (target === `IAM.${call}` ? [403, 'AccessDenied', `no ${count}`] : undefined),
      });
      const ofRole = result.diagnostics.filter(({ function: fn }) => fn !== 'c');
      expect(ofRole).toMatchObject([
        { code: 'ACCOUNT_PART_UNREAD', function: 'a', args: { call, reason: 'it is not allowed' }, file: 'without-stack/deployed.json' },
        { code: 'ACCOUNT_PART_UNREAD', function: 'b', args: { call, reason: 'it is not allowed' } },
      ]);
      expect((await template()).Resources['a']?.Properties['Role']).toBe(role);
    },
  );
});

describe('nothing is written', () => {
  /** What the APIs are asked: reads of the REST protocols, and the named operations of the others. */
  const isRead = ({ method, path, target }: { method: string; path: string; target: string }) =>
    method === 'GET' || (method === 'POST' && path === '/' && /^(AWSEvents|IAM)\.(Describe|List|Get)/.test(target));

  it('to the account, whatever is asked', async () => {
    const rule = `arn:aws:events:eu-west-1:${accountId}:rule/nightly`;
    await read({
      functions: [
        plain('api', {
          aliases: [{ Name: 'live', FunctionVersion: '1' }],
          policies: {
            '': [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnLike: { 'AWS:SourceArn': rule } } }],
          },
        }),
        plain('other'),
      ],
      rules: { nightly: { rule: { Name: 'nightly', ScheduleExpression: 'rate(1 day)' }, targets: [] } },
    });
    expect(api.calls.length).toBeGreaterThan(10);
    expect(api.calls.filter((call) => !isRead(call))).toEqual([]);
  });
});
