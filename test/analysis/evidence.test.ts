import { describe, expect, test } from 'vitest';
import { understandSource } from './understand-tree.js';

const front = (source: string, file = 'app.js') => {
  const { frontEvidence } = understandSource(source, file).facts;
  return frontEvidence && `${frontEvidence.front} ${frontEvidence.payload}`;
};
const trigger = (source: string, file = 'app.js') => understandSource(source, file).facts.triggerEvidence?.type ?? null;

describe('types of HTTP fronts', () => {
  test.each([
    ['variable', 'export const handler: APIGatewayProxyHandlerV2 = async () => ({});', 'http-api 2.0'],
    ['variable', 'export const handler: APIGatewayProxyHandler = async () => ({});', 'rest-api 1.0'],
    ['Handler of', 'export const handler: Handler<APIGatewayProxyEventV2, unknown> = async () => ({});', 'http-api 2.0'],
    ['parameter', 'export const handler = async (event: APIGatewayProxyEvent) => ({});', 'rest-api 1.0'],
    ['parameter of a function', 'export async function handler(event: ALBEvent) {}', 'alb 1.0'],
    ['function URL', 'export const handler: LambdaFunctionURLHandler = async () => ({});', 'function-url 2.0'],
    [
      'qualified',
      'import * as lambda from "aws-lambda";\nexport const handler = async (event: lambda.APIGatewayProxyEventV2) => ({});',
      'http-api 2.0',
    ],
    ['as', 'export const handler = (async (event) => ({})) as APIGatewayProxyHandlerV2;', 'http-api 2.0'],
    ['result', 'export const handler = async (): Promise<APIGatewayProxyResult> => ({ statusCode: 200 });', 'rest-api 1.0'],
    ['alias', 'type In = APIGatewayProxyEventV2 & { x: 1 };\nexport const handler = async (event: In) => ({});', 'http-api 2.0'],
    ['extended', 'interface In extends APIGatewayProxyEvent { x: 1 }\nexport const handler = async (event: In) => ({});', 'rest-api 1.0'],
    [
      'the function inside',
      "import middy from '@middy/core';\nconst run = async (event: APIGatewayProxyEventV2) => ({});\nexport const handler = middy(run);",
      'http-api 2.0',
    ],
    [
      'a validated event',
      'const run: ValidatedEventAPIGatewayProxyEvent<typeof schema> = async (event) => ({});\nexport const handler = wrap(run);',
      'rest-api 1.0',
    ],
  ])('%s: %s', (_, source, expected) => {
    expect(front(source, 'app.ts')).toBe(expected);
  });

  test('of another file', () => {
    const files = {
      'types.ts':
        'import type { Handler, APIGatewayProxyEvent } from "aws-lambda";\nexport type Typed<S> = Handler<APIGatewayProxyEvent & S>;',
    };
    const { facts } = understandSource(
      'import type { Typed } from "./types";\nexport const handler: Typed<{}> = async () => ({});',
      'app.ts',
      files,
    );
    expect(facts.frontEvidence).toMatchObject({ front: 'rest-api', line: 2 });
  });

  test('JSDoc', () => {
    expect(front("/** @type {import('aws-lambda').APIGatewayProxyHandlerV2} */\nexports.handler = async (event) => ({});")).toBe(
      'http-api 2.0',
    );
    expect(front('/**\n * Answers.\n * @param {ALBEvent} event\n */\nexports.handler = async (event) => ({});')).toBe('alb 1.0');
  });
});

describe('types of other triggers', () => {
  test.each([
    ['SQSHandler', 'sqs'],
    ['SNSHandler', 'sns'],
    ['S3Handler', 's3'],
    ['DynamoDBStreamHandler', 'dynamodb-stream'],
    ['KinesisStreamHandler', 'kinesis'],
    ['FirehoseTransformationHandler', 'firehose'],
    ['ScheduledHandler', 'schedule'],
    ['Handler<ScheduledEvent>', 'schedule'],
    ["EventBridgeHandler<'order', {}, void>", 'eventbridge'],
    ['CloudWatchLogsHandler', 'cloudwatch-logs'],
    ['SESHandler', 'ses'],
    ['MSKHandler', 'kafka'],
    ['CloudFormationCustomResourceHandler', 'custom-resource'],
    ['CloudFrontRequestHandler', 'lambda-edge'],
    ['AppSyncResolverHandler<A, B>', 'appsync'],
    ['PreSignUpTriggerHandler', 'cognito'],
    ['PostConfirmationTriggerHandler', 'cognito'],
    ['APIGatewayTokenAuthorizerHandler', 'authorizer'],
    ['APIGatewayRequestAuthorizerHandlerV2', 'authorizer'],
    ['APIGatewayProxyWebsocketHandlerV2', 'websocket'],
    ['LexV2Handler', 'lex'],
    ['ConnectContactFlowHandler', 'connect'],
    ['IoTHandler', 'iot'],
  ])('%s', (type, expected) => {
    expect(trigger(`export const handler: ${type} = async () => {};`, 'app.ts')).toBe(expected);
  });

  test('an EventBridge event that is a schedule', () => {
    expect(trigger("export const handler = async (event: EventBridgeEvent<'Scheduled Event', {}>) => {};", 'app.ts')).toBe('schedule');
    expect(trigger("export const handler = async (event: EventBridgeEvent<'Order', {}>) => {};", 'app.ts')).toBe('eventbridge');
  });
});

describe('uses of the event', () => {
  test.each([
    ['event.rawPath', 'async (event) => event.rawPath', 'http-api 2.0'],
    ['optional chains', 'async (event) => event?.requestContext?.http?.method', 'http-api 2.0'],
    ['destructured parameter', 'async ({ requestContext: { http } }) => http.path', 'http-api 2.0'],
    ['destructured variable', 'async (event) => { const { routeKey } = event; return routeKey; }', 'http-api 2.0'],
    ['through a variable', 'async (event) => { const ctx = event.requestContext; return ctx.elb; }', 'alb 1.0'],
    ['by string', "async (event) => event['httpMethod']", 'rest-api 1.0'],
    ['with a default', 'async (event) => (event.multiValueHeaders || {}).host', 'rest-api 1.0'],
  ])('%s', (_, source, expected) => {
    expect(front(`exports.handler = ${source};`)).toBe(expected);
  });

  test('in a helper of another file', () => {
    const { facts } = understandSource(
      "const { route } = require('./route');\nexports.handler = async (event) => route(event);",
      'app.js',
      { 'route.js': 'exports.route = (input) => {\n  return input.httpMethod;\n};' },
    );
    expect(facts.frontEvidence).toMatchObject({ front: 'rest-api', because: 'it reads event.httpMethod', line: 2 });
  });

  test.each([
    ['for of', 'async (event) => { for (const record of event.Records) JSON.parse(record.body); }', 'sqs'],
    ['map', 'async (event) => Promise.all(event.Records.map(async ({ body }) => JSON.parse(body)))', 'sqs'],
    ['an index', 'async (event) => event.Records[0].Sns.Message', 'sns'],
    ['a variable', 'async (event) => { const [first] = event.Records; return first.s3.bucket.name; }', 's3'],
    [
      'a helper',
      'async ({ Records }) => Records.forEach(one);\nfunction one(record) { return record.dynamodb.NewImage; }',
      'dynamodb-stream',
    ],
    ['kinesis', 'async (event) => event.Records.map((r) => r.kinesis.data)', 'kinesis'],
    ['ses', 'async (event) => event.Records[0].ses.mail', 'ses'],
    ['edge', 'async (event) => event.Records[0].cf.request', 'lambda-edge'],
    [
      'a queue of S3 events',
      'async (event) => { for (const record of event.Records) { const { Records } = JSON.parse(record.body); console.log(Records[0].s3.object.key); } }',
      'sqs',
    ],
    ['event bus', "async (event) => event['detail-type']", 'eventbridge'],
    ['authorizer', 'async (event) => event.methodArn', 'authorizer'],
    ['websocket', 'async (event) => event.requestContext.connectionId', 'websocket'],
    ['cognito', 'async (event) => { if (event.triggerSource === "x") return event; }', 'cognito'],
    ['custom resource', 'async (event) => fetch(event.ResponseURL)', 'custom-resource'],
    ['logs', 'async (event) => event.awslogs.data', 'cloudwatch-logs'],
    ['appsync', 'async (event) => event.info.fieldName', 'appsync'],
    ['firehose', 'async (event) => ({ records: event.records.map((r) => ({ recordId: r.recordId })) })', 'firehose'],
  ])('%s', (_, source, expected) => {
    expect(trigger(`exports.handler = ${source};`)).toBe(expected);
  });

  test.each([
    ['body and headers alone', 'async (event) => JSON.parse(event.body)'],
    ['properties of something else', 'async (event) => other.rawPath'],
    ['a parameter of that name further in', 'async (event) => run((event) => event.rawPath)'],
    ['nothing', 'async () => 1'],
  ])('%s tell nothing', (_, source) => {
    const { facts } = understandSource(`exports.handler = ${source};`);
    expect([facts.frontEvidence, facts.triggerEvidence]).toEqual([null, null]);
  });

  test('types win over uses', () => {
    expect(front('export const handler = async (event: APIGatewayProxyEventV2) => event["httpMethod"];', 'app.ts')).toBe('http-api 2.0');
  });

  test('middlewares for HTTP tell that it is HTTP, not which front', () => {
    const source =
      "const middy = require('@middy/core');\nconst cors = require('@middy/http-cors');\nexports.handler = middy(async (event) => event.body).use(cors());";
    expect(understandSource(source).facts).toMatchObject({ frontEvidence: null, triggerEvidence: null, returnsHttpResult: true });
  });
});
