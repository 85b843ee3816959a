/** Input of `aws apprunner create-service --cli-input-json`, where no resources are written. */
import { servicePort } from '../../planning/health-check.js';
import { imageName } from '../../planning/names.js';
import type { Project } from '../../project/model.js';
import { healthCodes, healthPath } from '../balancing.js';
import type { Placeholder, TargetInput, TargetService } from '../target.js';
import { environmentOf, permissionsNeeded, secretsOf, valuesToFill } from '../values/environment.js';
import { account, regionToFill, registry } from '../values/placeholders.js';
import { sizeOf, startCommand, webOf } from './limits.js';

export const appRunnerFolder = 'deploy/app-runner';

/** Path of the definition of a service. */
export const pathOf = (service: string) => `${appRunnerFolder}/service.${service}.json`;

const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name.slice(-64).replace(/^-/, '')}`;

const nameOf = (project: Project, service: string) => `${imageName(project.name)}-${service}`;

/** A definition of each web service. */
export function definitions({ project, services }: TargetInput) {
  return webOf(services).map((each) => ({ each, path: pathOf(each.service.name), definition: definitionOf(project, each) }));
}

function definitionOf(project: Project, { service, command, port = servicePort }: TargetService) {
  const name = nameOf(project, service.name);
  const secrets = secretsOf(project, service);
  const start = startCommand(command);
  const { cpu, memoryMb } = sizeOf(service);
  const variables = environmentOf(project, service, port).filter((each) => each.name !== 'PORT' || port !== servicePort);
  const often = { Interval: 10, Timeout: 5, HealthyThreshold: 1, UnhealthyThreshold: 5 };
  return {
    ServiceName: name.slice(0, 40),
    SourceConfiguration: {
      AuthenticationConfiguration: { AccessRoleArn: roleArn(`${name}-access`) },
      AutoDeploymentsEnabled: false,
      ImageRepository: {
        ImageIdentifier: `${registry}/${imageName(project.name)}:latest`,
        ImageRepositoryType: 'ECR',
        ImageConfiguration: {
          Port: String(port),
          ...(start !== undefined && { StartCommand: start }),
          RuntimeEnvironmentVariables: Object.fromEntries(variables.map((each) => [each.name, each.value])),
          ...(secrets.length > 0 && {
            RuntimeEnvironmentSecrets: Object.fromEntries(secrets.map((each) => [each.name, each.valueFrom])),
          }),
        },
      },
    },
    InstanceConfiguration: { Cpu: String(cpu), Memory: String(memoryMb), InstanceRoleArn: roleArn(`${name}-instance`) },
    HealthCheckConfiguration:
      healthCodes(service) === '200' ? { Protocol: 'HTTP', Path: healthPath(service), ...often } : { Protocol: 'TCP', ...often },
  };
}

/** What a person fills into the definitions. */
export function placeholders(input: TargetInput): Placeholder[] {
  const { project } = input;
  return definitions(input).flatMap(({ each: { service }, path, definition }) => {
    const wanted = [
      ...regionToFill(project),
      { text: account, meaning: 'the AWS account' },
      { text: registry, meaning: 'the registry that holds the image' },
      { text: definition.SourceConfiguration.AuthenticationConfiguration.AccessRoleArn, meaning: 'role that pulls the image' },
      { text: definition.InstanceConfiguration.InstanceRoleArn, meaning: `role of the code: ${permissionsNeeded(service)}` },
      ...valuesToFill(project, service),
    ];
    return wanted.map((each) => ({ path, ...each }));
  });
}
