/** Web services of ECS Express Mode: ECS makes load balancer, certificate, security groups, scaling and deployment of each. */
import { diagnostic } from '../../diagnostics/catalog.js';
import { getAtt, managedPolicy, ref } from '../../infrastructure/cloudformation.js';
import { healthPath } from '../balancing.js';
import type { WebFront } from '../ecs/stack/capacity.js';
import { busyShare, taskCounts } from '../ecs/stack/service.js';
import { assumedBy, under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-expressgatewayservice.html */
export const expressFront: WebFront = {
  publish(draft, project, shared, web) {
    if (web.length === 0) return [];
    const role = draft.resource('InfrastructureRole', 'AWS::IAM::Role', {
      AssumeRolePolicyDocument: assumedBy('ecs.amazonaws.com'),
      ManagedPolicyArns: [managedPolicy('service-role/AmazonECSInfrastructureRoleforExpressGatewayServices')],
    });
    for (const { each, task } of web) {
      const { service } = each;
      const name = pascal(service.name);
      const id = draft.resource(
        `${name}Service`,
        'AWS::ECS::ExpressGatewayService',
        {
          InfrastructureRoleArn: getAtt(role, 'Arn'),
          // Size, roles, variables and secrets are those of the task definition.
          TaskDefinitionArn: ref(task.definition),
          Cluster: shared.clusterName,
          HealthCheckPath: draft.origin.text(healthPath(service)),
          NetworkConfiguration: {
            Subnets: task.subnets,
            ...(task.securityGroups.length > 0 && { SecurityGroups: task.securityGroups }),
          },
          ScalingTarget: taskCounts(draft, project, service, (least, most) => ({
            AutoScalingMetric: 'AVERAGE_CPU',
            AutoScalingTargetValue: busyShare,
            MinTaskCount: least,
            MaxTaskCount: most,
          })),
        },
        under(task.condition),
      );
      draft.output(`${name}Url`, `Where the service ${service.name} answers`, getAtt(id, 'Endpoint'), task.condition);
    }
    const place = { file: project.definition };
    const services = web.map(({ each }) => each.service.name).join(', ');
    return web.length > 1 ? [diagnostic('EXPRESS_ADDRESSES', { args: { services }, place })] : [];
  },
};
