/** Types of `@types/aws-lambda` (and names made after them) that tell what calls a handler. */
import type { Front, TriggerType } from '../project/trigger.js';

/** What a type or the use of a property says about the caller. */
export type Told = { front: Front; payload: '1.0' | '2.0' } | { trigger: TriggerType };

const restApi: Told = { front: 'rest-api', payload: '1.0' };
const httpApi: Told = { front: 'http-api', payload: '2.0' };

/** The first pattern that fits decides: the special ones come first. */
const patterns: readonly (readonly [name: RegExp, told: Told])[] = [
  [/Web[Ss]ocket/, { trigger: 'websocket' }],
  [
    /^APIGateway\w*Authorizer(Event|Handler|Result)|^(Custom|Simple)?Authorizer|^APIGateway(Token|Request|Simple|IAM)?Authorizer(?!Context)/,
    { trigger: 'authorizer' },
  ],
  [/APIGateway(Proxy)?\w*(Event|Handler|Result|Response)\w*V2|HttpApi|APIGatewayProxyHandlerV2/i, httpApi],
  [/API_?Gateway(Proxy)?\w*(Event|Handler|Result|Response)|^APIGatewayEvent|^ProxyHandler$/i, restApi],
  [/^ALB(Event|Handler|Result)/, { front: 'alb', payload: '1.0' }],
  [/^LambdaFunctionURL/, { front: 'function-url', payload: '2.0' }],
  [/^SQS(Event|Handler|Record|Batch)/, { trigger: 'sqs' }],
  [/^SNS(Event|Handler|Message)/, { trigger: 'sns' }],
  [/^S3(Event|Handler|CreateEvent)(?!Bridge)/, { trigger: 's3' }],
  [/^S3Batch/, { trigger: 'invoke' }],
  [/^S3ObjectLambda|^GetObjectContext/, { trigger: 's3-object-lambda' }],
  [/^Scheduled(Event|Handler)/, { trigger: 'schedule' }],
  [/^(EventBridge|S3NotificationEventBridge|CodePipelineCloudWatch|GuardDuty)/, { trigger: 'eventbridge' }],
  [/^DynamoDB(Stream|Event|Record|Batch)/, { trigger: 'dynamodb-stream' }],
  [/^KinesisFirehose|^FirehoseTransformation/, { trigger: 'firehose' }],
  [/^KinesisStream/, { trigger: 'kinesis' }],
  [/^(MSK|SelfManagedKafka|Kafka)(Event|Handler|Record)/, { trigger: 'kafka' }],
  [/^(ActiveMQ|RabbitMQ|AmazonMQ)/i, { trigger: 'mq' }],
  [/^IoT(Event|Handler|Custom)/, { trigger: 'iot' }],
  [/^CloudWatchLogs/, { trigger: 'cloudwatch-logs' }],
  [/^SES(Event|Handler|Message)/, { trigger: 'ses' }],
  [/^CloudFormationCustomResource|^CdkCustomResource/, { trigger: 'custom-resource' }],
  [/^CloudFront(Request|Response)/, { trigger: 'lambda-edge' }],
  [/^AppSync/, { trigger: 'appsync' }],
  [/^(Lex|LexV2)/, { trigger: 'lex' }],
  [/^Connect(ContactFlow)?(Event|Handler)|^AmazonConnect/, { trigger: 'connect' }],
  [
    /^(Pre|Post|Custom|Define|Create|Verify|UserMigration)(SignUp|Confirmation|Authentication|TokenGeneration|AuthChallenge|Message|\w*EmailSender|\w*SMSSender)?\w*Trigger(Event|Handler)|^Cognito/,
    { trigger: 'cognito' },
  ],
  [/^UserMigrationTrigger/, { trigger: 'cognito' }],
];

/** What a type's name tells; undefined when it is not of an event. */
export function toldByType(name: string): Told | undefined {
  return patterns.find(([pattern]) => pattern.test(name))?.[1];
}
