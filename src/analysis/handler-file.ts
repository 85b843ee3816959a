/** The source file behind a handler string: by the runtime's own rule, and back through builds to what they are made from. */
import { posix } from 'node:path';
import type { LambdaFunction, Project } from '../project/model.js';
import { parentOf, type Repository } from '../project/repository.js';
import { isBuildPath, sourceCandidates } from './build-folders.js';
import type { Resolver } from './resolve.js';
import { webpackEntries } from './webpack-entries.js';

interface FoundFile {
  file: string;
  /** How sure it is: `declared` by the rule, `built` back through a build, `case` when only the case differs, `elsewhere` by its name alone. */
  how: 'declared' | 'built' | 'case' | 'elsewhere';
}

export type HandlerFile = FoundFile | { file: null; looked: string[]; outside: boolean };

const sourceFile = /\.[cm]?[jt]sx?$/;
const testFile = /\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:tests?|__tests__|__mocks__)\//;

/** Finds the module `name` (path without ending) of a function. */
export function findHandlerFile(resolver: Resolver, lambda: LambdaFunction, name: string): HandlerFile {
  const { repository, project } = resolver;
  const roots = rootsOf(repository, project, lambda);
  const paths = roots.map((root) => repository.resolve(root, name));
  if (paths[0] === undefined && roots.length > 0) return { file: null, looked: [`${roots[0]}/${name}`], outside: true };
  const modules = [...new Set(paths.filter((path) => path !== undefined))];
  const found =
    fromEntryPoints(resolver, lambda, roots, name) ??
    byRule(resolver, lambda, modules) ??
    fromBuild(resolver, modules) ??
    fromScripts(resolver, lambda, name) ??
    fromWebpack(resolver, roots, name) ??
    otherCase(resolver, modules) ??
    elsewhere(resolver, name);
  const read = found ? [] : configurationsIn(repository, roots);
  return found ?? { file: null, looked: [...modules, ...read], outside: isLinkOut(repository, modules) };
}

/** CodeUri or service folder first; a package that is built in place has its sources there; the project root last. */
function rootsOf(repository: Repository, project: Project, { handler }: LambdaFunction): string[] {
  const roots = [handler.codeRoot, project.root].filter((root) => root !== null);
  const packageFile = handler.codeRoot === null ? undefined : repository.nearest(handler.codeRoot, 'package.json');
  return [...new Set([...roots, ...(packageFile === undefined ? [] : [parentOf(packageFile)]), parentOf(project.definition)])];
}

function isLinkOut(repository: Repository, modules: readonly string[]): boolean {
  return modules.some((module) => ['.js', '.mjs', '.cjs', '.ts'].some((end) => repository.readFailure(module + end) === 'outside'));
}

/** `EntryPoints` of SAM's esbuild, or of a bundler's configuration: the entry whose path ends like the handler. */
function fromEntryPoints(
  { files, repository }: Resolver,
  { build }: LambdaFunction,
  roots: readonly string[],
  name: string,
): FoundFile | undefined {
  for (const entry of build.entryPoints ?? []) {
    const stem = withoutEnd(entry.replace(/^\.\//, ''));
    const isOnly = build.entryPoints?.length === 1 && posix.basename(stem) === posix.basename(name);
    if (stem !== name && !stem.endsWith(`/${name}`) && !isOnly) continue;
    for (const root of roots) {
      const path = repository.resolve(root, entry);
      const file =
        path === undefined ? undefined : files.isFile(path) ? path : (files.withEnding(withoutEnd(path), 'typescript') ?? undefined);
      if (file !== undefined) return { file, how: 'declared' };
    }
  }
  return undefined;
}

function withoutEnd(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}

/** Exactly that path, with an ending, or a folder's index. What lies in a build folder gives way to its source. */
function byRule(resolver: Resolver, lambda: LambdaFunction, modules: readonly string[]): FoundFile | undefined {
  for (const module of modules) {
    const file = moduleAt(resolver, lambda, module);
    if (file === undefined || !sourceFile.test(file)) continue;
    const source = isBuildPath(file) && file.endsWith('js') ? fromBuild(resolver, [module]) : undefined;
    return source ?? { file, how: 'declared' };
  }
  return undefined;
}

/** Beside a compiled file its source wins, when it is what the compiled one is made from. */
function moduleAt({ files, repository, configs }: Resolver, { build }: LambdaFunction, module: string): string | undefined {
  const javascript = ['.js', '.mjs', '.cjs', '.jsx'].map((end) => module + end).find((path) => files.isFile(path));
  const typescript = ['.ts', '.mts', '.cts', '.tsx'].map((end) => module + end).find((path) => files.isFile(path));
  if (javascript !== undefined && typescript !== undefined) {
    const compiled =
      build.tool !== 'none' ||
      configs.ruling(parentOf(module)) !== null ||
      /sourceMappingURL=|"__esModule"/.test(repository.read(javascript) ?? '');
    return compiled ? typescript : javascript;
  }
  return (
    javascript ??
    typescript ??
    (files.isFile(module) && sourceFile.test(module) ? module : undefined) ??
    files.folderModule(module, 'typescript')
  );
}

function fromBuild({ repository, configs, files }: Resolver, modules: readonly string[]): FoundFile | undefined {
  for (const module of modules) {
    for (const candidate of sourceCandidates(repository, configs, module)) {
      const file =
        files.withEnding(candidate, 'typescript') ?? (candidate === '' ? undefined : files.folderModule(candidate, 'typescript'));
      if (file !== undefined && sourceFile.test(file)) return { file, how: 'built' };
    }
  }
  return undefined;
}

/** A build command of package.json that names its entry: `esbuild src/main.ts --bundle --outfile=dist/index.js`. */
function fromScripts({ repository, files }: Resolver, { handler }: LambdaFunction, name: string): FoundFile | undefined {
  const packageFile = repository.nearest(handler.codeRoot ?? '', 'package.json');
  if (packageFile === undefined) return undefined;
  const scripts = [
    ...(repository.read(packageFile) ?? '').matchAll(
      /"((?:[^"\\\n]|\\.)*\b(?:esbuild|ncc|tsup|webpack|parcel|rollup|bun)\b(?:[^"\\\n]|\\.)*)"/g,
    ),
  ].map((match) => match[1] ?? '');
  for (const script of scripts) {
    const words = script.split(/\s+|&&/).filter((word) => sourceFile.test(word) && !word.startsWith('-'));
    const outfile = /--outfile[= ]\s*(\S+)/.exec(script)?.[1] ?? '';
    const entries = words
      .flatMap((word) => repository.resolve(parentOf(packageFile), word.replace(/^["'\\]+|["'\\]+$/g, '')) ?? [])
      .filter((path) => files.isFile(path));
    const named = entries.filter((path) => withoutEnd(posix.basename(path)) === posix.basename(name));
    const chosen =
      named.length === 1
        ? named[0]
        : withoutEnd(posix.basename(outfile)) === posix.basename(name) && entries.length === 1
          ? entries[0]
          : undefined;
    if (chosen !== undefined) return { file: chosen, how: 'built' };
  }
  return undefined;
}

/** An entry of webpack's configuration in the package that the handler's folder is part of. */
function fromWebpack({ repository, files }: Resolver, roots: readonly string[], name: string): FoundFile | undefined {
  for (const root of roots) {
    const { entries } = webpackEntries(repository, root);
    for (const { bundle, source } of entries) {
      if (bundle !== name && !bundle.endsWith(`/${name}`) && !name.endsWith(`/${bundle}`)) continue;
      const path = repository.resolve(root, source);
      const file = path === undefined ? undefined : files.module(path, 'typescript');
      if (file !== undefined && sourceFile.test(file)) return { file, how: 'built' };
    }
  }
  return undefined;
}

/** Configurations that name no entry of that name, for the list of what was looked through. */
function configurationsIn(repository: Repository, roots: readonly string[]): string[] {
  const found = roots.map((root) => webpackEntries(repository, root));
  return [...new Set(found.flatMap(({ entries, unread }) => [...entries.map(({ file }) => file), ...unread]))];
}

/** Works on a Mac and not on Lambda, or the other way round. */
function otherCase({ files }: Resolver, modules: readonly string[]): FoundFile | undefined {
  for (const module of modules) {
    let folder = '';
    for (const segment of module.split('/').slice(0, -1)) {
      const name = sameName(files.names(folder), segment);
      if (name === undefined) break;
      folder = folder === '' ? name : `${folder}/${name}`;
    }
    const wanted = posix.basename(module).toLowerCase();
    const name = files.names(folder).find((each) => sourceFile.test(each) && withoutEnd(each).toLowerCase() === wanted);
    const path = folder === '' ? (name ?? '') : `${folder}/${name}`;
    if (name === undefined || withoutEnd(path) === module || !files.isFile(path)) continue;
    if (withoutEnd(path).toLowerCase() === module.toLowerCase()) return { file: path, how: 'case' };
  }
  return undefined;
}

function sameName(names: readonly string[], wanted: string): string | undefined {
  return names.includes(wanted) ? wanted : names.find((each) => each.toLowerCase() === wanted.toLowerCase());
}

/** The only source of the project whose path ends like the handler: some build of its own puts it where the handler says. */
function elsewhere({ repository, project }: Resolver, name: string): FoundFile | undefined {
  const prefix = project.root === '' ? '' : `${project.root}/`;
  const matching = repository
    .files()
    .filter(
      (file) =>
        file.startsWith(prefix) &&
        sourceFile.test(file) &&
        !file.endsWith('.d.ts') &&
        !testFile.test(file) &&
        `/${withoutEnd(file)}`.endsWith(`/${name}`),
    );
  return matching.length === 1 ? { file: matching[0] as string, how: 'elsewhere' } : undefined;
}
