/** Handlers without a definition: a package (or a lone file) whose module exports a handler. */

import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { parseSource } from '../../parse-source.js';
import type { PackageJson, Project, ReadResult, TextRange } from '../model.js';
import { readPackageJson } from '../package-info.js';
import { isWithin } from '../project-root.js';
import { parentOf, type Repository } from '../repository.js';
import { undeclaredFunction } from '../undeclared-function.js';
import { kebabCase, noPackage } from './cloudformation/read-template.js';
import { isLambdaHandler } from './convention/evidence.js';
import { exportedHandler } from './convention/exports.js';

const sourceFile = /\.([cm]?[jt]s|[jt]sx)$/;
const notSource = /\.(d|test|spec|config|stories|mock)\.[cm]?[jt]sx?$|\.min\.js$/;
/** Folders whose modules are not deployed from where they lie. */
const notDeployed = new Set([
  'test',
  'tests',
  '__tests__',
  '__mocks__',
  'mocks',
  'e2e',
  'spec',
  'dist',
  'build',
  'out',
  'vendor',
  'public',
  'cdk.out',
  'docs',
]);
/** Definitions often lie in a folder of their own, beside the code they deploy. */
const infrastructureFolder = /(^|\/)(cdk|infra|infrastructure|iac|terraform|tf|deploy|deployment|stacks?|cloudformation|cfn|pulumi|sam)$/;
const entryName = /^(index|handler|app|lambda|main|function)\.[cm]?[jt]sx?$/;
const defaultRuntime = 'nodejs22.x';

interface FoundHandler {
  file: string;
  export: string;
  range: TextRange;
  uses: string[];
}

/**
 * Projects of the packages that export a handler and that nothing else declares. `otherFolders` belong to dialects that
 * are recognised but not read.
 */
export function readConventions(
  repository: Repository,
  files: readonly string[],
  projects: readonly Project[],
  otherFolders: readonly string[],
): ReadResult {
  const covered = coveredFolders(projects, otherFolders);
  const handlers = files
    .filter((file) => isCandidate(file) && !covered.some((folder) => isWithin(file, folder)))
    .flatMap((file) => findHandler(repository, file));
  const byPackage = new Map<string, FoundHandler[]>();
  for (const handler of handlers) {
    const owner = ownerOf(repository, handler.file);
    byPackage.set(owner, [...(byPackage.get(owner) ?? []), handler]);
  }
  const results = [...byPackage].flatMap(([owner, found]) => readPackage(repository, owner, found));
  return { projects: results.map(({ project }) => project), diagnostics: results.flatMap(({ diagnostics }) => diagnostics) };
}

function coveredFolders(projects: readonly Project[], otherFolders: readonly string[]): string[] {
  const folders = [
    ...projects.flatMap(({ root, definition, functions }) => [
      root,
      parentOf(definition),
      ...functions.flatMap(({ handler }) => (handler.codeRoot === null ? [] : [handler.codeRoot])),
    ]),
    ...otherFolders,
  ];
  const besides = folders.filter((folder) => infrastructureFolder.test(folder)).map(parentOf);
  return [...new Set([...folders, ...besides])];
}

function isCandidate(file: string): boolean {
  return (
    sourceFile.test(file) &&
    !notSource.test(file) &&
    !file
      .split('/')
      .slice(0, -1)
      .some((folder) => notDeployed.has(folder))
  );
}

function findHandler(repository: Repository, file: string): FoundHandler[] {
  const text = repository.peek(file);
  if (text === undefined || !/\b(?:handler|lambdaHandler|lambda_handler)\b/.test(text) || !/\bexports?\b/.test(text)) return [];
  const { program, errors } = parseSource(file, text);
  if (errors.length > 0 && program.body.length === 0) return [];
  const found = exportedHandler(program, text);
  if (!found || !isLambdaHandler(found.value, text, /^index\./.test(baseName(file)) && found.name === 'handler')) return [];
  const before = text.slice(0, found.start);
  const range = {
    file,
    line: before.split('\n').length,
    column: found.start - before.lastIndexOf('\n'),
    start: found.start,
    end: found.end,
  };
  return [{ file, export: found.name, range, uses: relativeImports(repository, file, text) }];
}

/** Modules beside it that a module uses, without their endings. */
function relativeImports(repository: Repository, file: string, text: string): string[] {
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport|\brequire\s*\()\s*['"](\.[^'"\n]*)['"]/g)].map(
    ([, specifier]) => specifier as string,
  );
  return specifiers.flatMap((specifier) => {
    const path = repository.resolve(parentOf(file), specifier);
    return path === undefined ? [] : [withoutEnd(path)];
  });
}

/** A handler that another one of the package wraps or exports again is not deployed itself. */
function withoutWrapped(handlers: FoundHandler[]): FoundHandler[] {
  const used = new Set(handlers.flatMap(({ file, uses }) => uses.filter((path) => path !== withoutEnd(file))));
  const outer = handlers.filter(({ file }) => !used.has(withoutEnd(file)));
  return outer.length > 0 ? outer : handlers;
}

/** Nearest package.json; a file without any is its own project, known by its folder. */
function ownerOf(repository: Repository, file: string): string {
  return repository.nearest(parentOf(file), 'package.json') ?? `${parentOf(file)}/`;
}

function readPackage(repository: Repository, owner: string, handlers: FoundHandler[]): { project: Project; diagnostics: Diagnostic[] }[] {
  const hasPackage = !owner.endsWith('/');
  const root = hasPackage ? parentOf(owner) : owner.slice(0, -1);
  const json: PackageJson = hasPackage ? readPackageJson(repository, owner).json : {};
  const chosen = hasPackage
    ? deployedHandlers(root, json.main, withoutWrapped(handlers))
    : handlers.filter(({ file }) => entryName.test(baseName(file)));
  const first = chosen[0];
  if (first === undefined) return [];
  const { runtime, diagnostics } = runtimeOf(json.engines?.['node'], hasPackage ? owner : first.file);
  const name = (json.name ?? (root.split('/').at(-1) || 'function')).replace(/^@[^/]*\//, '');
  const functions = withUniqueIds(chosen, name).map(({ id, handler }) =>
    undeclaredFunction({ id, runtime, file: handler.file, exportName: handler.export, codeRoot: root, range: handler.range }),
  );
  const project: Project = {
    root,
    dialect: 'convention',
    definition: hasPackage ? owner : first.file,
    name: kebabCase(name),
    functions,
    packageInfo: noPackage,
    resources: {},
  };
  return [{ project, diagnostics }];
}

/** The package's entry when it is a handler; else entry-like modules; else every module that exports one. */
function deployedHandlers(root: string, main: string | undefined, handlers: FoundHandler[]): FoundHandler[] {
  const entry = main === undefined ? undefined : handlers.find(({ file }) => withoutEnd(file) === withoutEnd(joined(root, main)));
  return entry && handlers.every((each) => each === entry || !entryName.test(baseName(each.file))) ? [entry] : handlers;
}

function joined(root: string, path: string): string {
  const clean = path.replace(/^\.\//, '');
  return root === '' ? clean : `${root}/${clean}`;
}

function withoutEnd(file: string): string {
  return file.replace(/(\/index)?\.[cm]?[jt]sx?$/, '');
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** `engines.node` names the runtime; else the current one is taken, and said. */
function runtimeOf(engines: string | undefined, file: string): { runtime: string; diagnostics: Diagnostic[] } {
  const major = Number(/\d+/.exec(engines ?? '')?.[0]);
  if (major >= 4) return { runtime: `nodejs${major}.x`, diagnostics: [] };
  return {
    runtime: defaultRuntime,
    diagnostics: [diagnostic('CONVENTION_RUNTIME_ASSUMED', { args: { runtime: defaultRuntime }, place: { file } })],
  };
}

/** One function is called like its package; several like their modules, with their folders where that is not unique. */
function withUniqueIds(handlers: FoundHandler[], packageName: string): { id: string; handler: FoundHandler }[] {
  if (handlers.length === 1) return handlers.map((handler) => ({ id: kebabCase(packageName), handler }));
  const used = new Set<string>();
  return handlers.map((handler) => {
    const parts = handler.file.replace(/\.[cm]?[jt]sx?$/, '').split('/');
    const telling = parts.filter((part, index) => index < parts.length - 1 || !entryName.test(`${part}.js`));
    let depth = 1;
    let id = kebabCase(telling.slice(-depth).join('-') || packageName);
    while (used.has(id) && depth < telling.length) id = kebabCase(telling.slice(-++depth).join('-'));
    for (let number = 2; used.has(id); number++) id = `${id.replace(/-\d+$/, '')}-${number}`;
    used.add(id);
    return { id, handler };
  });
}
