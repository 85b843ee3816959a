/** Entries of a webpack configuration, read and never run: what the bundles that handlers name are made from. */
import { posix } from 'node:path';
import { isPlainObject, stringsOf } from '../project/data.js';
import type { Repository } from '../project/repository.js';
import { StaticEvaluator } from '../project/static/evaluate.js';
import { Provenance } from '../project/static/provenance.js';

/** Configurations by the names that webpack itself looks for, and the one that builds for production. */
export const webpackConfigurations = [
  'webpack.config.js',
  'webpack.config.cjs',
  'webpack.config.mjs',
  'webpack.config.ts',
  'webpack.prod.js',
  'webpack.config.prod.js',
];

export interface WebpackEntry {
  /** Path of the bundle without ending, below the output folder. */
  bundle: string;
  /** Source as the configuration names it, relative to its folder. */
  source: string;
  /** The configuration. */
  file: string;
}

/**
 * Entries of the configurations in a folder; `unread` are configurations whose entries only running them would tell.
 * https://webpack.js.org/configuration/entry-context/
 */
export function webpackEntries(repository: Repository, folder: string): { entries: WebpackEntry[]; unread: string[] } {
  const entries: WebpackEntry[] = [];
  const unread: string[] = [];
  for (const name of webpackConfigurations) {
    const file = folder === '' ? name : `${folder}/${name}`;
    if (!repository.isFile(file)) continue;
    const value = new StaticEvaluator(repository, folder, new Provenance(), () => undefined).defaultExport(file);
    const found = (Array.isArray(value) ? value : [value]).flatMap((each) => (isPlainObject(each) ? entriesOf(each, file) : []));
    if (found.length === 0) unread.push(file);
    entries.push(...found);
  }
  return { entries, unread };
}

function entriesOf(configuration: Record<string, unknown>, file: string): WebpackEntry[] {
  const { entry, output, context } = configuration;
  const filename = isPlainObject(output) && typeof output['filename'] === 'string' ? output['filename'] : '[name].js';
  const named = isPlainObject(entry) ? Object.entries(entry) : [['main', entry] as const];
  const base = typeof context === 'string' && !context.startsWith('/') && !context.includes('${') ? context : '';
  return named.flatMap(([name, value]) => {
    const source = sourceOf(value);
    if (source === undefined) return [];
    const bundle = posix.normalize(filename.replaceAll('[name]', name)).replace(/\.[cm]?js$/, '');
    return [{ bundle, source: posix.join(base, source), file }];
  });
}

/** What runs last gives the exports of an entry of several modules. */
function sourceOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('${') ? undefined : value;
  if (Array.isArray(value)) return stringsOf(value).findLast((each) => each.startsWith('.'));
  return isPlainObject(value) ? sourceOf(value['import']) : undefined;
}
