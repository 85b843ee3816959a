/** Scheduled functions: each run is a task of its own. */
import { getAtt, policyDocument, ref } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import type { TargetService } from '../../target.js';
import { networkConfiguration } from './service.js';
import { allow, assumedBy, type Shared, under } from './shared.js';
import type { Task } from './task.js';
import { pascal } from './words.js';

/** Gives the jobs whose time is not known here. */
export function jobResources(draft: StackDraft, shared: Shared, { service, command }: TargetService, task: Task): string[] {
  const name = pascal(service.name);
  const role = scheduleRole(draft, shared, name, task);
  const state = scheduleState(draft);
  return service.jobs.flatMap((job, at) => {
    const schedules = draft.origin.schedules(job);
    schedules.forEach(({ expression, timezone, enabled }, index) => {
      const input = JSON.stringify({ containerOverrides: [{ name: service.name, command: [...command, job.name] }] });
      draft.resource(
        `${name}Schedule${at + 1}${index === 0 ? '' : `n${index + 1}`}`,
        'AWS::Scheduler::Schedule',
        {
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: timezone,
          State: enabled ? state : 'DISABLED',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: shared.clusterArn,
            RoleArn: getAtt(role, 'Arn'),
            EcsParameters: {
              TaskDefinitionArn: ref(task.definition),
              ...task.launch.properties,
              TaskCount: 1,
              NetworkConfiguration: networkConfiguration(task, shared),
            },
            Input: draft.origin.text(input),
          },
        },
        under(task.condition),
      );
    });
    return schedules.length === 0 ? [job.function] : [];
  });
}

/** Functions stay beside the service at first: what both did would happen twice. */
export function scheduleState(draft: StackDraft): unknown {
  if (draft.origin.deploys === 'instead') return 'ENABLED';
  return draft.parameter('Schedules', {
    type: 'String',
    description: 'ENABLED starts the scheduled tasks; first switch off the schedules of their functions',
    default: 'DISABLED',
    allowed: ['DISABLED', 'ENABLED'],
  });
}

function scheduleRole(draft: StackDraft, { clusterArn, executionRole }: Shared, name: string, task: Task): string {
  return draft.resource(
    `${name}ScheduleRole`,
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: assumedBy('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } }),
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
