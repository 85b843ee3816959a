/** Paths of the repository: relative to its root, with `/`; `''` is the root. */
import { posix } from 'node:path';

export function join(folder: string, path: string): string {
  const joined = posix.normalize(posix.join(folder, path));
  return joined === '.' ? '' : joined;
}

/** True for the folder itself and everything in it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** `to` as seen from the folder `from`; `.` for itself. */
export function relativePath(from: string, to: string): string {
  return posix.relative(`/${from}`, `/${to}`) || '.';
}

/** As {@link relativePath}, but always a module specifier: `./x`, `../x`. */
export function specifier(from: string, to: string): string {
  const path = relativePath(from, to);
  return path.startsWith('../') || path === '..' ? path : `./${path}`;
}
