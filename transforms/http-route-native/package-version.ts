/** Which version of a package a project runs: what its lockfile says, or what an install of its package.json gives. */
import { posix } from 'node:path';
import { readPackageJson } from '../../src/project/package-info.js';
import type { Repository } from '../../src/project/repository.js';

export interface PackageVersion {
  major: number;
  /** `Infinity`: the newest. */
  minor: number;
  patch: number;
}

/** Version of a package for a source file; null when that leaves several major versions. */
export function packageVersion(repository: Repository, file: string, name: string): PackageVersion | null {
  const packageFile = repository.nearest(folderOf(file), 'package.json');
  const json = packageFile === undefined ? {} : readPackageJson(repository, packageFile).json;
  const range = json.dependencies?.[name] ?? json.devDependencies?.[name];
  const asked = /^(?<kind>[\^~]?)(?<major>\d+)(?:\.(?<minor>[\dx]+))?(?:\.(?<patch>[\dx]+))?$/.exec(range ?? '')?.groups;
  if (!asked || packageFile === undefined) return null;
  const major = Number(asked['major']);
  const locked = lockedVersion(repository, folderOf(packageFile), name);
  if (locked && locked.major === major) return locked;
  const newest = Number.POSITIVE_INFINITY;
  const part = (text: string | undefined) => (text === undefined || text === 'x' ? newest : Number(text));
  const minor = asked['kind'] === '^' ? newest : part(asked['minor']);
  return { major, minor, patch: asked['kind'] === '' && minor !== newest ? part(asked['patch']) : newest };
}

/** How each lockfile writes the version of a package, which stands in the first group. */
const lockfiles: Readonly<Record<string, (name: string) => RegExp>> = {
  'pnpm-lock.yaml': (name) => new RegExp(`^ {2}['"]?/?${name}[@/](\\d+\\.\\d+\\.\\d+)`, 'm'),
  'yarn.lock': (name) => new RegExp(`^"?${name}@[^\\n]*:\\n {2}version:? "?(\\d+\\.\\d+\\.\\d+)`, 'm'),
  'npm-shrinkwrap.json': npm,
  'package-lock.json': npm,
};

function npm(name: string): RegExp {
  return new RegExp(`"(?:node_modules/)?${name}": \\{\\s*"version": "(\\d+\\.\\d+\\.\\d+)`);
}

function lockedVersion(repository: Repository, folder: string, name: string): PackageVersion | null {
  const pattern = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  for (const [lockfile, versions] of Object.entries(lockfiles)) {
    const path = repository.nearest(folder, lockfile);
    const text = path === undefined ? undefined : repository.read(path);
    const [major, minor, patch] =
      versions(pattern)
        .exec((text ?? '').replaceAll('\r\n', '\n'))?.[1]
        ?.split('.') ?? [];
    if (major !== undefined) return { major: Number(major), minor: Number(minor), patch: Number(patch) };
  }
  return null;
}

function folderOf(file: string): string {
  const folder = posix.dirname(file);
  return folder === '.' ? '' : folder;
}
