/** Finds source files by a path without (or with another) extension, as Node and the compilers do. */
import type { Repository } from '../project/repository.js';

const typescriptEnds = ['.ts', '.tsx', '.mts', '.cts'];
const javascriptEnds = ['.js', '.mjs', '.cjs', '.jsx'];
const dataEnds = ['.json', '.node'];

/** The source that a compiler makes `.js` (and its kin) from. */
const sourceEnds: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.ts'],
  '.cjs': ['.cts', '.ts'],
};

export type Preference = 'typescript' | 'javascript';

export class SourceFiles {
  constructor(private readonly repository: Repository) {}

  isFile(path: string): boolean {
    return this.repository.isFile(path);
  }

  /** The module that `base` names: exactly, with an ending, as the source of a compiled file, or as a folder. */
  module(base: string, prefer: Preference): string | undefined {
    if (base !== '' && this.isFile(base)) return base;
    return this.withEnding(base, prefer) ?? this.sourceOf(base) ?? this.folderModule(base, prefer);
  }

  /** `base` plus one of the endings of code; data files last. */
  withEnding(base: string, prefer: Preference): string | undefined {
    if (base === '') return undefined;
    const code = prefer === 'typescript' ? [...typescriptEnds, ...javascriptEnds] : [...javascriptEnds, ...typescriptEnds];
    return [...code, ...dataEnds].map((end) => base + end).find((path) => this.isFile(path) && !path.endsWith('.d.ts'));
  }

  /** `./x.js` in TypeScript means `./x.ts`. */
  sourceOf(path: string): string | undefined {
    const end = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
    return (sourceEnds[end] ?? []).map((source) => path.slice(0, -end.length) + source).find((each) => this.isFile(each));
  }

  /** `main` of the folder's package.json, or its index. */
  folderModule(folder: string, prefer: Preference): string | undefined {
    const inside = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    if (!this.repository.isFolder(folder)) return undefined;
    const main = this.isFile(inside('package.json')) ? mainOf(this.repository.read(inside('package.json')) ?? '') : undefined;
    const path = main === undefined ? undefined : this.repository.resolve(folder, main);
    const found =
      path === undefined || path === folder
        ? undefined
        : this.isFile(path)
          ? path
          : (this.withEnding(path, prefer) ?? this.sourceOf(path) ?? this.withEnding(`${path}/index`, prefer));
    return found ?? this.withEnding(inside('index'), prefer);
  }

  /** `base` in the letters of the one file or folder that it names where upper and lower case are the same, as on macOS and Windows. */
  ignoringCase(base: string): string | undefined {
    const parts = base.split('/');
    const last = parts.pop() ?? '';
    let folder = '';
    for (const part of parts) {
      const found = theOne(this.names(folder), part, (name) => name);
      if (found === undefined) return undefined;
      folder = folder === '' ? found : `${folder}/${found}`;
    }
    const stem = last.replace(/\.[cm]?jsx?$/, '').length;
    const found = theOne(this.names(folder), last.slice(0, stem), (name) =>
      name.length === stem || name[stem] === '.' ? name.slice(0, stem) : undefined,
    );
    return found === undefined ? undefined : `${folder === '' ? '' : `${folder}/`}${found}${last.slice(stem)}`;
  }

  /** Names in a folder (files and folders). */
  names(folder: string): string[] {
    return [...this.repository.entries(folder).keys()];
  }
}

/** What `of` makes of the names: `wanted` itself, else the one that differs from it in its case alone. */
function theOne(names: readonly string[], wanted: string, of: (name: string) => string | undefined): string | undefined {
  const lower = wanted.toLowerCase();
  const found = new Set(names.flatMap((name) => of(name) ?? []).filter((each) => each.toLowerCase() === lower));
  if (found.has(wanted)) return wanted;
  return found.size === 1 ? [...found][0] : undefined;
}

function mainOf(text: string): string | undefined {
  try {
    const { main } = JSON.parse(text) as { main?: unknown };
    return typeof main === 'string' ? main : undefined;
  } catch {
    return undefined;
  }
}
