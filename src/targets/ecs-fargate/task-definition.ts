import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { partitionOf } from '../../aws/partition.js';
import { healthCheck, servicePort } from '../../planning/health-check.js';
import { imageName } from '../../planning/names.js';
import type { EnvironmentPlan, ServicePlan } from '../../planning/plan.js';
import type { Project } from '../../project/model.js';
import type { TargetService } from '../target.js';
import { account, type Replaceable, region, registry } from '../values/placeholders.js';
import { queueUrl } from '../values/queue-url.js';
import { secretSource } from '../values/secret-source.js';

/** What a task can run on. */
export type Compatibility = 'FARGATE' | 'EC2';

/** Input of `aws ecs register-task-definition --cli-input-json`, ready but for its placeholders. */
export function taskDefinition(project: Project, { service, command, port = servicePort }: TargetService, compatibility: Compatibility) {
  const family = familyOf(project, service);
  const secrets = secretsOf(project, service);
  return {
    family,
    requiresCompatibilities: [compatibility],
    networkMode: 'awsvpc',
    cpu: String(service.cpu),
    memory: String(service.memoryMb),
    runtimePlatform: { cpuArchitecture: service.architecture, operatingSystemFamily: 'LINUX' },
    // On hosts of one's own the disk is theirs.
    ...(service.ephemeralStorageGb !== null &&
      compatibility === 'FARGATE' && { ephemeralStorage: { sizeInGiB: service.ephemeralStorageGb } }),
    executionRoleArn: roleArn(project, `${family}-execution`),
    taskRoleArn: roleArn(project, `${family}-task`),
    containerDefinitions: [
      {
        name: service.name,
        image: `${registry}/${imageName(project.name)}:latest`,
        essential: true,
        command,
        ...(service.kind === 'web' && { portMappings: [{ name: 'http', containerPort: port, protocol: 'tcp' as const }] }),
        environment: environmentOf(project, service, port),
        ...(secrets.length > 0 && { secrets }),
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': region, 'awslogs-stream-prefix': service.name },
        },
        ...(service.kind !== 'job' && { healthCheck: healthCheckOf(service) }),
        stopTimeout: service.stopTimeout,
        user: '1000',
        readonlyRootFilesystem: true,
        mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false }],
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
      },
    ],
    volumes: [{ name: 'tmp' }],
  } satisfies RegisterTaskDefinitionCommandInput;
}

/** Letters, digits, `-` and `_`, at most 255. */
function familyOf(project: Pick<Project, 'name'>, service: Pick<ServicePlan, 'name'>): string {
  return `${imageName(project.name)}-${service.name}`.slice(0, 255);
}

/** Role names have at most 64 characters. */
function roleArn(project: Project, name: string): string {
  return `arn:${partitionOf(project)}:iam::${account}:role/${name.slice(-64).replace(/^-/, '')}`;
}

function healthCheckOf(service: ServicePlan) {
  const command = ['CMD', ...healthCheck(service, 'process.env.PORT')];
  return { command, interval: 15, timeout: 5, retries: 3, startPeriod: 30 };
}

/** What the container gets besides secrets: values are strings, each name once, sorted. */
function environmentOf(project: Project, service: ServicePlan, port: number): { name: string; value: string }[] {
  const variables = new Map<string, string>([
    ['AWS_REGION', region],
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

function secretsOf(project: Project, service: ServicePlan): { name: string; valueFrom: string }[] {
  const queueVariables = new Set(service.queues.map(({ urlVariable }) => urlVariable));
  return service.environment
    .filter(({ kind, name }) => kind === 'secret' && !queueVariables.has(name))
    .map(({ name, value }) => ({ name, valueFrom: secretSource(project, imageName(project.name), name, value) }));
}

/** What a person fills into the definition, in the order of reading. */
export function replaceables(project: Project, { service }: TargetService): Replaceable[] {
  const family = familyOf(project, service);
  const queueVariables = new Set(service.queues.map(({ urlVariable }) => urlVariable));
  const references = service.environment.filter(({ kind, name }) => kind === 'reference' && !queueVariables.has(name));
  return [
    { text: region, meaning: 'the AWS region' },
    { text: account, meaning: 'the AWS account' },
    { text: registry, meaning: 'the registry that holds the image' },
    { text: roleArn(project, `${family}-execution`), meaning: 'role that pulls the image, writes logs and reads secrets' },
    { text: roleArn(project, `${family}-task`), meaning: `role of the code: ${permissions(service)}` },
    ...references.map(({ name, value }) => ({ text: `${referencePrefix}${value}`, meaning: `the deployed value of ${name}` })),
    ...service.queues.map(({ urlVariable, trigger, function: id }) => ({
      text: queueUrl(project, trigger),
      meaning: `the URL of the queue that ${id} consumes (${urlVariable})`,
    })),
    ...secretsOf(project, service).map(({ name, valueFrom }) => ({ text: valueFrom, meaning: `where the secret ${name} is stored` })),
  ];
}

/** Lambda's poller received, deleted and asked with the role of the function; the worker also extends the visibility of messages. */
function permissions({ functions, queues }: ServicePlan): string {
  const own = `the permissions of ${functions.join(', ')}`;
  if (queues.length === 0) return own;
  return `${own}, with sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes and sqs:ChangeMessageVisibility on ${queues.length === 1 ? 'its queue' : 'its queues'} (only the last one is new)`;
}
