/** Launch template, role and log group of the instances of a service. */
import { getAtt, join, ownArn, policyDocument, ref, sub } from '../../infrastructure/cloudformation.js';
import type { StackDraft } from '../../infrastructure/stack-draft.js';
import { servicePort } from '../../planning/health-check.js';
import type { ServicePlan } from '../../planning/plan.js';
import { objectOf } from '../../project/data.js';
import type { Project } from '../../project/model.js';
import { environmentOf, type Grant } from '../ecs/stack/environment.js';
import { codeRole } from '../ecs/stack/role.js';
import { allow, conditionOf, under } from '../ecs/stack/shared.js';
import { pascal } from '../ecs/stack/words.js';
import { instanceTypeFor } from '../ecs-ec2/instance-type.js';
import type { TargetService } from '../target.js';
import { given, held, type Line, parameterIn, runScript, secret } from './script.js';

/** AMIs that AWS keeps; an instance takes the newest when it starts. */
const images: Readonly<Record<ServicePlan['architecture'], string>> = {
  X86_64: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  ARM64: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
};

/** In China the principal of EC2 ends as its host names do. */
export const ec2Principal = sub('ec2.${AWS::URLSuffix}');

export interface Network {
  image: unknown;
  vpc: unknown;
  subnets: unknown;
}

/** What the instances of a service have in common. */
export interface Instance {
  each: TargetService;
  condition: string | undefined;
  /** Logical ids. */
  role: string;
  logGroup: string;
  securityGroups: unknown[];
  subnets: unknown;
  /** What the role lacks. */
  unknown: string[];
  /** Makes a launch template; gives its logical id. `ends`: the instance ends with the command. */
  template(name: string, run: { command: readonly string[]; after?: Line[]; ends?: boolean }): string;
}

export function instanceOf(draft: StackDraft, project: Project, network: Network, each: TargetService): Instance {
  const { service, port = servicePort } = each;
  const name = pascal(service.name);
  const condition = conditionOf(draft, service.functions);
  const logs = draft.resource(`${name}Logs`, 'AWS::Logs::LogGroup', { RetentionInDays: logRetention(draft) }, under(condition));
  const own = { NODE_ENV: 'production', STOP_TIMEOUT: String(service.stopTimeout), ...(service.kind !== 'job' && { PORT: String(port) }) };
  const { environment, secrets, grants } = environmentOf(draft, project, service, own);
  const { role, unknown } = codeRole(draft, each, {
    service: ec2Principal,
    condition,
    policies: [hostPolicy(logs, [...grants, ...environment.flatMap(parameterGrants)])],
  });
  const profile = draft.resource(`${name}Profile`, 'AWS::IAM::InstanceProfile', { Roles: [ref(role)] }, under(condition));
  const attached = service.functions.map((id) => draft.origin.network(id)).find((found) => found !== undefined);
  const group = draft.resource(
    `${name}SecurityGroup`,
    'AWS::EC2::SecurityGroup',
    { GroupDescription: `Instances of the service ${service.name}`, VpcId: network.vpc },
    under(condition),
  );
  const securityGroups = [getAtt(group, 'GroupId'), ...(attached?.securityGroups ?? [])];
  const subnets = attached?.subnets ?? network.subnets;
  const type = draft.parameter(`${name}InstanceType`, {
    type: 'String',
    description: `Type of the instances of the service ${service.name} (${service.architecture})`,
    default: instanceTypeFor(service.architecture, [service]),
  });
  return {
    each,
    condition,
    role,
    logGroup: logs,
    securityGroups,
    subnets,
    unknown,
    template(of, { command, after = [], ends = false }) {
      const lines = runScript({
        image: [held('value_image', network.image)],
        region: ref('AWS::Region'),
        logGroup: ref(logs),
        environment: [...environment.map(given), ...secrets.map((each) => secret(each as object))],
        command,
        stopTimeout: service.stopTimeout,
        runs: ends ? 'job' : 'service',
        after,
      });
      return draft.resource(
        `${of}Template`,
        'AWS::EC2::LaunchTemplate',
        {
          LaunchTemplateData: {
            ImageId: images[service.architecture],
            InstanceType: type,
            IamInstanceProfile: { Arn: getAtt(profile, 'Arn') },
            SecurityGroupIds: securityGroups,
            ...(ends && { InstanceInitiatedShutdownBehavior: 'terminate' }),
            // The container is on the network of the host: no hop more.
            MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
            BlockDeviceMappings: [
              { DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3', VolumeSize: 30 + (service.ephemeralStorageGb ?? 0), Encrypted: true } },
            ],
            UserData: { 'Fn::Base64': join('\n', texts(draft, lines) as unknown[]) },
          },
        },
        under(condition),
      );
    },
  };
}

/** What reading values that are parameters takes. */
function parameterGrants(entry: unknown): Grant[] {
  if (Array.isArray(entry)) return entry.flatMap(parameterGrants);
  const { Value: value, 'Fn::If': either } = objectOf(entry);
  if (either !== undefined) return parameterGrants(either);
  const name = parameterIn(value)?.replace(/:\d+$/, '').replace(/^\//, '');
  return name === undefined ? [] : [{ action: 'ssm:GetParameters', resource: ownArn('ssm', `parameter/${name}`) }];
}

function logRetention(draft: StackDraft): unknown {
  return (
    draft.origin.logRetention() ??
    draft.parameter('LogRetention', { type: 'Number', description: 'Days that logs are kept', default: '30' })
  );
}

/** What pulls the image, writes logs and reads secrets. */
function hostPolicy(logs: string, grants: readonly Grant[]): unknown {
  const secrets = grants.map(({ action, resource }) => allow([action === 'ssm:GetParameters' ? 'ssm:GetParameter' : action], [resource]));
  const distinct = [...new Map(secrets.map((statement) => [JSON.stringify(statement), statement])).values()];
  return {
    PolicyName: 'instance',
    PolicyDocument: policyDocument([
      allow(['ecr:GetAuthorizationToken'], ['*']),
      allow(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], [ownArn('ecr', 'repository/*')]),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [getAtt(logs, 'Arn')]),
      ...distinct,
    ]),
  };
}

/** Texts of the script as the dialect must have them. */
function texts(draft: StackDraft, value: unknown): unknown {
  if (typeof value === 'string') return draft.origin.text(value);
  if (Array.isArray(value)) return value.map((entry) => texts(draft, entry));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  // Only what the script itself puts together; references are as they were written.
  if (name === 'Fn::Join') return { [name]: [(argument as unknown[])[0], texts(draft, (argument as unknown[])[1])] };
  if (name === 'Fn::If') return { [name]: [(argument as unknown[])[0], ...(texts(draft, (argument as unknown[]).slice(1)) as unknown[])] };
  return value;
}
