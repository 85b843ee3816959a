/** Services that run on: their count follows the load. */
import { partitionOf } from '../../../aws/partition.js';
import { getAtt, join, noValue, ref, when } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { QueuePlan, ServicePlan } from '../../../planning/plan.js';
import type { Project } from '../../../project/model.js';
import { backlogOfOne, maximumCopies } from '../../scaling.js';
import type { TargetService } from '../../target.js';
import { type MadeAlarm, queueAlarms } from './alarms.js';
import { queueIn } from './queues.js';
import { type Shared, under } from './shared.js';
import type { Task } from './task.js';
import { pascal } from './words.js';

export function networkConfiguration({ subnets, securityGroups }: Task, { publicIp }: Shared) {
  return {
    AwsvpcConfiguration: {
      Subnets: subnets,
      SecurityGroups: securityGroups,
      ...(publicIp !== undefined && { AssignPublicIp: publicIp }),
    },
  };
}

/** Where the load of a web service comes from. */
export interface Balanced {
  targetGroup: string;
  dependsOn: string[];
  /** Tells that requests fail; a deployment that makes it go off is taken back. */
  failing?: MadeAlarm | undefined;
}

export function serviceOf(draft: StackDraft, project: Project, shared: Shared, each: TargetService, task: Task, balanced?: Balanced): void {
  const { service } = each;
  const name = pascal(service.name);
  const id = draft.resource(
    `${name}Service`,
    'AWS::ECS::Service',
    {
      Cluster: task.launch.cluster ?? shared.clusterName,
      ...task.launch.properties,
      TaskDefinition: ref(task.definition),
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        ...deploymentAlarms(draft, project, balanced?.failing),
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      NetworkConfiguration: networkConfiguration(task, shared),
      ...(balanced && {
        HealthCheckGracePeriodSeconds: 60,
        LoadBalancers: [{ ContainerName: service.name, ContainerPort: each.port, TargetGroupArn: ref(balanced.targetGroup) }],
      }),
      PropagateTags: 'SERVICE',
    },
    // A service cannot be made while no load balancer has its target group, nor run before its role may do anything.
    { ...under(task.condition), ...(balanced && { DependsOn: balanced.dependsOn }) },
  );
  scaling(draft, project, shared, each, task, id);
  if (service.kind === 'worker') queueAlarms(draft, service, task.condition);
}

/** Where alarms of deployments are known to be. */
function deploymentAlarms(draft: StackDraft, project: Project, failing: MadeAlarm | undefined) {
  if (!failing || partitionOf(project) !== 'aws') return {};
  const condition = draft.onceDeployed(failing.condition) ?? failing.condition;
  return { Alarms: when(condition, { AlarmNames: [ref(failing.id)], Enable: true, Rollback: true }, noValue) };
}

function scaling(
  draft: StackDraft,
  project: Project,
  { clusterName }: Shared,
  { service }: TargetService,
  task: Task,
  serviceId: string,
): void {
  const name = pascal(service.name);
  const target = draft.resource(
    `${name}Scaling`,
    'AWS::ApplicationAutoScaling::ScalableTarget',
    {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: join('/', ['service', clusterName, getAtt(serviceId, 'Name')]),
      ...taskCounts(draft, project, service, (least, most) => ({ MinCapacity: least, MaxCapacity: most })),
    },
    under(task.condition),
  );
  draft.resource(
    `${name}ScalingPolicy`,
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    {
      PolicyName: service.name,
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: ref(target),
      TargetTrackingScalingPolicyConfiguration:
        service.kind === 'worker' ? { ...backlogOfEach(draft, service.queues, runningTasks(clusterName, serviceId)), ...cooldowns } : cpu,
    },
    under(task.condition),
  );
}

/** How many tasks of a service there may be, as parameters. */
export function taskCounts<T>(
  draft: StackDraft,
  project: Project,
  { name, functions }: ServicePlan,
  written: (least: unknown, most: unknown) => T,
): T {
  const count = (which: 'Minimum' | 'Maximum', fallback: number) =>
    draft.parameter(`${pascal(name)}${which}Tasks`, {
      type: 'Number',
      description: `${which} number of tasks of the service ${name}`,
      default: String(fallback),
    });
  return written(count('Minimum', 1), count('Maximum', maximumCopies(project, functions)));
}

/** Per cent of their processors that tasks use before there are more. */
export const busyShare = 60;

const cooldowns = { ScaleInCooldown: 300, ScaleOutCooldown: 60 };

const cpu = {
  TargetValue: busyShare,
  PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  ...cooldowns,
};

/** Tells how many copies of a service run. */
interface RunningMetric {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
}

function runningTasks(cluster: unknown, service: string): RunningMetric {
  return {
    Namespace: 'ECS/ContainerInsights',
    MetricName: 'RunningTaskCount',
    Dimensions: [
      { Name: 'ClusterName', Value: cluster },
      { Name: 'ServiceName', Value: getAtt(service, 'Name') },
    ],
  };
}

/** https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html */
export function backlogOfEach(draft: StackDraft, queues: readonly QueuePlan[], metric: RunningMetric) {
  const distinct = [...new Map(queues.map((queue) => [queue.urlVariable, queue])).values()];
  const visible = distinct.map((queue, index) => ({
    Id: `queue${index}`,
    Label: `Messages that wait (${index})`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: queueIn(draft, queue).name }],
      },
      Stat: 'Average',
    },
    ReturnData: false,
  }));
  const running = {
    Id: 'tasks',
    Label: 'Tasks that run',
    MetricStat: {
      Metric: metric,
      Stat: 'Average',
    },
    ReturnData: false,
  };
  const sum = visible.map(({ Id }) => Id).join(' + ');
  const backlog = { Id: 'backlog', Label: 'Messages a task', Expression: `(${sum}) / IF(tasks > 0, tasks, 1)`, ReturnData: true };
  return {
    TargetValue: backlogOfOne(queues),
    CustomizedMetricSpecification: { Metrics: [...visible, running, backlog] },
  };
}
