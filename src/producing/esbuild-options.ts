/** Options of esbuild, as its API takes them, and the same as a command. */
import { shellWord } from '../render.js';

export interface EsbuildOptions {
  /** Relative to the package root. */
  entryPoints: string[];
  bundle: true;
  platform: 'node';
  target: string;
  format: 'esm' | 'cjs';
  /** All packages stay outside of the bundle. */
  packages?: 'external';
  /** What else does. */
  external?: string[];
  banner?: { js: string };
  sourcemap: true;
  keepNames: true;
  loader?: Record<string, string>;
  outdir: string;
  /** Outputs lie below `outdir` as their sources lie below the package root. */
  outbase: '.';
  outExtension: { '.js': string };
}

/** The shell command, to be run at the package root. */
export function esbuildCommand(options: EsbuildOptions): string {
  const { entryPoints, target, format, packages, external = [], banner, loader = {}, outdir, outbase, outExtension } = options;
  const words = [
    ...entryPoints.map(shellWord),
    '--bundle',
    '--platform=node',
    `--target=${target}`,
    `--format=${format}`,
    ...(packages === undefined ? [] : [`--packages=${packages}`]),
    ...external.map((name) => scriptWord(`--external:${name}`)),
    ...(banner === undefined ? [] : [`--banner:js="${banner.js}"`]),
    '--sourcemap',
    '--keep-names',
    ...Object.entries(loader).map(([extension, name]) => `--loader:${extension}=${name}`),
    `--outdir=${outdir}`,
    `--outbase=${outbase}`,
    `--out-extension:.js=${outExtension['.js']}`,
  ];
  return `esbuild ${words.join(' ')}`;
}

/** Double quotes keep a pattern from the shell of every system that npm runs scripts with. */
function scriptWord(word: string): string {
  return /^[\w@%+=:,./*-]+\*[\w@%+=:,./*-]*$/.test(word) ? `"${word}"` : shellWord(word);
}

/** Folder of the entry files that a build script of an earlier run names; undefined for a script that none wrote. */
export function ownBuildFolder(script: string): string | undefined {
  const bundles = script.includes(' --outbase=. ') ? /^esbuild (\S+)\/[^/\s]+ / : /^node (\S+)\/build\.mjs$/;
  return bundles.exec(script)?.[1];
}
