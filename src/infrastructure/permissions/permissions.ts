/** What the code of a function may do, as its definition writes it. */
export interface Permissions {
  /** Entries of `Policies` of a role. */
  policies: unknown[];
  /** Entries of `ManagedPolicyArns`. */
  managed: unknown[];
  /** `PermissionsBoundary` of the role. */
  boundary?: unknown;
  /** What is granted in a way that is not understood: a person has to add it. */
  unknown: string[];
}

export function noPermissions(unknown: readonly string[] = []): Permissions {
  return { policies: [], managed: [], unknown: [...unknown] };
}

/** A role has one boundary; two different ones are told. */
export function unionOfPermissions(all: readonly Permissions[]): Permissions {
  const boundaries = distinct(all.flatMap(({ boundary }) => (boundary === undefined ? [] : [boundary])));
  return {
    policies: distinct(all.flatMap(({ policies }) => policies)),
    managed: distinct(all.flatMap(({ managed }) => managed)),
    ...(boundaries.length > 0 && { boundary: boundaries[0] }),
    unknown: [
      ...new Set([...all.flatMap(({ unknown }) => unknown), ...(boundaries.length > 1 ? ['their permissions boundaries differ'] : [])]),
    ],
  };
}

function distinct(values: readonly unknown[]): unknown[] {
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}

/** Policy names have `[\w+=,.@-]`, at most 128. */
export function policyName(text: string): string {
  return text.replace(/[^\w+=,.@-]+/g, '-').slice(0, 128) || 'policy';
}
