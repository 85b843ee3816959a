/** Version ranges that are known to be satisfiable. Packages of the SDK have no longer one version in common: each is published when it changes. */
import semver from 'semver';
import { publishedVersions } from './published.js';

/** Packages outside the two scopes that Lambda, or a layer of AWS's own, supplies. */
const others: Readonly<Record<string, string>> = {
  'aws-sdk': '2.1693.0',
  '@aws/lambda-invoke-store': '0.3.0',
  '@aws-crypto/sha256-js': '5.2.0',
  '@aws-crypto/sha256-browser': '5.2.0',
  '@aws-lambda-powertools/logger': '2.36.0',
  '@aws-lambda-powertools/tracer': '2.36.0',
  '@aws-lambda-powertools/metrics': '2.36.0',
  '@aws-lambda-powertools/parameters': '2.36.0',
  '@aws-lambda-powertools/batch': '2.36.0',
  '@aws-lambda-powertools/idempotency': '2.36.0',
  'aws-xray-sdk': '3.12.0',
  'aws-xray-sdk-core': '3.12.0',
};

/** What a client younger than the table has certainly passed. */
const youngClient = '^3.1000.0';

let table: Map<string, string> | undefined;

function publishedVersion(name: string): string | undefined {
  table ??= new Map(
    publishedVersions
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [scope, version, ...names] = line.split(' ');
        return names.map((each) => [`${scope}/${each}`, version as string] as const);
      }),
  );
  return others[name] ?? table.get(name);
}

/** A satisfiable range for a package that the Lambda runtime or an AWS layer supplies; null when none is known. */
export function knownRange(name: string): string | null {
  const version = publishedVersion(name);
  if (version) return `^${version}`;
  return name.startsWith('@aws-sdk/client-') ? youngClient : null;
}

/** The range that goes with the SDK packages a project lists already; null when they do not settle it. */
export function rangeBeside(name: string, listed: Readonly<Record<string, string>>): string | null {
  if (!isClientLine(name)) return null;
  const ranges = Object.entries(listed).flatMap(([other, range]) =>
    isClientLine(other) && semver.validRange(range) && semver.minVersion(range)?.major === 3 ? [range] : [],
  );
  const [lowest] = ranges.sort((a, b) => semver.compare(semver.minVersion(a) ?? '0.0.0', semver.minVersion(b) ?? '0.0.0'));
  const floor = lowest === undefined ? null : semver.minVersion(lowest);
  const newest = publishedVersion(name);
  if (!floor || (newest !== undefined && semver.gt(floor, newest))) return null;
  // A pinned version may not exist for the other package; the caret finds the nearest that does.
  return /^\d/.test(lowest ?? '') ? `^${floor.version}` : (lowest ?? null);
}

/** Packages whose versions follow the releases of the clients. */
function isClientLine(name: string): boolean {
  return /^@aws-sdk\/(?:client-|lib-|s3-request-presigner$|s3-presigned-post$|credential-providers$|cloudfront-signer$|rds-signer$|dsql-signer$|polly-request-presigner$)/.test(
    name,
  );
}
