/** Scheduled functions: each run is a task of its own. */
import { getAtt, policyDocument, ref } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import { scheduleResources, schedulerTrust } from '../../schedules.js';
import type { TargetService } from '../../target.js';
import { failedRunsAlarm } from './alarms.js';
import { networkConfiguration } from './service.js';
import { allow, type Shared, under } from './shared.js';
import type { Task } from './task.js';
import { pascal } from './words.js';

/** Gives the jobs whose time is not known here. */
export function jobResources(draft: StackDraft, shared: Shared, { service, command }: TargetService, task: Task): string[] {
  const name = pascal(service.name);
  const role = scheduleRole(draft, shared, name, task);
  const starts = service.jobs.map((job) => ({
    job,
    target: {
      Arn: shared.clusterArn,
      RoleArn: getAtt(role, 'Arn'),
      EcsParameters: {
        TaskDefinitionArn: ref(task.definition),
        ...task.launch.properties,
        TaskCount: 1,
        NetworkConfiguration: networkConfiguration(task, shared),
      },
      Input: draft.origin.text(JSON.stringify({ containerOverrides: [{ name: service.name, command: [...command, job.name] }] })),
    },
  }));
  failedRunsAlarm(draft, service, task.logGroup, task.condition);
  return scheduleResources(draft, name, starts, task.condition);
}

function scheduleRole(draft: StackDraft, { clusterArn, executionRole }: Shared, name: string, task: Task): string {
  return draft.resource(
    `${name}ScheduleRole`,
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: schedulerTrust(),
      Policies: [
        {
          PolicyName: 'run-task',
          PolicyDocument: policyDocument([
            { ...allow(['ecs:RunTask'], [ref(task.definition)]), Condition: { ArnEquals: { 'ecs:cluster': clusterArn } } },
            {
              ...allow(['iam:PassRole'], [getAtt(task.role, 'Arn'), getAtt(executionRole, 'Arn')]),
              Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
            },
          ]),
        },
      ],
    },
    under(task.condition),
  );
}
