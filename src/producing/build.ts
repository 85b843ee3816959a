/** How what runs is made from the sources: not at all, by bundling with esbuild, or by tsc where decorators need types. */
import type { BuildReason, Facts } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageJson, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { shellWord } from '../render.js';
import { join, relativePath } from './paths.js';
import type { ServiceModule } from './service-module.js';
import { canEmit, compilerVersion, ownCompiler } from './typescript.js';
import { buildVersions } from './versions.js';

export interface Build {
  tool: 'none' | 'esbuild' | 'tsc';
  /** Shell command of the build, from the package root; undefined when there is nothing to build. */
  command: string | undefined;
  /** Folder that the build fills, relative to the package root. */
  outputs: string | undefined;
  /** What Node runs for an entry file, relative to the package root. */
  output(entry: string): string;
  devDependencies: Record<string, string>;
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
  serviceFolder: string;
  /** Packages of the generated service itself. */
  runtimePackages: readonly string[];
}

const outputFolder = 'dist';

/** Outputs lie below `dist` as their sources lie below the package root. */
const outputBase = '--outbase=.';

export function decideBuild(input: BuildInput): { build: Build; diagnostics: Diagnostic[] } {
  if (!input.module.built) return { build: noBuild, diagnostics: [] };
  const reasons = input.functions.flatMap((id) => input.facts.functions[id]?.buildReasons ?? []);
  if (reasons.some(({ kind }) => kind === 'decorator-metadata')) return { build: tscBuild(input, reasons), diagnostics: [] };
  return { build: esbuildBuild(input, reasons), diagnostics: bundledPaths(input) };
}

const noBuild: Build = { tool: 'none', command: undefined, outputs: undefined, output: (entry) => entry, devDependencies: {} };

/** Where esbuild or tsc put the output of an entry: its path below the lowest folder of all inputs. */
function esbuildBuild(input: BuildInput, reasons: readonly BuildReason[]): Build {
  const { packageRoot, entries, module } = input;
  const format = outputFormat(input);
  const extension = format === 'esm' ? '.mjs' : '.cjs';
  const options = [
    '--bundle',
    '--platform=node',
    `--target=node${input.nodeMajor}`,
    `--format=${format}`,
    ...packageOptions(input),
    ...requireInModules(input, format),
    '--sourcemap',
    '--keep-names',
    ...loaders(input, reasons),
    `--outdir=${outputFolder}`,
    outputBase,
    `--out-extension:.js=${extension}`,
  ];
  const sources = entries.map((entry) => shellWord(relativePath(packageRoot, entry)));
  return {
    tool: 'esbuild',
    command: `esbuild ${[...sources, ...options].join(' ')}`,
    outputs: outputFolder,
    output: (entry) => join(outputFolder, relativePath(packageRoot, entry).replace(/\.[cm]?[jt]sx?$/, extension)),
    devDependencies: {
      esbuild: buildVersions.esbuild,
      ...(module.language === 'typescript' && { '@types/node': buildVersions['@types/node'] }),
    },
  };
}

/**
 * Packages stay outside of the bundle, unless Lambda ran a bundle that held them: then the bundler resolved them, also those that Node
 * itself resolves differently (ES modules without a CommonJS form, named imports from CommonJS), and it has to go on doing so.
 */
function packageOptions(input: BuildInput): string[] {
  if (!wasBundled(input)) return ['--packages=external'];
  const { project, functions, runtimePackages } = input;
  const declared = project.functions.filter(({ id }) => functions.includes(id)).flatMap(({ build }) => build.external ?? []);
  const names = new Set([...declared, 'aws-sdk', '@aws-sdk/*', ...runtimePackages.filter((name) => !name.startsWith('@aws-sdk/'))]);
  return [...names].sort().map((name) => scriptWord(`--external:${name}`));
}

/** Double quotes keep a pattern from the shell of every system that npm runs scripts with. */
function scriptWord(word: string): string {
  return /^[\w@%+=:,./*-]+\*[\w@%+=:,./*-]*$/.test(word) ? `"${word}"` : shellWord(word);
}

/** Every function that needs a build was bundled by esbuild with its packages. */
function wasBundled({ project, facts, functions }: BuildInput): boolean {
  const built = project.functions.filter(({ id }) => functions.includes(id) && (facts.functions[id]?.buildReasons.length ?? 0) > 0);
  return built.length > 0 && built.every(({ build }) => build.tool === 'esbuild');
}

/** CommonJS inside an ES module has no `require` for what stays outside of the bundle. */
function requireInModules(input: BuildInput, format: 'esm' | 'cjs'): string[] {
  if (format === 'cjs') return [];
  const files = input.functions.flatMap((id) => input.facts.functions[id]?.files ?? []);
  const needed = wasBundled(input) || files.some((file) => /\brequire\s*\(/.test(input.repository.read(file) ?? ''));
  return needed ? [`--banner:js="${requireBanner}"`] : [];
}

const requireBanner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** esbuild does not emit decorator metadata, on which dependency injection and entity mapping stand. */
function tscBuild({ packageRoot, serviceFolder, packageJson }: BuildInput, reasons: readonly BuildReason[]): Build {
  const usesOwn = !canEmit(compilerVersion(packageJson));
  const compiler = usesOwn ? `node node_modules/${ownCompiler}/bin/tsc` : 'tsc';
  const config = shellWord(relativePath(packageRoot, join(serviceFolder, 'tsconfig.json')));
  const hasAliases = reasons.some(({ kind }) => kind === 'path-alias');
  return {
    tool: 'tsc',
    command: `${compiler} -p ${config}${hasAliases ? ` && tsc-alias -p ${config}` : ''}`,
    outputs: outputFolder,
    output: (entry) => join(outputFolder, relativePath(packageRoot, entry).replace(/\.ts$/, '.js')),
    devDependencies: {
      ...(usesOwn ? { [ownCompiler]: `npm:typescript@${buildVersions.typescript}` } : { typescript: buildVersions.typescript }),
      '@types/node': buildVersions['@types/node'],
      ...(hasAliases && { 'tsc-alias': buildVersions['tsc-alias'] }),
    },
  };
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

function loaders({ repository }: BuildInput, reasons: readonly BuildReason[]): string[] {
  const found = new Set<string>();
  for (const { kind, file } of reasons) {
    if (kind === 'jsx' && file.endsWith('.js')) found.add('--loader:.js=jsx');
    if (kind !== 'non-js-import') continue;
    const texts = /\.[cm]?[jt]sx?$/.test(file) ? (repository.read(file) ?? '') : `'${file}'`;
    for (const [, extension = ''] of texts.matchAll(/['"][^'"\n]*\.(\w+)['"]/g)) {
      if (textExtensions.includes(extension)) found.add(`--loader:.${extension}=text`);
      if (binaryExtensions.includes(extension)) found.add(`--loader:.${extension}=binary`);
      if (extension === 'node') found.add('--loader:.node=copy');
    }
  }
  return [...found].sort();
}

/** Code that finds files beside itself looks in the wrong folder once it is bundled; where Lambda had a bundle, it did so there too. */
function bundledPaths({ repository, project, facts, functions }: BuildInput): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const id of functions) {
    const tool = project.functions.find((lambda) => lambda.id === id)?.build.tool;
    if (tool === 'esbuild' || tool === 'webpack') continue;
    for (const file of facts.functions[id]?.files ?? []) {
      const line = (repository.read(file) ?? '')
        .split('\n')
        .findIndex((text) => /\b__dirname\b|\b__filename\b|import\.meta\.(?:url|dirname|filename)/.test(text));
      if (line !== -1 && !found.has(file))
        found.set(file, diagnostic('BUNDLED_FILE_PATHS', { args: { file }, place: { file, line: line + 1 }, function: id }));
    }
  }
  return [...found.values()];
}

/** True for a build script that an earlier run wrote: the same tool over the same entry folder. */
export function isOwnBuild(script: string, { command = '' }: Build): boolean {
  const head = (text: string) => text.split('/')[0];
  return (
    head(script) === head(command) &&
    (script.includes(` ${outputBase} `) || /^(?:node node_modules\/[\w-]+\/bin\/)?tsc -p service/.test(script))
  );
}
