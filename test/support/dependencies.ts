import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { globby } from 'globby';
import { repositoryRoot } from './fixtures.js';

/**
 * Stands in for `npm install` without a network: links the packages that the project's package.json files name, from this
 * repository's node_modules or from the project's own workspaces.
 * @throws Error for a package that is in neither: then the fixture needs it in our devDependencies.
 */
export async function linkDependencies(packageFolder: string): Promise<void> {
  const folder = workspaceRoot(packageFolder);
  const manifests = await globby('**/package.json', { cwd: folder, ignore: ['**/node_modules/**'] });
  const packages = await Promise.all(
    manifests.map(async (path) => ({
      folder: join(folder, dirname(path)),
      json: JSON.parse(await readFile(join(folder, path), 'utf8')) as Manifest,
    })),
  );
  const own = new Map(packages.map(({ folder: at, json }) => [json.name, at]));
  for (const { folder: at, json } of packages) {
    for (const name of Object.keys({ ...json.dependencies, ...json.devDependencies })) {
      const target = own.get(name) ?? join(repositoryRoot, 'node_modules', name);
      if (!existsSync(target)) {
        if (name in (json.devDependencies ?? {})) continue;
        throw new Error(`${name} of ${at} is not installed in this repository`);
      }
      await link(target, join(at, 'node_modules', name));
    }
  }
}

/** Folder of the package.json above that names workspaces, else the package's own. */
function workspaceRoot(folder: string): string {
  for (let at = dirname(folder); at !== dirname(at); at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file) && 'workspaces' in JSON.parse(readFileSync(file, 'utf8'))) return at;
  }
  return folder;
}

interface Manifest {
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (!existsSync(path)) await symlink(target, path, 'dir');
}
