import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { partitionOf } from '../../aws/partition.js';
import { healthCheck, servicePort } from '../../planning/health-check.js';
import { imageName } from '../../planning/names.js';
import type { ServicePlan } from '../../planning/plan.js';
import type { Project } from '../../project/model.js';
import type { TargetService } from '../target.js';
import { environmentOf, permissionsNeeded, secretsOf, valuesToFill } from '../values/environment.js';
import { account, type Replaceable, regionOf, regionToFill, registry } from '../values/placeholders.js';

/** What a task can run on. */
type Compatibility = 'FARGATE' | 'EC2';

/** How the tasks of a target differ from those of others. */
export interface TaskKind {
  compatibility: Compatibility;
  /** Name that the container of a web service must have; its service's where it is absent. */
  webContainer?: string;
}

/** Name of the container in the tasks of a service. */
function containerName({ kind, name }: ServicePlan, { webContainer }: TaskKind): string {
  return kind === 'web' ? (webContainer ?? name) : name;
}

/** Input of `aws ecs register-task-definition --cli-input-json`, ready but for its placeholders. */
export function taskDefinition(project: Project, { service, command, port = servicePort }: TargetService, kind: TaskKind) {
  const { compatibility } = kind;
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
        name: containerName(service, kind),
        image: `${registry}/${imageName(project.name)}:latest`,
        essential: true,
        command,
        ...(service.kind === 'web' && { portMappings: [{ name: 'http', containerPort: port, protocol: 'tcp' as const }] }),
        environment: environmentOf(project, service, port),
        ...(secrets.length > 0 && { secrets }),
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': regionOf(project), 'awslogs-stream-prefix': service.name },
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

/** What a person fills into the definition, in the order of reading. */
export function replaceables(project: Project, { service }: TargetService): Replaceable[] {
  const family = familyOf(project, service);
  return [
    ...regionToFill(project),
    { text: account, meaning: 'the AWS account' },
    { text: registry, meaning: 'the registry that holds the image' },
    { text: roleArn(project, `${family}-execution`), meaning: 'role that pulls the image, writes logs and reads secrets' },
    { text: roleArn(project, `${family}-task`), meaning: `role of the code: ${permissionsNeeded(service)}` },
    ...valuesToFill(project, service),
  ];
}
