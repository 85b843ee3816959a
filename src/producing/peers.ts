/** How npm has to treat peer dependencies, so that an install gives what the project was deployed with. */
import semver from 'semver';
import type { PackageJson } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { join } from './paths.js';
import { servicePeers } from './versions.js';

/**
 * - `strict`: npm's own way since version 7; missing peers are installed, conflicts refused.
 * - `legacy`: as npm 6 and `--legacy-peer-deps`; peers are left alone.
 * - `force`: missing peers are installed, conflicts tolerated.
 * - `unknown`: nothing tells before npm has resolved them.
 */
export type PeerMode = 'strict' | 'legacy' | 'force' | 'unknown';

export interface Peers {
  mode: PeerMode;
  /** What decided, when it is one package: `eslint-config-airbnb-base wants eslint ^3.9.1, the lockfile has 5.16.0`. */
  because: string | undefined;
}

interface LockedPackage {
  version?: unknown;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean } | undefined>;
}

type LockedPackages = Readonly<Record<string, LockedPackage>>;

export const strictPeers: Peers = { mode: 'strict', because: undefined };

/**
 * Reads it from npm's lockfile, which lists the peers of every package: a lockfile made with `--legacy-peer-deps` or `--force` can be
 * installed in the same way only (`npm ci` resolves the peers anew and compares). Other managers only warn about peers.
 * `own`: packages that the project itself asks for, without those of the service.
 */
export function decidePeers(
  repository: Repository,
  packageRoot: string,
  lockfile: string | null,
  json: PackageJson,
  own: readonly string[],
): Peers {
  if (/^\s*(?:legacy-peer-deps|force)\s*=\s*"?true/m.test(repository.read(join(packageRoot, '.npmrc')) ?? '')) return strictPeers;
  // One package alone has nothing to conflict with.
  if (lockfile === null) return own.length < 2 ? strictPeers : { mode: 'unknown', because: undefined };
  const packages = lockedPackages(repository.read(lockfile));
  if (packages === 'version-1') return { mode: 'legacy', because: 'the lockfile is one of npm 6, which left peers alone' };
  const locked = packages === undefined ? strictPeers : modeOf(packages, json);
  return locked.mode === 'strict' ? (addedConflict(json) ?? strictPeers) : locked;
}

function lockedPackages(text: string | undefined): LockedPackages | 'version-1' | undefined {
  try {
    const lock = JSON.parse(text ?? '{}') as { packages?: LockedPackages; dependencies?: object };
    if (lock.packages !== undefined) return lock.packages;
    return lock.dependencies === undefined ? undefined : 'version-1';
  } catch {
    return undefined;
  }
}

/** A peer that is not there at all decides before one of another version. */
function modeOf(packages: LockedPackages, json: PackageJson): Peers {
  const listed = { ...json.devDependencies, ...json.dependencies, ...json.optionalDependencies };
  const overrides = JSON.stringify(json['overrides'] ?? {});
  let forced: Peers | undefined;
  for (const [path, { peerDependencies = {}, peerDependenciesMeta = {} }] of Object.entries(packages)) {
    if (!path.includes('node_modules/')) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    for (const [peer, range] of Object.entries(peerDependencies)) {
      if (overrides.includes(`"${peer}"`) || !isRange(range)) continue;
      const found = resolved(packages, path, peer);
      if (found === undefined && listed[peer] === undefined) {
        if (peerDependenciesMeta[peer]?.optional) continue;
        return { mode: 'legacy', because: `${name} wants ${peer} ${range}, which the lockfile does not list` };
      }
      // npm refuses a conflict only where the project itself asks for the package.
      if (listed[name] !== undefined && path.split('node_modules/').length === 2)
        forced ??= conflict(name, peer, range, found, listed[peer]);
    }
  }
  return forced ?? strictPeers;
}

/** `listed` rules where the locked version is not one of it: it was added since, or changed. */
function conflict(name: string, peer: string, range: string, locked: string | undefined, listed: string | undefined): Peers | undefined {
  const current = locked !== undefined && (listed === undefined || !isRange(listed) || semver.satisfies(locked, listed));
  if (current ? semver.valid(locked) === null || semver.satisfies(locked, range) : listed === undefined || agrees(listed, range))
    return undefined;
  const has = current ? `the lockfile has ${locked}` : `package.json asks for ${listed}`;
  return { mode: 'force', because: `${name} wants ${peer} ${range}, ${has}` };
}

function isRange(text: string): boolean {
  return semver.validRange(text) !== null;
}

function agrees(listed: string, range: string): boolean {
  return !isRange(listed) || semver.intersects(listed, range);
}

/** Peers of the packages that the service adds, where the project pins another version of them. */
function addedConflict({ dependencies = {} }: PackageJson): Peers | undefined {
  for (const [name, peers] of Object.entries(servicePeers))
    for (const [peer, range] of Object.entries(peers)) {
      const listed = dependencies[peer];
      if (dependencies[name] !== undefined && listed !== undefined && !agrees(listed, range))
        return { mode: 'force', because: `${name} wants ${peer} ${range}, package.json asks for ${listed}` };
    }
  return undefined;
}

/** Version that the package at `path` gets when it asks for `name`: Node's own rule, folder by folder upwards. */
function resolved(packages: LockedPackages, path: string, name: string): string | undefined {
  // A peer lies beside the package, not inside of it.
  let folder = path.slice(0, path.lastIndexOf('node_modules/'));
  for (;;) {
    const entry = packages[`${folder}node_modules/${name}`];
    if (entry !== undefined) return typeof entry.version === 'string' ? entry.version : '';
    if (folder === '') return undefined;
    const outer = folder.replace(/\/$/, '');
    folder = outer.includes('/') ? `${outer.slice(0, outer.lastIndexOf('/'))}/` : '';
  }
}

/** How the first install is done: npm's own way while nothing is known. */
export function installMode({ mode }: Peers): Exclude<PeerMode, 'unknown'> {
  return mode === 'unknown' ? 'strict' : mode;
}
