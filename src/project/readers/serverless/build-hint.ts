import { isPlainObject, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { BuildHint } from '../../model.js';
import { literalText } from './values.js';

/** Plugins that turn sources into the deployed files, by the tool they run. */
const builders: readonly (readonly [plugin: string, tool: BuildHint['tool']])[] = [
  ['serverless-esbuild', 'esbuild'],
  ['serverless-webpack', 'webpack'],
  ['serverless-bundle', 'webpack'],
  ['serverless-jetpack', 'none'],
  ['serverless-plugin-optimize', 'webpack'],
  ['serverless-plugin-typescript', 'tsc'],
  ['serverless-plugin-typescript-express', 'tsc'],
  ['serverless-tscpaths', 'tsc'],
  ['serverless-plugin-browserifier', 'webpack'],
  ['serverless-rspack', 'webpack'],
  ['serverless-vite', 'esbuild'],
];

/** How the service is built before it is deployed, as its plugins and `build:`, `custom:` sections tell. */
export function buildHint(service: PlainObject): BuildHint {
  const custom = objectOf(service['custom']);
  const plugins = pluginNames(service);
  // Forks keep the name in a scope of their own.
  const tool = builders.find(([plugin]) => plugins.some((name) => name === plugin || name.endsWith(`/${plugin}`)))?.[1];
  const own = objectOf(service['build'])['esbuild'];
  if (tool === 'esbuild' || isPlainObject(custom['esbuild'])) return esbuildHint(objectOf(custom['esbuild']));
  if (tool !== undefined) return { tool };
  if (isPlainObject(own)) return esbuildHint(own);
  return own === true || (own !== false && isVersion4(service)) ? { tool: 'esbuild' } : { tool: 'none' };
}

/**
 * The same for one function: its `package` and that of the service leave out everything that they do not list. Bundlers deploy what
 * the handler imports, whatever is listed.
 */
export function withPackaging(build: BuildHint, service: PlainObject, fn: PlainObject): BuildHint {
  const packaging = [service, fn].map((owner) => objectOf(owner['package']));
  const left = packaging.flatMap((each) => [
    ...stringsOf(each['exclude']),
    ...stringsOf(each['patterns']).flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : [])),
  ]);
  const leavesOut = left.some((pattern) => /^(\.\/)?\*\*?(\/\*\*?)*$/.test(pattern.trim()));
  const bundles = build.tool === 'esbuild' || build.tool === 'webpack';
  return leavesOut && !bundles ? { ...build, listsFiles: true } : build;
}

/** Version 4 bundles with esbuild unless told not to. */
function isVersion4(service: PlainObject): boolean {
  return /^\D*4(\.|\b)/.test(literalText(service['frameworkVersion']) ?? String(service['frameworkVersion'] ?? ''));
}

function esbuildHint(options: PlainObject): BuildHint {
  const external = [...stringsOf(options['external']), ...stringsOf(options['exclude'])];
  const format = moduleFormat(options);
  const plugins = options['plugins'] !== undefined;
  return { tool: 'esbuild', ...(external.length > 0 && { external }), ...(format && { format }), ...(plugins && { plugins }) };
}

/** As it is stated, or as the ending of the output makes Node read it. */
function moduleFormat({ format, outputFileExtension }: PlainObject): 'esm' | 'cjs' | undefined {
  if (format === 'esm' || format === 'cjs') return format;
  return outputFileExtension === '.cjs' ? 'cjs' : undefined;
}

export function pluginNames(service: PlainObject): string[] {
  const { plugins } = service;
  return stringsOf(isPlainObject(plugins) ? plugins['modules'] : plugins);
}
