/** Sources that a bundle carries in its source map, put in the bundle's place. */
import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import semver from 'semver';
import { z } from 'zod';
import { parseHandler } from '../analysis/handler-name.js';

const bounds = { map: 100 * 1024 * 1024, bytes: 50 * 1024 * 1024, files: 20_000, path: 300 };

export interface Restored {
  files: number;
  /** Handler string for the sources. */
  handler: string;
  /** Versions that the paths of packages tell (pnpm). */
  packages: Record<string, string>;
}

const mapSchema = z.object({
  sourceRoot: z.string().nullish(),
  sources: z.array(z.string().nullable()),
  sourcesContent: z.array(z.string().nullable()),
});

interface Source {
  path: string;
  text: string;
}

/**
 * Puts the sources of a bundled handler in its place, when its map holds them and one of them is clearly the handler's.
 * @returns undefined when the code stays as it was deployed.
 */
export async function restoreSources(folder: string, handler: string): Promise<Restored | undefined> {
  const { module, exportPath = [] } = parseHandler(handler) ?? {};
  const [name, ...deeper] = exportPath;
  if (module === undefined || name === undefined || deeper.length > 0) return undefined;
  const bundle = await bundleOf(folder, module);
  const map = bundle && (await mapOf(folder, bundle));
  if (!bundle || !map) return undefined;
  const sources = ownSources(map);
  const entry = entryOf(sources, posix.basename(module), name);
  if (!entry) return undefined;
  await rm(join(folder, bundle.file));
  if (map.file !== undefined) await rm(join(folder, map.file));
  for (const { path, text } of sources) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { files: sources.length, handler: `${entry.path.replace(/\.[cm]?[jt]sx?$/, '')}.${name}`, packages: versionsIn(map.sources) };
}

/** The file that Lambda loads for the handler: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
async function bundleOf(folder: string, module: string): Promise<{ file: string; text: string } | undefined> {
  for (const extension of ['js', 'mjs', 'cjs']) {
    const file = `${module}.${extension}`;
    const text = await textOf(folder, file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}

/** Only a plain file of the folder. */
async function textOf(folder: string, file: string): Promise<string | undefined> {
  const normal = posix.normalize(file);
  if (normal.startsWith('..') || posix.isAbsolute(normal) || normal.includes('\0')) return undefined;
  try {
    const stats = await lstat(join(folder, normal));
    return stats.isFile() && stats.size <= bounds.map ? await readFile(join(folder, normal), 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

type SourceMap = z.infer<typeof mapSchema> & { file?: string };

async function mapOf(folder: string, bundle: { file: string; text: string }): Promise<SourceMap | undefined> {
  const url = [...bundle.text.matchAll(/^[ \t]*\/\/[#@] ?sourceMappingURL=(\S+)[ \t]*$/gm)].at(-1)?.[1];
  if (url === undefined) return undefined;
  const inline = /^data:application\/json;(?:charset=[\w-]+;)?base64,(.+)$/.exec(url)?.[1];
  if (inline !== undefined) return parsed(Buffer.from(inline, 'base64').toString('utf8'));
  const file = posix.join(posix.dirname(bundle.file), url);
  const text = /^[\w+.-]+:/.test(url) ? undefined : await textOf(folder, file);
  const map = text === undefined ? undefined : parsed(text);
  return map && { ...map, file: posix.normalize(file) };
}

function parsed(text: string): SourceMap | undefined {
  try {
    return mapSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Deeper than any `../` of a map leads up, so that every path keeps its place beside the others. */
const somewhere = `/${'_/'.repeat(30)}`;

/** The project's own files, below the folder that they have in common; empty when they are too many. */
function ownSources({ sources, sourcesContent, sourceRoot }: SourceMap): Source[] {
  let budget = bounds.bytes;
  const found = new Map<string, string>();
  for (const [index, source] of sources.entries()) {
    const text = sourcesContent[index];
    if (typeof source !== 'string' || typeof text !== 'string' || !isOwn(source)) continue;
    budget -= text.length;
    if (budget < 0 || found.size >= bounds.files) return [];
    const path = posix.normalize(posix.join(somewhere, withoutScheme(sourceRoot ?? ''), withoutScheme(source)));
    if (path.length <= bounds.path) found.set(path, text);
  }
  const common = commonFolder([...found.keys()]);
  return [...found].map(([path, text]) => ({ path: path.slice(common.length), text }));
}

function isOwn(source: string): boolean {
  return (
    !/(^|\/)node_modules\/|\(disabled\)|^(webpack|external|data|node):?\/?(?!\/\/)|\/webpack\/(runtime|bootstrap)|\0/.test(source) &&
    /\.([cm]?[jt]sx?|json)$/.test(source)
  );
}

/** `webpack://app/./src/app.ts` → `src/app.ts` */
function withoutScheme(source: string): string {
  return source
    .replace(/^file:\/\//, '')
    .replace(/^[\w+.-]+:\/\/[^/]*\//, '')
    .replaceAll('\\', '/');
}

function commonFolder(paths: readonly string[]): string {
  const [first = '', ...rest] = paths.map((path) => posix.dirname(path));
  const shared = rest.reduce((common, folder) => {
    let end = common;
    while (end !== '/' && folder !== end && !folder.startsWith(`${end}/`)) end = posix.dirname(end);
    return end;
  }, first);
  // A lone `src` is kept: it is how people name the place.
  const kept = /\/(src|lib|lambda|functions?)$/.test(shared) ? posix.dirname(shared) : shared;
  return kept === '/' ? '/' : `${kept}/`;
}

/** The source that exports the handler: the only one, or the only one of the bundle's own name. */
function entryOf(sources: readonly Source[], stem: string, name: string): Source | undefined {
  const word = name.replace(/[$]/g, '\\$&');
  const exporting = new RegExp(
    `\\bexports?\\.${word}\\b|\\bexport\\s+(default\\b|(async\\s+)?(function|const|let|var|class)\\s+${word}\\b)|\\bexport\\s*\\{[^}]*\\b${word}\\b[^}]*\\}`,
  );
  const candidates = sources.filter(
    ({ path, text }) => !path.endsWith('.json') && exporting.test(text) && (name === 'default' || new RegExp(`\\b${word}\\b`).test(text)),
  );
  const named = candidates.filter(({ path }) => posix.basename(path).replace(/\.[cm]?[jt]sx?$/, '') === stem);
  if (named.length === 1) return named[0];
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** `node_modules/.pnpm/axios@1.7.2/node_modules/axios/…` */
function versionsIn(sources: readonly (string | null)[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const source of sources) {
    const [, store = '', version = ''] =
      /\/\.pnpm\/(@?[\w.+-]+)@(\d+\.\d+\.\d+[\w.-]*?)(?:[_(][^/]*)?\/node_modules\//.exec(source ?? '') ?? [];
    if (store !== '' && semver.valid(version) !== null) found[store.replace('+', '/')] = version;
  }
  return found;
}
