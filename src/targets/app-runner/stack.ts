/** A service of App Runner for each web service, with its roles, scaling and way into the network of the functions. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { getAtt, join, managedPolicy, policyDocument } from '../../infrastructure/cloudformation.js';
import type { Origin } from '../../infrastructure/origins/origin.js';
import { StackDraft } from '../../infrastructure/stack-draft.js';
import { servicePort } from '../../planning/health-check.js';
import { objectOf, type PlainObject } from '../../project/data.js';
import type { Project } from '../../project/model.js';
import { healthCodes, healthPath } from '../balancing.js';
import { environmentOf, type Grant } from '../ecs/stack/environment.js';
import { codeRole } from '../ecs/stack/role.js';
import { allow, assumedBy, conditionOf, under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';
import { maximumCopies } from '../scaling.js';
import type { TargetInput, TargetService, TargetStack } from '../target.js';
import { findings, sizeOf, startCommand, webOf } from './limits.js';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apprunner-service.html */
export function appRunnerStack(input: TargetInput, origin: Origin): TargetStack {
  const draft = new StackDraft(origin);
  const diagnostics = findings(input);
  const web = webOf(input.services);
  if (web.length > 0) {
    const image = draft.image();
    const pulls = draft.resource('AccessRole', 'AWS::IAM::Role', {
      AssumeRolePolicyDocument: assumedBy('build.apprunner.amazonaws.com'),
      ManagedPolicyArns: [managedPolicy('service-role/AWSAppRunnerServicePolicyForECRAccess')],
    });
    for (const each of web) diagnostics.push(...serviceOf(draft, input.project, { image, accessRole: getAtt(pulls, 'Arn') }, each));
  }
  return { stack: draft.stack, parameters: draft.parameters, diagnostics };
}

interface Source {
  image: unknown;
  accessRole: unknown;
}

function serviceOf(draft: StackDraft, project: Project, source: Source, each: TargetService): Diagnostic[] {
  const { service, command, port = servicePort } = each;
  const name = pascal(service.name);
  const condition = conditionOf(draft, service.functions);
  const own = {
    NODE_ENV: 'production',
    STOP_TIMEOUT: String(service.stopTimeout),
    ...(port !== servicePort && { PORT: String(port) }),
  };
  const { environment, secrets, grants } = environmentOf(draft, project, service, own);
  const { role, unknown } = codeRole(draft, each, {
    service: 'tasks.apprunner.amazonaws.com',
    condition,
    policies: grants.length > 0 ? [{ PolicyName: 'secrets', PolicyDocument: policyDocument(reads(grants)) }] : [],
  });
  const { cpu, memoryMb } = sizeOf(service);
  const start = startCommand(command);
  const id = draft.resource(
    `${name}Service`,
    'AWS::AppRunner::Service',
    {
      SourceConfiguration: {
        AuthenticationConfiguration: { AccessRoleArn: source.accessRole },
        // A new image comes with a deployment of the stack, as everywhere.
        AutoDeploymentsEnabled: false,
        ImageRepository: {
          ImageIdentifier: source.image,
          ImageRepositoryType: 'ECR',
          ImageConfiguration: {
            Port: String(port),
            ...(start !== undefined && { StartCommand: draft.origin.text(start) }),
            RuntimeEnvironmentVariables: environment,
            ...(secrets.length > 0 && { RuntimeEnvironmentSecrets: secrets.map(asPair) }),
          },
        },
      },
      InstanceConfiguration: { Cpu: String(cpu), Memory: String(memoryMb), InstanceRoleArn: getAtt(role, 'Arn') },
      HealthCheckConfiguration: healthCheckOf(draft, each),
      AutoScalingConfigurationArn: scalingOf(draft, project, each, condition),
      NetworkConfiguration: networkOf(draft, each, condition),
    },
    under(condition),
  );
  draft.output(`${name}Url`, `Where the service ${service.name} answers`, join('', ['https://', getAtt(id, 'ServiceUrl')]), condition);
  return toKnow(draft, each, unknown, project.definition);
}

/** A secret of App Runner has the key `Value`. */
function asPair(secret: unknown): PlainObject {
  const { Name: name, ValueFrom: value } = objectOf(secret);
  return { Name: name, Value: value };
}

function reads(grants: readonly Grant[]): unknown[] {
  return [...new Map(grants.map((grant) => [JSON.stringify(grant), allow([grant.action], [grant.resource])])).values()];
}

/** Over HTTP only 200 is well; where the server is well otherwise, that it listens is asked. */
function healthCheckOf(draft: StackDraft, { service }: TargetService): PlainObject {
  const often = { Interval: 10, Timeout: 5, HealthyThreshold: 1, UnhealthyThreshold: 5 };
  if (healthCodes(service) !== '200') return { Protocol: 'TCP', ...often };
  return { Protocol: 'HTTP', Path: draft.origin.text(healthPath(service)), ...often };
}

function scalingOf(draft: StackDraft, project: Project, { service }: TargetService, condition: string | undefined): unknown {
  const name = pascal(service.name);
  const count = (which: 'Minimum' | 'Maximum', fallback: number) =>
    draft.parameter(`${name}${which}Instances`, {
      type: 'Number',
      description: `${which} number of instances of the service ${service.name}`,
      default: String(fallback),
    });
  const id = draft.resource(
    `${name}Scaling`,
    'AWS::AppRunner::AutoScalingConfiguration',
    { MaxConcurrency: 100, MinSize: count('Minimum', 1), MaxSize: count('Maximum', maximumCopies(project, service.functions)) },
    under(condition),
  );
  return getAtt(id, 'AutoScalingConfigurationArn');
}

/** What goes out takes the way that the functions took. */
function networkOf(draft: StackDraft, { service }: TargetService, condition: string | undefined): PlainObject | undefined {
  const network = service.functions.map((id) => draft.origin.network(id)).find((found) => found !== undefined);
  if (!network) return undefined;
  const id = draft.resource(
    `${pascal(service.name)}Connector`,
    'AWS::AppRunner::VpcConnector',
    { Subnets: network.subnets, ...(network.securityGroups.length > 0 && { SecurityGroups: network.securityGroups }) },
    under(condition),
  );
  return { EgressConfiguration: { EgressType: 'VPC', VpcConnectorArn: getAtt(id, 'VpcConnectorArn') } };
}

function toKnow({ origin }: StackDraft, { service }: TargetService, unknown: readonly string[], file: string): Diagnostic[] {
  const place = { file };
  const conditions = new Set(service.functions.map((id) => origin.condition(id)));
  return [
    ...unknown.map((reason) => diagnostic('PERMISSIONS_TO_GIVE', { args: { service: service.name, reason }, place })),
    ...(conditions.size > 1 ? [diagnostic('CONDITIONS_DIFFER', { args: { service: service.name }, place })] : []),
  ];
}
