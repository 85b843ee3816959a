/** Auto Scaling groups that run the image, a load balancer in front of those of the web, and an instance for each run of a schedule. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { getAtt, join, ref } from '../../infrastructure/cloudformation.js';
import type { Origin } from '../../infrastructure/origins/origin.js';
import { StackDraft } from '../../infrastructure/stack-draft.js';
import { servicePort } from '../../planning/health-check.js';
import type { PlainObject } from '../../project/data.js';
import type { Project } from '../../project/model.js';
import { frontsOf, healthCodes, healthPath } from '../balancing.js';
import { queueAlarms } from '../ecs/stack/alarms.js';
import { frontResources } from '../ecs/stack/front.js';
import { backlogOfEach, busyShare } from '../ecs/stack/service.js';
import { under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';
import { maximumCopies } from '../scaling.js';
import type { TargetInput, TargetStack } from '../target.js';
import { type Instance, instanceOf } from './instance.js';
import { jobInstances } from './jobs.js';
import type { Line } from './script.js';

/** Everything that runs the services on instances, beside the functions. */
export function ec2Stack({ project, services }: TargetInput, origin: Origin): TargetStack {
  const draft = new StackDraft(origin);
  const diagnostics: Diagnostic[] = [];
  const place = { file: project.definition };
  const network = {
    image: draft.image(),
    vpc: draft.parameter('Vpc', { type: 'AWS::EC2::VPC::Id', description: 'VPC that the instances run in' }),
    subnets: draft.parameter('Subnets', {
      type: 'List<AWS::EC2::Subnet::Id>',
      description:
        'Subnets of the instances, in two zones or more; they need a way to the registry of the image, CloudWatch Logs and what the code calls',
    }),
  };
  const instances = services.map((each) => instanceOf(draft, project, network, { ...each, port: each.port ?? servicePort }));
  const web = instances.filter(({ each }) => each.service.kind === 'web');
  frontsOf(web).forEach((members, index) => {
    const name = index === 0 ? '' : pascal(members[0]?.each.service.name ?? '');
    const fronted = members.map((instance) => ({ each: instance.each, task: instance, instance }));
    const behind = { vpc: network.vpc, targetType: 'instance' as const };
    for (const [{ instance }, front] of frontResources(draft, project, behind, fronted, name))
      groupOf(draft, project, instance, { TargetGroupARNs: [ref(front.targetGroup)] }, front.dependsOn);
  });
  for (const instance of instances) {
    const { kind, name } = instance.each.service;
    if (kind === 'worker') {
      groupOf(draft, project, instance, {}, []);
      queueAlarms(draft, instance.each.service, instance.condition);
    }
    if (kind === 'job')
      for (const id of jobInstances(draft, instance))
        diagnostics.push(diagnostic('SCHEDULE_TO_GIVE', { args: { function: id }, place, function: id }));
    for (const reason of instance.unknown) diagnostics.push(diagnostic('PERMISSIONS_TO_GIVE', { args: { service: name, reason }, place }));
    const conditions = new Set(instance.each.service.functions.map((id) => origin.condition(id)));
    if (conditions.size > 1) diagnostics.push(diagnostic('CONDITIONS_DIFFER', { args: { service: name }, place }));
  }
  return { stack: draft.stack, parameters: draft.parameters, diagnostics };
}

/** Instances that CloudFormation replaces one after the other, each once it has told that its container is well. */
function groupOf(draft: StackDraft, project: Project, instance: Instance, more: PlainObject, dependsOn: readonly string[]): void {
  const { service, ...each } = instance.each;
  const name = pascal(service.name);
  const id = draft.id(`${name}Instances`);
  const template = instance.template(name, { command: each.command, after: signal(id, instance) });
  const most = maximumCopies(project, service.functions);
  const count = (which: 'Minimum' | 'Maximum', fallback: number) =>
    draft.parameter(`${name}${which}Instances`, {
      type: 'Number',
      description: `${which} number of instances of the service ${service.name}`,
      default: String(fallback),
    });
  draft.resource(
    `${name}Instances`,
    'AWS::AutoScaling::AutoScalingGroup',
    {
      MinSize: count('Minimum', 1),
      MaxSize: count('Maximum', Math.max(2, most)),
      VPCZoneIdentifier: instance.subnets,
      LaunchTemplate: { LaunchTemplateId: ref(template), Version: getAtt(template, 'LatestVersionNumber') },
      HealthCheckType: service.kind === 'web' ? 'ELB' : 'EC2',
      HealthCheckGracePeriod: 300,
      // Old instances, and with them old AMIs, go.
      MaxInstanceLifetime: 14 * 24 * 3600,
      MetricsCollection: [{ Granularity: '1Minute', Metrics: ['GroupInServiceInstances'] }],
      Tags: [{ Key: 'Name', Value: draft.origin.text(service.name), PropagateAtLaunch: true }],
      ...more,
    },
    {
      ...under(instance.condition),
      ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
      CreationPolicy: { ResourceSignal: { Count: 1, Timeout: 'PT15M' } },
      UpdatePolicy: {
        AutoScalingRollingUpdate: { MinInstancesInService: 1, MaxBatchSize: 1, WaitOnResourceSignals: true, PauseTime: 'PT15M' },
      },
    },
  );
  draft.resource(
    `${name}ScalingPolicy`,
    'AWS::AutoScaling::ScalingPolicy',
    {
      AutoScalingGroupName: ref(id),
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration:
        service.kind === 'worker'
          ? backlogOfEach(draft, service.queues, {
              Namespace: 'AWS/AutoScaling',
              MetricName: 'GroupInServiceInstances',
              Dimensions: [{ Name: 'AutoScalingGroupName', Value: ref(id) }],
            })
          : { TargetValue: busyShare, PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' } },
    },
    under(instance.condition),
  );
}

/** CloudFormation waits for it: a deployment whose containers do not become well is taken back. */
function signal(group: string, { each: { service, port = servicePort } }: Instance): Line[] {
  const address = `http://127.0.0.1:${port}${healthPath(service)}`;
  const isWell = `curl --silent --output /dev/null ${healthCodes(service) === '200' ? '--fail ' : ''}'${address.replaceAll("'", '%27')}'`;
  return [
    'dnf install -y aws-cfn-bootstrap',
    `for attempt in $(seq 60); do if ${isWell}; then break; fi; sleep 5; done`,
    'result=0',
    `${isWell} || result=1`,
    join('', [
      '/opt/aws/bin/cfn-signal --exit-code "$result" --stack ',
      ref('AWS::StackName'),
      ` --resource ${group} --region `,
      ref('AWS::Region'),
    ]),
  ];
}
