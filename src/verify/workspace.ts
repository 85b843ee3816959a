import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCase } from '../../transforms/import-case/index.js';
import type { HandlerFacts } from '../analysis/facts.js';
import { modulesOf } from '../analysis/modules.js';
import { Resolver } from '../analysis/resolve.js';
import type { Change } from '../changes/change-set.js';
import { writeCopy } from '../changes/copy-out.js';
import { UserError } from '../errors.js';
import type { Package } from '../producing/produce.js';
import type { LambdaFunction, PackageJson, Project } from '../project/model.js';
import { openRepository } from '../project/open-repository.js';
import type { Repository } from '../project/repository.js';
import { bundle, compileFolder } from './bundle.js';
import { temporaryFolder } from './leftovers.js';
import { startProcess } from './processes.js';

/** Two copies of a repository side by side, in a temporary folder. */
export interface Workspace {
  readonly folder: string;
  /** The repository as it was; plays the parent of `/var/task`. */
  readonly original: string;
  readonly migrated: string;
  remove(): Promise<void>;
}

/**
 * Installs what the package.json of a folder lists.
 * @throws UserError when it cannot.
 */
export type Install = (folder: string) => Promise<void>;

/** Copies the original, and the migrated repository with its changes. */
export async function createWorkspace(
  before: Repository,
  after: { repository: Repository; changes: readonly Change[] },
): Promise<Workspace> {
  const { folder, remove } = await temporaryFolder('migrate-lambda-verify-');
  const [original, migrated] = [join(folder, 'var/task'), join(folder, 'migrated')];
  await writeCopy(before, [], original);
  await writeCopy(after.repository, after.changes, migrated);
  await linkModules(before.root, original);
  await linkModules(after.repository.root, migrated);
  return { folder, original, migrated, remove };
}

/** What is installed in the repository is used by both copies: every node_modules folder beside a package.json. */
async function linkModules(root: string, copy: string): Promise<void> {
  const entries = await readdir(copy, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.name !== 'package.json' || !entry.isFile()) continue;
    const place = relative(copy, entry.parentPath);
    const modules = join(root, place, 'node_modules');
    if (existsSync(modules)) await symlink(modules, join(copy, place, 'node_modules'), 'dir');
  }
}

/**
 * Installs and builds the migrated copy of a project as its image is built, and lends its packages to the original, as the Lambda runtime
 * lends its own. What the project's own script builds was uploaded with the functions (the pages of Nuxt, say), so where the image runs
 * that script the original is built too.
 */
export async function prepareProject(
  workspace: Workspace,
  project: Project,
  { folder: place, build }: Package,
  install: Install | undefined,
): Promise<void> {
  const folder = join(workspace.migrated, place);
  const manifest = await readManifest(folder);
  const hasBuild = build !== undefined && manifest.scripts?.[build] !== undefined;
  if (install) await installBoth(workspace, project, folder, install);
  else if (!(await isInstalled(folder, manifest))) await npmInstall(folder, hasBuild);
  if (hasBuild) await npmRun(folder, build);
  await lendPackages(workspace, folder);
  const original = join(workspace.original, place);
  if (hasBuild && (await hasScript(original, build))) await npmRun(original, build);
}

/** Workspaces keep some packages beside the project, and others at their root: functions find both above them, in that order. */
async function lendPackages(workspace: Workspace, folder: string): Promise<void> {
  const installed = parents(folder)
    .filter((each) => isWithin(each, workspace.migrated))
    .map((each) => join(each, 'node_modules'))
    .filter((each) => existsSync(each));
  const lent = [join(workspace.folder, 'var/node_modules'), join(workspace.folder, 'node_modules')];
  for (const link of lent) await rm(link, { force: true });
  for (const [index, modules] of [...new Set([installed[0], installed.at(-1)])].entries())
    if (modules !== undefined) await symlink(modules, lent[index] as string, 'dir');
}

async function hasScript(folder: string, script: string): Promise<boolean> {
  return existsSync(join(folder, 'package.json')) && (await readManifest(folder)).scripts?.[script] !== undefined;
}

/** The migrated package, and those of the functions, which may have other versions of the same. */
async function installBoth({ original }: Workspace, project: Project, folder: string, install: Install): Promise<void> {
  await install(folder);
  const roots = project.functions.flatMap(({ handler: { codeRoot } }) => (codeRoot === null ? [] : [codeRoot]));
  const packages = roots.flatMap((root) => parents(join(original, root)).find((folder) => existsSync(join(folder, 'package.json'))) ?? []);
  for (const each of new Set(packages)) if (isWithin(each, original)) await install(each);
}

function isWithin(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(`${root}/`);
}

async function readManifest(folder: string): Promise<PackageJson> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson;
  } catch {
    throw new UserError('the migrated project has no package.json that can be read', 'Migrate it first.');
  }
}

async function isInstalled(folder: string, { dependencies = {} }: PackageJson): Promise<boolean> {
  const roots = parents(folder).map((parent) => join(parent, 'node_modules'));
  return Object.keys(dependencies).every((name) => roots.some((modules) => existsSync(join(modules, name, 'package.json'))));
}

function parents(folder: string): string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...parents(dirname(folder))];
}

/** A linked node_modules is not ours to write into. Development packages are needed to build, and often large. */
async function npmInstall(folder: string, withDevelopment: boolean): Promise<void> {
  await rm(join(folder, 'node_modules'), { force: true });
  const omit = withDevelopment ? [] : ['--omit=dev'];
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps', ...omit];
  await npm(folder, args, 'Its packages cannot be installed');
}

async function npmRun(folder: string, script: string): Promise<void> {
  await npm(folder, ['run', script], `Its script "${script}" fails`);
}

const npmSeconds = 600;

async function npm(folder: string, args: string[], problem: string): Promise<void> {
  const own = fileURLToPath(new URL('../..', import.meta.url));
  const folders = [...parents(folder), ...parents(own)].map((each) => join(each, 'node_modules/.bin'));
  const PATH = [...folders.slice(0, 4), process.env['PATH'] ?? '', ...folders.slice(4)].join(delimiter);
  const started = await startProcess('npm', args, { cwd: folder, environment: { ...withoutCredentials(process.env), PATH } });
  const timer = setTimeout(() => void started.stop(), npmSeconds * 1000);
  const { code } = await started.ended;
  clearTimeout(timer);
  if (code !== 0) throw new UserError(`${problem}: ${lastLines(started.log())}`, 'Mend it in the migrated project, then verify again.');
}

/** Scripts of the project need no account: what reads AWS at build time must not reach it from here. */
function withoutCredentials(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('AWS_'),
  );
  return Object.fromEntries(kept);
}

/** From the first line that names an error; compilers print their own stack after it. */
function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => /\berr(or)?\b/i.test(line));
  return (first < 0 ? lines.slice(-5) : lines.slice(first, first + 5)).join(' | ').slice(0, 600);
}

/** Folder and handler string of a function as they were deployed. */
export interface DeployedCode {
  taskRoot: string;
  handler: string;
}

/**
 * The deployed form of a function: its sources where plain Node runs them, else a bundle.
 * @throws UserError when the function has no code in the repository.
 */
export async function deployedCode(
  workspace: Workspace,
  project: Project,
  fn: LambdaFunction,
  facts: HandlerFacts | undefined,
): Promise<DeployedCode> {
  const { declared, codeRoot, inlineCode, entry } = fn.handler;
  // Functions of other projects may have the same id.
  const place = createHash('sha256').update(project.definition).digest('hex').slice(0, 8);
  const own = join(workspace.folder, 'var', `task-${place}-${fn.id.replace(/\W/g, '-')}`);
  if (inlineCode !== undefined) {
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'index.js'), inlineCode);
    return { taskRoot: own, handler: declared ?? 'index.handler' };
  }
  if (declared === null || codeRoot === null || !facts?.file)
    throw new UserError('its code is not in the repository', 'Only code that is there can be run.');
  const source = { file: facts.file, codeRoot, declared, decorated: decoratedFiles(fn, facts) };
  if (entry !== undefined || isBundler(fn.build.tool) || needsBundle(facts)) {
    await recase(workspace, project, facts);
    return bundledCode(workspace, project, fn, { ...source, redirects: sourcesOf(facts), format: formatOf(fn, facts) }, own);
  }
  if (facts.buildReasons.length > 0) return compiledCode(workspace, project, source, own);
  return { taskRoot: join(workspace.original, codeRoot), handler: declared };
}

/** The machine that bundled the function took upper and lower case in names of files as the same; this one may not. */
async function recase(workspace: Workspace, project: Project, { miscased = [] }: HandlerFacts): Promise<void> {
  if (miscased.length === 0) return;
  const repository = openRepository(workspace.original);
  const resolver = new Resolver(repository, project);
  for (const file of miscased) {
    const module = modulesOf(repository).get(file);
    const text = module && importCase(resolver, module);
    if (text !== undefined) await writeFile(join(workspace.original, file), text);
  }
}

interface HandlerSource {
  file: string;
  codeRoot: string;
  declared: string;
  /** Files whose decorators read types, relative to the repository. */
  decorated: readonly string[];
}

/** What esbuild deployed had no types in its decorators, unless a plugin put them there. */
function decoratedFiles({ build }: LambdaFunction, { buildReasons }: HandlerFacts): string[] {
  if (build.tool === 'esbuild' && !build.plugins) return [];
  return buildReasons.flatMap(({ kind, file }) => (kind === 'decorator-metadata' ? [file] : []));
}

function isBundler(tool: LambdaFunction['build']['tool']): boolean {
  return tool === 'esbuild' || tool === 'webpack';
}

/** Bundlers make CommonJS unless they are told; without one an ES module stays one. */
function formatOf({ build }: LambdaFunction, { format }: HandlerFacts): 'cjs' | 'esm' {
  return build.format ?? (format === 'esm' && !isBundler(build.tool) ? 'esm' : 'cjs');
}

/** What a compiler alone, file by file, does not mend. */
function needsBundle({ buildReasons }: HandlerFacts): boolean {
  return buildReasons.some(({ kind }) =>
    ['path-alias', 'bundler-alias', 'extensionless-esm-import', 'non-js-import', 'jsx'].includes(kind),
  );
}

/** Sources that the project's bundler found by aliases of its own. What layers hold lies at /opt on Lambda, and is not bundled. */
function sourcesOf({ redirects = {} }: HandlerFacts): ReadonlyMap<string, string> {
  const entries = Object.entries(redirects).flatMap(([name, found]) =>
    'file' in found && !name.startsWith('/opt/') ? [[name, found.file] as const] : [],
  );
  return new Map(entries);
}

async function bundledCode(
  workspace: Workspace,
  project: Project,
  fn: LambdaFunction,
  source: HandlerSource & { redirects: ReadonlyMap<string, string>; format: 'cjs' | 'esm' },
  own: string,
): Promise<DeployedCode> {
  const { file, exported } = splitHandler(source.declared);
  await mkdir(own, { recursive: true });
  const { format } = source;
  await writeFile(join(own, 'package.json'), JSON.stringify({ type: format === 'esm' ? 'module' : 'commonjs' }));
  await bundle({
    entry: join(workspace.original, source.file),
    outfile: join(own, `${file}.js`),
    format,
    external: fn.build.external ?? [],
    redirects: new Map([...source.redirects].map(([specifier, path]) => [specifier, join(workspace.original, path)])),
    decorated: new Set(source.decorated.map((path) => realpathSync(join(workspace.original, path)))),
    projectFolder: join(workspace.original, project.root),
  });
  return { taskRoot: own, handler: `${file}.${exported}` };
}

/** Compiled file by file, as tsc does, with the data files beside the code: `src/app.ts` → `dist/app.js`. */
async function compiledCode(workspace: Workspace, project: Project, source: HandlerSource, own: string): Promise<DeployedCode> {
  const { file } = splitHandler(source.declared);
  const codeRoot = join(workspace.original, source.codeRoot);
  await cp(codeRoot, own, { recursive: true, verbatimSymlinks: true });
  const [from, to] = compilerFolders(relative(codeRoot, join(workspace.original, source.file)), file);
  const decorated = new Set(source.decorated.map((path) => join(own, relative(source.codeRoot, path))));
  await compileFolder(join(own, from), join(own, to), { decorated, projectFolder: join(workspace.original, project.root) });
  return { taskRoot: own, handler: source.declared };
}

/** `src/api/app.ts` deployed as `dist/api/app` → `src` and `dist`: the longest common end is left out. */
function compilerFolders(source: string, deployed: string): [from: string, to: string] {
  const [from, to] = [source.replace(/\.[^./]+$/, '').split('/'), deployed.split('/')];
  while (from.length > 0 && to.length > 0 && from.at(-1) === to.at(-1)) {
    from.pop();
    to.pop();
  }
  return [from.join('/'), to.join('/')];
}

function splitHandler(handler: string): { file: string; exported: string } {
  const slash = handler.lastIndexOf('/');
  const dot = handler.indexOf('.', slash + 1);
  return { file: handler.slice(0, dot).replace(/^(\.\/)+/, ''), exported: handler.slice(dot + 1) };
}
