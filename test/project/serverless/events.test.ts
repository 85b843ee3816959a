import { describe, expect, it } from 'vitest';
import { codesOf, withoutRanges } from '../tree.js';
import { readYml, triggersOf } from './service.js';

describe('events that are no HTTP routes', () => {
  it.each([
    ['- websocket: $connect', { type: 'websocket', source: '$connect' }],
    ['- websocket:\n    route: sendMessage', { type: 'websocket', source: 'sendMessage' }],
    ['- sns: orders', { type: 'sns', source: 'orders' }],
    ['- sns:\n    arn: !Ref Topic\n    topicName: orders', { type: 'sns', source: '!Ref Topic' }],
    ['- s3: photos', { type: 's3', source: 'photos' }],
    ['- s3:\n    bucket: photos\n    event: s3:ObjectCreated:*\n    existing: true', { type: 's3', source: 'photos' }],
    [
      '- stream: arn:aws:dynamodb:eu-west-1:1:table/orders/stream/1',
      { type: 'dynamodb-stream', source: 'arn:aws:dynamodb:eu-west-1:1:table/orders/stream/1' },
    ],
    ['- stream: arn:aws:kinesis:eu-west-1:1:stream/clicks', { type: 'kinesis', source: 'arn:aws:kinesis:eu-west-1:1:stream/clicks' }],
    [
      '- stream:\n    type: kinesis\n    arn: !GetAtt Clicks.Arn\n    enabled: false',
      { type: 'kinesis', source: '!GetAtt Clicks.Arn', enabled: false },
    ],
    ['- eventBridge:\n    pattern:\n      source: [shop]', { type: 'eventbridge', source: '{"source":["shop"]}' }],
    ['- cloudwatchEvent:\n    event:\n      source: [aws.ec2]', { type: 'eventbridge', source: '{"source":["aws.ec2"]}' }],
    ['- cloudwatchLog: /aws/lambda/other', { type: 'cloudwatch-logs', source: '/aws/lambda/other' }],
    ['- cognitoUserPool:\n    pool: users\n    trigger: PreSignUp', { type: 'cognito', source: 'users' }],
    ['- iot:\n    sql: "SELECT * FROM \'t\'"', { type: 'iot', source: "SELECT * FROM 't'" }],
    ['- alexaSkill', { type: 'alexa' }],
    ['- alexaSkill: amzn1.ask.skill.1', { type: 'alexa', source: 'amzn1.ask.skill.1' }],
    ['- alexaSmartHome: amzn1.ask.skill.2', { type: 'alexa', source: 'amzn1.ask.skill.2' }],
    ['- kafka:\n    topic: clicks\n    accessConfigurations: {}', { type: 'kafka', source: 'clicks' }],
    ['- msk:\n    arn: arn:aws:kafka:eu-west-1:1:cluster/c\n    topic: clicks', { type: 'kafka', source: 'clicks' }],
    ['- activemq:\n    arn: arn:aws:mq:x\n    queue: jobs', { type: 'mq', source: 'jobs' }],
    ['- rabbitmq:\n    arn: arn:aws:mq:x\n    queue: jobs', { type: 'mq', source: 'jobs' }],
    ['- cloudFront:\n    eventType: viewer-request\n    origin: https://x', { type: 'lambda-edge', source: 'viewer-request' }],
  ])('%s', async (event, expected) => {
    expect(await triggersOf(event)).toEqual([expected]);
  });

  it('says what a plugin event is called and keeps the function', async () => {
    const { functions, diagnostics } = await readYml(
      'functions:\n  fn:\n    handler: a.b\n    events:\n      - customResource:\n          x: 1\n',
    );
    expect(diagnostics).toMatchObject([{ code: 'SERVERLESS_EVENT_UNKNOWN', line: 10, args: { event: 'customResource', function: 'fn' } }]);
    expect(functions['fn']?.triggers).toMatchObject([{ type: 'invoke' }]);
  });

  it('says that an event lacks what it needs', async () => {
    const { diagnostics } = await readYml('functions:\n  fn:\n    handler: a.b\n    events:\n      - sqs:\n      - http: {}\n');
    expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([
      ['SERVERLESS_EVENT_INVALID', 10],
      ['SERVERLESS_EVENT_INVALID', 11],
    ]);
  });
});

describe('schedules', () => {
  it.each([
    ['- schedule: rate(5 minutes)', [{ type: 'schedule', expression: 'rate(5 minutes)', scheduler: false }]],
    [
      '- schedule:\n    rate: [rate(1 hour), "cron(0 12 * * ? *)"]\n    enabled: false',
      [
        { type: 'schedule', expression: 'rate(1 hour)', scheduler: false, enabled: false },
        { type: 'schedule', expression: 'cron(0 12 * * ? *)', scheduler: false, enabled: false },
      ],
    ],
    [
      '- schedule:\n    rate: cron(0 9 * * ? *)\n    method: scheduler\n    timezone: Europe/Vienna\n    name: nightly\n    input:\n      kind: nightly\n      body: \'{"a":1}\'',
      [
        {
          type: 'schedule',
          expression: 'cron(0 9 * * ? *)',
          scheduler: true,
          timezone: 'Europe/Vienna',
          name: 'nightly',
          input: { kind: 'nightly', body: { a: 1 } },
        },
      ],
    ],
    [
      '- schedule:\n    rate: rate(1 day)\n    input: \'{"a":1}\'',
      [{ type: 'schedule', expression: 'rate(1 day)', scheduler: false, input: { a: 1 } }],
    ],
    [
      '- eventBridge:\n    schedule: rate(1 day)\n    input: { a: 1 }',
      [{ type: 'schedule', expression: 'rate(1 day)', scheduler: false, input: { a: 1 } }],
    ],
  ])('%s', async (event, expected) => {
    expect(await triggersOf(event)).toEqual(expected);
  });

  it('says that an input transformer is not carried over', async () => {
    const { diagnostics } = await readYml(
      'functions:\n  fn:\n    handler: a.b\n    events:\n      - schedule:\n          rate: rate(1 day)\n          inputPath: $.time\n',
    );
    expect(diagnostics).toMatchObject([{ code: 'SERVERLESS_SCHEDULE_INPUT', line: 10, function: 'fn' }]);
  });
});

describe('queues', () => {
  const resources = `resources:
  Resources:
    Jobs:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: shop-jobs.fifo
        FifoQueue: true
`;

  it('reads the settings of an event', async () => {
    const event = `- sqs:
    arn: arn:aws:sqs:eu-west-1:123456789012:shop-jobs
    batchSize: 5
    maximumBatchingWindow: 20
    maximumConcurrency: 3
    functionResponseType: ReportBatchItemFailures
    filterPatterns:
      - body: { kind: [a] }
    enabled: false`;
    expect(await triggersOf(event)).toEqual([
      {
        type: 'sqs',
        queue: { kind: 'literal', value: 'arn:aws:sqs:eu-west-1:123456789012:shop-jobs' },
        queueName: 'shop-jobs',
        fifo: false,
        batchSize: 5,
        maximumBatchingWindow: 20,
        reportBatchItemFailures: true,
        maximumConcurrency: 3,
        filters: [{ body: { kind: ['a'] } }],
        enabled: false,
      },
    ]);
  });

  it('finds the queue among the resources of the service', async () => {
    expect(await triggersOf('- sqs:\n    arn: !GetAtt Jobs.Arn', resources)).toMatchObject([
      {
        type: 'sqs',
        queueName: 'shop-jobs.fifo',
        queueResource: 'Jobs',
        fifo: true,
        batchSize: 10,
        queue: { kind: 'reference', names: ['Jobs'] },
      },
    ]);
  });

  it('reads the name of a joined ARN', async () => {
    const joined = "- sqs:\n    arn:\n      Fn::Join: [':', [arn, aws, sqs, !Ref AWS::Region, !Ref AWS::AccountId, jobs]]";
    expect(await triggersOf(joined)).toMatchObject([{ type: 'sqs', queueName: 'jobs' }]);
  });

  it('reads a queue of serverless-lift with its worker', async () => {
    const { functions } = await readYml(`plugins: [serverless-lift]
constructs:
  jobs:
    type: queue
    fifo: true
    worker:
      handler: worker.handler
      timeout: 20
`);
    expect(functions['jobsWorker']).toMatchObject({ handler: { declared: 'worker.handler' }, timeoutSeconds: 20, range: { line: 12 } });
    expect(functions['jobsWorker']?.triggers).toMatchObject([
      { type: 'sqs', queueName: 'shop-dev-jobs.fifo', fifo: true, batchSize: 1, reportBatchItemFailures: true },
    ]);
  });
});

describe('wiring by resources and plugins', () => {
  it('names the functions that state machines call', async () => {
    const { functions } = await readYml(`functions:
  check-order:
    handler: a.check
  ship:
    handler: a.ship
  bill:
    handler: a.bill
  idle:
    handler: a.idle
stepFunctions:
  stateMachines:
    orders:
      definition:
        StartAt: Check
        States:
          Check: { Type: Task, Resource: !GetAtt CheckDashorderLambdaFunction.Arn, Next: Ship }
          Ship:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke
            Parameters: { FunctionName: shop-dev-ship, Payload.$: $ }
            Next: Bill
          Bill: { Type: Task, Resource: !GetAtt bill.Arn, End: true }
`);
    const types = Object.fromEntries(Object.entries(functions).map(([id, fn]) => [id, fn.triggers.map(({ type }) => type)]));
    expect(types).toEqual({ 'check-order': ['step-functions'], ship: ['step-functions'], bill: ['step-functions'], idle: ['invoke'] });
  });

  it('names data sources and the authorizer of a GraphQL API', async () => {
    const { functions } = await readYml(`functions:
  list: { handler: a.list }
  guard: { handler: a.guard }
appSync:
  name: shop
  authentication: { type: AWS_LAMBDA, config: { functionName: guard } }
  dataSources:
    orders: { type: AWS_LAMBDA, config: { functionName: list } }
`);
    expect(functions['list']?.triggers).toMatchObject([{ type: 'appsync' }]);
    expect(functions['guard']?.triggers).toMatchObject([{ type: 'authorizer' }]);
  });

  it('names functions at the edge, by their plugin', async () => {
    const { functions } = await readYml(
      'functions:\n  fn: { handler: a.b, lambdaAtEdge: { distribution: Web, eventType: viewer-request } }\n',
    );
    expect(functions['fn']?.triggers).toEqual([{ type: 'lambda-edge', source: 'Web' }]);
  });

  it('calls the target of a destination an invocation, and so a function that nothing calls', async () => {
    const { functions } = await readYml(`functions:
  first: { handler: a.first, destinations: { onSuccess: second } }
  second: { handler: a.second }
`);
    expect(withoutRanges(functions['second']?.triggers)).toEqual([{ type: 'invoke' }]);
    expect(functions['first']?.triggers).toMatchObject([{ type: 'invoke', range: { line: 7 } }]);
  });

  it('reads functions that are declared as resources', async () => {
    const { functions, diagnostics } = await readYml(`functions:
  fn: { handler: a.fn }
resources:
  Resources:
    Extra:
      Type: AWS::Lambda::Function
      Properties: { Runtime: nodejs20.x, Handler: index.handler, Code: { ZipFile: "exports.handler = async () => 1" } }
`);
    expect(codesOf(diagnostics)).toEqual([]);
    expect(functions['Extra']).toMatchObject({ packageType: 'inline', handler: { declared: 'index.handler' } });
  });
});
