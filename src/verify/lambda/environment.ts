import { delimiter, dirname } from 'node:path';

export interface FunctionSettings {
  /** Folder that plays `/var/task`. */
  taskRoot: string;
  /** Handler string as deployed, e.g. `src/app.handler`. */
  handler: string;
  /** `nodejs22.x` */
  runtime: string;
  functionName: string;
  /** Variables that the function's definition sets. */
  environment: Record<string, string>;
  memoryMb: number;
  timeoutSeconds: number;
  region: string;
}

/** Account that identifiers carry; AWS's own documentation uses it. */
export const accountId = '123456789012';

export function functionArn({ functionName, region }: Pick<FunctionSettings, 'functionName' | 'region'>): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
}

/**
 * The environment of a Lambda function: its own variables, then what Lambda reserves, and nothing of ours. The home folder is
 * empty, so that no SDK finds the credentials of whoever runs this.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function lambdaEnvironment(settings: FunctionSettings, runtimeApi: string, home: string): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    NODE_PATH: settings.taskRoot,
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...settings.environment,
    TZ: ':UTC',
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'session-token-of-no-account',
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]00000000000000000000000000000000',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: settings.taskRoot,
    LAMBDA_RUNTIME_DIR: settings.taskRoot,
    _HANDLER: settings.handler,
  };
}

/** 3 for Node.js 22 and earlier, 4 for Node.js 24: the two generations of AWS's runtime client. */
export function generationOf(runtime: string): 3 | 4 {
  return nodeMajor(runtime) >= 24 ? 4 : 3;
}

/** `nodejs22.x` → 22; 22 when it says nothing. */
function nodeMajor(runtime: string): number {
  return Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 22);
}
