import { alb } from './alb.js';
import { alexa } from './alexa.js';
import { appsync } from './appsync.js';
import { authorizer } from './authorizer.js';
import { cloudwatchLogs } from './cloudwatch-logs.js';
import { cognito } from './cognito.js';
import { config } from './config.js';
import { connect } from './connect.js';
import { customResource } from './custom-resource.js';
import { documentdb } from './documentdb.js';
import { dynamodbStream } from './dynamodb-stream.js';
import { eventbridge } from './eventbridge.js';
import { firehose } from './firehose.js';
import { functionUrl } from './function-url.js';
import { httpApi } from './http-api.js';
import { invoke } from './invoke.js';
import { iot } from './iot.js';
import { kafka } from './kafka.js';
import type { TriggerKind } from './kind.js';
import { kinesis } from './kinesis.js';
import { lambdaEdge } from './lambda-edge.js';
import { lex } from './lex.js';
import { mq } from './mq.js';
import { pipe } from './pipe.js';
import { restApi } from './rest-api.js';
import { s3 } from './s3.js';
import { s3ObjectLambda } from './s3-object-lambda.js';
import { schedule } from './schedule.js';
import { ses } from './ses.js';
import { sns } from './sns.js';
import { sqs } from './sqs.js';
import { stepFunctions } from './step-functions.js';
import { websocket } from './websocket.js';

/** Every trigger type of the JSON contract, in its order. */
export const triggerKinds: readonly TriggerKind[] = [
  restApi,
  httpApi,
  functionUrl,
  alb,
  websocket,
  sqs,
  sns,
  s3,
  eventbridge,
  schedule,
  dynamodbStream,
  kinesis,
  kafka,
  mq,
  documentdb,
  iot,
  cloudwatchLogs,
  ses,
  cognito,
  authorizer,
  customResource,
  lambdaEdge,
  appsync,
  stepFunctions,
  alexa,
  lex,
  connect,
  s3ObjectLambda,
  firehose,
  config,
  pipe,
  invoke,
];
