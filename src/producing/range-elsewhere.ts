/** Versions of packages that the package.json of the service does not list: what the rest of the repository tells about them. */
import semver from 'semver';
import type { FoundRange } from '../../transforms/sdk-dependencies/index.js';
import { layerFolders } from '../analysis/layers.js';
import type { Project } from '../project/model.js';
import { readPackageJson } from '../project/package-info.js';
import { parentOf, type Repository } from '../project/repository.js';
import { lockedVersions } from './dependencies.js';
import { isBelow, join } from './paths.js';

interface RangeQuery {
  repository: Repository;
  project: Project;
  /** The package. */
  name: string;
  /** The file that imports it. */
  file: string;
}

/** The nearest telling: folders above the importing file, layers, other packages of the project when they agree, the lockfile. */
export function rangeElsewhere(query: RangeQuery): FoundRange | undefined {
  const { repository, project } = query;
  const layers = layerFolders({ repository, project }).flatMap((folder) => [
    join(folder, 'nodejs/package.json'),
    join(folder, 'package.json'),
  ]);
  for (const packageFile of [...packagesAbove(query), ...layers]) {
    const range = rangeIn(query, packageFile);
    if (range !== undefined) return { range, file: packageFile, isLocked: false };
  }
  return inOtherPackages(query) ?? inLockfile(query);
}

function packagesAbove({ repository, file }: RangeQuery): string[] {
  const found: string[] = [];
  for (let folder = parentOf(file); ; folder = parentOf(folder)) {
    if (repository.isFile(join(folder, 'package.json'))) found.push(join(folder, 'package.json'));
    if (folder === '') return found;
  }
}

/** Only what a registry has: a path or a workspace means another thing from the service's folder. */
function rangeIn({ repository, name }: RangeQuery, packageFile: string): string | undefined {
  if (!repository.isFile(packageFile)) return undefined;
  const { dependencies, devDependencies, optionalDependencies } = readPackageJson(repository, packageFile).json;
  const range = dependencies?.[name] ?? optionalDependencies?.[name] ?? devDependencies?.[name];
  return range !== undefined && semver.validRange(range) !== null ? range : undefined;
}

/** Packages of the project, and those of layers wherever they are. */
function inOtherPackages(query: RangeQuery): FoundRange | undefined {
  const { repository, project } = query;
  const found = repository
    .files()
    .filter((path) => /(?:^|\/)package\.json$/.test(path) && !path.includes('node_modules/'))
    .filter((path) => isBelow(path, project.root) || /layer/i.test(path))
    .flatMap((file) => {
      const range = rangeIn(query, file);
      return range === undefined ? [] : [{ range, file, isLocked: false }];
    });
  return new Set(found.map(({ range }) => range)).size === 1 ? found[0] : undefined;
}

/** What was installed because another package needs it. */
function inLockfile({ repository, project, name }: RangeQuery): FoundRange | undefined {
  const { lockfile } = project.packageInfo;
  if (lockfile === null) return undefined;
  const version = lockedVersions(repository, lockfile).get(name) ?? onlyVersion(repository.read(lockfile) ?? '', name);
  return version === undefined || semver.valid(version) === null ? undefined : { range: `^${version}`, file: lockfile, isLocked: true };
}

/** The version in a lockfile of yarn or pnpm, when it has only one. */
function onlyVersion(text: string, name: string): string | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const forms = [
    new RegExp(`^"?${escaped}@[^\\n]*:\\n\\s+version:?\\s+"?(\\d[^"\\s]*)`, 'gm'),
    new RegExp(`^ {2}'?/?${escaped}[@/](\\d+\\.\\d+\\.\\d+[^\\s:'(_]*)[^\\n]*:$`, 'gm'),
  ];
  const versions = new Set(forms.flatMap((form) => [...text.matchAll(form)].map(([, version]) => version)));
  return versions.size === 1 ? [...versions][0] : undefined;
}
