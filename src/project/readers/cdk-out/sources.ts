/** Files of an asset → files of the repository. */
import { posix } from 'node:path';
import { isPlainObject, stringsOf } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';

const extensions = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];

/** Folder of the repository that an asset is an unchanged copy of: one that holds the handler's module byte for byte. */
export function copiedFolder(repository: Repository, asset: string, handler: string, names?: readonly string[]): string | undefined {
  const module = moduleOf(handler);
  for (const name of names ?? extensions.map((extension) => `${module}.${extension}`)) {
    const file = repository.resolve(asset, name);
    const text = file === undefined || !repository.isFile(file) ? undefined : repository.peek(file);
    if (text === undefined) continue;
    const suffix = `/${posix.normalize(name)}`;
    const same = repository.files().filter((path) => !isOutput(path) && `/${path}`.endsWith(suffix) && repository.peek(path) === text);
    const folders = same.map((path) => path.slice(0, Math.max(0, path.length - suffix.length)));
    return folders.length > 1 ? (folders.find((folder) => holdsSameFiles(repository, asset, folder)) ?? folders[0]) : folders[0];
  }
  return undefined;
}

function holdsSameFiles(repository: Repository, asset: string, folder: string): boolean {
  const names = (path: string) => [...repository.entries(path).keys()].filter((name) => name !== 'node_modules');
  return names(asset).join('/') === names(folder).join('/');
}

function moduleOf(handler: string): string {
  const base = handler.slice(handler.lastIndexOf('/') + 1);
  const cut = base.indexOf('.');
  return parentOf(handler) === ''
    ? base.slice(0, cut === -1 ? undefined : cut)
    : `${parentOf(handler)}/${base.slice(0, cut === -1 ? undefined : cut)}`;
}

function isOutput(path: string): boolean {
  return /(^|\/)(cdk\.out|node_modules)\//.test(path) || /(^|\/)asset\.[0-9a-f]{64}\//.test(path);
}

/** Entry file that a bundle was made from, by its source map or by the file names that esbuild leaves in it. */
export function bundledSource(repository: Repository, asset: string, handler: string): string | undefined {
  const name = handler.slice(handler.lastIndexOf('.') + 1);
  for (const extension of extensions.slice(0, 3)) {
    const file = repository.resolve(asset, `${moduleOf(handler)}.${extension}`);
    const text = file === undefined || !repository.isFile(file) ? undefined : repository.peek(file);
    if (file === undefined || text === undefined) continue;
    return (
      fromComments(repository, text, name) ?? fromSourceMap(repository, asset, repository.peek(`${file}.map`) ?? inlineMap(text), name)
    );
  }
  return undefined;
}

/** esbuild writes a comment with its name before each module; the entry is the last one. */
function fromComments(repository: Repository, text: string, name: string): string | undefined {
  const named = [...text.matchAll(/^\/\/ (\S+\.[cm]?[jt]sx?)$/gm)].map((match) => match[1] as string);
  const last = named.filter((path) => !path.includes('node_modules/')).at(-1);
  const found = last === undefined ? undefined : inRepository(repository, last);
  return found !== undefined && exportsName(repository, found, name) ? found : undefined;
}

function fromSourceMap(repository: Repository, asset: string, map: string | undefined, name: string): string | undefined {
  const own = sourcesOf(map).flatMap((source) => {
    const beside = repository.resolve(asset, source);
    const found = beside !== undefined && repository.isFile(beside) && !isOutput(beside) ? beside : inRepository(repository, source);
    return found === undefined ? [] : [found];
  });
  return own.filter((path) => exportsName(repository, path, name)).at(-1);
}

function sourcesOf(map: string | undefined): string[] {
  try {
    const json: unknown = JSON.parse(map ?? '{}');
    return stringsOf(isPlainObject(json) ? json['sources'] : []).filter((source) => !source.includes('node_modules/'));
  } catch {
    return [];
  }
}

function inlineMap(text: string): string | undefined {
  const encoded = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/.exec(text)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

/** The one file that ends with the path; the bundler ran in a folder that is not known (also in a container: `/asset-input`). */
function inRepository(repository: Repository, path: string): string | undefined {
  const suffix = `/${path
    .replace(/^(\.\.?\/)+/, '')
    .replace(/^\/?asset-input\//, '')
    .replace(/^\/+/, '')}`;
  const found = repository.files().filter((file) => !isOutput(file) && `/${file}`.endsWith(suffix));
  return found.length === 1 ? found[0] : undefined;
}

function exportsName(repository: Repository, file: string, name: string): boolean {
  const text = repository.peek(file) ?? '';
  const word = name.replace(/[^\w]/g, '\\$&');
  return new RegExp(
    `export\\s+(?:declare\\s+)?(?:async\\s+)?(?:const|let|var|function\\*?|class)\\s+${word}\\b|export\\s*(?:\\*|\\{[^}]*\\b${word}\\b)|exports\\.${word}\\b|module\\.exports\\s*=|export\\s+const\\s*\\{[^}]*\\b${word}\\b`,
  ).test(text);
}
