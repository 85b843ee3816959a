import { isPlainObject, listOf, type PlainObject } from '../../project/data.js';
import { intrinsicOf } from '../../project/readers/cloudformation/intrinsics.js';
import { noValue, policyDocument } from '../cloudformation.js';
import { expandPolicyTemplate, isForLambdaOnly, managedPolicyNamed } from './aws-policies.js';
import { type Permissions, policyName } from './permissions.js';

type Granted = { kind: 'policy' | 'managed'; value: unknown } | { kind: 'nothing' } | { kind: 'unknown'; what: string };

/** `Policies` of a SAM function: names, ARNs, documents and policy templates, each also in `Fn::If`. */
export function permissionsOfSam(id: string, written: unknown): Permissions {
  const found: Permissions = { policies: [], managed: [], unknown: [] };
  // SAM takes `Fn::If` around the whole list, too.
  const all = intrinsicOf(written) || !isPlainObject(written) ? listOf(written) : [written];
  all.forEach((policy, index) => {
    const granted = grantedBy(policy, policyName(`${id}-${index}`));
    if (granted.kind === 'policy') found.policies.push(granted.value);
    if (granted.kind === 'managed') found.managed.push(granted.value);
    if (granted.kind === 'unknown') found.unknown.push(granted.what);
  });
  return found;
}

function grantedBy(policy: unknown, name: string): Granted {
  if (policy === null || policy === undefined || isNoValue(policy) || isForLambdaOnly(policy)) return { kind: 'nothing' };
  if (typeof policy === 'string')
    return { kind: 'managed', value: /^arn:|\{\{resolve:/.test(policy) ? policy : managedPolicyNamed(policy) };
  if (!isPlainObject(policy)) return { kind: 'unknown', what: 'a policy is no text and no document' };
  const intrinsic = intrinsicOf(policy);
  if (intrinsic?.name === 'Fn::If') return eitherOf(listOf(intrinsic.argument), name);
  if (intrinsic) return { kind: 'managed', value: policy };
  if (policy['Statement'] !== undefined) return { kind: 'policy', value: { PolicyName: name, PolicyDocument: policy } };
  return fromTemplate(policy, name);
}

function fromTemplate(policy: PlainObject, name: string): Granted {
  const [template = '', ...others] = Object.keys(policy);
  const parameters = policy[template];
  const statements = others.length === 0 ? expandPolicyTemplate(template, isPlainObject(parameters) ? parameters : {}) : undefined;
  if (!statements) return { kind: 'unknown', what: `the policy template ${template} is not known, or lacks a parameter` };
  return { kind: 'policy', value: { PolicyName: name, PolicyDocument: policyDocument(statements) } };
}

function eitherOf([condition, then, otherwise]: unknown[], name: string): Granted {
  const branches = [grantedBy(then, name), grantedBy(otherwise, name)];
  const kinds = new Set(branches.map(({ kind }) => kind).filter((kind) => kind !== 'nothing'));
  const [kind] = kinds;
  if (kind === undefined) return { kind: 'nothing' };
  if (kinds.size > 1 || kind === 'unknown') return { kind: 'unknown', what: 'a conditional policy is not understood' };
  const values = branches.map((branch) => ('value' in branch ? branch.value : noValue));
  return { kind, value: { 'Fn::If': [condition, ...values] } };
}

function isNoValue(value: unknown): boolean {
  return isPlainObject(value) && value['Ref'] === 'AWS::NoValue';
}
