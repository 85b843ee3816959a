import { afterAll, describe, expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { migrate } from '../../src/run.js';
import { cleanUp, temporaryFolder } from '../support/fixtures.js';
import { writeTree } from '../support/trees.js';

const template = {
  Transform: 'AWS::Serverless-2016-10-31',
  Conditions: { IsLive: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
  Resources: {
    Dead: { Type: 'AWS::SQS::Queue' },
    Jobs: {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 } },
    },
    Api: lambda('web', { Get: { Type: 'Api', Properties: { Path: '/', Method: 'get' } } }),
    Work: lambda('work', { Queue: { Type: 'SQS', Properties: { Queue: { 'Fn::GetAtt': ['Jobs', 'Arn'] } } } }),
    Nightly: { ...lambda('job', { At: { Type: 'Schedule', Properties: { Schedule: 'rate(1 day)' } } }), Condition: 'IsLive' },
  },
};

function lambda(handler: string, events: PlainObject) {
  return {
    Type: 'AWS::Serverless::Function',
    Properties: { CodeUri: '.', Handler: `${handler}.handler`, Runtime: 'nodejs22.x', Events: events },
  };
}

async function alarmsOf(given: PlainObject = template, options: { region?: string; target?: string } = {}) {
  const folder = await temporaryFolder();
  const code = 'exports.handler = async () => ({ statusCode: 200, body: "" });\n';
  await writeTree(folder, { 'template.json': JSON.stringify(given, null, 2), 'web.js': code, 'work.js': code, 'job.js': code });
  const { changes } = await migrate({ folder, threads: 0, infra: 'template', ...options });
  const after = templateOf({ dialect: 'sam' }, changes.find(({ path }) => path === 'template.json')?.after ?? '');
  const resources = objectOf(after['Resources']) as Record<string, PlainObject>;
  const alarms = Object.entries(resources).filter(([, { Type: type }]) => type === 'AWS::CloudWatch::Alarm');
  const properties = (id: string) => objectOf(resources[id]?.['Properties']);
  return { after, resources, properties, alarms, ids: alarms.map(([id]) => id).sort() };
}

afterAll(cleanUp);

describe.each(['ecs-fargate', 'ecs-ec2', 'ec2-asg'])('alarms of %s', (target) => {
  it('tell a topic, and are not there without one', async () => {
    const { after, alarms, ids } = await alarmsOf(template, { target });
    expect(ids).toEqual([
      'ContainerJobFailedRunsAlarm',
      'ContainerLoadBalancerErrorsAlarm',
      'ContainerWebErrorsAlarm',
      'ContainerWebUnhealthyAlarm',
      'ContainerWorkerDeadLettersAlarm',
      'ContainerWorkerOldestMessageAlarm',
    ]);
    expect(objectOf(after['Parameters'])['ContainerAlarmTopic']).toMatchObject({ Type: 'String', Default: '' });
    for (const [, entry] of alarms) {
      expect(entry['Condition']).toMatch(/^ContainerIfTellsAlarms/);
      expect(entry['Properties']).toMatchObject({ AlarmActions: [{ Ref: 'ContainerAlarmTopic' }] });
    }
  });

  it('of what is there under a condition need it too', async () => {
    const { after, resources } = await alarmsOf(template, { target });
    const { Condition: condition } = resources['ContainerJobFailedRunsAlarm'] ?? {};
    expect(condition).toBe('ContainerIfTellsAlarmsIfIsLive');
    expect(resources['ContainerJobFailedRuns']?.['Condition']).toBe(condition);
    expect(objectOf(after['Conditions'])).toMatchObject({
      ContainerIfTellsAlarmsIfIsLive: { 'Fn::And': [{ Condition: 'ContainerTellsAlarmsIfIsLive' }, { Condition: 'ContainerDeployed' }] },
      ContainerTellsAlarmsIfIsLive: { 'Fn::And': [{ Condition: 'IsLive' }, { Condition: 'ContainerTellsAlarms' }] },
    });
  });
});

describe('a dead-letter queue', () => {
  const withQueue = (more: PlainObject, dead: PlainObject = {}) => ({
    ...template,
    Resources: {
      ...template.Resources,
      Dead: { Type: 'AWS::SQS::Queue', ...dead },
      Jobs: { Type: 'AWS::SQS::Queue', Properties: more },
    },
  });

  it('of the template is watched by its name', async () => {
    const { properties } = await alarmsOf();
    expect(properties('ContainerWorkerDeadLettersAlarm')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }],
      TreatMissingData: 'ignore',
    });
  });

  it('with an ARN, too', async () => {
    const { properties } = await alarmsOf(withQueue({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead' } }));
    expect(properties('ContainerWorkerDeadLettersAlarm')['Dimensions']).toEqual([{ Name: 'QueueName', Value: 'dead' }]);
  });

  it.each([
    ['none', withQueue({})],
    ['one that only a parameter knows', withQueue({ RedrivePolicy: { deadLetterTargetArn: { Ref: 'DeadArn' } } })],
    [
      'one that is not always there',
      withQueue({ RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } } }, { Condition: 'IsLive' }),
    ],
  ])('%s is not watched', async (_, given) => {
    expect((await alarmsOf(given)).ids).not.toContain('ContainerWorkerDeadLettersAlarm');
  });
});

describe('a deployment', () => {
  it('that makes requests fail is taken back', async () => {
    const { properties } = await alarmsOf();
    expect(properties('ContainerWebService')['DeploymentConfiguration']).toMatchObject({
      Alarms: {
        'Fn::If': [
          'ContainerIfTellsAlarms',
          { AlarmNames: [{ Ref: 'ContainerWebErrorsAlarm' }], Enable: true, Rollback: true },
          { Ref: 'AWS::NoValue' },
        ],
      },
    });
  });

  it.each(['cn-north-1', 'us-gov-west-1'])('has no alarms where they are not known to be: %s', async (region) => {
    const { properties, ids } = await alarmsOf(template, { region });
    expect(properties('ContainerWebService')['DeploymentConfiguration']).not.toHaveProperty('Alarms');
    expect(ids).toHaveLength(6);
  });
});
