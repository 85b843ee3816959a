/** Scheduled functions: each run is an instance of its own, which ends with it. */
import { getAtt, join, ownArn, policyDocument, ref, sub } from '../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../infrastructure/stack-draft.js';
import { scheduleState } from '../ecs/stack/jobs.js';
import { allow, assumedBy, under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';
import { ec2Principal, type Instance } from './instance.js';

/** Gives the jobs whose time is not known here. */
export function jobInstances(draft: StackDraft, instance: Instance): string[] {
  const { service, command } = instance.each;
  const name = pascal(service.name);
  const templates = service.jobs.map((job, at) => ({
    job,
    schedules: draft.origin.schedules(job),
    template: instance.template(`${name}${at + 1}`, { command: [...command, job.name], ends: true }),
  }));
  const role = starterRole(
    draft,
    name,
    instance,
    templates.map(({ template }) => template),
  );
  const state = scheduleState(draft);
  for (const [at, { schedules, template }] of templates.entries()) {
    for (const [index, { expression, timezone, enabled }] of schedules.entries()) {
      draft.resource(
        `${name}Schedule${at + 1}${index === 0 ? '' : `n${index + 1}`}`,
        'AWS::Scheduler::Schedule',
        {
          ScheduleExpression: expression,
          ScheduleExpressionTimezone: timezone,
          State: enabled ? state : 'DISABLED',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: sub('arn:${AWS::Partition}:scheduler:::aws-sdk:ec2:runInstances'),
            RoleArn: getAtt(role, 'Arn'),
            Input: join('', [
              '{"MinCount":1,"MaxCount":1,"SubnetId":"',
              { 'Fn::Select': [0, instance.subnets] },
              '","LaunchTemplate":{"LaunchTemplateId":"',
              ref(template),
              '","Version":"',
              getAtt(template, 'LatestVersionNumber'),
              '"}}',
            ]),
          },
        },
        under(instance.condition),
      );
    }
  }
  return templates.flatMap(({ job, schedules }) => (schedules.length === 0 ? [job.function] : []));
}

/** May start instances of these launch templates, and nothing else. */
function starterRole(draft: StackDraft, name: string, { condition, role }: Instance, templates: readonly string[]): string {
  const arns = templates.map((id) => join('', [ownArn('ec2', 'launch-template/'), ref(id)]));
  const made = ['instance', 'volume', 'network-interface', 'subnet', 'security-group'].map((kind) => ownArn('ec2', `${kind}/*`));
  const image = sub('arn:${AWS::Partition}:ec2:${AWS::Region}::image/*');
  return draft.resource(
    `${name}ScheduleRole`,
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: assumedBy('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } }),
      Policies: [
        {
          PolicyName: 'run-instance',
          PolicyDocument: policyDocument([
            allow(['ec2:RunInstances'], arns),
            { ...allow(['ec2:RunInstances'], [...made, image]), Condition: { ArnEquals: { 'ec2:LaunchTemplate': arns } } },
            allow(
              ['ssm:GetParameters'],
              [sub('arn:${AWS::Partition}:ssm:${AWS::Region}::parameter/aws/service/ami-amazon-linux-latest/*')],
            ),
            {
              ...allow(['iam:PassRole'], [getAtt(role, 'Arn')]),
              Condition: { StringEquals: { 'iam:PassedToService': ec2Principal } },
            },
          ]),
        },
      ],
    },
    under(condition),
  );
}
