/** What package.json of the service must declare: the project's own dependencies, those of nested packages, and the runtime's. */
import semver from 'semver';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageJson, Project } from '../project/model.js';
import { readPackageJson } from '../project/package-info.js';
import { parentOf, type Repository } from '../project/repository.js';
import { isBelow, join, relativePath } from './paths.js';
import { buildVersions } from './versions.js';

/** A package.json whose packages the service needs too. */
interface Source {
  file: string;
  json: PackageJson;
  lockfile: string | null;
}

export interface MergedDependencies {
  dependencies: Record<string, string>;
  /** Only for a build: type packages and tools of nested packages. */
  devDependencies: Record<string, string>;
  diagnostics: Diagnostic[];
}

/**
 * Dependencies of the package.json files that own reachable code but do not lie at the package root. One install at the root then
 * serves them all: Node looks for packages in every folder above the importing file.
 */
export function mergeNestedDependencies(
  repository: Repository,
  project: Project,
  packageRoot: string,
  reachable: readonly string[],
  own: PackageJson,
  layerFiles: readonly string[],
): MergedDependencies {
  const merged: MergedDependencies = { dependencies: {}, devDependencies: {}, diagnostics: [] };
  const all = sources(repository, project, packageRoot, reachable, layerFiles);
  for (const source of all) {
    const locked = lockedVersions(repository, source.lockfile);
    for (const [name, declared] of Object.entries({ ...source.json.optionalDependencies, ...source.json.dependencies })) {
      const range = movedSpecifier(declared, parentOf(source.file), packageRoot);
      const present = own.dependencies?.[name] ?? merged.dependencies[name];
      if (present === undefined) {
        merged.dependencies[name] = lockedRange(range, locked.get(name));
        continue;
      }
      const chosen = intersection(present, range);
      if (chosen === undefined) {
        const first = all.find(({ json }) => json.dependencies?.[name] === present)?.file ?? join(packageRoot, 'package.json');
        const args = { package: name, first: present, firstFile: first, second: range, secondFile: source.file };
        merged.diagnostics.push(diagnostic('DEPENDENCY_CONFLICT', { args, place: { file: source.file } }));
      } else if (merged.dependencies[name] !== undefined) merged.dependencies[name] = chosen;
    }
    for (const [name, range] of Object.entries(source.json.devDependencies ?? {}))
      if (isTypes(name)) merged.devDependencies[name] ??= range;
      else if (name === 'typescript') merged.devDependencies[name] ??= checks(range) ? range : buildVersions.typescript;
  }
  return merged;
}

/** Types and compiler options that nested sources use must be found from the service's folder as well; the compiler is the service's. */
/** The runtime is written for TypeScript 5. */
function checks(range: string): boolean {
  return semver.validRange(range) !== null && !semver.gtr('5.0.0', range);
}

function isTypes(name: string): boolean {
  return name.startsWith('@types/') || name.startsWith('@tsconfig/');
}

function sources(
  repository: Repository,
  { packageInfo }: Project,
  packageRoot: string,
  reachable: readonly string[],
  layerFiles: readonly string[],
): Source[] {
  const found: Source[] = packageInfo.nested.filter(
    ({ file, unreadable }) => !unreadable && parentOf(file) !== packageRoot && isUsed(file, reachable, repository),
  );
  if (
    packageInfo.file !== null &&
    parentOf(packageInfo.file) !== packageRoot &&
    !packageInfo.unreadable &&
    isUsed(packageInfo.file, reachable, repository)
  )
    found.push({ file: packageInfo.file, json: packageInfo.json, lockfile: packageInfo.lockfile });
  for (const file of new Set(layerFiles.flatMap((path) => repository.nearest(parentOf(path), 'package.json') ?? []))) {
    if (parentOf(file) === packageRoot || found.some((source) => source.file === file)) continue;
    const lockfile = join(parentOf(file), 'package-lock.json');
    found.push({ file, json: readPackageJson(repository, file).json, lockfile: repository.isFile(lockfile) ? lockfile : null });
  }
  return [...found].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The package.json rules one of the files: no other lies nearer to it. */
function isUsed(file: string, reachable: readonly string[], repository: Repository): boolean {
  return reachable.some((path) => isBelow(path, parentOf(file)) && repository.nearest(parentOf(path), 'package.json') === file);
}

/** `file:../lib` of another folder, as the package root must write it. */
function movedSpecifier(range: string, from: string, to: string): string {
  const match = /^(file:|link:|portal:)(\.{0,2}\/?.*)$/.exec(range);
  if (!match || match[2]?.startsWith('/')) return range;
  const path = relativePath(to, join(from, match[2] ?? ''));
  return `${match[1]}${path.startsWith('.') ? path : `./${path}`}`;
}

/** The version that the function ran with, when its lockfile tells and it is a version of the declared range. */
function lockedRange(range: string, locked: string | undefined): string {
  if (locked === undefined || semver.valid(locked) === null || semver.validRange(range) === null) return range;
  return semver.satisfies(locked, range) ? locked : range;
}

/** Versions of the direct dependencies in an npm lockfile; other lockfiles are left to the manager. */
export function lockedVersions(repository: Repository, lockfile: string | null): Map<string, string> {
  const versions = new Map<string, string>();
  if (lockfile === null || !/(?:package-lock|npm-shrinkwrap)\.json$/.test(lockfile)) return versions;
  try {
    const lock = JSON.parse(repository.read(lockfile) ?? '{}') as {
      packages?: Record<string, { version?: unknown }>;
      dependencies?: Record<string, { version?: unknown }>;
    };
    for (const [path, entry] of Object.entries(lock.packages ?? {})) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
      if (name && typeof entry?.version === 'string') versions.set(name, entry.version);
    }
    for (const [name, entry] of Object.entries(lock.dependencies ?? {}))
      if (typeof entry?.version === 'string' && !versions.has(name)) versions.set(name, entry.version);
  } catch {
    // A lockfile that cannot be parsed tells nothing; the declared ranges are used.
  }
  return versions;
}

/** The narrower of two ranges that have versions in common; undefined when they have none. */
function intersection(a: string, b: string): string | undefined {
  if (a === b || b === '*' || b === '') return a;
  if (a === '*' || a === '') return b;
  if (semver.validRange(a) === null || semver.validRange(b) === null) return undefined;
  if (semver.subset(a, b)) return a;
  if (semver.subset(b, a)) return b;
  if (!semver.intersects(a, b)) return undefined;
  if (!a.includes('||') && !b.includes('||')) return `${a} ${b}`;
  return (semver.minVersion(a)?.compare(semver.minVersion(b) ?? '0.0.0') ?? 0) >= 0 ? a : b;
}
