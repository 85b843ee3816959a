/** What invokes a function. Every trigger has a type of the public JSON contract and the place it was declared. */
import type { JsonSchema } from './json-schema.js';
import type { TextRange, Value } from './model.js';

/** All trigger types of the JSON contract; each has one file in `src/triggers/`. */
export const triggerTypes = [
  'rest-api',
  'http-api',
  'function-url',
  'alb',
  'websocket',
  'sqs',
  'sns',
  's3',
  'eventbridge',
  'schedule',
  'dynamodb-stream',
  'kinesis',
  'kafka',
  'mq',
  'documentdb',
  'iot',
  'cloudwatch-logs',
  'ses',
  'cognito',
  'authorizer',
  'custom-resource',
  'lambda-edge',
  'appsync',
  'step-functions',
  'alexa',
  'lex',
  'connect',
  's3-object-lambda',
  'firehose',
  'config',
  'pipe',
  'invoke',
] as const;

export type TriggerType = (typeof triggerTypes)[number];

/** The four HTTP contracts a handler can be written for. */
export type Front = 'rest-api' | 'http-api' | 'function-url' | 'alb';

interface TriggerBase {
  range?: TextRange | undefined;
  /** False when the definition switches it off (`Enabled: false`). */
  enabled?: boolean | undefined;
  /** True when it was inferred from the code (dialect `convention`), not declared. */
  inferred?: boolean | undefined;
}

export interface HttpTrigger extends TriggerBase {
  type: Front;
  /** Upper case, or `ANY`. Function URLs and `$default` routes: `ANY`. */
  method: string;
  /** As the gateway writes it: `/orders/{id}`, `/{proxy+}`, `$default`. Function URL: `$default`. */
  path: string;
  /** Which API (logical id, `ServerlessRestApi`, ALB listener, or the function's id for a URL): routes of one API go together. */
  api: string;
  /** Event payload format; only `http-api` can have either. rest-api and alb: '1.0'; function-url: '2.0'. */
  payload: '1.0' | '2.0';
  /** Stage name when known (`Prod`, `dev`, `$default`). */
  stage?: string | undefined;
  stageVariables?: Record<string, string> | undefined;
  /** rest-api: media types delivered and answered as binary. */
  binaryMediaTypes?: string[] | undefined;
  /** alb: `lambda.multi_value_headers.enabled`. */
  multiValueHeaders?: boolean | undefined;
  /** function-url: `InvokeMode: RESPONSE_STREAM`. */
  streaming?: boolean | undefined;
  /** alb: further listener-rule conditions (host, header …) that the path alone does not say, as text. */
  conditions?: string[] | undefined;
  /** What the gateway did around the handler. Anything here is done by the service or the route is closed. */
  gateway: GatewayFeature[];
}

/** Something the gateway did for the handler. */
export type GatewayFeature =
  | { kind: 'cors'; cors: CorsConfig }
  | { kind: 'authorizer'; authorizer: AuthorizerConfig; range?: TextRange | undefined }
  | { kind: 'api-key'; range?: TextRange | undefined }
  | { kind: 'resource-policy'; range?: TextRange | undefined }
  | { kind: 'mutual-tls'; range?: TextRange | undefined }
  | { kind: 'throttling'; range?: TextRange | undefined }
  /** Without `validation` it is not known what was checked. */
  | { kind: 'request-validation'; detail: string; validation?: RequestValidation | undefined; range?: TextRange | undefined }
  | { kind: 'mapping-template'; detail: string; range?: TextRange | undefined }
  /** `adds`: it only puts these headers on errors that the gateway itself answers. */
  | { kind: 'gateway-response'; detail: string; adds?: ErrorHeaders | undefined; range?: TextRange | undefined }
  /** Answers of this many bytes and more were compressed. */
  | { kind: 'compression'; fromBytes: number; range?: TextRange | undefined }
  /** Anything else that changes what a client sees, named. */
  | { kind: 'other'; detail: string; range?: TextRange | undefined };

/** Headers of the gateway's own answers of one class. */
export interface ErrorHeaders {
  errors: '4XX' | '5XX';
  headers: [name: string, value: string][];
}

/** What a request had to be before the gateway called the handler. */
export interface RequestValidation {
  /** Media type or `$default` → schema of the body, in the words of draft 7 (`json-schema.ts`). */
  body?: Record<string, JsonSchema> | undefined;
  /** Parameters that must be there and not blank: `querystring.page`, `header.X-Id`. */
  required?: string[] | undefined;
}

export interface AuthorizerConfig {
  type: 'jwt' | 'cognito' | 'lambda' | 'iam' | 'alb-oidc' | 'unknown';
  name: string;
  /** Lambda authorizer: id of its function when it is of this project. */
  functionId?: string | undefined;
  /** How it calls that function; absent when that is not known. */
  lambda?: LambdaAuthorizerSettings | undefined;
  issuer?: Value | undefined;
  audience?: Value[] | undefined;
  scopes?: string[] | undefined;
  /** cognito: ARNs of the user pools. */
  userPools?: Value[] | undefined;
  /** jwt and cognito: where the token is (`header.X-Token`) when it is not the Authorization header. */
  identitySource?: string | undefined;
  /** cognito: text that the token must match. */
  validation?: string | undefined;
  /** A setting that is not understood: nothing can stand in for the authorizer. */
  unclear?: string | undefined;
}

/** How an API calls a Lambda authorizer. */
export interface LambdaAuthorizerSettings {
  kind: 'token' | 'request';
  payload: '1.0' | '2.0';
  /** It answers `{ isAuthorized }`. */
  simpleResponses: boolean;
  /** `header.Authorization`, `querystring.key`, `stageVariables.name`, `context.routeKey`. */
  identitySources: string[];
  ttlSeconds: number;
  validation?: string | undefined;
}

/**
 * CORS as the gateway answered it.
 * `headers`: http-api and function-url: the gateway answers preflights and sets the headers on every answer.
 * `preflight`: rest-api: only an OPTIONS route is answered (mock integration); other answers keep the handler's headers.
 */
export interface CorsConfig {
  mode: 'headers' | 'preflight';
  allowOrigins: string[];
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  allowCredentials: boolean;
  maxAgeSeconds?: number | undefined;
  /** Status of the preflight answer: http-api 204, function-url 200, rest-api mock 200 (serverless: 200 or 204). */
  preflightStatus: number;
}

export interface SqsTrigger extends TriggerBase {
  type: 'sqs';
  /** The queue as declared (ARN, !GetAtt Queue.Arn …). */
  queue: Value;
  /** Queue name when it can be told (from the ARN or the project's own queue resource). */
  queueName?: string | undefined;
  /** Logical id of the queue resource in this project. */
  queueResource?: string | undefined;
  fifo: boolean;
  batchSize: number;
  /** Seconds. */
  maximumBatchingWindow: number;
  /** `FunctionResponseTypes: [ReportBatchItemFailures]`. */
  reportBatchItemFailures: boolean;
  maximumConcurrency?: number | undefined;
  /** FilterCriteria patterns, parsed JSON; a message that matches none is deleted. */
  filters: unknown[];
}

export interface ScheduleTrigger extends TriggerBase {
  type: 'schedule';
  /** `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(…)`. */
  expression: string;
  timezone?: string | undefined;
  name?: string | undefined;
  /** Constant event (`Input`), parsed; absent means the standard scheduled event. */
  input?: unknown;
  /** True for EventBridge Scheduler (no envelope unless Input says so), false for an EventBridge rule. */
  scheduler: boolean;
}

export interface OtherTrigger extends TriggerBase {
  type: Exclude<TriggerType, Front | 'sqs' | 'schedule'>;
  /** What it listens to, for people: a topic, a table, a bucket, a state machine. */
  source?: string | undefined;
}

export type Trigger = HttpTrigger | SqsTrigger | ScheduleTrigger | OtherTrigger;

export function isHttp(trigger: Trigger): trigger is HttpTrigger {
  return trigger.type === 'rest-api' || trigger.type === 'http-api' || trigger.type === 'function-url' || trigger.type === 'alb';
}
