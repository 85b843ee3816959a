/** IAM on loopback, as far as a role is read: the query protocol of the public API, which answers in XML. */

interface DeployedRole {
  /** Documents by name. */
  inline?: Record<string, unknown>;
  /** ARNs. */
  attached?: string[];
  boundary?: string;
}

export interface Iam {
  /** By name; a role that is not named has no policies. */
  roles: Record<string, DeployedRole>;
  /** Documents of the account's own policies, by ARN. */
  policies: Record<string, unknown>;
}

/** `Action=GetRole&…` → the operation and its arguments; undefined for other bodies. */
export function iamCall(body: string): { action: string; parameters: URLSearchParams } | undefined {
  const parameters = new URLSearchParams(body);
  const action = parameters.get('Action');
  return action === null ? undefined : { action, parameters };
}

/** The answer as XML; undefined for what is not there. */
export function iamAnswer({ roles, policies }: Iam, action: string, parameters: URLSearchParams): string | undefined {
  const role = roles[parameters.get('RoleName') ?? ''] ?? {};
  const encoded = (document: unknown) => encodeURIComponent(JSON.stringify(document));
  const policyArn = parameters.get('PolicyArn') ?? '';
  const members = (name: string, values: readonly string[]) =>
    `<${name}>${values.map((value) => `<member>${value}</member>`).join('')}</${name}><IsTruncated>false</IsTruncated>`;
  const answers: Record<string, () => string | undefined> = {
    GetRole: () => {
      const boundary = role.boundary
        ? `<PermissionsBoundary><PermissionsBoundaryArn>${role.boundary}</PermissionsBoundaryArn></PermissionsBoundary>`
        : '';
      return `<Role><RoleName>${parameters.get('RoleName')}</RoleName>${boundary}</Role>`;
    },
    ListRolePolicies: () => members('PolicyNames', Object.keys(role.inline ?? {})),
    GetRolePolicy: () => `<PolicyDocument>${encoded(role.inline?.[parameters.get('PolicyName') ?? ''])}</PolicyDocument>`,
    ListAttachedRolePolicies: () =>
      members(
        'AttachedPolicies',
        (role.attached ?? []).map((arn) => `<PolicyArn>${arn}</PolicyArn>`),
      ),
    GetPolicy: () => (policies[policyArn] === undefined ? undefined : '<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>'),
    GetPolicyVersion: () => {
      const version = parameters.get('VersionId') === 'v3' ? policies[policyArn] : undefined;
      return version === undefined ? undefined : `<PolicyVersion><Document>${encoded(version)}</Document></PolicyVersion>`;
    },
  };
  const result = answers[action]?.();
  return result && `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
}

export function iamError(type: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${type}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
