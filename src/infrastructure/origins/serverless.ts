import { isPlainObject, listOf, objectOf, type PlainObject } from '../../project/data.js';
import type { LambdaFunction, Project, Value } from '../../project/model.js';
import { functionLogicalId } from '../../project/readers/serverless/names.js';
import { policyDocument } from '../cloudformation.js';
import { rerouteService } from '../front/serverless.js';
import { isForLambdaOnly } from '../permissions/aws-policies.js';
import { noPermissions, type Permissions, policyName, unionOfPermissions } from '../permissions/permissions.js';
import { permissionsOfRole } from '../permissions/role.js';
import type { DeclaredParameter, Origin, ParameterSpec, WrittenNetwork } from './origin.js';
import { networkOf, permissionsOfResource } from './template.js';
import { deadLettersOf, intrinsicIn, literalSchedules, queueOf } from './written.js';

/** Of serverless.yml and .json: `service` is the file as written, variables and all, because they go on working beside it. */
export function serverlessOrigin(project: Project, service: PlainObject): Origin {
  const { functions, resources } = project;
  const provider = objectOf(service['provider']);
  const written = (id: string) => objectOf(objectOf(service['functions'])[id]);
  const lambdaOf = (id: string): LambdaFunction | undefined => functions.find((each) => each.id === id);
  const value = (given: Value): unknown => {
    if (given.kind === 'literal') return typeof given.value === 'string' ? escaped(given.value) : given.value;
    return /^[!{]/.test(given.text) ? intrinsicIn(given.text) : given.text;
  };
  const template = templatesOf(service['resources']);
  return {
    deploys: 'beside',
    variable(id, name) {
      if (Object.hasOwn(resources, id)) return objectOf(objectOf(resources[id]?.properties['Environment'])['Variables'])[name];
      const [owner] = [written(id), provider].map((each) => objectOf(each['environment'])).filter((each) => Object.hasOwn(each, name));
      return owner?.[name];
    },
    value,
    queue: (trigger) => queueOf(trigger, value(trigger.queue)),
    deadLetters: (trigger) =>
      deadLettersOf(resources, Object.assign({}, ...template.map((each) => objectOf(each['Resources']))) as PlainObject, trigger),
    schedules: (job) => literalSchedules(job, lambdaOf(job.function), (text) => (/^[!{]/.test(text) ? intrinsicIn(text) : text)),
    permissions: (id) =>
      Object.hasOwn(resources, id) ? permissionsOfResource(resources, id) : permissionsOfFunction(project, provider, id, written(id)),
    network: (id) =>
      Object.hasOwn(resources, id)
        ? networkOf(resources[id]?.properties['VpcConfig'])
        : networkOfFunction(written(id)['vpc'] ?? provider['vpc']),
    condition(id) {
      const { condition } = written(id);
      return typeof condition === 'string' && !condition.includes('${') ? condition : undefined;
    },
    logRetention: () => provider['logRetentionInDays'],
    text: escaped,
    parameter: (id, spec) => serverlessParameter(id, spec, usesParameters(service)),
    reroute: (id, to) => rerouteService(service, { key: id, triggers: lambdaOf(id)?.triggers ?? [] }, to),
    taken: () =>
      new Set([
        ...functions.map(({ id }) => functionLogicalId(id)),
        ...Object.keys(resources),
        ...template.flatMap((each) => Object.values(each).flatMap((section) => Object.keys(objectOf(section)))),
      ]),
  };
}

/** Serverless reads `${…}` in any text as a variable. */
function escaped(text: string): string {
  return text.replaceAll('${', '\\${');
}

function templatesOf(resources: unknown): PlainObject[] {
  return listOf(resources).filter(isPlainObject);
}

/** `--param` came with version 3; before it, what is given at deployment comes from the shell. */
function usesParameters({ frameworkVersion: version }: PlainObject): boolean {
  return typeof version !== 'string' && typeof version !== 'number' ? true : !/^[\s^~>=v]*[12](\D|$)/.test(String(version));
}

function serverlessParameter(id: string, spec: ParameterSpec, byFlag: boolean): DeclaredParameter {
  const name = byFlag ? `${id[0]?.toLowerCase()}${id.slice(1)}` : id.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  const fallback = spec.default === undefined ? '' : `, '${spec.default}'`;
  const text = `\${${byFlag ? 'param' : 'env'}:${name}${fallback}}`;
  const isList = spec.type.startsWith('List') || spec.type === 'CommaDelimitedList';
  return { name, reference: isList ? { 'Fn::Split': [',', text] } : text };
}

function networkOfFunction(vpc: unknown): WrittenNetwork | undefined {
  const { subnetIds: subnets, securityGroupIds: groups } = objectOf(vpc);
  return networkOf({ SubnetIds: subnets, SecurityGroupIds: groups ?? [] });
}

/** Statements of the provider and, with serverless-iam-roles-per-function, of the function itself. */
function permissionsOfFunction({ resources }: Project, provider: PlainObject, id: string, fn: PlainObject): Permissions {
  const role = objectOf(provider['iam'])['role'];
  const custom = fn['role'] ?? provider['role'] ?? (isPlainObject(role) && !('Ref' in role) && !isIntrinsic(role) ? undefined : role);
  if (custom !== undefined) return roleOf(resources, custom);
  const own = objectOf(objectOf(fn['iam'])['role']);
  const statements = [fn['iamRoleStatements'], own['statements']];
  const ofFunction = statementPolicies(`${id}-own`, statements);
  const isOwnOnly = statements.some((each) => each !== undefined) && fn['iamRoleStatementsInherit'] !== true && own['inherit'] !== true;
  const shared = objectOf(role);
  const ofProvider = unionOfPermissions([
    statementPolicies('provider', [provider['iamRoleStatements'], shared['statements']]),
    managedOf([provider['iamManagedPolicies'], shared['managedPolicies']]),
    ...(shared['permissionsBoundary'] === undefined ? [] : [{ ...noPermissions(), boundary: shared['permissionsBoundary'] }]),
  ]);
  const managed = managedOf([own['managedPolicies']]);
  return unionOfPermissions(isOwnOnly ? [ofFunction, managed] : [ofProvider, ofFunction, managed]);
}

function isIntrinsic(value: PlainObject): boolean {
  return Object.keys(value).some((key) => key.startsWith('Fn::'));
}

/** A role by its logical id, or by a reference to it. */
function roleOf(resources: Project['resources'], role: unknown): Permissions {
  return permissionsOfRole(resources, typeof role === 'string' && /^\w+$/.test(role) ? { Ref: role } : role);
}

function statementPolicies(name: string, lists: readonly unknown[]): Permissions {
  const policies = lists.flatMap((list, index) => {
    if (list === undefined || list === null || (Array.isArray(list) && list.length === 0)) return [];
    const title = policyName(index === 0 ? name : `${name}-${index}`);
    // A list that another file holds stays a variable.
    return [
      {
        PolicyName: title,
        PolicyDocument: typeof list === 'string' ? { Version: '2012-10-17', Statement: list } : policyDocument(listOf(list)),
      },
    ];
  });
  return { ...noPermissions(), policies };
}

function managedOf(lists: readonly unknown[]): Permissions {
  const texts = lists.filter((list) => typeof list === 'string');
  const managed = lists.flatMap((list) => (Array.isArray(list) ? list : [])).filter((policy) => !isForLambdaOnly(policy));
  return { ...noPermissions(texts.map((text) => `its managed policies are ${text}`)), managed };
}
