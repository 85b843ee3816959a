/**
 * What an instance does when it starts: it runs the image. Texts of others reach the shell as base64, or as quoted words where a person fills
 * them in, so that none of them is read as a command. No `${`: Serverless would read a variable of its own.
 */
import { join as joined } from '../../infrastructure/cloudformation.js';
import { listOf, objectOf } from '../../project/data.js';
import { intrinsicOf } from '../../project/readers/cloudformation/intrinsics.js';
import { shellWord } from '../../render.js';

/** A line of the script: text, or an intrinsic that becomes text. */
export type Line = unknown;

export interface RunInput {
  /** Words that give the image, its region and the log group: text of the shell or intrinsics. */
  image: Line[];
  region: unknown;
  logGroup: unknown;
  /** Lines of {@link given} and {@link secret}. */
  environment: Line[];
  /** Command of the container. */
  command: readonly string[];
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
  /** `service` runs on; `job` runs once, and the instance ends with it. */
  runs: 'service' | 'job';
  /** Lines that follow once the container runs. */
  after: Line[];
}

/** One text where all parts are known, else what CloudFormation puts together. */
function join(separator: string, parts: readonly unknown[]): Line {
  return parts.every((part) => typeof part === 'string') ? parts.join(separator) : joined(separator, parts);
}

/** Lines of the script. */
export function runScript({ image, region, logGroup, environment, command, stopTimeout, runs, after }: RunInput): Line[] {
  const isJob = runs === 'job';
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    ...(isJob ? ["trap 'shutdown -h now' EXIT"] : []),
    join('', ['export AWS_DEFAULT_REGION=', region]),
    'dnf install -y docker jq',
    'mkdir -p /etc/docker',
    `echo '{"shutdown-timeout": ${stopTimeout}}' > /etc/docker/daemon.json`,
    'systemctl enable --now docker',
    ...image,
    // Words of `docker run`, which are never read by the shell again.
    'set --',
    ...environment,
    'case "$value_image" in *.dkr.ecr.*) aws ecr get-login-password | docker login --username AWS --password-stdin "$(printf %s "$value_image" | cut -d/ -f1)" ;; esac',
    join('', [
      `docker run ${isJob ? '--rm' : '--detach --restart always'} --name service --network host --init --user 1000 --read-only --tmpfs /tmp --cap-drop ALL`,
      ` --stop-timeout ${stopTimeout} --log-driver awslogs --log-opt awslogs-group=`,
      logGroup,
      ` "$@" "$value_image" ${command.map(shellWord).join(' ')}`,
    ]),
    ...after,
  ];
}

/** Sets a variable of the shell to a text, whatever it holds. */
export function held(variable: string, value: unknown): Line {
  // Serverless replaces its variables before CloudFormation encodes.
  const encoded = typeof value === 'string' && !value.includes('${') ? Buffer.from(value).toString('base64') : { 'Fn::Base64': value };
  return join('', [`IFS= read -r -d '' ${variable} < <(printf %s '`, encoded, "' | base64 --decode) || true"]);
}

/** A value that CloudFormation would read from Parameter Store: it does not look into user data. */
const stored = /^\{\{resolve:ssm:([\w./-]+(?::\d+)?)\}\}$/;

/** Name of the parameter that a value is read from, if it is. */
export function parameterIn(value: unknown): string | undefined {
  return typeof value === 'string' ? stored.exec(value)?.[1] : undefined;
}

/** Gives the container a variable. `entry` is as a task definition has it, with a condition where it has one. */
export function given(entry: unknown): Line {
  const intrinsic = intrinsicOf(entry);
  if (intrinsic?.name === 'Ref') return '';
  if (intrinsic?.name === 'Fn::If') {
    const [condition, then, otherwise] = listOf(intrinsic.argument);
    return { 'Fn::If': [condition, given(then), given(otherwise)] };
  }
  const { Name: name, Value: value } = objectOf(entry);
  const parameter = parameterIn(value);
  if (parameter !== undefined) {
    const read = `value="$(aws ssm get-parameter --name ${shellWord(parameter)} --query Parameter.Value --output text)"`;
    return `${read}; set -- "$@" --env ${shellWord(String(name))}="$value"`;
  }
  return join('', [held('value', value), `; set -- "$@" --env ${shellWord(String(name))}="$value"`]);
}

/** Gives the container a secret. `source` is an ARN as ECS has it: of Parameter Store, or of Secrets Manager with a key behind it. */
export function secret({ Name: name, ValueFrom: source }: { Name?: unknown; ValueFrom?: unknown }): Line {
  return join('\n', [held('source', source), ...readSecret(String(name))]);
}

/** The same where the source is filled in by a person. */
export function secretWord(name: string, source: string): string {
  return [`source=${shellWord(source)}`, ...readSecret(name)].join('\n');
}

/** A name without an ARN is one of Parameter Store. */
function readSecret(name: string): string[] {
  return [
    'IFS=: read -r _ _ store _ _ _ _ key stage version <<< "$source" || true',
    'if [ "$store" = secretsmanager ]; then',
    '  id="$(printf %s "$source" | cut -d: -f1-7)"',
    '  if [ -n "$version" ]; then value="$(aws secretsmanager get-secret-value --secret-id "$id" --version-id "$version" --query SecretString --output text)"',
    '  elif [ -n "$stage" ]; then value="$(aws secretsmanager get-secret-value --secret-id "$id" --version-stage "$stage" --query SecretString --output text)"',
    '  else value="$(aws secretsmanager get-secret-value --secret-id "$id" --query SecretString --output text)"; fi',
    '  if [ -n "$key" ]; then value="$(printf %s "$value" | jq --exit-status --raw-output --arg key "$key" \'.[$key]\')"; fi',
    'else value="$(aws ssm get-parameter --with-decryption --name "$source" --query Parameter.Value --output text)"; fi',
    `set -- "$@" --env ${shellWord(name)}="$value"`,
  ];
}
