/** Scheduled functions: each run is an instance of its own, which ends with it. */
import { getAtt, join, ownArn, policyDocument, ref, sub } from '../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../infrastructure/stack-draft.js';
import type { PlainObject } from '../../project/data.js';
import { failedRunsAlarm } from '../ecs/stack/alarms.js';
import { allow, under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';
import { scheduleResources, schedulerTrust } from '../schedules.js';
import { ec2Principal, type Instance } from './instance.js';

/** Gives the jobs whose time is not known here. */
export function jobInstances(draft: StackDraft, instance: Instance): string[] {
  const { service, command } = instance.each;
  const name = pascal(service.name);
  const jobs = service.jobs.map((job, at) => ({
    job,
    template: instance.template(`${name}${at + 1}`, { command: [...command, job.name], ends: true }),
  }));
  const role = starterRole(
    draft,
    name,
    instance,
    jobs.map(({ template }) => template),
  );
  const starts = jobs.map(({ job, template }) => ({ job, target: startOf(instance, role, template) }));
  failedRunsAlarm(draft, service, instance.logGroup, instance.condition);
  return scheduleResources(draft, name, starts, instance.condition);
}

function startOf({ subnets }: Instance, role: string, template: string): PlainObject {
  return {
    Arn: sub('arn:${AWS::Partition}:scheduler:::aws-sdk:ec2:runInstances'),
    RoleArn: getAtt(role, 'Arn'),
    Input: join('', [
      '{"MinCount":1,"MaxCount":1,"SubnetId":"',
      { 'Fn::Select': [0, subnets] },
      '","LaunchTemplate":{"LaunchTemplateId":"',
      ref(template),
      '","Version":"',
      getAtt(template, 'LatestVersionNumber'),
      '"}}',
    ]),
  };
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
      AssumeRolePolicyDocument: schedulerTrust(),
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
