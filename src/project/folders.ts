import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** What stands at a path; links are not followed. */
export type Kind = 'file' | 'folder' | 'link' | 'other';

/**
 * The folders of a tree, each listed once: module resolution and the search for configuration files ask for thousands of paths,
 * most of which do not exist. Paths are relative to the root, with `/`.
 */
export class Folders {
  private readonly listed = new Map<string, ReadonlyMap<string, Kind> | null>();

  constructor(private readonly root: string) {}

  /** Undefined when there is nothing. A path below a link is one in the folder that the link leads to. */
  kindOf(path: string): Kind | undefined {
    if (path === '') return 'folder';
    const listing = this.listing(parentOf(path));
    if (listing) return listing.get(path.slice(path.lastIndexOf('/') + 1));
    const stats = lstatSync(join(this.root, path), { throwIfNoEntry: false });
    return stats && kindOf(stats);
  }

  /** Names in a folder with what they are, sorted; none when there is no such folder or it cannot be listed. */
  namesIn(folder: string): ReadonlyMap<string, Kind> {
    return this.listing(folder) ?? nothing;
  }

  /** Folders are listed anew. */
  forget(): void {
    this.listed.clear();
  }

  /** Null for a folder that may not be listed; what is in it may be known by name all the same. */
  private listing(folder: string): ReadonlyMap<string, Kind> | null {
    const known = this.listed.get(folder);
    if (known !== undefined) return known;
    const kind = this.kindOf(folder);
    const listing = kind === 'folder' || kind === 'link' ? this.list(folder) : nothing;
    this.listed.set(folder, listing);
    return listing;
  }

  private list(folder: string): ReadonlyMap<string, Kind> | null {
    try {
      const entries = readdirSync(join(this.root, folder), { withFileTypes: true });
      return new Map(entries.sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => [entry.name, kindOf(entry)]));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EACCES' ? null : nothing;
    }
  }
}

const nothing: ReadonlyMap<string, Kind> = new Map();

function kindOf(entry: Dirent | Stats): Kind {
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other';
}

/** Folder of a path of the repository; `''` is the root. */
export function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut === -1 ? '' : path.slice(0, cut);
}
