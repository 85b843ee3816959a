import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Report } from '../../src/index.js';

type Project = Report['projects'][number];

/** A service as its task definition describes it. */
export interface Service {
  name: string;
  kind: 'web' | 'worker' | 'job';
  command: string[];
  environment: Record<string, string>;
  /** Variables that the task definition leaves to be filled in. */
  placeholders: string[];
}

/** Where the pieces of a migrated project are, absolute. */
export interface MigratedFiles {
  packageRoot: string;
  /** Folder of the entry files. */
  service: string | undefined;
  /** Script of package.json that the image runs to build. */
  build: string | undefined;
  services: Service[];
}

interface TaskDefinition {
  containerDefinitions: {
    name: string;
    command: string[];
    portMappings?: unknown[];
    healthCheck?: unknown;
    environment: { name: string; value: string }[];
    secrets?: { name: string }[];
  }[];
}

/** Finds the pieces of a project in the migrated copy, by the changes that the report lists. */
export function migratedFiles(out: string, { root, changes }: Project): MigratedFiles {
  const paths = changes.map(({ path }) => path);
  const find = (pattern: RegExp) => paths.find((path) => pattern.test(path));
  const packageFile = find(/(^|\/)package\.json$/);
  const dockerfile = find(/(^|\/)Dockerfile[\w.-]*$(?<!\.dockerignore)/);
  const entry = find(/(^|\/)(?:web|worker|job)[\w.-]*\.[cm]?[jt]s$(?<!runtime\/[\w.-]+)/);
  const dockerText = dockerfile === undefined ? '' : readFileSync(join(out, dockerfile), 'utf8');
  return {
    packageRoot: join(out, packageFile === undefined ? root : dirname(packageFile)),
    service: entry === undefined ? undefined : join(out, dirname(entry)),
    build: /^RUN (?:npm|yarn|pnpm|bun) run (\S+)$/m.exec(dockerText)?.[1],
    services: paths.filter((path) => /^task-definition\..*\.json$/.test(basename(path))).map((path) => readService(join(out, path))),
  };
}

function readService(file: string): Service {
  if (!existsSync(file)) throw new Error(`the report lists ${file}, which was not written`);
  const { containerDefinitions } = JSON.parse(readFileSync(file, 'utf8')) as TaskDefinition;
  const [container] = containerDefinitions;
  if (!container) throw new Error(`no container in ${file}`);
  const open = container.environment.filter(({ value }) => value.startsWith('REPLACE WITH'));
  return {
    name: container.name,
    kind: container.portMappings ? 'web' : container.healthCheck ? 'worker' : 'job',
    command: container.command,
    environment: Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
    placeholders: [...open, ...(container.secrets ?? [])].map(({ name }) => name),
  };
}
