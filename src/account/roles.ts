/** Roles of the functions: what their code may do, and a service that takes their place has to be given. */
import type { IAMClient } from '@aws-sdk/client-iam';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlainObject } from '../project/data.js';
import type { AccountApis } from './access.js';
import { failureReason } from './failures.js';
import type { FunctionRecord } from './record.js';
import { several } from './several.js';

/** Roles of many functions are read at a time; IAM throttles sooner than Lambda. */
const concurrency = 4;

/**
 * Properties of `AWS::IAM::Role` by the role's ARN. A role of which one part cannot be read is left out as a whole, so that no service
 * gets half of what it needs without a word; each of its functions has a finding.
 */
export async function readRoles(
  apis: AccountApis,
  records: readonly FunctionRecord[],
  report: (found: Diagnostic, of: FunctionRecord) => void,
): Promise<Map<string, PlainObject>> {
  const found = new Map<string, PlainObject>();
  const arns = [...new Set(records.filter(({ code }) => code !== null).flatMap(({ role }) => role ?? []))];
  if (arns.length === 0) return found;
  const client = await apis.roles();
  const documents = new Map<string, Promise<unknown>>();
  await several(arns, concurrency, async (arn) => {
    const role = await readRole(client, arn, documents);
    if (role.properties) found.set(arn, role.properties);
    for (const record of records) {
      if (role.properties || record.role !== arn || record.code === null) continue;
      const args = { function: record.name, call: role.call, reason: role.reason };
      report(diagnostic('ACCOUNT_PART_UNREAD', { args, function: record.name }), record);
    }
  });
  return found;
}

/** `arn:aws:iam::123456789012:role/service-role/orders` → `orders`; undefined for what is no ARN of a role. */
function roleName(arn: string): string | undefined {
  return /^arn:[\w-]+:iam::\d*:role\/(?:[^*]*\/)?([\w+=,.@-]+)$/.exec(arn)?.[1];
}

type Answer = { properties: PlainObject } | { properties?: undefined; call: string; reason: string };

async function readRole(client: IAMClient, arn: string, documents: Map<string, Promise<unknown>>): Promise<Answer> {
  const sdk = await import('@aws-sdk/client-iam');
  const RoleName = roleName(arn);
  if (RoleName === undefined) return { call: 'GetRole', reason: 'its role has no name that is understood' };
  let call = 'GetRole';
  try {
    const { Role: role } = await client.send(new sdk.GetRoleCommand({ RoleName }));
    call = 'ListRolePolicies';
    const names: string[] = [];
    for await (const page of sdk.paginateListRolePolicies({ client }, { RoleName })) names.push(...(page.PolicyNames ?? []));
    const policies: PlainObject[] = [];
    for (const PolicyName of names) {
      call = 'GetRolePolicy';
      const { PolicyDocument: document } = await client.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName }));
      policies.push({ PolicyName, PolicyDocument: documentOf(document) });
    }
    call = 'ListAttachedRolePolicies';
    const managed: string[] = [];
    for await (const page of sdk.paginateListAttachedRolePolicies({ client }, { RoleName })) {
      managed.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []));
    }
    for (const own of managed.filter((each) => !ofAws.test(each))) {
      call = 'GetPolicyVersion';
      const read = documents.get(own) ?? readPolicy(client, own);
      documents.set(own, read);
      policies.push({ PolicyName: own.slice(own.lastIndexOf('/') + 1), PolicyDocument: await read });
    }
    const boundary = role?.PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      properties: {
        RoleName,
        ...(boundary !== undefined && { PermissionsBoundary: boundary }),
        ManagedPolicyArns: managed.filter((each) => ofAws.test(each)),
        Policies: policies,
      },
    };
  } catch (error) {
    return { call, reason: failureReason(error) };
  }
}

/** Policies of AWS are in every account; what an account's own ones say is taken over, since the service may run in another. */
const ofAws = /^arn:[\w-]+:iam::aws:policy\//;

async function readPolicy(client: IAMClient, PolicyArn: string): Promise<unknown> {
  const { GetPolicyCommand, GetPolicyVersionCommand } = await import('@aws-sdk/client-iam');
  const { Policy: policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion: version } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: policy?.DefaultVersionId }));
  return documentOf(version?.Document);
}

/** The API gives documents URL-encoded (RFC 3986). */
function documentOf(text: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(text ?? ''));
}
