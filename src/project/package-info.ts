/** package.json of a project and what surrounds it: package manager, lockfile, workspace, tsconfig, nested packages. */
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isPlainObject } from './data.js';
import type { LambdaFunction, NestedPackage, PackageInfo, PackageJson } from './model.js';
import { parentOf, type Repository } from './repository.js';

type Manager = PackageInfo['manager'];

/** Lockfiles, the most telling first: a project that moved to another manager often keeps the old package-lock.json. */
const lockfiles: readonly (readonly [file: string, manager: Manager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['yarn.lock', 'yarn'],
  ['npm-shrinkwrap.json', 'npm'],
  ['package-lock.json', 'npm'],
];

interface ReadPackage {
  json: PackageJson;
  unreadable: boolean;
  diagnostics: Diagnostic[];
}

/** Everything about the package that rules `root`, and the packages inside it that own code of `functions`. */
export function readPackageInfo(
  repository: Repository,
  root: string,
  functions: readonly LambdaFunction[],
): { info: PackageInfo; diagnostics: Diagnostic[] } {
  const file = repository.nearest(root, 'package.json') ?? null;
  const own = file === null ? { json: {}, unreadable: false, diagnostics: [] } : readPackageJson(repository, file);
  const folder = file === null ? root : parentOf(file);
  const workspaceRoot = findWorkspaceRoot(repository, folder);
  const lock = findLockfile(repository, folder, workspaceRoot);
  const stated = statedManager(repository, own.json, workspaceRoot);
  const nested = readNested(repository, root, file, functions);
  const manager = chooseManager(repository, lock, stated?.name);
  const info: PackageInfo = {
    file,
    json: own.json,
    manager,
    ...(stated?.version !== undefined && stated.name === manager && { managerVersion: stated.version }),
    lockfile: lock?.file ?? null,
    workspaceRoot,
    tsconfig: repository.nearest(root, 'tsconfig.json') ?? null,
    nested: nested.packages,
    ...(own.unreadable && { unreadable: true }),
  };
  return { info, diagnostics: [...own.diagnostics, ...nested.diagnostics] };
}

/** A package.json; broken ones count as empty and give a `PACKAGE_JSON_UNREADABLE` with line and column. */
export function readPackageJson(repository: Repository, file: string): ReadPackage {
  const text = repository.read(file);
  if (text === undefined) {
    const reason = repository.readFailure(file) ?? 'unreadable';
    return {
      json: {},
      unreadable: true,
      diagnostics: [diagnostic('PACKAGE_JSON_UNREADABLE', { args: { file, reason }, place: { file } })],
    };
  }
  const { json, error: first } = parsePackageJson(text.replace(/^\uFEFF/, ' '));
  if (first === undefined && isPlainObject(json)) return { json: withSaneFields(json), unreadable: false, diagnostics: [] };
  const reason = first === undefined ? 'not an object' : printParseErrorCode(first.error);
  const place = { file, ...lineAndColumn(text, first?.offset ?? 0) };
  return { json: {}, unreadable: true, diagnostics: [diagnostic('PACKAGE_JSON_UNREADABLE', { args: { file, reason }, place })] };
}

/** The slower parser is for what is broken: it says where. */
function parsePackageJson(text: string): { json: unknown; error?: ParseError | undefined } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    const errors: ParseError[] = [];
    return { json: parse(text, errors, { disallowComments: true, allowTrailingComma: false }), error: errors[0] };
  }
}

/** Fields of a shape that npm itself would refuse are left out, so that later stages can rely on the type. */
function withSaneFields(json: Record<string, unknown>): PackageJson {
  const sane: Record<string, unknown> = { ...json };
  for (const field of ['scripts', 'dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies', 'engines']) {
    const value = sane[field];
    if (value === undefined) continue;
    if (isPlainObject(value)) sane[field] = Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
    else delete sane[field];
  }
  for (const field of ['name', 'type', 'main', 'packageManager']) if (typeof sane[field] !== 'string') delete sane[field];
  return sane as PackageJson;
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Root of the npm, yarn, bun or pnpm workspace that `folder` is a member (or the root) of. */
function findWorkspaceRoot(repository: Repository, folder: string): string | null {
  for (let at = folder; ; at = parentOf(at)) {
    const globs = workspaceGlobs(repository, at);
    if (globs && (at === folder || isMember(at === '' ? folder : folder.slice(at.length + 1), globs))) return at;
    if (at === '') return null;
  }
}

function workspaceGlobs(repository: Repository, folder: string): string[] | undefined {
  const inFolder = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const pnpm = repository.isFile(inFolder('pnpm-workspace.yaml')) ? repository.read(inFolder('pnpm-workspace.yaml')) : undefined;
  if (pnpm !== undefined) return stringsOf(safeYaml(pnpm)?.['packages']);
  if (!repository.isFile(inFolder('package.json'))) return undefined;
  const { workspaces } = readPackageJson(repository, inFolder('package.json')).json;
  if (workspaces === undefined) return undefined;
  return stringsOf(Array.isArray(workspaces) ? workspaces : workspaces?.packages);
}

function safeYaml(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parseYaml(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function isMember(path: string, globs: string[]): boolean {
  const included = globs.filter((glob) => !glob.startsWith('!')).some((glob) => matchesGlob(path, glob));
  return included && !globs.filter((glob) => glob.startsWith('!')).some((glob) => matchesGlob(path, glob.slice(1)));
}

/** Workspace globs know only `*`, `**`, `?` and `{a,b}`. */
function matchesGlob(path: string, glob: string): boolean {
  const clean = glob.replace(/^\.\//, '').replace(/\/$/, '');
  const pattern = clean.replace(/\*\*\/?|[*?{},]|[^*?{},\w/-]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    return { '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')', ',': '|' }[token] ?? `\\${token}`;
  });
  try {
    return new RegExp(`^${pattern}$`).test(path);
  } catch {
    return false;
  }
}

interface Lock {
  file: string;
  manager: Manager;
}

/** The lockfile beside the package.json, else the one of its workspace; one further up does not rule it. */
function findLockfile(repository: Repository, folder: string, workspaceRoot: string | null): Lock | undefined {
  for (const at of workspaceRoot === null || workspaceRoot === folder ? [folder] : [folder, workspaceRoot]) {
    for (const [name, manager] of lockfiles) {
      const file = at === '' ? name : `${at}/${name}`;
      if (repository.isFile(file)) return { file, manager };
    }
  }
  return undefined;
}

/** `packageManager: "pnpm@9.1.0+sha512…"` of the package or its workspace. */
function statedManager(
  repository: Repository,
  json: PackageJson,
  workspaceRoot: string | null,
): { name: string; version?: string } | undefined {
  const rootFile = workspaceRoot === null ? undefined : repository.nearest(workspaceRoot, 'package.json');
  const stated = json.packageManager ?? (rootFile && readPackageJson(repository, rootFile).json.packageManager);
  const match = /^(npm|pnpm|yarn|bun)(?:@(\d[^+\s]*))?/.exec(stated ?? '');
  if (!match?.[1]) return undefined;
  return { name: match[1] === 'yarn' && isBerryVersion(match[2]) ? 'yarn-berry' : match[1], ...(match[2] && { version: match[2] }) };
}

function isBerryVersion(version: string | undefined): boolean {
  return version !== undefined && Number.parseInt(version, 10) >= 2;
}

/** A stated manager that contradicts the only lockfile would not install from it: the lockfile decides then. */
function chooseManager(repository: Repository, lock: Lock | undefined, stated: string | undefined): Manager {
  if (lock === undefined) return (stated as Manager | undefined) ?? 'npm';
  if (lock.manager !== 'yarn') return lock.manager;
  if (stated === 'yarn-berry' || stated === 'yarn') return stated;
  const berry =
    /^__metadata:/m.test(repository.head(lock.file, 1024)) || repository.isFile(`${folderPrefix(parentOf(lock.file))}.yarnrc.yml`);
  return berry ? 'yarn-berry' : 'yarn';
}

function folderPrefix(folder: string): string {
  return folder === '' ? '' : `${folder}/`;
}

/** One package.json per function whose code lies in a package of its own below the project root. */
function readNested(repository: Repository, root: string, outer: string | null, functions: readonly LambdaFunction[]) {
  const packages: NestedPackage[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of new Set(functions.flatMap((fn) => nestedPackageFiles(repository, fn)))) {
    if (file === outer || !`${parentOf(file)}/`.startsWith(folderPrefix(root))) continue;
    const { json, unreadable, diagnostics: found } = readPackageJson(repository, file);
    const lock = findLockfile(repository, parentOf(file), null);
    packages.push({ file, json, lockfile: lock?.file ?? null, ...(unreadable && { unreadable }) });
    diagnostics.push(...found);
  }
  return { packages, diagnostics };
}

function nestedPackageFiles(repository: Repository, fn: LambdaFunction): string[] {
  const code = fn.handler.entry === undefined ? handlerFolder(fn) : parentOf(fn.handler.entry);
  if (code === undefined) return [];
  const file = repository.nearest(code, 'package.json');
  return file === undefined ? [] : [file];
}

/** Folder of the handler's module; it may lie below the code root. */
function handlerFolder(fn: LambdaFunction): string | undefined {
  const { codeRoot, declared } = fn.handler;
  if (codeRoot === null) return undefined;
  const folder = parentOf((declared ?? '').replace(/^\.?\//, ''));
  if (folder === '' || folder.split('/').includes('..')) return codeRoot;
  return `${folderPrefix(codeRoot)}${folder}`;
}
