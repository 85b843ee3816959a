import { minVersion } from 'semver';
import type { PackageJson } from '../../project/model.js';

/** The lowest version of a package that the project may have; null when it names none. */
export function lowestVersion({ devDependencies, dependencies }: PackageJson, name: string): { major: number; minor: number } | null {
  const range = { ...devDependencies, ...dependencies }[name];
  try {
    return typeof range === 'string' ? minVersion(range) : null;
  } catch {
    return null;
  }
}
