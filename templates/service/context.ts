import { randomBytes } from 'node:crypto';
import type { ServiceFunction } from './types.js';

/** One a process, in Lambda's form. No stream of that name exists: the logs of a task go where its log driver writes. */
const logStreamName = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;

/** The second argument of a handler, with every field of Lambda's own, in Lambda's order. */
export interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionVersion: string;
  functionName: string;
  memoryLimitInMB: string;
  logGroupName: string;
  logStreamName: string;
  clientContext: undefined;
  identity: undefined;
  invokedFunctionArn: string;
  awsRequestId: string;
  tenantId: undefined;
  getRemainingTimeInMillis(): number;
}

/**
 * The context of one invocation. `deadline` is in milliseconds since the epoch.
 *
 * The account in the ARN is known only if AWS_ACCOUNT_ID is set; without it the ARN keeps its shape with a zero account.
 * `getRemainingTimeInMillis` is always there, because loop guards and idempotency libraries call it. Middy 6 arms its early
 * timeout with it and then aborts one signal for all calls in flight: set `timeoutEarlyInMillis: 0` in a middy handler that
 * uses that signal.
 */
export function makeContext(fn: ServiceFunction, requestId: string, deadline: number): LambdaContext {
  const known = fixedParts.get(fn) ?? fixedPartsOf(fn);
  fixedParts.set(fn, known);
  return {
    ...known,
    awsRequestId: requestId,
    tenantId: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

type FixedParts = Omit<LambdaContext, 'awsRequestId' | 'tenantId' | 'getRemainingTimeInMillis'>;

/** The environment is a slow place to read: once a function, not once a request. */
const fixedParts = new WeakMap<ServiceFunction, FixedParts>();

function fixedPartsOf(fn: ServiceFunction): FixedParts {
  const env = process.env;
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'] ?? '$LATEST',
    functionName: fn.name,
    memoryLimitInMB: String(fn.memoryMb),
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? `/aws/lambda/${fn.name}`,
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? logStreamName,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: `arn:${partition}:lambda:${region}:${env['AWS_ACCOUNT_ID'] ?? '000000000000'}:function:${fn.name}`,
  };
}
