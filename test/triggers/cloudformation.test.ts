import { describe, expect, it } from 'vitest';
import { rawTemplate, rawTriggers, readTemplate, samTemplate, samTriggers } from './templates.js';

const sqs = { type: 'sqs', fifo: false, batchSize: 10, maximumBatchingWindow: 0, reportBatchItemFailures: false, filters: [] };
const arn = '!GetAtt Fn.Arn';
const resource = (type: string, properties: string) => `R:\n  Type: ${type}\n  Properties: ${properties}`;

describe('resources that call a function', () => {
  it.each([
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn }\nJobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }`,
      { ...sqs, queue: { kind: 'reference', text: '!GetAtt Jobs.Arn', names: ['Jobs'] }, queueName: 'jobs', queueResource: 'Jobs' },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: shop-fn, EventSourceArn: !ImportValue SomeExport }`,
      { ...sqs, queue: { kind: 'reference', text: '!ImportValue SomeExport', names: ['SomeExport'] } },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: ${arn}, EventSourceArn: arn:aws:kinesis:eu-west-1:1:stream/clicks, StartingPosition: LATEST }`,
      { type: 'kinesis', source: 'arn:aws:kinesis:eu-west-1:1:stream/clicks' },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: ${arn}, EventSourceArn: !ImportValue OrdersTableStream, StartingPosition: LATEST }`,
      { type: 'dynamodb-stream', source: '!ImportValue OrdersTableStream' },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: ${arn}, EventSourceArn: !Ref Cluster, Topics: [t], StartingPosition: LATEST, Enabled: false }`,
      { type: 'kafka', source: '!Ref Cluster', enabled: false },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: ${arn}, SelfManagedEventSource: {}, Topics: [t] }`,
      { type: 'kafka', source: 't' },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: ${arn}, EventSourceArn: !Ref Broker, Queues: [q] }`,
      { type: 'mq', source: '!Ref Broker' },
    ],
    [
      'AWS::Lambda::EventSourceMapping',
      `{ FunctionName: ${arn}, EventSourceArn: !Ref Db, DocumentDBEventSourceConfig: {} }`,
      { type: 'documentdb', source: '!Ref Db' },
    ],
    [
      'AWS::Events::Rule',
      `{ ScheduleExpression: rate(1 hour), State: DISABLED, Targets: [{ Id: t, Arn: ${arn}, Input: '{"a":1}' }] }`,
      { type: 'schedule', expression: 'rate(1 hour)', input: { a: 1 }, scheduler: false, enabled: false },
    ],
    [
      'AWS::Events::Rule',
      `{ EventPattern: { source: [shop] }, Targets: [{ Id: q, Arn: !Ref Q }, { Id: t, Arn: ${arn} }] }`,
      { type: 'eventbridge', source: '{"source":["shop"]}' },
    ],
    [
      'AWS::Events::Rule',
      `{ ScheduleExpression: rate(1 hour), Targets: [{ Id: t, Arn: ${arn}, InputTransformer: { InputTemplate: '{}' } }] }`,
      { type: 'eventbridge', source: 'rate(1 hour) with an event that the rule makes' },
    ],
    [
      'AWS::Scheduler::Schedule',
      `{ Name: nightly, ScheduleExpression: cron(0 3 * * ? *), ScheduleExpressionTimezone: UTC, Target: { Arn: ${arn}, Input: '{"a":1}', RoleArn: r } }`,
      { type: 'schedule', expression: 'cron(0 3 * * ? *)', timezone: 'UTC', name: 'nightly', input: { a: 1 }, scheduler: true },
    ],
    [
      'AWS::Scheduler::Schedule',
      `{ ScheduleExpression: rate(1 day), Target: { Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke', Input: '{"FunctionName":"shop-fn","Payload":"x"}' } }`,
      { type: 'schedule', expression: 'rate(1 day)', input: 'x', scheduler: true },
    ],
    ['AWS::SNS::Subscription', `{ Protocol: lambda, TopicArn: !Ref T, Endpoint: ${arn} }`, { type: 'sns', source: '!Ref T' }],
    ['AWS::SNS::Topic', `{ Subscription: [{ Protocol: lambda, Endpoint: ${arn} }] }`, { type: 'sns', source: 'R' }],
    [
      'AWS::S3::Bucket',
      `{ NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: ${arn} }] } }`,
      { type: 's3', source: 'R' },
    ],
    [
      'Custom::S3BucketNotifications',
      `{ BucketName: photos, NotificationConfiguration: { LambdaFunctionConfigurations: [{ LambdaFunctionArn: ${arn} }] } }`,
      { type: 's3', source: 'photos' },
    ],
    [
      'AWS::IoT::TopicRule',
      `{ TopicRulePayload: { Sql: x, Actions: [{ Lambda: { FunctionArn: ${arn} } }] } }`,
      { type: 'iot', source: 'R' },
    ],
    [
      'AWS::Logs::SubscriptionFilter',
      `{ LogGroupName: g, DestinationArn: ${arn}, FilterPattern: '' }`,
      { type: 'cloudwatch-logs', source: 'R' },
    ],
    ['AWS::SES::ReceiptRule', `{ Rule: { Actions: [{ LambdaAction: { FunctionArn: ${arn} } }] } }`, { type: 'ses', source: 'R' }],
    ['AWS::Cognito::UserPool', `{ LambdaConfig: { PreSignUp: ${arn} } }`, { type: 'cognito', source: 'R' }],
    [
      'AWS::ApiGateway::Authorizer',
      `{ Type: TOKEN, AuthorizerUri: !Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations' }`,
      { type: 'authorizer', source: 'R' },
    ],
    [
      'AWS::AppSync::GraphQLApi',
      `{ AdditionalAuthenticationProviders: [{ LambdaAuthorizerConfig: { AuthorizerUri: ${arn} } }] }`,
      { type: 'authorizer', source: 'R' },
    ],
    ['Custom::Seed', `{ ServiceToken: ${arn} }`, { type: 'custom-resource', source: 'R' }],
    ['AWS::CloudFormation::CustomResource', `{ ServiceToken: ${arn} }`, { type: 'custom-resource', source: 'R' }],
    [
      'AWS::CloudFront::Distribution',
      `{ DistributionConfig: { CacheBehaviors: [{ LambdaFunctionAssociations: [{ EventType: viewer-request, LambdaFunctionARN: !Ref V }] }] } }\nV: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Fn } }`,
      { type: 'lambda-edge', source: 'R' },
    ],
    ['AWS::AppSync::DataSource', `{ Type: AWS_LAMBDA, LambdaConfig: { LambdaFunctionArn: ${arn} } }`, { type: 'appsync', source: 'R' }],
    [
      'AWS::StepFunctions::StateMachine',
      `{ DefinitionString: !Sub '{"States":{"A":{"Resource":"\${Fn.Arn}"}}}' }`,
      { type: 'step-functions', source: 'R' },
    ],
    [
      'AWS::StepFunctions::StateMachine',
      `{ DefinitionString: !Join ['', ['{"Resource":"', ${arn}, '"}']] }`,
      { type: 'step-functions', source: 'R' },
    ],
    [
      'AWS::StepFunctions::StateMachine',
      `{ Definition: { States: { A: { Resource: '\${arn}' } } }, DefinitionSubstitutions: { arn: ${arn}, other: !GetAtt Other.Arn } }`,
      { type: 'step-functions', source: 'R' },
    ],
    [
      'Alexa::ASK::Skill',
      `{ SkillPackage: { Overrides: { Manifest: { apis: { custom: { endpoint: { uri: ${arn} } } } } } } }`,
      { type: 'alexa', source: 'R' },
    ],
    [
      'AWS::Lex::Bot',
      `{ TestBotAliasSettings: { BotAliasLocaleSettings: [{ CodeHookSpecification: { LambdaCodeHook: { LambdaArn: ${arn} } } }] } }`,
      { type: 'lex', source: 'R' },
    ],
    [
      'AWS::Connect::IntegrationAssociation',
      `{ IntegrationType: LAMBDA_FUNCTION, IntegrationArn: ${arn} }`,
      { type: 'connect', source: 'R' },
    ],
    [
      'AWS::S3ObjectLambda::AccessPoint',
      `{ ObjectLambdaConfiguration: { TransformationConfigurations: [{ ContentTransformation: { AwsLambda: { FunctionArn: ${arn} } } }] } }`,
      { type: 's3-object-lambda', source: 'R' },
    ],
    [
      'AWS::KinesisFirehose::DeliveryStream',
      `{ ExtendedS3DestinationConfiguration: { ProcessingConfiguration: { Processors: [{ Parameters: [{ ParameterName: LambdaArn, ParameterValue: ${arn} }] }] } } }`,
      { type: 'firehose', source: 'R' },
    ],
    ['AWS::Config::ConfigRule', `{ Source: { Owner: CUSTOM_LAMBDA, SourceIdentifier: ${arn} } }`, { type: 'config', source: 'R' }],
    ['AWS::Pipes::Pipe', `{ Source: s, Enrichment: ${arn}, Target: t }`, { type: 'pipe', source: 'R' }],
    ['AWS::SecretsManager::RotationSchedule', `{ RotationLambdaARN: ${arn} }`, { type: 'invoke', source: 'R' }],
    [
      'AWS::Lambda::EventInvokeConfig',
      `{ FunctionName: !Ref Other, DestinationConfig: { OnFailure: { Destination: ${arn} } } }`,
      { type: 'invoke', source: 'R' },
    ],
  ])('%s %s', async (type, properties, expected) => {
    expect(await rawTriggers(resource(type, properties))).toEqual([expected]);
  }); // prettier-ignore

  it.each([
    [
      'Ref of an alias',
      "!Ref Live\nLive: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Fn, FunctionVersion: '1', Name: live } }",
    ],
    ['substituted ARN', "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}'"],
    ['substituted ARN with a variable', "!Sub ['${target}:live', { target: !GetAtt Fn.Arn }]"],
    ['joined ARN', "!Join [':', ['arn:aws:lambda', !Ref 'AWS::Region', !Ref 'AWS::AccountId', function, !Ref Fn]]"],
    ['ARN by name', 'arn:aws:lambda:eu-west-1:123456789012:function:shop-fn:live'],
    ['condition', '!If [Unknown, !GetAtt Fn.Arn, !GetAtt Fn.Arn]'],
  ])('follows a function given as %s', async (_, value) => {
    const [first = '', ...rest] = value.split('\n');
    const text = `R:\n  Type: AWS::SNS::Subscription\n  Properties:\n    Protocol: lambda\n    TopicArn: t\n    Endpoint: ${first}\n${rest.join('\n')}`;
    expect(await rawTriggers(text)).toEqual([{ type: 'sns', source: 't' }]);
  });

  it('follows an ARN that holds the same unknown name', async () => {
    const text = samTemplate(
      '',
      'S: { Type: AWS::SNS::Subscription, Properties: { Protocol: lambda, TopicArn: t, Endpoint: !Sub "arn:aws:lambda:${AWS::Region}:1:function:${Stage}-fn" } }',
    );
    const { triggers } = await readTemplate(text.replace('      CodeUri', "      FunctionName: !Sub '${Stage}-fn'\n      CodeUri"));
    expect(triggers).toEqual([{ type: 'sns', source: 't' }]);
  });

  it('reads a state machine from its file, and calls only what the file names', async () => {
    const machine = `M:
  Type: AWS::Serverless::StateMachine
  Properties:
    DefinitionUri: flow.asl.json
    DefinitionSubstitutions: { FnArn: !GetAtt Fn.Arn, SecondArn: !GetAtt Second.Arn }
Second:
  Type: AWS::Serverless::Function
  Properties: { Runtime: nodejs22.x, Handler: app.second, CodeUri: src/ }`;
    const { triggers, functions } = await readTemplate(samTemplate('', machine), {
      'flow.asl.json': '{"States":{"A":{"Resource":"${FnArn}"}}}',
    });
    expect(triggers).toEqual([{ type: 'step-functions', source: 'M' }]);
    expect(functions.find(({ id }) => id === 'Second')?.triggers.map(({ type }) => type)).toEqual(['invoke']);
  });

  it("follows the CDK's provider framework to the function of the user", async () => {
    const text = `C: { Type: Custom::Thing, Properties: { ServiceToken: !GetAtt Framework.Arn } }
Framework:
  Type: AWS::Lambda::Function
  Properties:
    Runtime: nodejs22.x
    Handler: framework.onEvent
    Code: src/
    Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: !GetAtt Fn.Arn } }`;
    expect(await rawTriggers(text)).toEqual([{ type: 'custom-resource', source: 'C' }]);
  });

  it.each([
    ['sns.amazonaws.com', 'arn:aws:sns:x', { type: 'sns', source: 'arn:aws:sns:x' }],
    ['logs.eu-west-1.amazonaws.com', undefined, { type: 'cloudwatch-logs' }],
    ['lexv2.amazonaws.com', undefined, { type: 'lex' }],
    ['config.amazonaws.com', undefined, { type: 'config' }],
  ])('takes a permission of %s as last evidence', async (principal, source, expected) => {
    const permission = `{ Action: lambda:InvokeFunction, FunctionName: !Ref Fn, Principal: ${principal}${source ? `, SourceArn: '${source}'` : ''} }`;
    expect(await rawTriggers(resource('AWS::Lambda::Permission', permission))).toEqual([expected]);
  });

  it('never opens a route of an API or load balancer that it does not see', async () => {
    const permission = (principal: string) => `P:
  Type: AWS::Lambda::Permission
  Properties: { FunctionName: !Ref Fn, Principal: ${principal}, SourceArn: !Sub 'arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/GET/orders' }`;
    expect(await rawTriggers(permission('apigateway.amazonaws.com'))).toMatchObject([
      { type: 'rest-api', method: 'GET', path: '/orders', gateway: [{ kind: 'authorizer', authorizer: { type: 'unknown' } }] },
    ]);
    expect(await rawTriggers(permission('elasticloadbalancing.amazonaws.com'))).toMatchObject([
      { type: 'alb', method: 'ANY', path: '/*', gateway: [{ kind: 'authorizer', authorizer: { type: 'unknown' } }] },
    ]);
  });

  it('counts a permission only for a function that nothing else calls', async () => {
    const text = `S: { Type: AWS::SNS::Subscription, Properties: { Protocol: lambda, TopicArn: t, Endpoint: ${arn} } }
P: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Fn, Principal: s3.amazonaws.com } }`;
    expect(await rawTriggers(text)).toEqual([{ type: 'sns', source: 't' }]);
  });

  it('calls a function that nothing names directly invoked', async () => {
    const { triggers, functions } = await readTemplate(
      rawTemplate('A: { Type: AWS::CloudWatch::Alarm, Properties: { Dimensions: [{ Name: FunctionName, Value: !Ref Fn }] } }'),
    );
    expect(triggers).toEqual([{ type: 'invoke' }]);
    expect(functions.map(({ id }) => id)).toEqual(['Fn', 'Other']);
  });

  it('reads raw wiring beside the events of SAM', async () => {
    const rule =
      'R:\n  Type: AWS::Events::Rule\n  Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: a, Arn: !GetAtt Fn.Arn }] }';
    expect(await samTriggers('E: { Type: S3, Properties: { Bucket: b } }', rule)).toEqual([
      { type: 's3', source: 'b' },
      { type: 'schedule', expression: 'rate(1 day)', scheduler: false },
    ]);
  });
});
