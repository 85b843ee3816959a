/** The API of the functions in front of their services: a VPC link, and a load balancer inside the VPC with a listener for each service. */
import { diagnostic } from '../../../diagnostics/catalog.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { both, equals, getAtt, join, ref } from '../../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../../infrastructure/stack-draft.js';
import { servicePort } from '../../../planning/health-check.js';
import type { Project } from '../../../project/model.js';
import { healthCodes, healthPath } from '../../balancing.js';
import { unhealthyAlarm } from './alarms.js';
import type { PlannedTask } from './capacity.js';
import { serviceOf } from './service.js';
import { type Shared, under } from './shared.js';
import { pascal } from './words.js';

/** Port of the first listener; each service has the next one. */
const firstPort = 8000;

/** Lets the API call the services: of each function when it is told so, of all, or of none. */
export function apiFront(draft: StackDraft, project: Project, shared: Shared, web: readonly PlannedTask[]): Diagnostic[] {
  const door = doorOf(draft, shared, web.length);
  const traffic = draft.parameter('Traffic', {
    type: 'String',
    description:
      'Who answers the API: functions; containers; or chosen, where the parameter of each function says it. To roll back: functions',
    default: 'functions',
    allowed: ['functions', 'chosen', 'containers'],
  });
  return web.flatMap((planned, index) => {
    const listener = listen(draft, shared, door, planned, firstPort + index);
    serviceOf(draft, project, shared, planned.each, planned.task, listener);
    const own = new Set(planned.each.service.routes.map((route) => route.function));
    return [...own].flatMap((id) =>
      reroute(draft, project, id, {
        get condition() {
          return chosen(draft, id, traffic);
        },
        link: door.link,
        address: [getAtt(door.balancer, 'DNSName'), `:${firstPort + index}`],
        listener: ref(listener.listener),
      }),
    );
  });
}

interface Door {
  balancer: string;
  group: string;
  link(api: 'rest-api' | 'http-api'): unknown;
}

function doorOf(draft: StackDraft, shared: Shared, count: number): Door {
  const group = draft.resource('ApiSecurityGroup', 'AWS::EC2::SecurityGroup', {
    GroupDescription: 'Load balancer that the API calls',
    VpcId: shared.vpc,
  });
  const balancer = draft.resource('ApiLoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Type: 'network',
    Scheme: 'internal',
    Subnets: shared.subnets,
    SecurityGroups: [getAtt(group, 'GroupId')],
    // A link of a REST API comes through PrivateLink, whose addresses no rule could name.
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    LoadBalancerAttributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
  });
  const links = new Map<string, unknown>();
  const make = { 'rest-api': () => restLink(draft, balancer), 'http-api': () => httpLink(draft, shared, group, count) };
  return {
    balancer,
    group,
    link(api) {
      const link = links.get(api) ?? make[api]();
      links.set(api, link);
      return link;
    },
  };
}

const linkName = join('-', [ref('AWS::StackName'), 'containers']);

function restLink(draft: StackDraft, balancer: string): unknown {
  return ref(draft.resource('RestApiLink', 'AWS::ApiGateway::VpcLink', { Name: linkName, TargetArns: [ref(balancer)] }));
}

function httpLink(draft: StackDraft, { vpc, subnets }: Shared, balancerGroup: string, count: number): unknown {
  const group = draft.resource('HttpApiLinkSecurityGroup', 'AWS::EC2::SecurityGroup', { GroupDescription: 'Link of the API', VpcId: vpc });
  draft.resource('ApiIngress', 'AWS::EC2::SecurityGroupIngress', {
    GroupId: getAtt(balancerGroup, 'GroupId'),
    SourceSecurityGroupId: getAtt(group, 'GroupId'),
    IpProtocol: 'tcp',
    FromPort: firstPort,
    ToPort: firstPort + count - 1,
    Description: 'API',
  });
  const properties = { Name: linkName, SubnetIds: subnets, SecurityGroupIds: [getAtt(group, 'GroupId')] };
  return ref(draft.resource('HttpApiLink', 'AWS::ApiGatewayV2::VpcLink', properties));
}

function listen(draft: StackDraft, { vpc, targetType }: Shared, { balancer, group }: Door, { each, task }: PlannedTask, port: number) {
  const name = pascal(each.service.name);
  const own = each.port ?? servicePort;
  const targetGroup = draft.resource(
    `${name}Targets`,
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    {
      TargetType: targetType,
      Protocol: 'TCP',
      Port: own,
      VpcId: vpc,
      HealthCheckProtocol: 'HTTP',
      HealthCheckPath: draft.origin.text(healthPath(each.service)),
      Matcher: { HttpCode: healthCodes(each.service) },
      TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    },
    under(task.condition),
  );
  const listener = draft.resource(
    `${name}Listener`,
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: ref(balancer),
      Port: port,
      Protocol: 'TCP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: ref(targetGroup) }],
    },
    under(task.condition),
  );
  draft.resource(
    `${name}Ingress`,
    'AWS::EC2::SecurityGroupIngress',
    {
      GroupId: task.securityGroups[0],
      SourceSecurityGroupId: getAtt(group, 'GroupId'),
      IpProtocol: 'tcp',
      FromPort: own,
      ToPort: own,
      Description: 'Load balancer',
    },
    under(task.condition),
  );
  unhealthyAlarm(draft, { balancer, targetGroup, service: each.service, condition: task.condition }, 'NetworkELB');
  return { targetGroup, listener, dependsOn: [listener] };
}

/** Condition under which the API calls the service for a function, once there is one. */
function chosen(draft: StackDraft, id: string, traffic: unknown): string {
  const own = draft.parameter(`Traffic${pascal(id)}`, {
    type: 'String',
    description: `Who answers the routes of ${id} where ${draft.id('Traffic')} is chosen: functions or containers`,
    default: 'functions',
    allowed: ['functions', 'containers'],
  });
  const isChosen = both(equals(traffic, 'chosen'), equals(own, 'containers'));
  const condition = draft.condition(`Moves${pascal(id)}`, { 'Fn::Or': [equals(traffic, 'containers'), isChosen] });
  return draft.onceDeployed(condition) ?? condition;
}

function reroute(
  draft: StackDraft,
  { definition: file }: Project,
  id: string,
  to: Parameters<NonNullable<StackDraft['origin']['reroute']>>[1],
): Diagnostic[] {
  const rerouted = draft.origin.reroute?.(id, to);
  Object.assign(draft.stack.extensions, rerouted?.extensions);
  const left = rerouted?.left ?? [{ route: `routes of ${id}`, reason: 'the definition is not edited' }];
  return left.map(({ route, reason }) =>
    diagnostic('FRONT_ROUTE_STAYS', { args: { function: id, route, reason, file }, place: { file }, function: id }),
  );
}
