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

  /** With `replaced`, texts that take the place of those in `base`. */
  constructor(
    private readonly repository: Pick<Repository, 'read'>,
    private readonly base?: Modules,
    private readonly replaced: ReadonlyMap<string, string> = new Map(),
  ) {}

  /** Undefined when the file is named as something else than a source, is missing, outside, too large or binary. */
  get(file: string): SourceModule | undefined {
    if (otherThanSource.test(file)) return undefined;
    if (this.base && !this.replaced.has(file)) return this.base.get(file);
    const known = this.parsed.get(file);
    if (known) return known;
    const text = this.replaced.get(file) ?? this.repository.read(file);
    if (text === undefined) return undefined;
    const module = parseModule(file, text);
    this.keep(file, module);
    return module;
  }

  /** The same modules, some of them with other texts. */
  with(changed: ReadonlyMap<string, string>): Modules {
    return changed.size === 0 ? this : new Modules(this.repository, this, changed);
  }

  private keep(file: string, module: SourceModule): void {
    this.parsed.set(file, module);
    this.characters += module.text.length;
    for (const [oldest, { text }] of this.parsed) {
      if (this.characters <= keptCharacters || oldest === file) return;
      this.parsed.delete(oldest);
      this.characters -= text.length;
    }
  }
}

const known = new WeakMap<Repository, Modules>();

/** The modules of a repository; shared by all its projects. */
export function modulesOf(repository: Repository): Modules {
  const found = known.get(repository) ?? new Modules(repository);
  known.set(repository, found);
  return found;
}
