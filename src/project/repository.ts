import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';

/** Files larger than this are never read (bytes). */
export const maximumFileSize = 5 * 1024 * 1024;

/** Folders that never hold a project's own sources. */
const ignoredFolders = new Set(['node_modules', '.git', '.aws-sam', '.serverless', '.webpack', '.esbuild', '.build', '.next', '.terraform', 'coverage', '.migrate-lambda']);

export type ReadFailure = 'missing' | 'outside' | 'too-large' | 'binary' | 'unreadable';

/**
 * The user's folder, read-only and untrusted. Every path that leaves this class is relative to its root with `/`; nothing
 * outside the root (also through symlinks) is ever read. Texts are cached: a file is read from disk once.
 */
export class Repository {
  /** Absolute, symlinks resolved. */
  readonly root: string;
  private readonly texts = new Map<string, string | null>();
  private listing: string[] | undefined;

  constructor(root: string) {
    this.root = realpathSync(resolve(root));
  }

  /** Path relative to the root, or undefined when it leaves the repository. `from` is the folder that `path` is relative to. */
  resolve(from: string, path: string): string | undefined {
    if (path.includes('\0') || isAbsolute(path)) return undefined;
    const normalised = posix.normalize(posix.join(from === '' ? '.' : from, path.split('\\').join('/')));
    if (normalised === '..' || normalised.startsWith('../')) return undefined;
    const relativePath = normalised === '.' ? '' : normalised.replace(/\/$/, '').replace(/^\.\//, '');
    return this.isInside(relativePath) ? relativePath : undefined;
  }

  /** False when the path, or its nearest existing ancestor, is a symlink out of the repository. */
  private isInside(path: string): boolean {
    let probe = this.absolute(path);
    while (!existsSync(probe)) {
      if (isDanglingLink(probe)) return false;
      const parent = dirname(probe);
      if (parent === probe) return false;
      probe = parent;
    }
    const real = realpathSync(probe);
    return real === this.root || real.startsWith(this.root + sep);
  }

  absolute(path: string): string {
    return join(this.root, path);
  }

  /** Path of an absolute file relative to the root, with `/`. */
  relative(absolutePath: string): string {
    return relative(this.root, absolutePath).split(sep).join('/');
  }

  isFile(path: string): boolean {
    if (this.texts.get(path)) return true;
    return this.isInside(path) && (statSync(this.absolute(path), { throwIfNoEntry: false })?.isFile() ?? false);
  }

  isFolder(path: string): boolean {
    return this.isInside(path) && (statSync(this.absolute(path), { throwIfNoEntry: false })?.isDirectory() ?? false);
  }

  /** Text of a file, or undefined when it is missing, outside, binary, unreadable or too large ({@link readFailure} says which). */
  read(path: string): string | undefined {
    const cached = this.texts.get(path);
    if (cached !== undefined) return cached ?? undefined;
    const text = this.readFailure(path) === undefined ? readFileSync(this.absolute(path), 'utf8') : null;
    this.texts.set(path, text);
    return text ?? undefined;
  }

  /** Why {@link read} gives nothing, or undefined when it can be read. */
  readFailure(path: string): ReadFailure | undefined {
    if (!this.isInside(path)) return 'outside';
    const stats = statSync(this.absolute(path), { throwIfNoEntry: false });
    if (!stats?.isFile()) return 'missing';
    if (stats.size > maximumFileSize) return 'too-large';
    try {
      return readFileSync(this.absolute(path)).subarray(0, 8192).includes(0) ? 'binary' : undefined;
    } catch {
      return 'unreadable';
    }
  }

  /** Names in a folder (files and folders), sorted; empty when there is no such folder. */
  entries(path: string): Dirent[] {
    if (!this.isFolder(path)) return [];
    return readdirSync(this.absolute(path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All files that can be a project's own, sorted: dependencies, build caches and symlinked folders are left out. */
  files(): string[] {
    this.listing ??= this.walk('');
    return this.listing;
  }

  private walk(folder: string): string[] {
    const found: string[] = [];
    let entries: Dirent[];
    try {
      entries = readdirSync(this.absolute(folder), { withFileTypes: true });
    } catch {
      return found;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!ignoredFolders.has(entry.name)) found.push(...this.walk(path));
      } else if (entry.isFile()) found.push(path);
    }
    return found;
  }

  /** Nearest file of that name at or above `folder`, not above the root. */
  nearest(folder: string, name: string): string | undefined {
    for (let at = folder; ; at = posix.dirname(at)) {
      if (at === '.') at = '';
      const path = at === '' ? name : `${at}/${name}`;
      if (this.isFile(path)) return path;
      if (at === '') return undefined;
    }
  }
}

function isDanglingLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
