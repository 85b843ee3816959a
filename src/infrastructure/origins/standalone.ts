import { isPlainObject, listOf } from '../../project/data.js';
import type { Dialect, LambdaFunction, Project, Value } from '../../project/model.js';
import { managedPolicy, policyDocument } from '../cloudformation.js';
import { noPermissions, type Permissions, policyName } from '../permissions/permissions.js';
import { isStatement } from '../permissions/role.js';
import type { Origin } from './origin.js';
import { permissionsOfResource, templateParameter } from './template.js';
import { literalSchedules, queueOf } from './written.js';

/** Dialects that do not write what a function may do as statements of its own. */
const otherwise: Partial<Record<Dialect, (resources: Project['resources'], id: string) => Permissions>> = {
  convention: () => noPermissions(),
  account: deployedPermissions,
};

/** The role as it is deployed: nothing in it refers to another resource. AWS's own policies are those of the partition deployed to. */
function deployedPermissions(resources: Project['resources'], id: string): Permissions {
  const { managed, ...found } = permissionsOfResource(resources, id);
  const anywhere = (arn: unknown) => (typeof arn === 'string' ? arn.replace(/^arn:[\w-]+:iam::aws:policy\//, '') : '');
  return { ...found, managed: managed.map((arn) => managedPolicy(anywhere(arn))) };
}

/** Of a stack of its own: nothing of another template can be referred to, so only what is known now is taken over. */
export function standaloneOrigin({ functions, dialect, resources }: Project): Origin {
  const lambdaOf = (id: string): LambdaFunction | undefined => functions.find((each) => each.id === id);
  const value = (given: Value) => (given.kind === 'literal' ? given.value : undefined);
  return {
    deploys: 'apart',
    variable(id, name) {
      const { environment } = lambdaOf(id) ?? { environment: {} as Record<string, Value> };
      const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
      return found && value(found);
    },
    value,
    queue: (trigger) => queueOf({ ...trigger, queueResource: undefined }, value(trigger.queue)),
    schedules: (job) =>
      literalSchedules(job, lambdaOf(job.function), (text) => (text.includes('${') || text.startsWith('!') ? undefined : text)),
    permissions: (id) => otherwise[dialect]?.(resources, id) ?? knownPermissions(lambdaOf(id)),
    network: () => undefined,
    condition: () => undefined,
    logRetention: () => undefined,
    text: (literal) => literal,
    parameter: templateParameter,
    taken: () => new Set(),
  };
}

/** Statements without a reference; what has one is told. */
function knownPermissions(lambda: LambdaFunction | undefined): Permissions {
  const { permissions = [], id = '' } = lambda ?? {};
  const found: Permissions = noPermissions();
  const statements: unknown[] = [];
  for (const granted of permissions) {
    if (hasReference(granted)) found.unknown.push('a statement refers to what only the definition knows');
    else if (isStatement(granted)) statements.push(granted);
    else if (isPlainObject(granted) && granted['PolicyDocument'] !== undefined) found.policies.push(granted);
    else if (isPlainObject(granted) && granted['Statement'] !== undefined) statements.push(...listOf(granted['Statement']));
    else if (typeof granted === 'string' && granted.startsWith('arn:')) found.managed.push(granted);
    else found.unknown.push('a policy is not written out');
  }
  if (statements.length > 0) found.policies.push({ PolicyName: policyName(id), PolicyDocument: policyDocument(statements) });
  return { ...found, unknown: [...new Set(found.unknown)] };
}

function hasReference(value: unknown): boolean {
  return /"(Ref|Fn::\w+)":|[$#]\{/.test(JSON.stringify(value) ?? '');
}
