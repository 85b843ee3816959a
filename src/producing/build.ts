/** How what runs is made from the sources: not at all, by bundling with esbuild, or by tsc where decorators need types. */
import type { BuildReason, Facts, Redirect } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageJson, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { type RenderOptions, shellWord } from '../render.js';
import { buildScript, buildScriptName } from './build-script.js';
import { type EsbuildOptions, esbuildCommand, ownBuildFolder } from './esbuild-options.js';
import { importOrder, type OrderedSource } from './import-order.js';
import type { OwnPlaces } from './own-places.js';
import { join, relativePath } from './paths.js';
import type { ServiceModule } from './service-module.js';
import { buildCompiler, ownCompiler, transpiler } from './typescript.js';
import { buildVersions } from './versions.js';

export interface Build {
  /** `own`: a script of the project's package.json. */
  tool: 'none' | 'esbuild' | 'tsc' | 'own';
  /** Shell command of the build, from the package root; undefined when there is nothing to build. */
  command: string | undefined;
  /** Folder that the build fills, relative to the package root. */
  outputs: string | undefined;
  /** What Node runs for an entry file, relative to the package root. */
  output(entry: string): string;
  devDependencies: Record<string, string>;
  /** The project's script, for the tool `own`. */
  ownScript?: string;
  /** A file that the command runs; undefined when the tool's own command is enough. */
  script?: { path: string; text: string };
}

export interface BuildInput {
  repository: Repository;
  project: Project;
  facts: Facts;
  functions: readonly string[];
  module: ServiceModule;
  packageRoot: string;
  /** Entry files, relative to the repository root. */
  entries: readonly string[];
  nodeMajor: number;
  /** package.json at the package root. */
  packageJson: PackageJson;
  /** Scripts of package.json that make programs of the user's own. */
  ownScripts: readonly string[];
  serviceFolder: string;
  /** Packages of the generated service itself. */
  runtimePackages: readonly string[];
  places: OwnPlaces;
  options: RenderOptions;
}

const outputFolder = 'dist';

export function decideBuild(input: BuildInput): { build: Build; diagnostics: Diagnostic[] } {
  const { build, diagnostics } = buildOf(input);
  const left = build.tool === 'own' ? [] : input.ownScripts.map((script) => diagnostic('PROGRAM_NOT_BUILT', { args: { script } }));
  return { build, diagnostics: [...diagnostics, ...left] };
}

function buildOf(input: BuildInput): { build: Build; diagnostics: Diagnostic[] } {
  const [ownScript] = input.entries.length === 0 ? input.ownScripts : [];
  if (ownScript !== undefined) return { build: { ...noBuild, tool: 'own', ownScript }, diagnostics: [] };
  if (!input.module.built || input.entries.length === 0) return { build: noBuild, diagnostics: [] };
  const reasons = input.functions.flatMap((id) => input.facts.functions[id]?.buildReasons ?? []);
  if (hadTypesInDecorators(input))
    return { build: tscBuild(input, reasons), diagnostics: [...compiledPaths(input), ...compiledRedirects(input)] };
  const ordered = input.packageJson.type === 'module' ? [] : importOrder(input);
  if (outputFormat(input) === 'cjs') return { build: esbuildBuild(input, reasons, ordered), diagnostics: [] };
  return { build: esbuildBuild(input, reasons, []), diagnostics: ordered.map(orderChanges) };
}

/** Decorators that read types got them from the compiler; esbuild, when it made what was deployed, gave them none. */
function hadTypesInDecorators({ project, facts, functions }: BuildInput): boolean {
  const reading = functions.filter((id) => facts.functions[id]?.buildReasons.some(({ kind }) => kind === 'decorator-metadata'));
  const builds = project.functions.filter(({ id }) => reading.includes(id)).map(({ build }) => build);
  return builds.some(({ tool, plugins }) => tool !== 'esbuild' || plugins);
}

/** In an ES module nothing can run between imports. */
function orderChanges({ file, line, function: id }: OrderedSource): Diagnostic {
  return diagnostic('IMPORT_ORDER_CHANGES', { args: { file }, place: { file, line }, function: id });
}

const noBuild: Build = { tool: 'none', command: undefined, outputs: undefined, output: (entry) => entry, devDependencies: {} };

function esbuildBuild(input: BuildInput, reasons: readonly BuildReason[], ordered: readonly OrderedSource[]): Build {
  const { packageRoot, entries, module } = input;
  const format = outputFormat(input);
  const extension = format === 'esm' ? '.mjs' : '.cjs';
  const options: EsbuildOptions = {
    entryPoints: entries.map((entry) => relativePath(packageRoot, entry)),
    bundle: true,
    platform: 'node',
    target: `node${input.nodeMajor}`,
    format,
    ...packageOptions(input),
    ...requireInModules(input, format),
    sourcemap: true,
    keepNames: true,
    ...loaders(input, reasons),
    outdir: outputFolder,
    outbase: '.',
    outExtension: { '.js': extension },
  };
  const script = scriptOf(input, options, ordered);
  return {
    tool: 'esbuild',
    command: script === undefined ? esbuildCommand(options) : `node ${shellWord(relativePath(packageRoot, script.path))}`,
    outputs: outputFolder,
    output: (entry) => join(outputFolder, relativePath(packageRoot, entry).replace(/\.[cm]?[jt]sx?$/, extension)),
    devDependencies: {
      esbuild: buildVersions.esbuild,
      ...(module.language === 'typescript' && { '@types/node': buildVersions['@types/node'] }),
      ...(ordered.length > 0 && transpiler(input.packageJson).devDependencies),
    },
    ...(script !== undefined && { script }),
  };
}

/** Only where the command is not enough: imports from layers, code that asks for its own place, and code between imports. */
function scriptOf(input: BuildInput, options: EsbuildOptions, ordered: readonly OrderedSource[]): Build['script'] {
  const { project, packageRoot, packageJson, serviceFolder, places } = input;
  const redirects = redirectsOf(input);
  const asks = places.asking.length > 0;
  if (Object.keys(redirects).length === 0 && !asks && ordered.length === 0) return undefined;
  const inPackage = (file: string) => relativePath(packageRoot, file);
  const movedPlaces = Object.fromEntries(Object.entries(places.moved).map(([file, place]) => [inPackage(file), inPackage(place)]));
  const folder = inPackage(serviceFolder);
  const order = { files: ordered.map(({ file }) => inPackage(file)).sort(), compiler: transpiler(packageJson).name };
  const values = { project: project.name, folder, packageRoot, options, redirects, places: asks, movedPlaces };
  const text = buildScript({ ...values, order: ordered.length > 0 ? order : undefined }, input.options);
  return { path: join(serviceFolder, buildScriptName), text };
}

function redirectsOf({ facts, functions }: BuildInput): Record<string, Redirect> {
  return Object.assign({}, ...functions.map((id) => facts.functions[id]?.redirects ?? {}));
}

/**
 * Packages stay outside of the bundle, unless Lambda ran a bundle that held them: then the bundler resolved them, also those that Node
 * itself resolves differently (ES modules without a CommonJS form, named imports from CommonJS), and it has to go on doing so.
 */
function packageOptions(input: BuildInput): Pick<EsbuildOptions, 'packages' | 'external'> {
  const mounted = namesMountedCode(input) ? ['/opt/*'] : [];
  if (!wasBundled(input)) return { packages: 'external', ...(mounted.length > 0 && { external: mounted }) };
  const { project, functions, runtimePackages } = input;
  const declared = project.functions.filter(({ id }) => functions.includes(id)).flatMap(({ build }) => build.external ?? []);
  const names = new Set([
    ...declared,
    ...mounted,
    'aws-sdk',
    '@aws-sdk/*',
    ...runtimePackages.filter((name) => !name.startsWith('@aws-sdk/')),
  ]);
  return { external: [...names].sort() };
}

/** Code of layers that are not in the project is looked for when the service runs, as it was on Lambda. */
function namesMountedCode({ repository, facts, functions }: BuildInput): boolean {
  const files = functions.flatMap((id) => facts.functions[id]?.files ?? []);
  return files.some((file) => /['"`]\/opt\//.test(repository.read(file) ?? ''));
}

/** Every function that needs a build was bundled by esbuild with its packages. */
function wasBundled({ project, facts, functions }: BuildInput): boolean {
  const built = project.functions.filter(({ id }) => functions.includes(id) && (facts.functions[id]?.buildReasons.length ?? 0) > 0);
  return built.length > 0 && built.every(({ build }) => build.tool === 'esbuild');
}

/** CommonJS inside an ES module has no `require` for what stays outside of the bundle. */
function requireInModules(input: BuildInput, format: 'esm' | 'cjs'): Pick<EsbuildOptions, 'banner'> {
  if (format === 'cjs') return {};
  const files = input.functions.flatMap((id) => input.facts.functions[id]?.files ?? []);
  const needed = wasBundled(input) || files.some((file) => /\brequire\s*\(/.test(input.repository.read(file) ?? ''));
  return needed ? { banner: { js: requireBanner } } : {};
}

// Under a name of its own: the sources may import createRequire as well.
const requireBanner = "import { createRequire as serviceRequire } from 'node:module'; const require = serviceRequire(import.meta.url);";

/** esbuild does not emit decorator metadata, on which dependency injection and entity mapping stand. */
function tscBuild(input: BuildInput, reasons: readonly BuildReason[]): Build {
  const { packageRoot, serviceFolder, packageJson } = input;
  const compiler = buildCompiler(packageJson);
  const config = shellWord(relativePath(packageRoot, join(serviceFolder, 'tsconfig.json')));
  const fullPaths = packageJson.type === 'module' && leavesEndingsOut(input);
  const hasAliases = fullPaths || reasons.some(({ kind }) => kind === 'path-alias');
  return {
    tool: 'tsc',
    command: `${compiler} -p ${config}${hasAliases ? ` && tsc-alias -p ${config}${fullPaths ? ' --resolve-full-paths' : ''}` : ''}`,
    outputs: outputFolder,
    output: (entry) => join(outputFolder, relativePath(packageRoot, entry).replace(/\.ts$/, '.js')),
    devDependencies: {
      ...(compiler.includes(ownCompiler)
        ? { [ownCompiler]: `npm:typescript@${buildVersions.typescript}` }
        : { typescript: buildVersions.typescript }),
      '@types/node': buildVersions['@types/node'],
      ...(hasAliases && { 'tsc-alias': buildVersions['tsc-alias'] }),
    },
  };
}

/** Some import of an own file names it without the ending that Node wants in ES modules. */
function leavesEndingsOut({ repository, facts, functions }: BuildInput): boolean {
  const files = new Set(functions.flatMap((id) => facts.functions[id]?.files ?? []));
  return [...files].some((file) =>
    /\b(?:from|import)\s*\(?\s*['"]\.{1,2}(?:\/[^'"\n]*)?(?<!\.(?:[cm]?js|json))['"]/.test(
      (/\.[cm]?tsx?$/.test(file) && repository.read(file)) || '',
    ),
  );
}

/**
 * The stated format; else ES modules where the sources need them. CommonJS otherwise: named imports from CommonJS packages then work
 * as they did in a bundle of the whole.
 */
function outputFormat({ repository, project, facts, functions, packageJson }: BuildInput): 'esm' | 'cjs' {
  const stated = new Set(project.functions.filter(({ id }) => functions.includes(id)).flatMap(({ build }) => build.format ?? []));
  if (stated.has('esm')) return 'esm';
  if (stated.has('cjs')) return 'cjs';
  if (packageJson.type === 'module') return 'esm';
  const files = new Set(functions.flatMap((id) => facts.functions[id]?.files ?? []));
  const needsModules = [...files].some((file) =>
    /^\s*(?:export\s+)?(?:(?:const|let|var)\s[^=\n]+=\s*)?await\s|\bimport\.meta\b/m.test(topLevel(repository.read(file) ?? '')),
  );
  return needsModules ? 'esm' : 'cjs';
}

/** Lines that are not indented, and every line that speaks of `import.meta`. */
function topLevel(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^\S/.test(line) || line.includes('import.meta'))
    .join('\n');
}

/** How esbuild takes files that are no code. */
const textExtensions = [
  'graphql',
  'gql',
  'html',
  'htm',
  'sql',
  'hbs',
  'ejs',
  'mustache',
  'md',
  'pem',
  'crt',
  'key',
  'yaml',
  'yml',
  'xml',
  'svg',
  'csv',
  'css',
  'proto',
  'mjml',
  'njk',
];
const binaryExtensions = ['wasm', 'png', 'jpg', 'jpeg', 'gif', 'ttf', 'woff', 'woff2', 'pdf', 'bin', 'ico'];

function loaders({ repository }: BuildInput, reasons: readonly BuildReason[]): Pick<EsbuildOptions, 'loader'> {
  const found = new Map<string, string>();
  for (const { kind, file } of reasons) {
    if (kind === 'jsx' && file.endsWith('.js')) found.set('.js', 'jsx');
    if (kind !== 'non-js-import') continue;
    const texts = /\.[cm]?[jt]sx?$/.test(file) ? (repository.read(file) ?? '') : `'${file}'`;
    for (const [, extension = ''] of texts.matchAll(/['"][^'"\n]*\.(\w+)['"]/g)) {
      if (textExtensions.includes(extension)) found.set(`.${extension}`, 'text');
      if (binaryExtensions.includes(extension)) found.set(`.${extension}`, 'binary');
      if (extension === 'node') found.set('.node', 'copy');
    }
  }
  return found.size === 0 ? {} : { loader: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** tsc leaves __dirname as it is, which then names the folder of the output. */
function compiledPaths({ places }: BuildInput): Diagnostic[] {
  return places.asking.map(({ file, line, function: id }) =>
    diagnostic('BUNDLED_FILE_PATHS', { args: { file }, place: { file, line }, function: id }),
  );
}

/** tsc leaves specifiers as they are. */
function compiledRedirects({ facts, functions }: BuildInput): Diagnostic[] {
  return functions.flatMap((id) =>
    (facts.functions[id]?.buildReasons ?? []).flatMap(({ kind, file, line }) => {
      const code = notBuilt[kind];
      return code === undefined ? [] : [diagnostic(code, { args: { file }, place: { file, line: line ?? 1 }, function: id })];
    }),
  );
}

const notBuilt: Partial<Record<BuildReason['kind'], string>> = {
  'layer-import': 'LAYER_IMPORT_NOT_BUILT',
  'bundler-alias': 'ALIAS_NOT_BUILT',
};

/** True for a build script that an earlier run wrote: over the same entry folder. */
export function isOwnBuild(script: string, { command = '', tool }: Build): boolean {
  if (tool === 'tsc')
    return script.split('/')[0] === command.split('/')[0] && /^(?:node node_modules\/[\w-]+\/bin\/)?tsc -p service/.test(script);
  const folder = ownBuildFolder(script);
  return folder !== undefined && folder === ownBuildFolder(command);
}
