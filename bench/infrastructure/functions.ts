/** What a function was given by its definition, before it moved: variables, permissions, queues and schedules, as they are deployed. */
import { expandPolicyTemplate, isForLambdaOnly } from '../../src/infrastructure/permissions/aws-policies.js';
import { permissionsOfConnectors } from '../../src/infrastructure/permissions/connectors.js';
import { isPlainObject, listOf, objectOf, type PlainObject } from '../../src/project/data.js';
import { functionLogicalId } from '../../src/project/readers/serverless/names.js';
import type { Deployed } from './deployed.js';

export interface Given {
  environment: PlainObject;
  /** Statements, each as normalised JSON. */
  statements: Set<string>;
  /** Last part of the ARN of each managed policy. */
  managed: Set<string>;
  /** ARNs of the queues that start it. */
  queues: Set<string>;
  schedules: Set<string>;
}

/** A statement so that equal ones are equal texts. */
function statementText(statement: unknown): string {
  const { Action: action, Resource: resource, Sid: _, ...rest } = objectOf(statement);
  return JSON.stringify({
    ...rest,
    Action: listOf(action).map(String).sort(),
    Resource: listOf(resource)
      .map((each) => JSON.stringify(each))
      .sort(),
  });
}

export const statementsIn = (document: unknown): string[] => listOf(objectOf(document)['Statement']).map(statementText);

export const policyName = (arn: unknown): string => String(arn).split('/').at(-1) ?? '';

export function scheduleText(expression: unknown, zone: unknown): string {
  return `${expression} ${zone ?? 'UTC'}`;
}

function nothing(environment: PlainObject): Given {
  return { environment, statements: new Set(), managed: new Set(), queues: new Set(), schedules: new Set() };
}

/** Of a function of SAM or CloudFormation; undefined when it is not a resource of the template. */
export function givenByTemplate(deployed: Deployed, id: string): Given | undefined {
  const found = deployed.resource(id);
  if (!found) return undefined;
  const isSam = found.type === 'AWS::Serverless::Function';
  const globals = isSam ? objectOf(deployed.value(objectOf(objectOf(deployed.template['Globals'])['Function']))) : {};
  const variables = (of: PlainObject) => objectOf(objectOf(of['Environment'])['Variables']);
  const given = nothing({ ...variables(globals), ...variables(found.properties) });
  const role = found.properties['Role'] ?? globals['Role'];
  if (role !== undefined) addRole(deployed, given, String(role));
  else
    for (const policy of [...listOf(globals['Policies']), ...listOf(found.properties['Policies'])]) addSamPolicy(deployed, given, policy);
  const { policies } = permissionsOfConnectors(objectOf(deployed.template['Resources']), id);
  for (const policy of policies)
    for (const each of statementsIn(objectOf(deployed.value(policy))['PolicyDocument'])) given.statements.add(each);
  for (const event of Object.values(objectOf(found.properties['Events']))) addSamEvent(given, objectOf(event));
  for (const other of deployed.ids()) addStarter(deployed, given, id, other);
  return given;
}

function addRole(deployed: Deployed, given: Given, role: string): void {
  const id = /^<(\w+)(?:\.Arn)?>$/.exec(role)?.[1] ?? '';
  const properties = deployed.resource(id)?.properties ?? {};
  addPolicies(given, properties);
  for (const other of deployed.ids()) {
    const found = deployed.resource(other);
    if (!listOf(found?.properties['Roles']).includes(`<${id}>`)) continue;
    if (found?.type === 'AWS::IAM::ManagedPolicy') given.managed.add(`<${other}>`);
    else for (const statement of statementsIn(found?.properties['PolicyDocument'])) given.statements.add(statement);
  }
}

/** `Policies` and `ManagedPolicyArns` of a role. */
export function addPolicies(given: Pick<Given, 'statements' | 'managed'>, role: PlainObject): void {
  for (const policy of listOf(role['Policies']))
    for (const statement of statementsIn(objectOf(policy)['PolicyDocument'])) given.statements.add(statement);
  for (const arn of listOf(role['ManagedPolicyArns'])) if (!isForLambdaOnly(arn)) given.managed.add(policyName(arn));
}

function addSamPolicy(deployed: Deployed, given: Given, policy: unknown): void {
  if (typeof policy === 'string') {
    if (!isForLambdaOnly(policy)) given.managed.add(policyName(policy));
    return;
  }
  if (!isPlainObject(policy)) return;
  if (policy['Statement'] !== undefined) {
    for (const statement of statementsIn(policy)) given.statements.add(statement);
    return;
  }
  const [[template, parameters] = ['', undefined]] = Object.entries(policy);
  for (const statement of listOf(deployed.value(expandPolicyTemplate(template, objectOf(parameters)))))
    given.statements.add(statementText(statement));
}

function addSamEvent(given: Given, { Type: type, Properties: properties }: PlainObject): void {
  const { Queue: queue, Schedule: rate, ScheduleExpression: expression, ScheduleExpressionTimezone: zone } = objectOf(properties);
  if (type === 'SQS') given.queues.add(String(queue));
  if (type === 'Schedule') given.schedules.add(scheduleText(rate, undefined));
  if (type === 'ScheduleV2') given.schedules.add(scheduleText(expression, zone));
}

/** Resources beside the function that start it. */
function addStarter(deployed: Deployed, given: Given, id: string, other: string): void {
  const found = deployed.resource(other);
  if (!found || other.startsWith('Container')) return;
  const { type, properties } = found;
  const isOurs = (value: unknown) => typeof value === 'string' && new RegExp(`<${id}(\\.Arn)?>`).test(value);
  if (type === 'AWS::Lambda::EventSourceMapping' && isOurs(properties['FunctionName'])) {
    const source = String(properties['EventSourceArn']);
    if (/sqs|^<\w+\.Arn>$/.test(source) && isQueue(deployed, source)) given.queues.add(source);
  }
  if (type === 'AWS::Events::Rule' && properties['ScheduleExpression'] !== undefined)
    for (const target of listOf(properties['Targets']))
      if (isOurs(objectOf(target)['Arn'])) given.schedules.add(scheduleText(properties['ScheduleExpression'], undefined));
  if (type === 'AWS::Scheduler::Schedule' && isOurs(objectOf(properties['Target'])['Arn']))
    given.schedules.add(scheduleText(properties['ScheduleExpression'], properties['ScheduleExpressionTimezone']));
}

function isQueue(deployed: Deployed, arn: string): boolean {
  const id = /^<(\w+)\.Arn>$/.exec(arn)?.[1];
  return id === undefined ? arn.includes(':sqs:') : deployed.resource(id)?.type === 'AWS::SQS::Queue';
}

/** Of a function of a Serverless service, whose template is that of `resources`. Variables of Serverless stay as they are written. */
export function givenByService(deployed: Deployed, service: PlainObject, key: string): Given | undefined {
  const fn = objectOf(objectOf(service['functions'])[key]);
  const provider = objectOf(service['provider']);
  if (Object.keys(fn).length === 0) return givenByTemplate(deployed, key);
  const shared = objectOf(objectOf(provider['iam'])['role']);
  const own = objectOf(objectOf(fn['iam'])['role']);
  const variables = { ...objectOf(provider['environment']), ...objectOf(fn['environment']) };
  const given = nothing(objectOf(deployed.value(variables)));
  const ofFunction = [fn['iamRoleStatements'], own['statements']].flatMap(listOf);
  const isOwnOnly = ofFunction.length > 0 && fn['iamRoleStatementsInherit'] !== true && own['inherit'] !== true;
  const ofProvider = isOwnOnly ? [] : [provider['iamRoleStatements'], shared['statements']].flatMap(listOf);
  const role =
    fn['role'] ??
    provider['role'] ??
    ('statements' in shared || 'managedPolicies' in shared ? undefined : objectOf(provider['iam'])['role']);
  if (role !== undefined) addRole(deployed, given, roleName(deployed, role));
  else
    for (const each of [...ofProvider, ...ofFunction]) if (isPlainObject(each)) given.statements.add(statementText(deployed.value(each)));
  for (const event of listOf(fn['events'])) addServiceEvent(given, objectOf(deployed.value(event)));
  for (const other of deployed.ids()) addStarter(deployed, given, functionLogicalId(key), other);
  return given;
}

function roleName(deployed: Deployed, role: unknown): string {
  return typeof role === 'string' && /^\w+$/.test(role) ? `<${role}>` : String(deployed.value(role));
}

function addServiceEvent(given: Given, { sqs, schedule }: PlainObject): void {
  if (sqs !== undefined) given.queues.add(String(isPlainObject(sqs) ? sqs['arn'] : sqs));
  const zone = objectOf(schedule)['timezone'];
  for (const rate of listOf(isPlainObject(schedule) ? schedule['rate'] : schedule)) given.schedules.add(scheduleText(rate, zone));
}
