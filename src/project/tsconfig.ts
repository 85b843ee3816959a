/** What of a tsconfig.json (or jsconfig.json) matters for finding sources: `extends` followed, comments and trailing commas read. */
import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import { isPlainObject, objectOf, stringsOf } from './data.js';
import { parentOf, type Repository } from './repository.js';

export interface TsConfig {
  /** Folder that aliases without `baseUrl` are relative to, and `baseUrl` itself when it is set. */
  baseUrl: string | null;
  /** Alias pattern → targets, relative to the repository root, `*` kept. */
  paths: Record<string, string[]>;
  /** Folders relative to the repository root. */
  outDir: string | null;
  rootDir: string | null;
  /** Folders and files that hold its sources (`include` up to the first wildcard, `files`); its own folder where it names none. */
  sources: string[];
  emitsDecoratorMetadata: boolean;
  /** `module` and `target` in lower case. */
  module: string | null;
  target: string | null;
}

const empty: TsConfig = {
  baseUrl: null,
  paths: {},
  outDir: null,
  rootDir: null,
  sources: [],
  emitsDecoratorMetadata: false,
  module: null,
  target: null,
};

/** A configuration that extends more than this many others is a circle. */
const maximumDepth = 8;

/** Reads configurations, each once. */
export class TsConfigs {
  private readonly byFile = new Map<string, TsConfig>();
  private readonly byFolder = new Map<string, TsConfig | null>();

  constructor(private readonly repository: Repository) {}

  /** The configuration that rules a folder, or null. */
  ruling(folder: string): TsConfig | null {
    const known = this.byFolder.get(folder);
    if (known !== undefined) return known;
    const file = this.repository.nearest(folder, 'tsconfig.json') ?? this.repository.nearest(folder, 'jsconfig.json');
    const found = file === undefined ? null : this.read(file, 0);
    this.byFolder.set(folder, found);
    return found;
  }

  private read(file: string, depth: number): TsConfig {
    const known = this.byFile.get(file);
    if (known) return known;
    const json = objectOf(parse((this.repository.read(file) ?? '').replace(/^\uFEFF/, ' '), [], { allowTrailingComma: true }));
    const bases = typeof json['extends'] === 'string' ? [json['extends']] : stringsOf(json['extends']);
    const inherited = depth > maximumDepth ? [] : bases.flatMap((base) => this.readBase(file, base, depth));
    const config = Object.assign(
      {},
      empty,
      ...inherited,
      this.sources(file, json),
      this.own(file, objectOf(json['compilerOptions'])),
    ) as TsConfig;
    this.byFile.set(file, config);
    return config;
  }

  private readBase(file: string, base: string, depth: number): TsConfig[] {
    const isRelative = base.startsWith('.');
    const paths = isRelative
      ? [base, `${base}.json`, `${base}/tsconfig.json`]
      : [`node_modules/${base}`, `node_modules/${base}.json`, `node_modules/${base}/tsconfig.json`];
    for (const path of paths) {
      const found = isRelative ? this.repository.resolve(parentOf(file), path) : this.repository.nearest(parentOf(file), path);
      if (found !== undefined && this.repository.isFile(found)) return [this.read(found, depth + 1)];
    }
    return [];
  }

  private own(file: string, options: Record<string, unknown>): Partial<TsConfig> {
    const folder = parentOf(file);
    const inside = (path: unknown) => (typeof path === 'string' ? (this.repository.resolve(folder, path) ?? null) : null);
    const baseUrl = inside(options['baseUrl']);
    const { paths } = options;
    return {
      ...(baseUrl !== null && { baseUrl }),
      ...(isPlainObject(paths) && { paths: this.aliases(paths, baseUrl ?? folder) }),
      ...(options['outDir'] !== undefined && { outDir: inside(options['outDir']) }),
      ...(options['rootDir'] !== undefined && { rootDir: inside(options['rootDir']) }),
      ...(typeof options['emitDecoratorMetadata'] === 'boolean' && { emitsDecoratorMetadata: options['emitDecoratorMetadata'] }),
      ...(typeof options['module'] === 'string' && { module: options['module'].toLowerCase() }),
      ...(typeof options['target'] === 'string' && { target: options['target'].toLowerCase() }),
    };
  }

  /** https://www.typescriptlang.org/tsconfig/#include; `include` and `files` of a configuration overwrite those that it extends. */
  private sources(file: string, json: Record<string, unknown>): Pick<TsConfig, 'sources'> {
    const named = [...stringsOf(json['include']), ...stringsOf(json['files'])];
    const folder = parentOf(file);
    const found = named.flatMap((pattern) => this.repository.resolve(folder, pattern.replace(/\/?[^/]*[*?].*$/, '') || '.') ?? []);
    return { sources: named.length === 0 ? [folder] : found };
  }

  private aliases(paths: Record<string, unknown>, base: string): Record<string, string[]> {
    const entries = Object.entries(paths).map(([pattern, targets]) => [
      pattern,
      stringsOf(targets).map((target) => posix.join(base === '' ? '.' : base, target)),
    ]);
    return Object.fromEntries(entries) as Record<string, string[]>;
  }
}

/** What tsc makes of a file that no package.json declares an ES module; `target` rules where `module` is not set. */
export function emitsCommonJs({ module, target }: TsConfig): boolean {
  return module === null ? target === null || /^es[35]$/.test(target) : /^(?:commonjs|node)/.test(module);
}

/** Paths that an alias stands for, the most specific pattern first; empty when none matches. */
export function aliasTargets({ paths }: TsConfig, specifier: string): string[] {
  const matching = Object.keys(paths)
    .filter((pattern) => matchOf(pattern, specifier) !== null)
    .sort((a, b) => b.length - a.length);
  return matching.flatMap((pattern) =>
    (paths[pattern] ?? []).map((target) => target.replace('*', () => matchOf(pattern, specifier) ?? '')),
  );
}

/** What `*` stands for; null when the pattern does not match. A catch-all pattern is a base folder for everything, packages included. */
function matchOf(pattern: string, specifier: string): string | null {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === specifier ? '' : null;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits = specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after);
  return fits ? specifier.slice(before.length, specifier.length - after.length) : null;
}
