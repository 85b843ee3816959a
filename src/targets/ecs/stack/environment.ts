import { ownArn, ref, sub } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { EnvironmentPlan, QueuePlan, ServicePlan } from '../../../planning/plan.js';
import { resolveValue } from '../../../planning/resource-names.js';
import { listOf } from '../../../project/data.js';
import type { Project, Value } from '../../../project/model.js';
import { intrinsicOf } from '../../../project/readers/cloudformation/intrinsics.js';
import { account, regionOf } from '../../values/placeholders.js';
import { secretSource } from '../../values/secret-source.js';
import { queueIn } from './queues.js';
import { pascal } from './words.js';

/** What the execution role may read. */
export interface Grant {
  action: 'ssm:GetParameters' | 'secretsmanager:GetSecretValue';
  resource: unknown;
}

interface Secret {
  source: unknown;
  grant: Grant;
}

export interface WrittenEnvironment {
  environment: unknown[];
  secrets: unknown[];
  grants: Grant[];
}

/** Variables of a service as the functions had them, references and all. `own`: what only the container has. */
export function environmentOf(
  draft: StackDraft,
  project: Project,
  service: ServicePlan,
  own: Readonly<Record<string, string>>,
): WrittenEnvironment {
  const variables = new Map<string, unknown>(Object.entries(own).map(([name, value]) => [name, draft.origin.text(value)]));
  variables.set('AWS_REGION', ref('AWS::Region'));
  const queues = new Map(service.queues.map((queue) => [queue.urlVariable, queue] as const));
  const secrets = new Map<string, Secret>();
  for (const planned of service.environment) {
    if (queues.has(planned.name)) continue;
    if (planned.kind === 'secret') secrets.set(planned.name, secretOf(draft, project, service, planned));
    else variables.set(planned.name, plannedValue(draft, project, service, planned));
  }
  for (const [name, queue] of queues) variables.set(name, urlOf(draft, queue));
  return {
    environment: [...variables].sort(byName).map(([name, value]) => entry(name, value)),
    secrets: [...secrets].sort(byName).map(([name, { source }]) => ({ Name: name, ValueFrom: source })),
    grants: [...secrets.values()].map(({ grant }) => grant),
  };
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function urlOf(draft: StackDraft, queue: QueuePlan): unknown {
  return queueIn(draft, queue).url;
}

/** A variable that is only there under a condition is left out of the list under the same. */
function entry(name: string, value: unknown): unknown {
  const intrinsic = intrinsicOf(value);
  const [condition, then, otherwise] = intrinsic?.name === 'Fn::If' ? listOf(intrinsic.argument) : [];
  if (isNoValue(then) || isNoValue(otherwise)) return { 'Fn::If': [condition, entry(name, then), entry(name, otherwise)] };
  return isNoValue(value) ? value : { Name: name, Value: value };
}

function isNoValue(value: unknown): boolean {
  const intrinsic = intrinsicOf(value);
  return intrinsic?.name === 'Ref' && intrinsic.argument === 'AWS::NoValue';
}

function plannedValue(draft: StackDraft, project: Project, service: ServicePlan, planned: EnvironmentPlan): unknown {
  const declared = declaredValue(project, service, planned.name);
  const known = declared && resolveValue(project, declared);
  // Not what the definition says: from a .env file, or edited in the plan.
  if (planned.kind === 'literal' && (known?.kind !== 'literal' || String(known.value) !== planned.value))
    return draft.origin.text(planned.value);
  const written =
    writtenValue(draft, service, planned.name) ?? draft.origin.value(declared ?? { kind: 'reference', text: planned.value, names: [] });
  if (written !== undefined && written !== null) return typeof written === 'object' ? written : String(written);
  if (planned.kind === 'literal') return draft.origin.text(planned.value);
  return draft.parameter(`Value${pascal(planned.name)}`, { type: 'String', description: `The deployed value of ${planned.name}` });
}

function declaredValue({ functions }: Project, service: ServicePlan, name: string): Value | undefined {
  const owner = functions.find(({ id, environment }) => service.functions.includes(id) && Object.hasOwn(environment, name));
  return owner?.environment[name];
}

function writtenValue(draft: StackDraft, service: ServicePlan, name: string): unknown {
  return service.functions.map((id) => draft.origin.variable(id, name)).find((value) => value !== undefined);
}

/** Read at the start of a task from where it is stored; a reference to a value is stored in a secret of the stack. */
function secretOf(draft: StackDraft, project: Project, service: ServicePlan, { name, value }: EnvironmentPlan): Secret {
  const stored = value === '' ? undefined : storedSecret(project, name, value);
  if (stored) return stored;
  const written = value === '' ? undefined : writtenValue(draft, service, name);
  if (written !== undefined && (typeof written === 'object' || String(written).includes('${'))) {
    const id = draft.resource(`Secret${pascal(name)}`, 'AWS::SecretsManager::Secret', {
      Description: `Value of ${name} for the tasks`,
      SecretString: written,
    });
    return { source: ref(id), grant: { action: 'secretsmanager:GetSecretValue', resource: ref(id) } };
  }
  const source = draft.parameter(`Secret${pascal(name)}`, {
    type: 'String',
    description: `ARN of the secret of Secrets Manager that holds ${name}`,
  });
  return { source, grant: { action: 'secretsmanager:GetSecretValue', resource: source } };
}

/** A secret that the definition only named: `{{resolve:ssm-secure:/db/password}}`. */
function storedSecret(project: Project, name: string, reference: string): Secret | undefined {
  const unknown = 'not-stored-yet';
  // The stack is deployed to any region.
  const anywhere = { ...project, region: undefined };
  const found = secretSource(anywhere, unknown, name, reference);
  if (found === `/${unknown}/${name}`) return undefined;
  if (!found.startsWith('arn:')) {
    const arn = ownArn('ssm', `parameter/${found.replace(/^\//, '')}`);
    return { source: arn, grant: { action: 'ssm:GetParameters', resource: arn } };
  }
  const arn = found
    .replace(/^arn:[\w-]+:/, 'arn:${AWS::Partition}:')
    .replace(regionOf(anywhere), '${AWS::Region}')
    .replace(account, '${AWS::AccountId}');
  const [, , service, inRegion, owner, kind, id = ''] = arn.split(/:(?!:|Partition|Region|AccountId)/);
  if (service === 'ssm') return { source: sub(arn), grant: { action: 'ssm:GetParameters', resource: sub(arn) } };
  const isWhole = reference.includes('arn:');
  const secret = `arn:\${AWS::Partition}:${service}:${inRegion}:${owner}:${kind}:${id}`;
  return { source: sub(arn), grant: { action: 'secretsmanager:GetSecretValue', resource: sub(isWhole ? secret : `${secret}-??????`) } };
}
