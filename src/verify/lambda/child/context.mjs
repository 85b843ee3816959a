/** The context object of an invocation, from the headers of the Runtime API and the reserved environment. */

export function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  setOrDelete('_X_AMZN_TRACE_ID', headers['lambda-runtime-trace-id']);
  return {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: json(headers['lambda-runtime-client-context']),
    identity: json(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function json(text) {
  return text === undefined ? undefined : JSON.parse(text);
}

function setOrDelete(name, value) {
  if (value) process.env[name] = value;
  else delete process.env[name];
}
