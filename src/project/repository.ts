import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { Folders, type Kind, parentOf } from './folders.js';

export { parentOf } from './folders.js';

/** Files larger than this are never read (bytes). */
export const maximumFileSize = 5 * 1024 * 1024;

/** Folders that never hold a project's own sources. */
const ignoredFolders = new Set([
  'node_modules',
  '.git',
  '.aws-sam',
  '.serverless',
  '.webpack',
  '.webpackCache',
  '.esbuild',
  '.build',
  '.next',
  '.sst',
  '.terraform',
  '.yarn',
  '.venv',
  'bower_components',
  'coverage',
  '.migrate-lambda',
]);

/** Listed even when `.gitignore` leaves it out: what the CDK synthesised is the only readable form of its application. */
const synthesisedFolder = 'cdk.out';

/** Folders nested deeper than this are not walked: no project looks so, a hostile one may. */
const maximumDepth = 40;

/** A listing ends here; a folder with more files is a disk, not a repository. */
const maximumFiles = 400_000;

export type ReadFailure = 'missing' | 'outside' | 'too-large' | 'binary' | 'unreadable';

/**
 * The user's folder, read-only and untrusted. Every path that leaves this class is relative to its root with `/`; nothing
 * outside the root (also through symlinks) is ever read. It is as it was when first looked at: a file is read from disk once, a
 * folder listed once.
 */
export class Repository {
  /** Absolute, symlinks resolved. */
  readonly root: string;
  private readonly texts = new Map<string, string | null>();
  private readonly folders: Folders;
  private readonly insideFolders = new Map<string, boolean>();
  private readonly realFolders = new Map<string, string>();
  private listing: string[] | undefined;

  /** `listing`: what `files()` gave for the same folder a moment ago. */
  constructor(root: string, listing?: string[]) {
    this.root = realpathSync(resolve(root));
    this.folders = new Folders(this.root);
    this.listing = listing;
  }

  /** Path relative to the root, or undefined when it leaves the repository. `from` is the folder that `path` is relative to. */
  resolve(from: string, path: string): string | undefined {
    if (path.includes('\0') || isAbsolute(path)) return undefined;
    const normalised = posix.normalize(posix.join(from === '' ? '.' : from, path.split('\\').join('/')));
    if (normalised === '..' || normalised.startsWith('../')) return undefined;
    const relativePath = normalised.replace(/\/$/, '').replace(/^\.(\/|$)/, '');
    return this.isInside(relativePath) ? relativePath : undefined;
  }

  /** False when the path, or its nearest existing ancestor, is a symlink out of the repository. */
  private isInside(path: string): boolean {
    if (path === '') return true;
    if (path === '..' || path.startsWith('../')) return false;
    if (!this.isFolderInside(parentOf(path))) return false;
    if (this.folders.kindOf(path) !== 'link') return true;
    const absolute = this.absolute(path);
    return existsSync(absolute) && this.isUnderRoot(realpathSync(absolute));
  }

  private isFolderInside(folder: string): boolean {
    const known = this.insideFolders.get(folder);
    if (known !== undefined) return known;
    const inside = this.isInside(folder);
    this.insideFolders.set(folder, inside);
    return inside;
  }

  private isUnderRoot(real: string): boolean {
    return real === this.root || real.startsWith(this.root === sep ? sep : this.root + sep);
  }

  /** The path that a path stands for when links on the way are followed; itself when they lead out or nowhere. */
  behindLinks(path: string): string {
    if (path === '' || !this.isInside(path)) return path;
    if (this.folders.kindOf(path) === 'link') return this.relative(realpathSync(this.absolute(path)));
    return posix.join(this.realFolder(parentOf(path)), posix.basename(path));
  }

  private realFolder(folder: string): string {
    const known = this.realFolders.get(folder);
    if (known !== undefined) return known;
    const real = this.behindLinks(folder);
    this.realFolders.set(folder, real);
    return real;
  }

  absolute(path: string): string {
    return join(this.root, path);
  }

  /** Path of an absolute file relative to the root, with `/`. */
  relative(absolutePath: string): string {
    return relative(this.root, absolutePath).split(sep).join('/');
  }

  isFile(path: string): boolean {
    return this.kindBehindLinks(path) === 'file';
  }

  isFolder(path: string): boolean {
    return this.kindBehindLinks(path) === 'folder';
  }

  private kindBehindLinks(path: string): Kind | undefined {
    if (!this.isInside(path)) return undefined;
    const kind = this.folders.kindOf(path);
    if (kind !== 'link') return kind;
    const stats = statSync(this.absolute(path), { throwIfNoEntry: false });
    return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : undefined;
  }

  /** Text of a file, or undefined when it is missing, outside, binary, unreadable or too large ({@link readFailure} says which). */
  read(path: string): string | undefined {
    const cached = this.texts.get(path);
    if (cached !== undefined) return cached ?? undefined;
    const text = this.load(path);
    this.texts.set(path, text ?? null);
    return text;
  }

  /** Like {@link read}, but the text is not kept: for looking through many files once. */
  peek(path: string): string | undefined {
    const cached = this.texts.get(path);
    return cached === undefined ? this.load(path) : (cached ?? undefined);
  }

  /** Drops what was read, but for the listing: it is looked at anew. Only for runs that write nothing. */
  forget(): void {
    for (const cache of [this.texts, this.insideFolders, this.realFolders]) cache.clear();
    this.folders.forget();
  }

  private load(path: string): string | undefined {
    const content = this.content(path);
    return typeof content === 'string' ? undefined : content.toString('utf8');
  }

  /** Why {@link read} gives nothing, or undefined when it can be read. */
  readFailure(path: string): ReadFailure | undefined {
    const content = this.content(path);
    return typeof content === 'string' ? content : undefined;
  }

  /** The first bytes of a file of any size as text; empty when it cannot be read. */
  head(path: string, bytes: number): string {
    if (!this.isInside(path)) return '';
    const buffer = Buffer.alloc(bytes);
    try {
      const file = openSync(this.absolute(path), 'r');
      try {
        return buffer.toString('utf8', 0, readSync(file, buffer, 0, bytes, 0));
      } finally {
        closeSync(file);
      }
    } catch {
      return '';
    }
  }

  private content(path: string): Buffer | ReadFailure {
    if (!this.isInside(path)) return 'outside';
    if (!this.isFile(path)) return 'missing';
    const stats = statSync(this.absolute(path), { throwIfNoEntry: false });
    if (!stats) return 'missing';
    if (stats.size > maximumFileSize) return 'too-large';
    try {
      const bytes = readFileSync(this.absolute(path));
      return bytes.subarray(0, 8192).includes(0) ? 'binary' : bytes;
    } catch {
      return 'unreadable';
    }
  }

  /** Names in a folder with what they are, sorted; empty when there is no such folder. */
  entries(path: string): ReadonlyMap<string, Kind> {
    return this.isFolder(path) ? this.folders.namesIn(path) : new Map();
  }

  /**
   * All files that can be a project's own, sorted: dependencies, build caches, symlinked folders and what `.gitignore`
   * leaves out are not among them. They can still be read by name.
   */
  files(): string[] {
    if (this.listing === undefined) {
      const found: string[] = [];
      this.walk('', [], found);
      this.listing = found;
    }
    return this.listing;
  }

  private walk(folder: string, outerRules: IgnoreRules[], found: string[]): void {
    if (folder.split('/').length > maximumDepth || found.length > maximumFiles) return;
    const entries = this.folders.namesIn(folder);
    const rules = entries.has('.gitignore') ? [...outerRules, this.ignoreRules(folder)] : outerRules;
    for (const [name, kind] of entries) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'folder') {
        if (name === synthesisedFolder) this.walk(path, [], found);
        else if (!ignoredFolders.has(name)) this.walkUnlessIgnored(path, rules, found);
      } else if (kind === 'file' && decidingRules(path, rules).verdict !== 'ignored') found.push(path);
    }
  }

  /** A folder that an inner `.gitignore` takes back is no longer ruled by the outer ones. */
  private walkUnlessIgnored(folder: string, rules: IgnoreRules[], found: string[]): void {
    const { verdict, from } = decidingRules(`${folder}/`, rules);
    if (verdict !== 'ignored') this.walk(folder, rules.slice(from), found);
  }

  private ignoreRules(folder: string): IgnoreRules {
    const text = this.peek(folder === '' ? '.gitignore' : `${folder}/.gitignore`) ?? '';
    return { folder, rules: ignore().add(text) };
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

/** A `.gitignore` and the folder it rules. */
interface IgnoreRules {
  folder: string;
  rules: Ignore;
}

/** The innermost `.gitignore` that says anything about the path decides, as in git; `from` is its index when it takes it back. */
function decidingRules(path: string, rules: IgnoreRules[]): { verdict?: 'ignored' | 'kept'; from: number } {
  for (let at = rules.length - 1; at >= 0; at--) {
    const { folder, rules: own } = rules[at] as IgnoreRules;
    const { ignored, unignored } = own.test(folder === '' ? path : path.slice(folder.length + 1));
    if (ignored) return { verdict: 'ignored', from: 0 };
    if (unignored) return { verdict: 'kept', from: at };
  }
  return { from: 0 };
}
