/** From a file that a build makes back to the sources it is made from. */
import { posix } from 'node:path';
import type { Repository } from '../project/repository.js';
import type { TsConfig, TsConfigs } from '../project/tsconfig.js';

/** Folders that builds write to. */
const buildFolder =
  /^(?:dist|build|built|lib|out|output|bundle|bundles|compiled|target|\.build|\.webpack|\.esbuild|\.serverless|\.aws-sam|_build|\.dist)$/;

/** Folders that sources usually lie in, the package itself last. */
const sourceFolders = ['src', 'source', 'lib', 'app', 'lambda', ''];

/** True when a path has a folder that builds write to. */
export function isBuildPath(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((segment) => buildFolder.test(segment));
}

/** Paths (without ending) that the sources of a built module may have, the most certain first. */
export function sourceCandidates(repository: Repository, configs: TsConfigs, module: string): string[] {
  const folder = posix.dirname(module) === '.' ? '' : posix.dirname(module);
  const candidates = [...fromOutDir(repository, configs, existingAbove(repository, folder), module)];
  const segments = module.split('/');
  segments.forEach((segment, index) => {
    if (!buildFolder.test(segment) || index === segments.length - 1) return;
    const before = segments.slice(0, index);
    const after = segments.slice(index + 1);
    // Tools put a folder of their own between: `.webpack/service/src`, `.aws-sam/build/Orders/src`.
    const rests = segment.startsWith('.') ? [after, after.slice(1), after.slice(2)].filter((rest) => rest.length > 0) : [after];
    for (const rest of rests)
      for (const source of sourceFolders) if (source !== segment) candidates.push(...variants(before, source, rest));
  });
  return [...new Set(candidates)];
}

/** `dist/src/app` is `src/app`; `.build/functions/app` may be `src/functions/app`; bundles of one file drop its folders. */
function variants(before: string[], source: string, after: string[]): string[] {
  const own = source === '' ? after : after[0] === source ? after : [source, ...after];
  const found = [[...before, ...own].join('/')];
  const [last = ''] = after.slice(-1);
  if (last === 'index' && after.length > 1) found.push([...before, ...own.slice(0, -1)].join('/'));
  return found;
}

/** `outDir` and `rootDir` of the tsconfig.json that rules the folder (or the nearest that exists above it). */
function fromOutDir(repository: Repository, configs: TsConfigs, folder: string, module: string): string[] {
  const config = configs.ruling(folder);
  if (!config || config.outDir === null || config.outDir === '' || !module.startsWith(`${config.outDir}/`)) return [];
  const inside = module.slice(config.outDir.length + 1);
  const above = posix.dirname(config.outDir) === '.' ? '' : posix.dirname(config.outDir);
  return [config.rootDir ?? commonFolder(repository, config), above, above === '' ? 'src' : `${above}/src`].flatMap((root) =>
    root === null ? [] : [root === '' ? inside : `${root}/${inside}`],
  );
}

/** Without `rootDir`, tsc leaves out the folders that all sources share (https://www.typescriptlang.org/tsconfig/#rootDir). */
function commonFolder(repository: Repository, { sources }: TsConfig): string | null {
  let common: string[] | undefined;
  for (const file of repository.files()) {
    if (!/(?<!\.d)\.[cm]?tsx?$/.test(file)) continue;
    if (!sources.some((source) => source === '' || file === source || file.startsWith(`${source}/`))) continue;
    const folders = file.split('/').slice(0, -1);
    const shared = common?.findIndex((folder, index) => folder !== folders[index]) ?? -1;
    common = shared === -1 ? (common ?? folders) : common?.slice(0, shared);
  }
  return common?.join('/') ?? null;
}

/** A build folder does not exist before the build. */
function existingAbove(repository: Repository, folder: string): string {
  let at = folder;
  while (at !== '' && !repository.isFolder(at)) at = posix.dirname(at) === '.' ? '' : posix.dirname(at);
  return at;
}
