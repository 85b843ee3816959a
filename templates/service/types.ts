/**
 * What the generated entry files (`web`, `worker`, `job`) hand to the runtime. These files are copied into the user's
 * project: keep them small, commented, and free of anything but Node, Fastify, sqs-consumer and, for validation alone, ajv.
 */

// biome-ignore lint/suspicious/noExplicitAny: handlers are the user's, with types of their own
export type Handler = (event: any, context: any, callback?: any) => any;

/** A Lambda function as the service knows it. */
export interface ServiceFunction {
  name: string;
  handler: Handler;
  /** Seconds; the deadline of one invocation. */
  timeoutSeconds: number;
  memoryMb: number;
  /**
   * The function was written for nodejs22.x or earlier: its runtime passed a callback and ignored a plain return value.
   * Absent: nodejs24.x and later, no callback, a plain value is the result.
   */
  callbacks?: boolean;
  /** The callback or `context.done` is used in a way that the handler's parameters do not tell, e.g. by code that it calls. */
  usesCallback?: boolean;
  /** The handler is a route handler of Fastify's, `(request, reply)`, and gets no event. */
  native?: boolean;
}

export type Front = 'rest-api' | 'http-api' | 'function-url' | 'alb';

export interface Route {
  front: Front;
  /** Event payload format: '1.0' or '2.0' for http-api; '1.0' for rest-api and alb; '2.0' for function-url. */
  payload: '1.0' | '2.0';
  /** Upper case or `ANY`. */
  method: string;
  /** As API Gateway writes it: `/orders/{id}`, `/{proxy+}`, `$default`. */
  path: string;
  function: ServiceFunction;
  /** Stage name that events carry. */
  stage?: string;
  stageVariables?: Record<string, string>;
  /** rest-api: media types delivered and answered as binary. */
  binaryMediaTypes?: string[];
  /** alb: multi-value headers and query are on. */
  multiValueHeaders?: boolean;
  /** The handler writes its answer as a stream (`awslambda.streamifyResponse`). */
  streaming?: boolean;
  cors?: Cors;
  /** What the gateway put on errors that it answered itself. */
  errorHeaders?: ErrorHeaders;
  /** Decides who may call, before anything else looks at the request; see `authorize-*`. */
  authorize?: Authorize;
  /** Looks at a request before the handler does; see `validate`. */
  validate?: Validate;
  /** Compresses answers for clients that like it; see `compress`. */
  compress?: Compress;
  /** Refuses every request: what protected the route on Lambda is not in place yet. */
  guard?: Guard;
}

/** By the class of the status. */
export type ErrorHeaders = Partial<Record<'4XX' | '5XX', [name: string, value: string][]>>;

/** Says what is wrong with a request that is not fit for the handler. */
export type Validate = (request: ValidatedRequest, pathParameters: Record<string, string> | null) => string | undefined;

export interface ValidatedRequest {
  headers: [name: string, value: string][];
  /** Percent-encoded, without `?`. */
  query: string;
  body: Buffer;
}

/** The body as a client with this `Accept-Encoding` got it; undefined: as it is. */
export type Compress = (body: string | Buffer, accepted: string | undefined) => Promise<{ coding: string; body: Buffer }> | undefined;

/** Lets a caller through, or gives the gateway's answer to one whom it refuses. */
export type Authorize = (request: IncomingRequest, called: CalledRoute) => Promise<Authorization>;

export type Authorization =
  | { authorizer: AuthorizerContext; refusal?: never }
  | { refusal: { status: number; headers: [name: string, value: string][]; body: string } };

/** What events tell of the caller: `requestContext.authorizer`. */
export type AuthorizerContext = Record<string, unknown>;

export interface CalledRoute {
  route: Route;
  /** Values of the path's variables; `null` when it has none. */
  parameters: Record<string, string> | null;
}

/** A request as it came: nothing decoded, nothing merged. */
export interface IncomingRequest extends ValidatedRequest {
  method: string;
  /** Percent-encoded, without the query. */
  path: string;
  protocol: string;
  sourceIp: string;
  requestId: string;
  traceId: string;
  time: Date;
  /** What an API in front tells of itself and the caller; see `isBehindApi`. */
  apiId?: string | undefined;
  apiKey?: { apiKey: string; apiKeyId: string } | undefined;
}

export interface Guard {
  status: number;
  /** JSON text of the answer. */
  body: string;
  /** An API in front does what is missing here, among it the check of API keys: nothing is refused behind it (BEHIND_API_GATEWAY). */
  doneByApi?: 'api-key' | 'other';
}

export interface Cors {
  /** `headers`: preflights answered and headers set on every answer; `preflight`: only OPTIONS is answered. */
  mode: 'headers' | 'preflight';
  allowOrigins: string[];
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  allowCredentials: boolean;
  maxAgeSeconds?: number;
  preflightStatus: number;
}

export interface WebService {
  name: string;
  routes: Route[];
}

export interface QueueConsumer {
  function: ServiceFunction;
  /** URL of the queue; from the environment. */
  queueUrl: string;
  /** ARN for `eventSourceARN`; made from the URL and region when absent. */
  queueArn?: string;
  fifo: boolean;
  /** Messages per invocation, 1 to 10000. */
  batchSize: number;
  maximumBatchingWindowSeconds: number;
  reportBatchItemFailures: boolean;
  /** Invocations at the same time. */
  concurrency: number;
  /** Lambda filter patterns; a message that matches none is deleted. Empty: all match. */
  filters: unknown[];
}

export interface WorkerService {
  name: string;
  consumers: QueueConsumer[];
}

export interface Job {
  function: ServiceFunction;
  /** Constant event of the schedule; absent: the standard scheduled event is made. */
  input?: unknown;
  /** Rule or schedule name, for `resources` of the standard event. */
  scheduleName?: string;
  /** The schedule is one of EventBridge Scheduler, not a rule: its standard event differs. */
  scheduler?: boolean;
}

export interface JobService {
  name: string;
  jobs: Record<string, Job>;
}
