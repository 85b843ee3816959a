/**
 * Installs of packages. Each lies in the cache folder and is linked to: a second run, or a project with the same dependencies, costs
 * nothing, and nothing is copied.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../processes.js';

export interface Install {
  /** What went wrong; undefined when it is installed. */
  error?: string | undefined;
  /** npm refused the peer dependencies and had to be told to go on. */
  ignoresPeers: boolean;
}

interface Manager {
  lockfile: string;
  install: string[];
  production: string;
  /** Further tries when the first fails for peer dependencies. */
  ignorePeers?: string;
}

const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];
const npm: Manager = {
  lockfile: 'package-lock.json',
  install: ['npm', 'install', ...quiet],
  production: '--omit=dev',
  ignorePeers: '--legacy-peer-deps',
};
const managers: Manager[] = [
  { lockfile: 'pnpm-lock.yaml', install: ['npx', '--yes', 'pnpm@10', 'install', '--no-frozen-lockfile'], production: '--prod' },
  { lockfile: 'yarn.lock', install: ['npx', '--yes', 'yarn@1', 'install', '--non-interactive'], production: '--production' },
  npm,
];

/** Part of a package.json that decides what an install brings. */
const deciding = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
  'pnpm',
  'engines',
] as const;

export interface InstallOptions {
  folder: string;
  /** Folder that holds kept installs. */
  cache: string;
  /** Without development dependencies, as in an image. */
  production?: boolean;
  /** Runs install scripts too, and keeps nothing. */
  scripts?: boolean;
}

/**
 * Installs the package in `folder` with the manager that its lockfile names, without install scripts: what they download or compile
 * is needed by few, and is tried only when a service does not start without.
 */
export async function install({ folder, cache, production = false, scripts = false }: InstallOptions): Promise<Install> {
  const target = join(folder, 'node_modules');
  rmSync(target, { recursive: true, force: true });
  if (!existsSync(join(folder, 'package.json'))) return { ignoresPeers: false };
  const kept = scripts ? undefined : keptFolder(folder, cache, production);
  if (kept && existsSync(kept)) {
    symlinkSync(join(kept, 'node_modules'), target);
    return JSON.parse(readFileSync(join(kept, 'install.json'), 'utf8')) as Install;
  }
  const result = await installWith(managerOf(folder), folder, production, scripts);
  if (kept && result.error === undefined) keep(target, kept, result);
  return result;
}

async function installWith(manager: Manager, folder: string, production: boolean, scripts: boolean): Promise<Install> {
  const [program = '', ...args] = manager.install;
  const all = [...args, ...(scripts ? [] : ['--ignore-scripts']), ...(production ? [manager.production] : [])];
  const attempt = (more: string[]) => run(program, [...all, ...more], { cwd: folder, timeout: 900 });
  const first = await attempt([]);
  if (first.code === 0) return { ignoresPeers: false };
  if (manager.ignorePeers !== undefined && first.output.includes('ERESOLVE')) {
    const second = await attempt([manager.ignorePeers]);
    return { ignoresPeers: true, error: second.code === 0 ? undefined : errorOf(second.output) };
  }
  // Newer lockfiles of yarn, and what else only one manager understands: npm knows the same packages.
  if (manager !== npm) {
    // What the first left behind would count as installed.
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    return installWith(npm, folder, production, scripts);
  }
  return { ignoresPeers: false, error: errorOf(first.output) };
}

function managerOf(folder: string): Manager {
  return managers.find(({ lockfile }) => existsSync(join(folder, lockfile))) ?? npm;
}

/** undefined when the install depends on more than this folder's own files. */
function keptFolder(folder: string, cache: string, production: boolean): string | undefined {
  const json = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const parts = deciding.map((name) => JSON.stringify(json[name] ?? null));
  if (json['workspaces'] !== undefined || parts.some((part) => /"(?:file|link|workspace|portal):/.test(part))) return undefined;
  const files = [...managers.map(({ lockfile }) => lockfile), '.npmrc'].map((name) => readIfThere(join(folder, name)));
  const key = createHash('sha256')
    .update(JSON.stringify([production, process.version, parts, files]))
    .digest('hex')
    .slice(0, 24);
  return join(cache, 'installs', key);
}

/** Another project may have installed the same meanwhile: then this one keeps its own. */
function keep(target: string, kept: string, result: Install): void {
  const partial = `${kept}.${randomUUID()}.partial`;
  mkdirSync(partial, { recursive: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(partial, 'install.json'), JSON.stringify(result));
  renameSync(target, join(partial, 'node_modules'));
  const isFirst = !existsSync(kept);
  if (isFirst) renameSync(partial, kept);
  symlinkSync(join(isFirst ? kept : partial, 'node_modules'), target);
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function errorOf(output: string): string {
  const lines = output.split('\n').filter((line) => /error|ERR/.test(line) && !/A complete log|^npm (?:error|ERR!)\s*$/.test(line));
  return lines.slice(0, 3).join(' / ').slice(0, 300) || output.trim().split('\n').at(-1)?.slice(0, 300) || 'no message';
}
