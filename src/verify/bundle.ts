import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../errors.js';
import { type CompileDecorated, decoratorCompiler } from './typed-decorators.js';

export interface BundleOptions {
  /** Source file of the handler. */
  entry: string;
  /** File that the handler string of the deployed function names. */
  outfile: string;
  format: 'cjs' | 'esm';
  external: readonly string[];
  /** Imports that aliases lead to a source: specifier → file. */
  redirects: ReadonlyMap<string, string>;
  /** Files whose decorators read types. */
  decorated: ReadonlySet<string>;
  /** Where the project may have esbuild of its own. */
  projectFolder: string;
}

/**
 * Builds what a deployment would have uploaded: the handler with its packages in one file, but for what the runtime supplies.
 * @throws UserError without esbuild; Error when the sources do not bundle.
 */
export async function bundle(options: BundleOptions): Promise<void> {
  const esbuild = await loadEsbuild(options.projectFolder);
  try {
    await build(esbuild, options);
  } catch (error) {
    const missing = missingInPackages(error);
    if (missing.length === 0) throw error;
    // A package may ask for one that is nowhere (pg for pg-native): it fails where it asks, as it does on Lambda, and not here.
    await build(esbuild, { ...options, external: [...options.external, ...missing] });
  }
}

/** What modules of packages import and nobody has, when nothing else keeps the sources from being bundled. */
function missingInPackages(error: unknown): string[] {
  const { errors = [] } = error as { errors?: { text: string; location: { file: string } | null }[] };
  const missing = errors.map(({ text, location }) =>
    location?.file.includes('node_modules/') ? /^Could not resolve "([^".][^"]*)"/.exec(text)?.[1] : undefined,
  );
  return missing.every((each) => each !== undefined) ? missing : [];
}

async function build(
  esbuild: Esbuild,
  { entry, outfile, format, external, redirects, decorated, projectFolder }: BundleOptions,
): Promise<void> {
  const compile = decorated.size === 0 ? undefined : decoratorCompiler(projectFolder);
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: 'node',
    target: `node${process.versions.node.split('.')[0]}`,
    external: ['@aws-sdk/*', 'aws-sdk', ...external],
    keepNames: true,
    logLevel: 'silent',
    plugins: [
      { name: 'redirects', setup: (build: Bundler) => build.onResolve({ filter: /^[^.]/ }, ({ path }) => placeOf(redirects, path)) },
      ...(compile ? [typedDecorators(decorated, compile)] : []),
    ],
    // Packages written for CommonJS call require(), which ES modules have not.
    ...(format === 'esm' && {
      banner: {
        js: "import { createRequire as migrateLambdaRequire } from 'node:module'; const require = migrateLambdaRequire(import.meta.url);",
      },
    }),
  });
}

function placeOf(redirects: ReadonlyMap<string, string>, specifier: string): { path: string } | undefined {
  const path = redirects.get(specifier);
  return path === undefined ? undefined : { path };
}

/** Files whose decorators read types, as the project's compiler makes them. */
function typedDecorators(files: ReadonlySet<string>, compile: CompileDecorated) {
  const load = ({ path }: { path: string }) =>
    files.has(path) ? { contents: compile(path, readFileSync(path, 'utf8')), loader: 'js' } : undefined;
  return { name: 'typed-decorators', setup: (build: Bundler) => build.onLoad({ filter: /\.[cm]?tsx?$/ }, load) };
}

/** What a plugin of esbuild is given, as far as it is used. */
interface Bundler {
  onLoad(options: { filter: RegExp }, load: (found: { path: string }) => { contents: string; loader: string } | undefined): void;
  onResolve(options: { filter: RegExp }, resolve: (found: { path: string }) => { path: string } | undefined): void;
}

const compiled = /(?<!\.d)\.(ts|cts|mts)$/;

/**
 * Compiles every TypeScript file of a folder by itself and copies all other files, as tsc and a copying build script do. `decorated`:
 * files in `from` whose decorators read types.
 * @throws UserError without esbuild; Error when a file does not compile.
 */
export async function compileFolder(
  from: string,
  to: string,
  { projectFolder, decorated }: Pick<BundleOptions, 'projectFolder' | 'decorated'>,
): Promise<void> {
  const compile = decorated.size === 0 ? undefined : decoratorCompiler(projectFolder);
  const esbuild = await loadEsbuild(projectFolder);
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = relative(from, join(entry.parentPath, entry.name));
    if (!entry.isFile() || path.split('/').includes('node_modules') || isBelow(join(from, path), to, from)) continue;
    const target = join(to, path);
    await mkdir(dirname(target), { recursive: true });
    if (!compiled.test(path)) {
      if (from !== to) await copyFile(join(from, path), target);
      continue;
    }
    const source = await readFile(join(from, path), 'utf8');
    const typed = decorated.has(join(from, path)) ? compile?.(join(from, path), source) : undefined;
    const { code } = await esbuild.transform(typed ?? source, {
      loader: typed === undefined ? 'ts' : 'js',
      format: formatOf(path, from),
      keepNames: true,
      sourcefile: path,
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    });
    await writeFile(target.replace(/\.([cm]?)ts$/, '.$1js'), code);
  }
}

/** The output may lie inside the folder that is compiled. */
function isBelow(path: string, folder: string, from: string): boolean {
  return folder !== from && path.startsWith(`${folder}/`);
}

/** By extension, else by the nearest package.json, as Node reads the result. */
function formatOf(path: string, folder: string): 'cjs' | 'esm' {
  if (path.endsWith('.mts')) return 'esm';
  if (path.endsWith('.cts')) return 'cjs';
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type === 'module' ? 'esm' : 'cjs';
    if (dirname(at) === at) return 'cjs';
  }
}

interface Esbuild {
  build(options: Record<string, unknown>): Promise<unknown>;
  transform(code: string, options: Record<string, unknown>): Promise<{ code: string }>;
}

/** The project's own release first: it is what the deployment used. */
async function loadEsbuild(projectFolder: string): Promise<Esbuild> {
  for (const from of [join(projectFolder, 'package.json'), import.meta.url]) {
    try {
      return createRequire(from)('esbuild') as Esbuild;
    } catch {
      // Not there; the next place may have it.
    }
  }
  throw new UserError(
    'The function is bundled or written in TypeScript, and esbuild is not installed',
    'Run "npm install --save-dev esbuild" in the project.',
  );
}
