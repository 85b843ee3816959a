/** Records of functions → a template in CloudFormation's long form, which is read as every other definition is. */
import { isSecretName } from '../planning/secrets.js';
import type { PlainObject } from '../project/data.js';
import { type ApiResources, apiIdOf } from './apis.js';
import type { FunctionRecord } from './record.js';
import { ruleOf } from './rules.js';
import type { DeployedSchedule } from './schedules.js';

export interface Surroundings {
  apis: ReadonlyMap<string, ApiResources>;
  /** By ARN. */
  rules: ReadonlyMap<string, PlainObject>;
  /** By the name of the function. */
  schedules: ReadonlyMap<string, readonly DeployedSchedule[]>;
  /** By ARN. */
  roles: ReadonlyMap<string, PlainObject>;
  /** Folder of a layer below that of the template, by ARN. */
  layers: ReadonlyMap<string, string>;
}

interface Resource {
  Type: string;
  Properties: PlainObject;
}

export interface DeployedTemplate {
  /** Says who wrote it, and that it cannot be deployed. */
  Metadata: PlainObject;
  Parameters: Record<string, PlainObject>;
  Resources: Record<string, Resource>;
}

/** Name of the template in the folder of its stack. */
export const deployedFile = 'deployed.json';

/** Key of its metadata by which it is known again. */
export const deployedMark = 'migrate-lambda:deployed';

/** Logical ids by names, of functions or others: letters and digits, each once and none that is taken. */
export function logicalIds(names: readonly string[], others: Iterable<string> = []): Map<string, string> {
  const found = new Map<string, string>();
  const taken = new Set(others);
  for (const name of names) {
    const base =
      name.replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase()).replace(/^(?=\d)/, 'F') ||
      'Function';
    let id = base;
    for (let count = 2; taken.has(id); count++) id = `${base}${count}`;
    taken.add(id);
    found.set(name, id);
  }
  return found;
}

/** One template of the functions of one stack; `folder` is the stack's, which paths of code begin with. */
export function templateOf(records: readonly FunctionRecord[], around: Surroundings, folder: string): DeployedTemplate {
  const ids = logicalIds(records.map(({ name }) => name));
  const template: DeployedTemplate = {
    Metadata: { [deployedMark]: { Note: 'Made from what is deployed, to be read by migrate-lambda. Do not deploy it.' } },
    Parameters: {},
    Resources: {},
  };
  const roles = roleIds(records, around.roles, ids.values());
  for (const record of records) {
    const id = ids.get(record.name) as string;
    const own = functionProperties(record, id, template.Parameters, around.layers, folder);
    const Role = roles.has(record.role ?? '') ? { 'Fn::GetAtt': [roles.get(record.role ?? ''), 'Arn'] } : record.role;
    template.Resources[id] = { Type: 'AWS::Lambda::Function', Properties: { ...own, ...(Role !== null && { Role }) } };
  }
  for (const [arn, id] of roles) template.Resources[id] = { Type: 'AWS::IAM::Role', Properties: around.roles.get(arn) as PlainObject };
  for (const record of records) {
    const id = ids.get(record.name) as string;
    addCallers(record, id, template.Resources, around);
    addSchedules(around.schedules.get(record.name) ?? [], id, template);
  }
  for (const [arn, layer] of around.layers) {
    if (!records.some(({ layers }) => layers.includes(arn))) continue;
    template.Resources[layerId(arn)] = { Type: 'AWS::Lambda::LayerVersion', Properties: { ContentUri: `./${layer}` } };
  }
  return template;
}

function layerId(arn: string): string {
  return `Layer${arn.replace(/^(?:[^:]*:){4}/, '').replace(/[^A-Za-z0-9]/g, '')}`;
}

/** Logical ids of the roles of these functions, by ARN. */
function roleIds(records: readonly FunctionRecord[], roles: Surroundings['roles'], taken: Iterable<string>): Map<string, string> {
  const arns = [...new Set(records.flatMap(({ role }) => (role !== null && roles.has(role) ? [role] : [])))];
  const names = new Map(arns.map((arn) => [arn, `Role-${arn.slice(arn.lastIndexOf('/') + 1)}`]));
  const ids = logicalIds([...names.values()], taken);
  return new Map(arns.map((arn) => [arn, ids.get(names.get(arn) as string) as string]));
}

/** An event with a secret has to be given at deployment. */
function addSchedules(schedules: readonly DeployedSchedule[], id: string, { Parameters, Resources }: DeployedTemplate): void {
  for (const [index, { properties, secret }] of schedules.entries()) {
    const key = freeKey(Resources, `${id}Schedule${index}`);
    const Target = { ...properties.Target, ...(secret && { Input: { Ref: `${key}Input` } }) };
    if (secret) Parameters[`${key}Input`] = { Type: 'String', Description: `Event of ${properties.Name}`, NoEcho: true };
    Resources[key] = { Type: 'AWS::Scheduler::Schedule', Properties: { ...properties, Target } };
  }
}

function functionProperties(
  record: FunctionRecord,
  id: string,
  parameters: DeployedTemplate['Parameters'],
  layers: Surroundings['layers'],
  folder: string,
): PlainObject {
  const image = record.packageType === 'Image';
  const path = record.code === null ? `functions/${record.name}` : record.code.slice(folder.length + 1);
  return {
    FunctionName: record.name,
    ...(record.description !== '' && { Description: record.description }),
    ...(image ? { PackageType: 'Image', Code: { ImageUri: record.image ?? 'unknown' } } : { Code: `./${path}` }),
    ...(!image && { Handler: record.sourceHandler ?? record.handler, Runtime: record.runtime }),
    Architectures: [record.architecture],
    MemorySize: record.memoryMb,
    Timeout: record.timeoutSeconds,
    EphemeralStorage: { Size: record.ephemeralStorageMb },
    ...(record.subnets.length > 0 && { VpcConfig: { SubnetIds: record.subnets } }),
    ...(record.reservedConcurrency !== null && { ReservedConcurrentExecutions: record.reservedConcurrency }),
    ...(record.layers.length > 0 && { Layers: record.layers.map((arn) => (layers.has(arn) ? { Ref: layerId(arn) } : arn)) }),
    Environment: { Variables: variablesOf(record, id, parameters) },
  };
}

/** A value that was not taken becomes a parameter, to be given when the service is deployed. */
function variablesOf({ name: fn, environment }: FunctionRecord, id: string, parameters: DeployedTemplate['Parameters']): PlainObject {
  const variables: PlainObject = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== null) {
      variables[name] = value;
      continue;
    }
    const parameter = `${id}${name.replace(/[^A-Za-z0-9]/g, '')}`;
    parameters[parameter] = { Type: 'String', Description: `${name} of ${fn}`, ...(isSecretName(name) && { NoEcho: true }) };
    variables[name] = { Ref: parameter };
  }
  return variables;
}

/** What calls the function: a description where there is one, else the permission alone, whose route counts as guarded. */
function addCallers(record: FunctionRecord, id: string, resources: Record<string, Resource>, around: Surroundings): void {
  for (const [name, resource] of [...ownCallers(record, id), ...permitted(record, id, resources, around)]) {
    resources[freeKey(resources, `${id}${name}`)] = resource;
  }
}

function freeKey(resources: Record<string, Resource>, key: string): string {
  return Object.hasOwn(resources, key) ? freeKey(resources, `${key}X`) : key;
}

type Named = [name: string, resource: Resource];

function ownCallers({ aliases, urls, mappings, destinations }: FunctionRecord, id: string): Named[] {
  const FunctionName = { Ref: id };
  return [
    ...aliases.map(({ name, version, provisioned }, index): Named => {
      const ready = provisioned !== null && { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: provisioned } };
      const Properties = { FunctionName, Name: name, FunctionVersion: version, ...ready };
      return [`Alias${index}`, { Type: 'AWS::Lambda::Alias', Properties }];
    }),
    ...urls.map(({ authType, invokeMode, cors, qualifier }, index): Named => {
      const settings = {
        AuthType: authType,
        InvokeMode: invokeMode,
        ...(cors && { Cors: cors }),
        ...(qualifier !== null && { Qualifier: qualifier }),
      };
      return [`Url${index}`, { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': [id, 'Arn'] }, ...settings } }];
    }),
    ...mappings.map(({ source, enabled, settings }, index): Named => {
      const Properties = { FunctionName, ...(source !== null && { EventSourceArn: source }), Enabled: enabled, ...settings };
      return [`Mapping${index}`, { Type: 'AWS::Lambda::EventSourceMapping', Properties }];
    }),
    ...(destinations
      ? [named('Destinations', 'AWS::Lambda::EventInvokeConfig', { FunctionName, Qualifier: '$LATEST', DestinationConfig: destinations })]
      : []),
  ];
}

function named(name: string, Type: string, Properties: PlainObject): Named {
  return [name, { Type, Properties }];
}

/** Adds the APIs and rules that policies name; gives the permissions that stand for what could not be read. */
function permitted(
  { permissions }: FunctionRecord,
  id: string,
  resources: Record<string, Resource>,
  { apis, rules }: Surroundings,
): Named[] {
  return permissions.flatMap(({ principal, sourceArn }, index) => {
    const api = apis.get(apiIdOf(sourceArn) ?? '');
    const rule = ruleOf(sourceArn) && rules.get(sourceArn ?? '');
    if (api) Object.assign(resources, api.resources);
    if (rule) resources[ruleId(rule)] = { Type: 'AWS::Events::Rule', Properties: rule };
    if (api || rule) return [];
    const source = sourceArn === null ? {} : { SourceArn: sourceArn };
    const Properties = { FunctionName: { Ref: id }, Action: 'lambda:InvokeFunction', Principal: principal, ...source };
    return [named(`Permission${index}`, 'AWS::Lambda::Permission', Properties)];
  });
}

function ruleId({ EventBusName: bus, Name: name }: PlainObject): string {
  return `Rule${`${String(bus ?? '')}${String(name)}`.replace(/[^A-Za-z0-9]/g, '')}`;
}
