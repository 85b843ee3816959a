/** Sources of code that the definition names only in its built form. */
import { posix } from 'node:path';
import { parentOf, type Repository } from '../repository.js';

/**
 * The folder that an archive is made from by a build that the definition does not tell: beside it, or the one folder of the repository that
 * has its name. It holds the module of the handler.
 * @param archive its path in the repository, where it need not be
 * @param handler as declared, e.g. `src/index.handler`
 */
export function sourceOfArchive(repository: Repository, archive: string, handler: string): string | undefined {
  const name = posix.basename(archive).replace(/\.\w+$/, '');
  const above = parentOf(archive);
  const outer = above === '' ? '' : parentOf(above);
  const near = [posix.join(above, name), posix.join(outer, name), above, outer].map((folder) => (folder === '.' ? '' : folder));
  const holding = (folders: readonly string[]) => folders.flatMap((folder) => sourceIn(repository, folder, handler) ?? []);
  const [found] = holding(near);
  if (found !== undefined) return found;
  const named = holding(foldersNamed(repository, name));
  return named.length === 1 ? named[0] : undefined;
}

/** A folder, or `src` in it, when that holds the module of a handler. */
export function sourceIn(repository: Repository, folder: string, handler: string): string | undefined {
  const module = moduleOf(handler);
  if (module === '') return undefined;
  const holds = (root: string) =>
    ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].some((extension) => repository.isFile(posix.join(root, `${module}.${extension}`)));
  return [folder, posix.join(folder, 'src')].find(holds);
}

/** `src/index` of `src/index.handler`. */
export function moduleOf(handler: string): string {
  return handler.slice(0, Math.max(0, handler.lastIndexOf('.')));
}

function foldersNamed(repository: Repository, name: string): string[] {
  const inPath = new RegExp(`^(.*?(?:^|/)${name.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')})/`);
  return [...new Set(repository.files().flatMap((file) => inPath.exec(file)?.[1] ?? []))];
}
