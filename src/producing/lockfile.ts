/** Whether a lockfile lists what package.json asks for: a frozen install refuses when it does not. */
import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import type { PackageJson } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { relativePath } from './paths.js';

type Sections = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/** `folder` holds the package.json, `lockfile` lies there or in its workspace. */
export function isLockfileCurrent(repository: Repository, lockfile: string, folder: string, json: PackageJson): boolean {
  const text = repository.read(lockfile);
  if (text === undefined) return false;
  const importer = relativePath(lockfile.includes('/') ? lockfile.slice(0, lockfile.lastIndexOf('/')) : '', folder);
  const name = lockfile.split('/').at(-1) ?? '';
  try {
    return (readers[name] ?? (() => false))(text, importer, json);
  } catch {
    return false;
  }
}

const readers: Readonly<Record<string, (text: string, importer: string, json: PackageJson) => boolean>> = {
  'package-lock.json': npm,
  'npm-shrinkwrap.json': npm,
  'pnpm-lock.yaml': pnpm,
  'yarn.lock': yarn,
  'bun.lock': bun,
};

function npm(text: string, importer: string, json: PackageJson): boolean {
  const lock = JSON.parse(text) as { packages?: Record<string, Sections>; dependencies?: Record<string, unknown> };
  const own = lock.packages?.[importer === '.' ? '' : importer];
  if (own) return sameSections(own, json);
  // Version 1 lists no ranges: every package must at least be there.
  return lock.packages === undefined && Object.keys(allOf(json)).every((name) => lock.dependencies?.[name] !== undefined);
}

function pnpm(text: string, importer: string, json: PackageJson): boolean {
  type Importer = Record<string, Record<string, string | { specifier: string }> | undefined>;
  const lock = parseYaml(text) as { importers?: Record<string, Importer>; specifiers?: Record<string, string> };
  const own = lock.importers?.[importer];
  if (!own) return importer === '.' && lock.specifiers !== undefined && sameRanges(lock.specifiers, allOf(json));
  const ranges = Object.values({ a: own['dependencies'], b: own['devDependencies'], c: own['optionalDependencies'] })
    .flatMap((section) => Object.entries(section ?? {}))
    .map(([name, entry]) => [name, typeof entry === 'string' ? (own['specifiers']?.[name] ?? entry) : entry.specifier]);
  return sameRanges(Object.fromEntries(ranges), allOf(json));
}

/** yarn lists one entry a range: `fastify@^5.1.0:` or `"fastify@npm:^5.1.0":`, several joined by commas. */
function yarn(text: string, _importer: string, json: PackageJson): boolean {
  const listed = new Set(
    text.split(/\r?\n/).flatMap((line) =>
      /^["\w@].*:$/.test(line)
        ? line
            .slice(0, -1)
            .split(/,\s*/)
            .map((entry) => entry.replace(/^"|"$/g, ''))
        : [],
    ),
  );
  const joined = new Set([...listed].flatMap((entry) => entry.split(', ')));
  return Object.entries(allOf(json)).every(
    ([name, range]) =>
      joined.has(`${name}@${range}`) || joined.has(`${name}@npm:${range}`) || /^(?:workspace|file|link|portal):/.test(range),
  );
}

function bun(text: string, importer: string, json: PackageJson): boolean {
  const lock = parseJsonc(text) as { workspaces?: Record<string, Sections> };
  const own = lock.workspaces?.[importer === '.' ? '' : importer];
  return own !== undefined && sameSections(own, json);
}

function allOf(json: Sections): Record<string, string> {
  return { ...json.devDependencies, ...json.dependencies, ...json.optionalDependencies };
}

function sameSections(a: Sections, b: Sections): boolean {
  return sameRanges(allOf(a), allOf(b));
}

function sameRanges(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
