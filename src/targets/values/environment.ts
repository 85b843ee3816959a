/** What containers get, where a person fills in what the sources do not tell. */
import { imageName } from '../../planning/names.js';
import type { EnvironmentPlan, ServicePlan } from '../../planning/plan.js';
import type { Project } from '../../project/model.js';
import { type Replaceable, regionOf } from './placeholders.js';
import { queueUrl } from './queue-url.js';
import { secretSource } from './secret-source.js';

/** What the container gets besides secrets: values are strings, each name once, sorted. */
export function environmentOf(project: Project, service: ServicePlan, port: number): { name: string; value: string }[] {
  const variables = new Map<string, string>([
    ['AWS_REGION', regionOf(project)],
    ['NODE_ENV', 'production'],
    // What the service plans its shutdown with.
    ['STOP_TIMEOUT', String(service.stopTimeout)],
  ]);
  for (const variable of service.environment) if (variable.kind !== 'secret') variables.set(variable.name, textOf(variable));
  for (const queue of service.queues) variables.set(queue.urlVariable, queueUrl(project, queue.trigger));
  if (service.kind !== 'job') variables.set('PORT', String(port));
  return [...variables].map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The reference stands where its value belongs, so that a person sees which one is meant. */
const referencePrefix = 'REPLACE WITH THE VALUE OF ';

function textOf({ kind, value }: EnvironmentPlan): string {
  return kind === 'reference' ? `${referencePrefix}${value}` : value;
}

/** Where each secret of a service is stored, as ECS names it. */
export function secretsOf(project: Project, service: ServicePlan): { name: string; valueFrom: string }[] {
  const queueVariables = new Set(service.queues.map(({ urlVariable }) => urlVariable));
  return service.environment
    .filter(({ kind, name }) => kind === 'secret' && !queueVariables.has(name))
    .map(({ name, value }) => ({ name, valueFrom: secretSource(project, imageName(project.name), name, value) }));
}

/** References, queues and secrets of a service that a person fills in. */
export function valuesToFill(project: Project, service: ServicePlan): Replaceable[] {
  const queueVariables = new Set(service.queues.map(({ urlVariable }) => urlVariable));
  const references = service.environment.filter(({ kind, name }) => kind === 'reference' && !queueVariables.has(name));
  return [
    ...references.map(({ name, value }) => ({ text: `${referencePrefix}${value}`, meaning: `the deployed value of ${name}` })),
    ...service.queues.map(({ urlVariable, trigger, function: id }) => ({
      text: queueUrl(project, trigger),
      meaning: `the URL of the queue that ${id} consumes (${urlVariable})`,
    })),
    ...secretsOf(project, service).map(({ name, valueFrom }) => ({ text: valueFrom, meaning: `where the secret ${name} is stored` })),
  ];
}

/** Lambda's poller received, deleted and asked with the role of the function; the worker also extends the visibility of messages. */
export function permissionsNeeded({ functions, queues }: ServicePlan): string {
  const own = `the permissions of ${functions.join(', ')}`;
  if (queues.length === 0) return own;
  return `${own}, with sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes and sqs:ChangeMessageVisibility on ${queues.length === 1 ? 'its queue' : 'its queues'} (only the last one is new)`;
}
