import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageJson } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { join } from './paths.js';

interface PrismaInput {
  repository: Repository;
  packageRoot: string;
  /** package.json as it will be, and where it lies. */
  json: PackageJson;
  packageFile: string;
  /** Packages that the services import. */
  packages: ReadonlySet<string>;
}

/**
 * Up to version 6 the client is written into node_modules by `prisma generate`, which a plugin or a script of the deployment may have run,
 * and its engine is linked against OpenSSL, which slim images lack.
 * @see https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/generating-prisma-client
 */
export function prismaFindings({ repository, packageRoot, json, packageFile, packages }: PrismaInput): Diagnostic[] {
  const range = json.dependencies?.['@prisma/client'];
  if (!packages.has('@prisma/client') || Number(/\d+/.exec(range ?? '')?.[0] ?? 0) >= 7) return [];
  const state = obstacle(repository, packageRoot, json);
  const args = {
    file: packageFile,
    state: state === undefined ? 'its install generates the client' : `nothing generates the client in it, because ${state}`,
  };
  return [diagnostic('PRISMA_IN_IMAGE', { args, place: { file: packageFile } })];
}

/** Why an install of production packages generates nothing. */
function obstacle(repository: Repository, packageRoot: string, json: PackageJson): string | undefined {
  if (json.dependencies?.['prisma'] === undefined) return 'prisma is no production dependency';
  const { scripts = {} } = json;
  if (['preinstall', 'install', 'postinstall'].some((name) => /\bprisma generate\b/.test(scripts[name] ?? ''))) return undefined;
  const named = (json as { prisma?: { schema?: unknown } }).prisma?.schema;
  const isThere = ['prisma/schema.prisma', 'schema.prisma'].some((name) => repository.isFile(join(packageRoot, name)));
  return isThere || typeof named === 'string' ? undefined : 'no schema is where prisma looks for one';
}
