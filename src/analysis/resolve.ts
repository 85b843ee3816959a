/** Where an import leads: a file of the repository, a package, or nowhere. */
import { builtinModules } from 'node:module';
import { isPlainObject, objectOf } from '../project/data.js';
import type { PackageJson, Project } from '../project/model.js';
import { readPackageJson } from '../project/package-info.js';
import { parentOf, type Repository } from '../project/repository.js';
import { aliasTargets, TsConfigs } from '../project/tsconfig.js';
import { BundlerAliases } from './bundler-aliases.js';
import { layerFile, layerPackage } from './layers.js';
import { SourceFiles } from './source-files.js';
import type { SourceModule } from './source-module.js';

export type Resolution =
  | FileResolution
  | { kind: 'package'; name: string }
  | { kind: 'builtin' }
  /** Only type declarations are there: nothing of it exists when the code runs. */
  | { kind: 'types' }
  | { kind: 'outside' }
  | { kind: 'missing' };

interface FileResolution {
  kind: 'file';
  file: string;
  /** What led to it; only `relative` is a path as Node takes it, `alias` stands in a tsconfig.json, `bundler` elsewhere. */
  how: 'relative' | 'alias' | 'bundler' | 'workspace' | 'layer' | 'subpath';
  /** False when the specifier lacks the ending (or names a folder, or the JavaScript that a source becomes). */
  exact: boolean;
  /** Name under which it is imported, when that is a package's. */
  package?: string;
  /** The specifier in the letters of the file: as written it is found only where upper and lower case are the same. */
  recased?: string;
}

const builtins = new Set([...builtinModules, 'sqlite', 'test', 'sea']);

/** Answers where imports lead, for the code of one project. */
export class Resolver {
  readonly files: SourceFiles;
  readonly configs: TsConfigs;
  private readonly aliases: BundlerAliases;
  private readonly packages = new Map<string, PackageJson>();
  private workspace: Map<string, string> | undefined;

  constructor(
    readonly repository: Repository,
    readonly project: Project,
  ) {
    this.files = new SourceFiles(repository);
    this.configs = new TsConfigs(repository);
    this.aliases = new BundlerAliases(repository);
  }

  resolve(from: SourceModule, specifier: string): Resolution {
    const path = specifier.slice(specifier.lastIndexOf('!') + 1).replace(/[?].*$/, '');
    if (/^\.{1,2}(\/|$)/.test(path)) return this.relative(from, path);
    if (/^[a-z][a-z+.-]+:/i.test(path)) return path.startsWith('node:') ? { kind: 'builtin' } : { kind: 'missing' };
    if (path.startsWith('/')) return this.absolute(from, path);
    if (builtins.has(path.split('/')[0] ?? '') && !this.isListed(from.file, path)) return { kind: 'builtin' };
    return this.subpath(from, path) ?? this.alias(from, path) ?? this.bundlerAlias(from, path) ?? this.bare(from, path);
  }

  private relative(from: SourceModule, path: string): Resolution {
    const base = this.repository.resolve(parentOf(from.file), path);
    if (base === undefined) return { kind: 'outside' };
    const file = this.module(from, /\/$|(^|\/)\.{1,2}$/.test(path) ? `${base}/` : base);
    if (file !== undefined) return { kind: 'file', file, how: 'relative', exact: file === base };
    if (this.files.isFile(`${base}.d.ts`) || this.files.isFile(base.replace(/\.js$/, '.d.ts'))) return { kind: 'types' };
    return this.ignoringCase(from, path, base) ?? { kind: 'missing' };
  }

  private ignoringCase(from: SourceModule, path: string, base: string): FileResolution | undefined {
    const written = path.replace(/^(?:\.{1,2}\/)+/, '');
    const found = base.endsWith(written) ? this.files.ignoringCase(base) : undefined;
    const file = found === undefined ? undefined : this.module(from, found);
    if (found === undefined || file === undefined) return undefined;
    const recased = path.slice(0, path.length - written.length) + found.slice(found.length - written.length);
    return { kind: 'file', file, how: 'relative', exact: file === found, recased };
  }

  private module(from: SourceModule, base: string): string | undefined {
    return base.endsWith('/') ? this.files.folderModule(base.replace(/\/+$/, ''), from.language) : this.files.module(base, from.language);
  }

  /** `/opt` is where layers lie, `/var/task` where the function's own code lies. */
  private absolute(from: SourceModule, path: string): Resolution {
    const task = /^\/var\/task\/(.+)$/.exec(path)?.[1];
    const roots =
      task === undefined
        ? []
        : [...new Set([...this.project.functions.flatMap(({ handler }) => handler.codeRoot ?? []), this.project.root])];
    for (const root of roots) {
      const base = this.repository.resolve(root, task ?? '');
      const file = base === undefined ? undefined : this.module(from, base);
      if (file !== undefined) return { kind: 'file', file, how: 'bundler', exact: false };
    }
    const inLayer = /^\/opt\/(?:nodejs\/)?(?:node\d+\/)?(.+)$/.exec(path)?.[1];
    if (inLayer === undefined) return { kind: 'outside' };
    const packagePath = /^node_modules\/(.+)$/.exec(inLayer)?.[1];
    const file = layerFile(this, inLayer);
    if (file !== undefined) return { kind: 'file', file, how: 'layer', exact: false };
    return packagePath === undefined ? { kind: 'missing' } : { kind: 'package', name: packageName(packagePath) };
  }

  /** `"imports": { "#db": "./src/db.js" }` of package.json. */
  private subpath(from: SourceModule, path: string): Resolution | undefined {
    if (!path.startsWith('#')) return undefined;
    const packageFile = this.repository.nearest(parentOf(from.file), 'package.json');
    const imports = objectOf(packageFile === undefined ? {} : this.package(packageFile)['imports']);
    for (const [pattern, target] of Object.entries(imports)) {
      const [before = '', after] = pattern.split('*');
      const matches = after === undefined ? path === pattern : path.startsWith(before) && path.endsWith(after);
      const chosen = matches ? conditional(target) : undefined;
      if (chosen === undefined) continue;
      const star = after === undefined ? '' : path.slice(before.length, path.length - after.length);
      const base = this.repository.resolve(
        parentOf(packageFile ?? ''),
        chosen.replaceAll('*', () => star),
      );
      if (!chosen.startsWith('.')) return this.bare(from, chosen);
      const file = base === undefined ? undefined : this.module(from, base);
      if (file !== undefined) return { kind: 'file', file, how: 'subpath', exact: file === base };
    }
    return this.alias(from, path) ?? this.bundlerAlias(from, path) ?? { kind: 'missing' };
  }

  /** `paths` and `baseUrl` of the ruling tsconfig.json. A listed package wins over a folder that only happens to have its name. */
  private alias(from: SourceModule, path: string): Resolution | undefined {
    const config = this.configs.ruling(parentOf(from.file));
    if (!config) return undefined;
    const base = config.baseUrl === null ? [] : [config.baseUrl === '' ? path : `${config.baseUrl}/${path}`];
    for (const target of [...aliasTargets(config, path), ...base]) {
      const inside = this.repository.resolve('', target);
      const file = inside === undefined ? undefined : this.module(from, inside);
      if (file !== undefined) return { kind: 'file', file, how: 'alias', exact: false };
      if (inside !== undefined && this.files.isFile(`${inside}.d.ts`)) return { kind: 'types' };
    }
    return undefined;
  }

  private bundlerAlias(from: SourceModule, path: string): Resolution | undefined {
    for (const target of this.aliases.targets(parentOf(from.file), path)) {
      const file = this.module(from, target);
      if (file !== undefined) return { kind: 'file', file, how: 'bundler', exact: false };
    }
    return undefined;
  }

  private bare(from: SourceModule, path: string): Resolution {
    const name = packageName(path);
    const folder = this.workspaceFolder(from.file, name);
    const inWorkspace = folder === undefined ? undefined : this.workspaceModule(from, folder, path.slice(name.length + 1));
    if (inWorkspace !== undefined) return { kind: 'file', file: inWorkspace, how: 'workspace', exact: true, package: name };
    if (this.isListed(from.file, name)) return { kind: 'package', name };
    const fromLayer = layerPackage(this, path);
    if (fromLayer !== undefined) return { kind: 'file', file: fromLayer, how: 'layer', exact: false };
    const fromRoot = this.fromRoot(from, path);
    if (fromRoot !== undefined) return { kind: 'file', file: fromRoot, how: 'bundler', exact: false };
    return isPackageName(name) ? { kind: 'package', name } : { kind: 'missing' };
  }

  /** `src/lib/db` without a tsconfig: bundlers are often told to look from the root. Only for paths, never for a lone name. */
  private fromRoot(from: SourceModule, path: string): string | undefined {
    if (!path.includes('/') || path.startsWith('@')) return undefined;
    const roots = [this.project.root, ...this.project.functions.flatMap(({ handler }) => handler.codeRoot ?? [])];
    for (const root of new Set(roots)) {
      const base = this.repository.resolve(root, path);
      const file = base === undefined ? undefined : this.module(from, base);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  private isListed(file: string, path: string): boolean {
    const name = packageName(path);
    for (let folder: string | null = parentOf(file); folder !== null; ) {
      const packageFile: string | undefined = this.repository.nearest(folder, 'package.json');
      if (packageFile === undefined) return false;
      const { dependencies, devDependencies, optionalDependencies, peerDependencies } = this.package(packageFile);
      if (
        [dependencies, devDependencies, optionalDependencies, peerDependencies].some(
          (each) => each !== undefined && Object.hasOwn(each, name),
        )
      )
        return true;
      folder = parentOf(packageFile) === '' ? null : parentOf(parentOf(packageFile));
    }
    return false;
  }

  /** Folder of a package that lies in the repository: a `file:` or `workspace:` dependency, a workspace member, or the package itself. */
  private workspaceFolder(file: string, name: string): string | undefined {
    const packageFile = this.repository.nearest(parentOf(file), 'package.json');
    const own = packageFile === undefined ? {} : this.package(packageFile);
    if (own.name === name && packageFile !== undefined) return parentOf(packageFile);
    const range = own.dependencies?.[name] ?? own.devDependencies?.[name] ?? '';
    const local = /^(?:file|link|portal):(.+)$/.exec(range)?.[1];
    if (local !== undefined) return this.repository.resolve(parentOf(packageFile ?? ''), local);
    if (this.project.packageInfo.workspaceRoot === null && !range.startsWith('workspace:')) return undefined;
    return this.workspaceMembers().get(name);
  }

  private workspaceMembers(): Map<string, string> {
    if (this.workspace) return this.workspace;
    const root = this.project.packageInfo.workspaceRoot ?? '';
    this.workspace = new Map();
    for (const file of this.repository.files()) {
      if (!/(^|\/)package\.json$/.test(file) || (root !== '' && !file.startsWith(`${root}/`))) continue;
      const { name } = this.package(file);
      if (name !== undefined && !this.workspace.has(name)) this.workspace.set(name, parentOf(file));
    }
    return this.workspace;
  }

  /** A member's module: by `exports` and `main`, or where sources usually lie when those name what a build makes. */
  private workspaceModule(from: SourceModule, folder: string, path: string): string | undefined {
    const inside = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    const json = this.package(inside('package.json'));
    const { exports } = json;
    const entry = isPlainObject(exports)
      ? conditional(
          exports[path === '' ? '.' : `./${path}`] ??
            (path === '' && !Object.keys(exports).some((key) => key.startsWith('.')) ? exports : undefined),
        )
      : path === '' && typeof exports === 'string'
        ? exports
        : undefined;
    const guesses = path === '' ? ['', 'src/index', 'lib/index', 'index', 'src'] : [path, `src/${path}`];
    for (const guess of [...(entry === undefined ? [] : [entry, entry.replace(/^(\.\/)?(dist|build|lib|out)\//, 'src/')]), ...guesses]) {
      const base = this.repository.resolve(folder, guess === '' ? '.' : guess);
      const file = base === undefined ? undefined : this.module(from, guess === '' ? `${base}/` : base);
      if (file !== undefined && !file.endsWith('.json')) return file;
    }
    return undefined;
  }

  private package(file: string): PackageJson {
    const known = this.packages.get(file);
    if (known) return known;
    const { json } = this.repository.isFile(file) ? readPackageJson(this.repository, file) : { json: {} };
    this.packages.set(file, json);
    return json;
  }

  /** `"type": "module"` in the package.json that rules a file. */
  isModulePackage(file: string): boolean {
    const packageFile = this.repository.nearest(parentOf(file), 'package.json');
    return packageFile !== undefined && this.package(packageFile).type === 'module';
  }
}

/** Package of an import: `@aws-sdk/client-s3/dist` → `@aws-sdk/client-s3`. */
function packageName(path: string): string {
  const [first = '', second] = path.split('/');
  return first.startsWith('@') && second !== undefined ? `${first}/${second}` : first;
}

function isPackageName(name: string): boolean {
  return /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(name);
}

/** The path that a condition object of `exports` or `imports` gives to code on Node. */
function conditional(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(conditional).find((each) => each !== undefined);
  if (!isPlainObject(target)) return undefined;
  for (const condition of ['node', 'import', 'require', 'default']) {
    const found = conditional(target[condition]);
    if (found !== undefined) return found;
  }
  return undefined;
}
