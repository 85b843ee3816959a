import { partitionOf } from '../../aws/partition.js';
import type { Project } from '../../project/model.js';
import { account, regionOf } from './placeholders.js';

/**
 * `valueFrom` of a secret. A parameter of Parameter Store is given by its name, which ECS takes for the task's own region; a
 * secret of Secrets Manager needs its ARN. A secret that stood in the definition gets a name to store it under.
 * @example secretSource(project, 'orders', 'DB_PASSWORD', '{{resolve:ssm-secure:/prod/db:2}}') // '/prod/db'
 */
export function secretSource(project: Project, application: string, name: string, reference: string): string {
  const parameter =
    /^\{\{resolve:ssm(?:-secure)?:([\w./-]+)(?::\d+)?\}\}$/.exec(reference) ?? /^\$\{ssm:([\w./-]+)(?:~\w+)?\}$/.exec(reference);
  if (parameter?.[1]) return fromParameter(project, parameter[1]);
  const elsewhere = /^\$\{ssm(?:\(|:)([a-z]{2}(?:-[a-z]+)+-\d)\)?:([\w./-]+)(?:~\w+)?\}$/.exec(reference);
  if (elsewhere?.[2]) return `arn:${partitionOf(project)}:ssm:${elsewhere[1]}:${account}:parameter/${elsewhere[2].replace(/^\//, '')}`;
  const secret = /^\{\{resolve:secretsmanager:((?:arn:[\w-]+:secretsmanager:[\w-]+:\d*:secret:)?[\w/+=.@-]+)(?::([^}]*))?\}\}$/.exec(
    reference,
  );
  if (secret?.[1]) return fromSecret(project, secret[1], (secret[2] ?? '').split(':'));
  return `/${application}/${name}`;
}

const secretsThroughParameters = '/aws/reference/secretsmanager/';

function fromParameter(project: Project, parameter: string): string {
  return parameter.startsWith(secretsThroughParameters)
    ? fromSecret(project, parameter.slice(secretsThroughParameters.length), [])
    : parameter;
}

/** `parts` are those of a dynamic reference after the id: `SecretString`, JSON key, version stage, version id. */
function fromSecret(project: Project, id: string, [, key = '', stage = '', version = '']: readonly string[]): string {
  const arn = id.startsWith('arn:') ? id : `arn:${partitionOf(project)}:secretsmanager:${regionOf(project)}:${account}:secret:${id}`;
  return key + stage + version === '' ? arn : `${arn}:${key}:${stage}:${version}`;
}
