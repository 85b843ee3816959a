import type { ReservedRead } from '../analysis/environment-reads.js';
import type { Facts } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** What says the same in a service. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const instead: Readonly<Record<string, string>> = {
  AWS_LAMBDA_FUNCTION_NAME: 'Take context.functionName, which the service fills',
  AWS_LAMBDA_FUNCTION_VERSION: 'Take context.functionVersion, which the service fills',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: 'Take context.memoryLimitInMB, which the service fills',
  AWS_LAMBDA_LOG_GROUP_NAME: 'Take context.logGroupName, which the service fills',
  AWS_LAMBDA_LOG_STREAM_NAME: 'Take context.logStreamName, which the service fills',
  AWS_DEFAULT_REGION: 'Read AWS_REGION',
  LAMBDA_TASK_ROOT: 'Start paths from the file itself (__dirname, import.meta.dirname)',
  AWS_ACCESS_KEY_ID: credentials(),
  AWS_SECRET_ACCESS_KEY: credentials(),
  AWS_SESSION_TOKEN: credentials(),
};

function credentials(): string {
  return 'Ask the provider chain of the SDK (fromNodeProviderChain of @aws-sdk/credential-providers) each time: a task gets its credentials from there, and they change';
}

/** A migrated function. */
export interface Reader {
  id: string;
  /** It is started by a command of its own, which sets nothing of the service's. */
  startsItself: boolean;
}

/**
 * Reads of variables that Lambda sets and a task has not, each told once with the functions that reach it. They are not set in the
 * image on purpose: libraries that see them believe they run on Lambda.
 */
export function reservedVariables(functions: readonly Reader[], facts: Facts): Diagnostic[] {
  const places = new Map<string, { read: ReservedRead; readers: string[] }>();
  for (const { id, startsItself } of functions)
    for (const read of facts.functions[id]?.reservedReads ?? []) {
      if (read.isTest && !startsItself) continue;
      const key = `${read.file}:${read.line} ${read.name}`;
      const known = places.get(key);
      if (known) known.readers.push(id);
      else places.set(key, { read, readers: [id] });
    }
  return [...places.values()].map(({ read: { name, file, line }, readers }) => {
    const [only, ...others] = readers;
    const advice = instead[name] ?? 'Read a variable of your own, and add it to the environment of the task definition';
    const found = diagnostic('LAMBDA_VARIABLE_READ', {
      args: { name, file, line, advice, functions: readers.join(', ') },
      place: { file, line },
    });
    return others.length === 0 && only !== undefined ? { ...found, function: only } : found;
  });
}
