/** `service/build.mjs`: esbuild with what its command cannot do: imports from layers and by aliases of other bundlers, source files that keep their own place, imports that stay between statements. */
import type { Redirect } from '../analysis/facts.js';
import { Code, type RenderOptions, render, stringLiteral } from '../render.js';
import type { EsbuildOptions } from './esbuild-options.js';
import { literal } from './literals.js';
import { join, relativePath } from './paths.js';

export interface BuildScriptInput {
  project: string;
  /** Folder of the script, relative to the package root. The outputs of the services lie in the folder of this name below `outdir`. */
  folder: string;
  /** From the package root to the repository's: sources of layers may lie outside of the package. */
  packageRoot: string;
  options: EsbuildOptions;
  redirects: Readonly<Record<string, Redirect>>;
  /** Code asks for its own place. */
  places: boolean;
  /** Sources that stood elsewhere on Lambda: source → deployed file, relative to the package root. */
  movedPlaces: Readonly<Record<string, string>>;
  /** Sources whose imports run where they stand, and the package of the TypeScript that leaves them there; undefined for none. */
  order: { files: readonly string[]; compiler: string } | undefined;
}

export const buildScriptName = 'build.mjs';

export function buildScript(input: BuildScriptInput, renderOptions: RenderOptions): string {
  const { project, folder, packageRoot, options, redirects, places, movedPlaces, order } = input;
  const print = (value: unknown) => new Code(literal(value, { quote: "'" }));
  const entries = Object.entries(redirects);
  const files = entries.flatMap(([name, found]) => ('file' in found ? [[name, relativePath(packageRoot, found.file)]] : []));
  const packages = entries.flatMap(([name, found]) => ('package' in found ? [[name, found.package]] : []));
  const hasRedirects = entries.length > 0;
  const isMoved = Object.keys(movedPlaces).length > 0;
  const values = {
    project,
    rootPath: new Code(stringLiteral(`${relativePath(folder, '')}/`)),
    readsSources: places || order !== undefined,
    pathNames: new Code([...(order ? ['dirname'] : []), ...(places ? ['relative'] : []), 'resolve'].join(', ')),
    order: order !== undefined,
    compiler: new Code(stringLiteral(order?.compiler ?? '')),
    inOrder: print(order?.files ?? []),
    redirected: hasRedirects,
    files: print(Object.fromEntries(files)),
    packages: print(Object.fromEntries(packages)),
    places,
    fromBundle: new Code(stringLiteral(relativePath(join(options.outdir, folder), ''))),
    bundleFolder: new Code(options.format === 'esm' ? 'import.meta.dirname' : '__dirname'),
    movedPlaces: isMoved && print(movedPlaces),
    moved: new Code(isMoved ? 'movedPlaces[source] ?? ' : ''),
    options: print(apiOptions(options, { redirected: hasRedirects, places, order: order !== undefined })),
  };
  return render('entry/build.hbs', values, renderOptions);
}

function apiOptions(
  { banner, ...options }: EsbuildOptions,
  { redirected, places, order }: Record<'redirected' | 'places' | 'order', boolean>,
): Record<string, unknown> {
  const head = [...(banner === undefined ? [] : [new Code(stringLiteral(banner.js))]), ...(places ? [new Code('placeOf')] : [])];
  const [only] = head;
  return {
    absWorkingDir: new Code('root'),
    ...options,
    ...(only !== undefined && { banner: { js: head.length === 1 ? only : new Code(`${only.text} + ${head[1]?.text ?? ''}`) } }),
    ...(places && { define: ownPlaceDefines }),
    // Sources of a layer may lie where no node_modules is above them.
    ...(redirected && { nodePaths: [new Code("resolve(root, 'node_modules')")] }),
    plugins: [
      ...(redirected ? [new Code('redirects')] : []),
      ...(places ? [new Code('sourcePlaces')] : []),
      ...(order ? [new Code('importOrder')] : []),
    ],
    logLevel: 'info',
  };
}

const ownPlaceDefines = {
  __dirname: 'sourcePlace.dirname',
  __filename: 'sourcePlace.filename',
  'import.meta.dirname': 'sourcePlace.dirname',
  'import.meta.filename': 'sourcePlace.filename',
  'import.meta.url': 'sourcePlace.url',
};
