import { limitOf } from '../../aws/facts.js';
import { diagnostic } from '../../diagnostics/catalog.js';
import { getAtt, managedPolicy, policyDocument, ref } from '../../infrastructure/cloudformation.js';
import { type DeclaredFunction, type Definition, declaredFunction, sectionsOf } from '../../infrastructure/functions/definition.js';
import { StackDraft } from '../../infrastructure/stack-draft.js';
import { objectOf, type PlainObject } from '../../project/data.js';
import type { LambdaFunction } from '../../project/model.js';
import type { FunctionEdits, FunctionInput } from '../target.js';

/** Begins the logical ids of what is added. */
const prefix = 'Managed';

/** GiB of memory for each vCPU: the least that there is. */
const ratio = 2;

/** Settings that belong to the function beside it, or that Managed Instances do not have. */
const leftOut: ReadonlySet<string> = new Set([
  'FunctionName',
  'Events',
  'VpcConfig',
  'ReservedConcurrentExecutions',
  'ProvisionedConcurrencyConfig',
  'SnapStart',
  'FunctionUrlConfig',
  'DeploymentPreference',
  'EventInvokeConfig',
  'AutoPublishAlias',
  'AutoPublishAliasAllProperties',
  'VersionDeletionPolicy',
]);

/**
 * A function on Managed Instances beside each of these: a capacity provider cannot be given to one that is there.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html
 */
export function managedEdits({ project, functions, definition }: FunctionInput): FunctionEdits {
  const draft = new StackDraft({ ...definition.origin, deploys: 'instead' }, prefix);
  const { definition: file } = project;
  const edits: FunctionEdits = { stack: draft.stack, parameters: draft.parameters, added: [], replaced: [], diagnostics: [] };
  const providers = new Map<string, string>();
  for (const lambda of functions) {
    const declared = declaredFunction(definition, lambda.id);
    const reason = declared ? obstacleIn(declared, definition) : 'it stands elsewhere';
    if (!declared || declared.kind === 'serverless' || reason !== undefined) {
      const args = { function: lambda.id, file, reason: reason ?? '' };
      edits.diagnostics.push(diagnostic('FUNCTION_NOT_EDITED', { args, place: { file }, function: lambda.id }));
      continue;
    }
    addFunction(draft, { lambda, declared, definition }, providerOf(draft, { lambda, declared, definition }, providers));
  }
  return edits;
}

interface Addition {
  lambda: LambdaFunction;
  declared: DeclaredFunction;
  definition: Definition;
}

function obstacleIn({ kind }: DeclaredFunction, { document }: Definition): string | undefined {
  if (kind === 'serverless')
    return 'only version 4 of the Serverless Framework knows Managed Instances, and which one deploys it is not certain';
  const shared = objectOf(objectOf(document['Globals'])['Function']);
  const clash = ['VpcConfig', 'ProvisionedConcurrencyConfig', 'SnapStart'].find((name) => shared[name] !== undefined);
  return kind === 'sam' && clash !== undefined ? `Globals give every function ${clash}, which Managed Instances exclude` : undefined;
}

/** One provider for all functions of a network and an architecture; the network of a function is that of its instances now. */
function providerOf(draft: StackDraft, { lambda, definition }: Addition, known: Map<string, string>): string {
  const network = definition.origin.network(lambda.id);
  const key = JSON.stringify([lambda.architecture, network ?? null]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const subnets =
    network?.subnets ??
    draft.parameter('Subnets', {
      type: 'List<AWS::EC2::Subnet::Id>',
      description: 'Subnets of the instances, with a way to AWS (NAT or endpoints)',
    });
  const groups =
    network?.securityGroups ??
    draft.parameter('SecurityGroups', { type: 'CommaDelimitedList', description: 'Security groups of the instances' });
  const most = draft.parameter('MaximumVCpus', {
    type: 'Number',
    description: 'vCPUs of all instances of a capacity provider at most',
    default: '32',
  });
  const name = known.size === 0 ? 'Provider' : `Provider${known.size + 1}`;
  // That of CloudFormation in SAM too: tools that check templates do not know the attributes of SAM's own.
  const id = draft.resource(name, 'AWS::Lambda::CapacityProvider', {
    VpcConfig: { SubnetIds: subnets, SecurityGroupIds: groups },
    InstanceRequirements: { Architectures: [lambda.architecture] },
    CapacityProviderScalingConfig: { MaxVCpuCount: most },
    PermissionsConfig: { CapacityProviderOperatorRoleArn: getAtt(operator(draft), 'Arn') },
  });
  known.set(key, id);
  return id;
}

/** The role that Lambda runs instances with. */
function operator(draft: StackDraft): string {
  const trust = policyDocument([{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }]);
  return draft.resource('OperatorRole', 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: trust,
    ManagedPolicyArns: [managedPolicy('AWSLambdaManagedEC2ResourceOperator')],
  });
}

function addFunction(draft: StackDraft, { lambda, declared, definition }: Addition, provider: string): void {
  const concurrency = draft.parameter('Concurrency', {
    type: 'Number',
    description: 'Requests at a time in one environment; raise it after a load test',
    default: '10',
  });
  const own = Object.fromEntries(Object.entries(declared.own).filter(([name]) => !leftOut.has(name)));
  const settings = { ...own, ...runtimeOf(lambda), MemorySize: memoryOf(lambda) };
  const limits = { PerExecutionEnvironmentMaxConcurrency: concurrency, ExecutionEnvironmentMemoryGiBPerVCpu: ratio };
  const arn = getAtt(provider, 'Arn');
  const { Metadata: metadata, Condition: condition } = entryOf(definition, lambda.id);
  const under = condition === undefined ? {} : { Condition: condition };
  const more = { ...under, ...(metadata !== undefined && { Metadata: metadata }) };
  if (declared.kind === 'sam') {
    const publish = { AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true };
    const id = draft.resource(
      lambda.id,
      'AWS::Serverless::Function',
      { ...settings, ...publish, CapacityProviderConfig: { Arn: arn, ...limits } },
      more,
    );
    draft.output(`${lambda.id}Arn`, `What calls ${lambda.id} on Managed Instances calls this`, ref(`${id}Aliaslive`), declared.condition);
    return;
  }
  const config = { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: arn, ...limits } };
  const id = draft.resource(lambda.id, 'AWS::Lambda::Function', { ...settings, CapacityProviderConfig: config }, more);
  const release = draft.parameter(`${lambda.id}Release`, {
    type: 'String',
    description: `Give another text whenever ${lambda.id} changes: a version is published for each`,
    default: '1',
  });
  const version = draft.resource(`${lambda.id}Version`, 'AWS::Lambda::Version', { FunctionName: ref(id), Description: release }, under);
  const alias = draft.resource(
    `${lambda.id}Alias`,
    'AWS::Lambda::Alias',
    { FunctionName: ref(id), FunctionVersion: getAtt(version, 'Version'), Name: 'live' },
    under,
  );
  draft.output(`${lambda.id}Arn`, `What calls ${lambda.id} on Managed Instances calls this`, ref(alias), declared.condition);
}

/** Node.js 22 at least: https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-nodejs-runtime.html */
function runtimeOf({ runtime }: LambdaFunction): PlainObject {
  const node = /^nodejs(\d+)\.x$/.exec(runtime ?? '')?.[1];
  return node !== undefined && Number(node) < limitOf('lmi-node-minimum').value ? { Runtime: 'nodejs22.x' } : {};
}

/** Whole vCPUs: at least one, with `ratio` GiB each. */
function memoryOf({ memoryMb }: LambdaFunction): number {
  const step = ratio * 1024;
  return Math.max(1, Math.ceil(memoryMb / step)) * step;
}

function entryOf({ document, base }: Definition, id: string): PlainObject {
  return objectOf(sectionsOf(document, base).find(({ resources }) => resources[id] !== undefined)?.resources[id]);
}
