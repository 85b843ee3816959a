/** Which TypeScript compiler the service meets in its package, and what that one understands. */
import semver from 'semver';
import type { PackageJson } from '../project/model.js';
import { buildVersions } from './versions.js';

/** Name under which a compiler of the service's own is installed beside an older one of the project. */
export const ownCompiler = 'service-typescript';

/** Lowest version that the package's range allows; that of the service when the package lists none. */
export function compilerVersion({ dependencies, devDependencies }: PackageJson): string {
  const range = devDependencies?.['typescript'] ?? dependencies?.['typescript'] ?? buildVersions.typescript;
  return (semver.validRange(range) && semver.minVersion(range)?.version) || lowest(buildVersions.typescript);
}

function lowest(range: string): string {
  return semver.minVersion(range)?.version ?? range;
}

/** `noCheck` came with 5.6: types are emitted for decorators, and code that some other compiler accepted is not judged again. */
export function canEmit(version: string): boolean {
  return semver.gte(version, '5.6.0');
}

/** Compiler that a build of the service runs. */
export function buildCompiler(json: PackageJson): string {
  return canEmit(compilerVersion(json)) ? 'tsc' : `node node_modules/${ownCompiler}/bin/tsc`;
}

/** Compiler, as a person starts it, that understands the types of the service's packages: the one that the build installs, else one of now. */
export function checkCommand(json: PackageJson, emits: boolean): string {
  if (emits) return buildCompiler(json).replace(/^tsc$/, 'npx tsc');
  const isListed = json.devDependencies?.['typescript'] !== undefined || json.dependencies?.['typescript'] !== undefined;
  return isListed && semver.gte(compilerVersion(json), '5.0.0')
    ? 'npx tsc'
    : `npx --package typescript@${major(buildVersions.typescript)} tsc`;
}

function major(range: string): number {
  return semver.major(lowest(range));
}

/** Newest `lib` that the version knows. */
export function newestLibrary(version: string): string {
  if (semver.gte(version, '5.0.0')) return 'es2023';
  return semver.gte(version, '4.6.0') ? 'es2022' : 'es2020';
}

/** `bundler` came with 5.0. */
export function bundlerResolution(version: string): 'bundler' | 'node' {
  return semver.gte(version, '5.0.0') ? 'bundler' : 'node';
}

/** The TypeScript that has `transpileModule`: the project's own, unless that is a compiler without the JavaScript API (from 7.0). */
export function transpiler(packageJson: PackageJson): { name: string; devDependencies: Record<string, string> } {
  if (semver.gte(compilerVersion(packageJson), '7.0.0'))
    return { name: ownCompiler, devDependencies: { [ownCompiler]: `npm:typescript@${buildVersions.typescript}` } };
  return { name: 'typescript', devDependencies: { typescript: buildVersions.typescript } };
}
