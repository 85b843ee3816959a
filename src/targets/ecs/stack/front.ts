/** Load balancers in front of web services: one for each API, or for those whose routes go together. */
import { partitionOf } from '../../../aws/partition.js';
import { equals, getAtt, join, not, noValue, ref, when } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import { servicePort } from '../../../planning/health-check.js';
import type { Project } from '../../../project/model.js';
import { healthCodes, healthPath, idleTimeout, rulesBeside } from '../../balancing.js';
import type { TargetService } from '../../target.js';
import { failingAlarm, unansweredAlarm, unhealthyAlarm } from './alarms.js';
import type { Balanced } from './service.js';
import { defaultScheme, under } from './shared.js';
import type { Task } from './task.js';
import { pascal } from './words.js';

/** A web service that is to be reached. */
export interface Fronted {
  each: TargetService;
  task: Pick<Task, 'condition' | 'securityGroups'>;
}

/** What the targets of load balancers are. */
interface Behind {
  vpc: unknown;
  targetType: 'ip' | 'instance';
}

/** `name` tells fronts apart; the first has none. Gives how each service is reached. */
export function frontResources<M extends Fronted>(
  draft: StackDraft,
  project: Project,
  shared: Behind,
  members: readonly M[],
  name: string,
): Map<M, Balanced> {
  const conditions = new Set(members.map(({ task }) => task.condition));
  const [condition] = conditions.size === 1 ? conditions : [];
  const certificate = draft.parameter('Certificate', {
    type: 'String',
    description: 'ARN of a certificate of ACM for HTTPS; without one the load balancer speaks plain HTTP',
    default: '',
  });
  const isSecure = draft.condition('IsSecure', { 'Fn::Not': [{ 'Fn::Equals': [certificate, ''] }] });
  const port = portOf(draft, project, when(isSecure, 443, 80));
  const group = openGroup(draft, shared, name, condition, port);
  const balancer = loadBalancer(draft, project, members, name, group, condition);
  const groups = members.map((member) => ({ member, id: targetGroup(draft, shared, member) }));
  for (const { member } of groups) admit(draft, member, group);
  const main = groups.toSorted(
    (a, b) => b.member.each.service.routes.length - a.member.each.service.routes.length,
  )[0] as (typeof groups)[number];
  const listener = draft.resource(
    `${name}Listener`,
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: ref(balancer),
      Port: port,
      Protocol: when(isSecure, 'HTTPS', 'HTTP'),
      Certificates: when(isSecure, [{ CertificateArn: certificate }], noValue),
      SslPolicy: when(isSecure, 'ELBSecurityPolicy-TLS13-1-2-2021-06', noValue),
      DefaultActions: [{ Type: 'forward', TargetGroupArn: ref(main.id) }],
    },
    under(condition),
  );
  const rules = listenerRules(
    draft,
    listener,
    main,
    groups.filter((each) => each !== main),
  );
  const scheme = when(isSecure, 'https://', 'http://');
  draft.output(
    `${name}Url`,
    'Where the services answer',
    join('', [scheme, getAtt(balancer, 'DNSName'), ...(partitionOf(project) === 'aws-cn' ? [':', port] : [])]),
    condition,
  );
  unansweredAlarm(draft, name, balancer, condition);
  return new Map(
    groups.map(({ member, id }) => {
      const watched = { balancer, targetGroup: id, service: member.each.service, condition: member.task.condition };
      unhealthyAlarm(draft, watched, 'ApplicationELB');
      return [member, { targetGroup: id, dependsOn: [listener, ...rules], failing: failingAlarm(draft, watched) }];
    }),
  );
}

/** In China the usual ports may be closed to the account. */
function portOf(draft: StackDraft, project: Project, usual: unknown): unknown {
  if (partitionOf(project) !== 'aws-cn') return usual;
  const given = draft.parameter('ListenerPort', {
    type: 'String',
    description: 'Port that the load balancer listens on; without one 80, or 443 with a certificate',
    default: '',
  });
  return when(draft.condition('HasListenerPort', not(equals(given, ''))), given, usual);
}

function openGroup(draft: StackDraft, { vpc }: Behind, name: string, condition: string | undefined, port: unknown): string {
  const source = draft.parameter('Clients', {
    type: 'String',
    description: 'Addresses that may call the load balancer, as a CIDR block',
    default: '0.0.0.0/0',
  });
  const ingress = { IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: source, Description: 'Clients' };
  return draft.resource(
    `${name}LoadBalancerSecurityGroup`,
    'AWS::EC2::SecurityGroup',
    { GroupDescription: 'Clients of the load balancer', VpcId: vpc, SecurityGroupIngress: [ingress] },
    under(condition),
  );
}

function loadBalancer(
  draft: StackDraft,
  project: Project,
  members: readonly Fronted[],
  name: string,
  group: string,
  condition: string | undefined,
): string {
  const scheme = draft.parameter('Scheme', {
    type: 'String',
    description: 'internet-facing or internal: who reaches the load balancer',
    default: defaultScheme(project),
    allowed: ['internet-facing', 'internal'],
  });
  const subnets = draft.parameter('LoadBalancerSubnets', {
    type: 'List<AWS::EC2::Subnet::Id>',
    description: 'Subnets of the load balancer, in two zones or more; public ones when it is internet-facing',
  });
  const timeout = idleTimeout(
    project,
    members.flatMap(({ each }) => each.service.functions),
  );
  return draft.resource(
    `${name}LoadBalancer`,
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    {
      Type: 'application',
      Scheme: scheme,
      Subnets: subnets,
      SecurityGroups: [getAtt(group, 'GroupId')],
      LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(timeout) }],
    },
    under(condition),
  );
}

function targetGroup(draft: StackDraft, { vpc, targetType }: Behind, { each, task }: Fronted): string {
  return draft.resource(
    `${pascal(each.service.name)}Targets`,
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    {
      TargetType: targetType,
      Protocol: 'HTTP',
      Port: each.port ?? servicePort,
      VpcId: vpc,
      HealthCheckPath: draft.origin.text(healthPath(each.service)),
      // A program that is only asked to accept a connection may answer anything.
      Matcher: { HttpCode: healthCodes(each.service) },
      TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    },
    under(task.condition),
  );
}

function admit(draft: StackDraft, { each, task }: Fronted, group: string): void {
  const [own] = task.securityGroups;
  draft.resource(
    `${pascal(each.service.name)}Ingress`,
    'AWS::EC2::SecurityGroupIngress',
    {
      GroupId: own,
      SourceSecurityGroupId: getAtt(group, 'GroupId'),
      IpProtocol: 'tcp',
      FromPort: each.port ?? servicePort,
      ToPort: each.port ?? servicePort,
      Description: 'Load balancer',
    },
    under(task.condition),
  );
}

interface Group {
  member: Fronted;
  /** Logical id of the target group. */
  id: string;
}

function listenerRules(draft: StackDraft, listener: string, main: Group, others: readonly Group[]): string[] {
  const ordered = rulesBeside(main, others, ({ member }) => member.each.service);
  return ordered.map(({ method, path, owner: { member, id } }, index) =>
    draft.resource(
      `${pascal(member.each.service.name)}Rule${index + 1}`,
      'AWS::ElasticLoadBalancingV2::ListenerRule',
      {
        ListenerArn: ref(listener),
        Priority: index + 1,
        Conditions: [
          { Field: 'path-pattern', PathPatternConfig: { Values: [draft.origin.text(path)] } },
          ...(method === 'ANY' ? [] : [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: [method] } }]),
        ],
        Actions: [{ Type: 'forward', TargetGroupArn: ref(id) }],
      },
      under(member.task.condition),
    ),
  );
}
