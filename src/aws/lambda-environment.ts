/**
 * Variables that Lambda itself sets or reads (Lambda developer guide, "Defined runtime environment variables"). They mean
 * nothing in a container, and libraries that see them believe they run on Lambda. `TZ` is left out: it works everywhere.
 */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

export function isReservedByLambda(name: string): boolean {
  return reserved.has(name) || name.startsWith('AWS_LAMBDA_') || name.startsWith('AWS_LWA_');
}

/** Variables that the generated service owns: the task definition gives them their values. */
export function isOwnedByService(name: string): boolean {
  return name === 'PORT';
}

/** Lambda sets each of them in every function: that they are there says that code runs on Lambda. */
const setOnLambda =
  /^(?:AWS_LAMBDA_(?:FUNCTION_(?:NAME|VERSION|MEMORY_SIZE)|LOG_(?:GROUP|STREAM)_NAME|RUNTIME_API|INITIALIZATION_TYPE)|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_EXECUTION_ENV|_HANDLER)$/;

export function isSetOnLambda(name: string): boolean {
  return setOnLambda.test(name);
}

/** Variable that the runtime of a service sets (`templates/service/environment.ts`). */
export const serviceVariable = 'RUNS_AS_SERVICE';
