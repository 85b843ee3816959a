import { describe, expect, it } from 'vitest';
import { readTemplate, samTemplate, samTriggers } from './templates.js';

const sqs = { type: 'sqs', fifo: false, batchSize: 10, maximumBatchingWindow: 0, reportBatchItemFailures: false, filters: [] };

describe('events of SAM functions', () => {
  it.each([
    ['S3', '{ Bucket: !Ref Photos, Events: s3:ObjectCreated:* }', { type: 's3', source: '!Ref Photos' }],
    ['SNS', '{ Topic: arn:aws:sns:eu-west-1:123456789012:orders }', { type: 'sns', source: 'arn:aws:sns:eu-west-1:123456789012:orders' }],
    ['SNS', '{ Topic: !Ref T, SqsSubscription: false }', { type: 'sns', source: '!Ref T' }],
    [
      'Kinesis',
      '{ Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST, Enabled: false }',
      { type: 'kinesis', source: '!GetAtt Clicks.Arn', enabled: false },
    ],
    [
      'DynamoDB',
      '{ Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST }',
      { type: 'dynamodb-stream', source: '!GetAtt Orders.StreamArn' },
    ],
    [
      'DocumentDB',
      '{ Cluster: !Ref Cluster, DatabaseName: d, SourceAccessConfigurations: [] }',
      { type: 'documentdb', source: '!Ref Cluster' },
    ],
    ['MSK', '{ Stream: !Ref Cluster, Topics: [clicks], StartingPosition: LATEST }', { type: 'kafka', source: '!Ref Cluster' }],
    ['SelfManagedKafka', '{ KafkaBootstrapServers: [a:9092], Topics: [clicks, views] }', { type: 'kafka', source: 'clicks, views' }],
    ['MQ', '{ Broker: !GetAtt Broker.Arn, Queues: [jobs], SourceAccessConfigurations: [] }', { type: 'mq', source: '!GetAtt Broker.Arn' }],
    ['EventBridgeRule', '{ Pattern: { source: [shop] } }', { type: 'eventbridge', source: '{"source":["shop"]}' }],
    [
      'CloudWatchEvent',
      '{ Pattern: { source: [aws.ec2] }, State: DISABLED }',
      { type: 'eventbridge', source: '{"source":["aws.ec2"]}', enabled: false },
    ],
    ['CloudWatchLogs', '{ LogGroupName: /aws/lambda/other, FilterPattern: "" }', { type: 'cloudwatch-logs', source: '/aws/lambda/other' }],
    ['IoTRule', `{ Sql: "SELECT * FROM 't'" }`, { type: 'iot', source: "SELECT * FROM 't'" }],
    ['AlexaSkill', '{ SkillId: amzn1.ask.skill.1 }', { type: 'alexa', source: 'amzn1.ask.skill.1' }],
    ['Cognito', '{ UserPool: !Ref Users, Trigger: PreSignUp }', { type: 'cognito', source: '!Ref Users' }],
    ['Schedule', '{ Schedule: rate(5 minutes) }', { type: 'schedule', expression: 'rate(5 minutes)', scheduler: false }],
    [
      'Schedule',
      `{ Schedule: 'cron(0 12 * * ? *)', Name: noon, Enabled: false, Input: '{"kind":"noon"}' }`,
      { type: 'schedule', expression: 'cron(0 12 * * ? *)', name: 'noon', input: { kind: 'noon' }, scheduler: false, enabled: false },
    ],
    [
      'ScheduleV2',
      `{ ScheduleExpression: 'at(2030-01-01T00:00:00)', ScheduleExpressionTimezone: Europe/Berlin, State: ENABLED }`,
      { type: 'schedule', expression: 'at(2030-01-01T00:00:00)', timezone: 'Europe/Berlin', scheduler: true },
    ],
    [
      'SQS',
      '{ Queue: arn:aws:sqs:eu-west-1:123456789012:orders.fifo }',
      { ...sqs, queue: { kind: 'literal', value: 'arn:aws:sqs:eu-west-1:123456789012:orders.fifo' }, queueName: 'orders.fifo', fifo: true },
    ],
    [
      'SQS',
      `{ Queue: !Sub 'arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:orders' }`,
      {
        ...sqs,
        queue: {
          kind: 'reference',
          text: '!Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"',
          names: ['AWS::Partition', 'AWS::Region', 'AWS::AccountId'],
        },
        queueName: 'orders',
      },
    ],
  ])('%s %s', async (type, properties, expected) => {
    expect(await samTriggers(`E:\n  Type: ${type}\n  Properties: ${properties}`)).toEqual([expected]);
  });

  it('reads everything about a queue of the template', async () => {
    const queue = 'Orders:\n  Type: AWS::SQS::Queue\n  Properties: { QueueName: orders.fifo, FifoQueue: true }';
    const event = `E:
  Type: SQS
  Properties:
    Queue: !GetAtt Orders.Arn
    BatchSize: 5
    MaximumBatchingWindowInSeconds: 20
    FunctionResponseTypes: [ReportBatchItemFailures]
    ScalingConfig: { MaximumConcurrency: 4 }
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] }
    Enabled: false`;
    expect(await samTriggers(event, queue)).toEqual([
      {
        type: 'sqs',
        queue: { kind: 'reference', text: '!GetAtt Orders.Arn', names: ['Orders'] },
        queueName: 'orders.fifo',
        queueResource: 'Orders',
        fifo: true,
        batchSize: 5,
        maximumBatchingWindow: 20,
        reportBatchItemFailures: true,
        maximumConcurrency: 4,
        filters: [{ body: { kind: ['a'] } }],
        enabled: false,
      },
    ]);
  });

  it('reads a topic that delivers through a queue as that queue', async () => {
    const own =
      'E:\n  Type: SNS\n  Properties: { Topic: !Ref T, SqsSubscription: { QueueArn: !GetAtt Q.Arn, QueueUrl: !Ref Q, BatchSize: 3 } }';
    expect(await samTriggers(own, 'Q: { Type: AWS::SQS::Queue }')).toEqual([
      { ...sqs, queue: { kind: 'reference', text: '!GetAtt Q.Arn', names: ['Q'] }, queueResource: 'Q', batchSize: 3 },
    ]);
    expect(await samTriggers('E:\n  Type: SNS\n  Properties: { Topic: !Ref T, SqsSubscription: true }')).toEqual([
      { ...sqs, queue: { kind: 'reference', text: '!GetAtt FnEQueue.Arn', names: ['FnEQueue'] } },
    ]);
    const fifo = 'T: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true } }';
    expect(await samTriggers('E:\n  Type: SNS\n  Properties: { Topic: !Ref T, SqsSubscription: true }', fifo)).toMatchObject([
      { type: 'sqs', fifo: true },
    ]);
  });

  it('keeps two schedules that are alike, each an invocation of its own', async () => {
    const event = (id: string) => `${id}: { Type: Schedule, Properties: { Schedule: rate(1 minute) } }`;
    expect(await samTriggers(`${event('A')}\n${event('B')}`)).toMatchObject([{ type: 'schedule' }, { type: 'schedule' }]);
  });

  it('keeps what only the deployment knows in a constant event', async () => {
    const [trigger] = await samTriggers(
      `E:\n  Type: Schedule\n  Properties: { Schedule: rate(1 day), Input: !Sub '{"table":"\${Orders}"}' }`,
    );
    expect(trigger).toMatchObject({ input: { table: '${Orders}' } });
  });

  it('keeps several events in their order, each with its place', async () => {
    const events = `B:
  Type: Schedule
  Properties: { Schedule: rate(1 day) }
A:
  Type: S3
  Properties: { Bucket: b }`;
    const { fn } = await readTemplate(samTemplate(events));
    expect(fn.triggers.map(({ type, range }) => [type, range?.line, range?.column])).toEqual([
      ['schedule', 11, 9],
      ['s3', 14, 9],
    ]);
  });

  it('says which events it does not know or cannot read', async () => {
    const events = 'A: { Type: Carrier, Properties: {} }\nB: { Type: SQS, Properties: {} }\nC: { Type: Api, Properties: { Path: /x } }';
    const { triggers, codes } = await readTemplate(samTemplate(events));
    expect(codes).toEqual(['EVENT_TYPE_UNKNOWN', 'EVENT_INVALID', 'EVENT_INVALID']);
    expect(triggers).toEqual([{ type: 'invoke' }]);
  });
});
