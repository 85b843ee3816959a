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
