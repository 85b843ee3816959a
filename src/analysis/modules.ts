/** The source files of a repository as parsed modules: each is parsed once, however many functions and projects reach it. */
import type { Repository } from '../project/repository.js';
import { parseModule, type SourceModule } from './source-module.js';

/** Characters of source whose trees are kept; a tree takes some fifty times its text. */
const keptCharacters = 1_500_000;

/** A program may have no ending (`bin/www`). */
const otherThanSource = /\.(?![cm]?[jt]sx?$)[^./]+$/;

/** Parsed modules by file, the oldest dropped when they grow too many. */
export class Modules {
  private readonly parsed = new Map<string, SourceModule>();
  private characters = 0;

  /** With `base`, the texts take the place of those that it has. */
  constructor(
    private readonly textOf: (file: string) => string | undefined,
    private readonly base?: Modules,
  ) {}

  /** Undefined when the file is named as something else than a source, is missing, outside, too large or binary. */
  get(file: string): SourceModule | undefined {
    if (otherThanSource.test(file)) return undefined;
    const known = this.parsed.get(file);
    if (known && !this.base) return known;
    const text = this.textOf(file);
    const below = this.base?.get(file);
    if (text === undefined || text === below?.text) return below;
    return known?.text === text ? known : this.keep(file, parseModule(file, text));
  }

  /** Drops the modules of a folder whose project is done; those of the whole repository stay. */
  forget(folder: string): void {
    if (folder === '') return;
    for (const [file, { text }] of this.parsed) {
      if (!file.startsWith(`${folder}/`)) continue;
      this.parsed.delete(file);
      this.characters -= text.length;
    }
  }

  /** The same modules where others have no text for them, such as those that edits have left. */
  with(textOf: (file: string) => string | undefined): Modules {
    return new Modules(textOf, this);
  }

  private keep(file: string, module: SourceModule): SourceModule {
    this.characters += module.text.length - (this.parsed.get(file)?.text.length ?? 0);
    this.parsed.delete(file);
    this.parsed.set(file, module);
    for (const [oldest, { text }] of this.parsed) {
      if (this.characters <= keptCharacters || oldest === file) break;
      this.parsed.delete(oldest);
      this.characters -= text.length;
    }
    return module;
  }
}

const known = new WeakMap<Repository, Modules>();

/** The modules of a repository; shared by all its projects. */
export function modulesOf(repository: Repository): Modules {
  const found = known.get(repository) ?? new Modules((file) => repository.read(file));
  known.set(repository, found);
  return found;
}
