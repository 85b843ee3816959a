import { ref } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import { servicePort } from '../../../planning/health-check.js';
import type { Project } from '../../../project/model.js';
import type { TargetService } from '../../target.js';
import { type TaskKind, taskDefinition } from '../task-definition.js';
import type { Launch } from './capacity.js';
import { environmentOf, type Grant } from './environment.js';
import { codeRole } from './role.js';
import { conditionOf, type Shared, under } from './shared.js';
import { capitalised, pascal } from './words.js';

/** What a task runs on. */
export interface TaskCapacity extends TaskKind {
  launch: Launch;
  /** ECS itself makes the security group of web services. */
  ownsWeb: boolean;
  /** The API of the functions is in front of web services, and nothing else reaches them. */
  isBehindApi: boolean;
}

export interface Task {
  /** Logical ids. */
  definition: string;
  role: string;
  logGroup: string;
  securityGroups: unknown[];
  subnets: unknown;
  condition: string | undefined;
  launch: Launch;
  grants: Grant[];
  /** What the role lacks. */
  unknown: string[];
}

/** Task definition, role, log group and security group of a service. */
export function taskOf(draft: StackDraft, project: Project, shared: Shared, each: TargetService, on: TaskCapacity): Task {
  const { service, port = servicePort } = each;
  const name = pascal(service.name);
  const condition = conditionOf(draft, service.functions);
  const { role, unknown } = codeRole(draft, each, { service: 'ecs-tasks.amazonaws.com', condition });
  const logGroup = draft.resource(`${name}Logs`, 'AWS::Logs::LogGroup', { RetentionInDays: shared.logRetention }, under(condition));
  const own = {
    NODE_ENV: 'production',
    STOP_TIMEOUT: String(service.stopTimeout),
    ...(service.kind !== 'job' && { PORT: String(port) }),
    ...(service.kind === 'web' && on.isBehindApi && { BEHIND_API_GATEWAY: 'true' }),
  };
  const { environment, secrets, grants } = environmentOf(draft, project, service, own);
  const { family: _, containerDefinitions, executionRoleArn: __, taskRoleArn: ___, ...task } = taskDefinition(project, each, on);
  const [{ environment: ____, secrets: _____, logConfiguration: ______, ...container }] = containerDefinitions as [
    (typeof containerDefinitions)[number],
  ];
  const definition = draft.resource(
    `${name}Task`,
    'AWS::ECS::TaskDefinition',
    {
      ...(capitalised(task) as object),
      ExecutionRoleArn: { 'Fn::GetAtt': [shared.executionRole, 'Arn'] },
      TaskRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
      ContainerDefinitions: [
        {
          ...(textsOf(draft, capitalised(container)) as object),
          Image: shared.image,
          Environment: environment,
          ...(secrets.length > 0 && { Secrets: secrets }),
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: { 'awslogs-group': ref(logGroup), 'awslogs-region': ref('AWS::Region'), 'awslogs-stream-prefix': service.name },
          },
        },
      ],
    },
    under(condition),
  );
  const network = service.functions.map((id) => draft.origin.network(id)).find((found) => found !== undefined);
  const isPublished = on.ownsWeb && service.kind === 'web';
  const group = isPublished ? [] : [securityGroup(draft, shared, service.name, condition)];
  return {
    definition,
    role,
    logGroup,
    // The groups of the functions open what lets them in: databases, caches.
    securityGroups: [...group, ...(network?.securityGroups ?? [])],
    subnets: network?.subnets ?? shared.subnets,
    condition,
    launch: on.launch,
    grants,
    unknown,
  };
}

function securityGroup(draft: StackDraft, { vpc }: Shared, service: string, condition: string | undefined): unknown {
  const id = draft.resource(
    `${pascal(service)}SecurityGroup`,
    'AWS::EC2::SecurityGroup',
    { GroupDescription: `Tasks of the service ${service}`, VpcId: vpc },
    under(condition),
  );
  return { 'Fn::GetAtt': [id, 'GroupId'] };
}

/** Texts of ours in the container: commands may hold names of the user's. */
function textsOf(draft: StackDraft, value: unknown): unknown {
  if (typeof value === 'string') return draft.origin.text(value);
  if (Array.isArray(value)) return value.map((entry) => textsOf(draft, entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, textsOf(draft, entry)]));
}
