/** Code of Lambda layers: where what is mounted at `/opt/nodejs` lies in the repository. */
import { parentOf } from '../project/repository.js';
import type { Resolver } from './resolve.js';

/** The source of `/opt/nodejs/<path>`. */
export function layerFile(resolver: Resolver, path: string): string | undefined {
  for (const folder of layerFolders(resolver)) {
    for (const inside of [`nodejs/${path}`, path, `nodejs/src/${path}`, `src/${path}`]) {
      const base = resolver.repository.resolve(folder, inside);
      const file = base === undefined ? undefined : resolver.files.module(base, 'javascript');
      if (file !== undefined) return file;
    }
  }
  return elsewhere(resolver, path);
}

/** A module that a layer's own `node_modules` holds and that was written for the project, not installed. */
export function layerPackage(resolver: Resolver, path: string): string | undefined {
  for (const folder of layerFolders(resolver)) {
    for (const inside of [`nodejs/node_modules/${path}`, `node_modules/${path}`]) {
      const base = resolver.repository.resolve(folder, inside);
      if (base === undefined || isInstalled(resolver, base)) continue;
      const file = resolver.files.module(base, 'javascript');
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

/** Packages from a registry carry what npm writes into them, or a lockfile lies beside their folder. */
function isInstalled(resolver: Resolver, base: string): boolean {
  const nodeModules = /^(.*\bnode_modules)\//.exec(base)?.[1] ?? '';
  return resolver.files.isFile(`${nodeModules}/.package-lock.json`) || resolver.files.isFile(`${parentOf(nodeModules)}/package-lock.json`);
}

/** Folders that the project's layers are made from. */
export function layerFolders({ repository, project }: Pick<Resolver, 'repository' | 'project'>): string[] {
  const folders = Object.values(project.resources).flatMap(({ type, properties }) => {
    const path = properties['ContentUri'] ?? properties['path'];
    if (!/LayerVersion$/.test(type) || typeof path !== 'string') return [];
    return repository.resolve(parentOf(project.definition), path) ?? [];
  });
  return [...new Set(folders)];
}

/** Layers of another definition: the one file of the repository that has this path below a `nodejs` or layer folder. */
function elsewhere({ repository, project }: Resolver, path: string): string | undefined {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const wanted = new RegExp(`(^|/)${escaped}(/index)?(\\.[cm]?[jt]s|\\.json)?$`);
  const found = repository
    .files()
    .filter((file) => wanted.test(file) && /(^|\/)nodejs\/|layer/i.test(parentOf(file)) && !file.endsWith('.d.ts'));
  const inProject = found.filter((file) => project.root === '' || file.startsWith(`${project.root}/`));
  const candidates = inProject.length > 0 ? inProject : found;
  return candidates.length === 1 ? candidates[0] : undefined;
}
