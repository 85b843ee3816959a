/** Properties of the event that only one kind of caller sends. */
import type { Told } from './event-types.js';

interface Rule {
  /** Property paths of which one must be read, e.g. `requestContext.http`. */
  any?: readonly string[];
  /** Property paths that must all be read. */
  all?: readonly string[];
  /** Something that the handler's text must show besides. */
  text?: RegExp;
  told: Told;
}

const restApi: Told = { front: 'rest-api', payload: '1.0' };

/** The first rule that fits decides: keys that nothing else has come first. */
const useRules: readonly Rule[] = [
  { any: ['requestContext.connectionId', 'requestContext.eventType'], told: { trigger: 'websocket' } },
  {
    any: ['requestContext.routeKey', 'requestContext.domainName'],
    text: /\$connect|\$disconnect|postToConnection|PostToConnection|connectionId/,
    told: { trigger: 'websocket' },
  },
  { any: ['methodArn', 'authorizationToken', 'routeArn'], told: { trigger: 'authorizer' } },
  { any: ['requestContext.elb'], told: { front: 'alb', payload: '1.0' } },
  { any: ['rawPath', 'rawQueryString', 'requestContext.http', 'routeKey', 'cookies'], told: { front: 'http-api', payload: '2.0' } },
  {
    any: [
      'multiValueHeaders',
      'multiValueQueryStringParameters',
      'resource',
      'requestContext.resourcePath',
      'requestContext.httpMethod',
      'requestContext.identity',
    ],
    told: restApi,
  },
  { any: ['httpMethod'], told: restApi },
  {
    any: ['triggerSource', 'userPoolId', 'request.userAttributes', 'response.autoConfirmUser', 'request.challengeAnswer'],
    told: { trigger: 'cognito' },
  },
  { any: ['ResponseURL', 'ResourceProperties', 'LogicalResourceId'], told: { trigger: 'custom-resource' } },
  { any: ['awslogs', 'awslogs.data'], told: { trigger: 'cloudwatch-logs' } },
  { any: ['info.fieldName', 'info.parentTypeName', 'info.selectionSetList'], told: { trigger: 'appsync' } },
  { any: ['getObjectContext', 'userRequest'], told: { trigger: 's3-object-lambda' } },
  { any: ['invokingEvent', 'ruleParameters', 'configRuleName'], told: { trigger: 'config' } },
  { any: ['session.application', 'request.intent', 'context.System'], told: { trigger: 'alexa' } },
  { any: ['currentIntent', 'sessionState.intent', 'sessionState', 'inputTranscript'], told: { trigger: 'lex' } },
  { any: ['Details.ContactData', 'Details.Parameters'], told: { trigger: 'connect' } },
  { any: ['rmqMessagesByQueue', 'rmqMessages'], told: { trigger: 'mq' } },
  { any: ['bootstrapServers'], told: { trigger: 'kafka' } },
  { any: ['Records.*.Sns'], told: { trigger: 'sns' } },
  { any: ['Records.*.cf'], told: { trigger: 'lambda-edge' } },
  { any: ['Records.*.s3'], told: { trigger: 's3' } },
  { any: ['Records.*.dynamodb'], told: { trigger: 'dynamodb-stream' } },
  { any: ['Records.*.kinesis'], told: { trigger: 'kinesis' } },
  { any: ['Records.*.ses'], told: { trigger: 'ses' } },
  { any: ['Records.*.body', 'Records.*.messageId', 'Records.*.receiptHandle', 'Records.*.messageAttributes'], told: { trigger: 'sqs' } },
  { any: ['Records'], text: /\.Sns\b|\bSns\s*[:,}]|aws:sns|\["Sns"\]|\['Sns'\]/, told: { trigger: 'sns' } },
  { any: ['Records'], text: /\.cf\b|\bcf\s*[:,}]/, told: { trigger: 'lambda-edge' } },
  { any: ['Records'], text: /\.s3\b|\bs3\s*:\s*\{|\{\s*s3\b|aws:s3\b/, told: { trigger: 's3' } },
  { any: ['Records'], text: /\.dynamodb\b|\bdynamodb\s*[:,}]|NewImage|OldImage|aws:dynamodb/, told: { trigger: 'dynamodb-stream' } },
  { any: ['Records'], text: /\.kinesis\b|\bkinesis\s*[:,}]|aws:kinesis/, told: { trigger: 'kinesis' } },
  { any: ['Records'], text: /\.ses\b|\bses\s*[:,}]/, told: { trigger: 'ses' } },
  {
    any: ['Records'],
    text: /\.body\b|\bbody\s*[:,}]|messageId|receiptHandle|messageAttributes|batchItemFailures|aws:sqs/,
    told: { trigger: 'sqs' },
  },
  { any: ['records'], text: /recordId/, told: { trigger: 'firehose' } },
  { any: ['records'], text: /\.topic\b|aws:kafka|aws:msk|SelfManagedKafka|\boffset\b/i, told: { trigger: 'kafka' } },
  { any: ['messages'], text: /aws:mq|\bmessageID\b|brokerInTime/, told: { trigger: 'mq' } },
  { any: ['events'], text: /fullDocument|documentKey|aws:docdb/, told: { trigger: 'documentdb' } },
  { any: ['detail-type', 'detail'], text: /Scheduled Event/, told: { trigger: 'schedule' } },
  { any: ['detail-type', 'detail'], told: { trigger: 'eventbridge' } },
  { any: ['source'], text: /['"]aws\.events['"]/, told: { trigger: 'schedule' } },
  { all: ['arguments'], text: /\bidentity\b|\bfieldName\b/, told: { trigger: 'appsync' } },
];

/** The first rule that the properties read and the text satisfy, with the path that satisfied it. */
export function toldByUses(paths: ReadonlySet<string>, text: string): { told: Told; path: string } | undefined {
  for (const { any = [], all = [], text: pattern, told } of useRules) {
    const path = any.find((each) => paths.has(each)) ?? (all.length > 0 && all.every((each) => paths.has(each)) ? all[0] : undefined);
    if (path !== undefined && (pattern === undefined || pattern.test(text))) return { told, path };
  }
  return undefined;
}
