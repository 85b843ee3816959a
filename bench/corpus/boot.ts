/** How far one migrated project comes when it is installed, checked, built and started. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Report } from '../../src/index.js';
import { run } from '../processes.js';
import { reasonOf } from './failure.js';
import { type Install, install } from './install.js';
import { migrated, type Original } from './original.js';
import { type MigratedFiles, migratedFiles, type Service } from './services.js';
import { startService } from './start.js';
import { tsconfigOf, typeErrors } from './types.js';

type Project = Report['projects'][number];

export interface BootResult {
  checkout: string;
  root: string;
  definition: string;
  /** Functions that were migrated, by what they became. */
  functions: Record<Service['kind'], number>;
  /** Generated source files that do not parse. */
  unparsable: string[];
  types: TypeResult;
  /** One entry a service. */
  services: ServiceResult[];
  /** Variables that were given a made-up value. */
  placeholders: string[];
  notes: string[];
}

interface TypeResult {
  /** `none`: the project has no TypeScript or no compiler; `original`: its own sources had errors before, and so have ours. */
  outcome: 'none' | 'ok' | 'errors' | 'original';
  /** Errors of the project's own sources: untouched, and in the program of the generated entries. */
  ownBefore: number;
  ownAfter: number;
  detail: string;
}

/** `original-…`: the untouched project fails in the same step with the same error, so the migration is not the cause. */
export type Outcome = 'healthy' | 'install' | 'build' | 'start' | 'original-install' | 'original-build' | 'original-load' | 'no-service';

export interface ServiceResult {
  name: string;
  kind: Service['kind'];
  outcome: Outcome;
  detail: string;
}

export interface BootInput {
  checkout: string;
  /** Folder of the migrated copy of the checkout. */
  out: string;
  project: Project;
  original: Original;
  /** Folder of kept installs. */
  cache: string;
}

const scriptsNote = 'needs the install scripts of its dependencies';

export async function bootProject(input: BootInput): Promise<BootResult> {
  const { checkout, out, project } = input;
  const files = migratedFiles(out, project);
  const count = (kind: Service['kind']) => migrated(project).filter(({ workload }) => workload === kind).length;
  const notes: string[] = [];
  const result: BootResult = {
    checkout,
    root: project.root,
    definition: project.definition,
    functions: { web: count('web'), worker: count('worker'), job: count('job') },
    unparsable: unparsable(out, project),
    types: { outcome: 'none', ownBefore: 0, ownAfter: 0, detail: '' },
    services: [],
    placeholders: [...new Set(files.services.flatMap(({ placeholders }) => placeholders))].sort(),
    notes,
  };
  if (files.services.length === 0)
    return { ...result, services: [{ name: '', kind: 'web', outcome: 'no-service', detail: 'no task definition' }] };
  const every = (outcome: Outcome, detail: string) => files.services.map(({ name, kind }) => ({ name, kind, outcome, detail }));
  const isBuilt = files.build !== undefined;
  const hasTypes = migrated(project).some(({ handler }) => handler.file !== null && /\.[cm]?tsx?$/.test(handler.file));

  const full = await installed(input, files, { production: !isBuilt && !hasTypes }, notes);
  if (full.outcome) return { ...result, services: every(full.outcome, full.detail) };
  if (hasTypes) result.types = await checkTypes(input, files);
  const failedBuild = await buildProject(input, files, notes);
  if (failedBuild) return { ...result, services: every(failedBuild.outcome, failedBuild.detail) };
  if (isBuilt || hasTypes) {
    const production = await installed(input, files, { production: true }, notes);
    if (production.outcome) return { ...result, services: every(production.outcome, production.detail) };
  }
  for (const service of files.services) result.services.push(await bootService(input, files, service, notes));
  return result;
}

interface Step {
  /** undefined when the step went well. */
  outcome?: Outcome | undefined;
  detail: string;
}

async function installed(
  { original, project, cache }: BootInput,
  { packageRoot }: MigratedFiles,
  options: { production: boolean; scripts?: boolean },
  notes: string[],
): Promise<Step> {
  const done: Install = await install({ folder: packageRoot, cache, ...options });
  if (done.error) {
    const before = await original.installError(project);
    return before
      ? { outcome: 'original-install', detail: `${done.error}; untouched: ${before}` }
      : { outcome: 'install', detail: done.error };
  }
  if (done.ignoresPeers) {
    if (!(await original.ignoresPeers(project)))
      return { outcome: 'install', detail: 'npm refuses the peer dependencies (ERESOLVE), not so before' };
    addNote(notes, 'npm refuses the peer dependencies, as before: installed with --legacy-peer-deps');
  }
  return { detail: '' };
}

async function buildProject(
  input: BootInput,
  files: MigratedFiles,
  notes: string[],
): Promise<{ outcome: Outcome; detail: string } | undefined> {
  if (files.build === undefined) return undefined;
  const build = () => run('npm', ['run', files.build ?? ''], { cwd: files.packageRoot });
  const first = await build();
  if (first.code === 0) return undefined;
  await installed(input, files, { production: false, scripts: true }, notes);
  const { code, output } = await build();
  if (code === 0) {
    addNote(notes, scriptsNote);
    return undefined;
  }
  const before = await input.original.scriptError(input.project, files.build);
  if (before) return { outcome: 'original-build', detail: `${reasonOf(output)}; untouched: ${before}` };
  return { outcome: 'build', detail: reasonOf(output) };
}

async function bootService(input: BootInput, files: MigratedFiles, service: Service, notes: string[]): Promise<ServiceResult> {
  const { name, kind } = service;
  const first = await startService(files.packageRoot, service);
  if (first === undefined) return { name, kind, outcome: 'healthy', detail: '' };
  const before = await input.original.loadErrors(input.project, service);
  // What only install scripts bring was missing on both sides, which says nothing about either.
  if (before.includes(first) && !isNative(first)) return { name, kind, outcome: 'original-load', detail: first };
  const scripts = await install({ folder: files.packageRoot, cache: input.cache, production: true, scripts: true });
  const second = scripts.error ? first : await startService(files.packageRoot, service);
  if (second === undefined) {
    addNote(notes, scriptsNote);
    return { name, kind, outcome: 'healthy', detail: '' };
  }
  if (scripts.error && isNative(second) && (await input.original.installScriptsError(input.project))) {
    return { name, kind, outcome: 'original-install', detail: `${second}, and install scripts fail here: ${scripts.error}` };
  }
  const untouched = before.length > 0 ? `; untouched: ${[...new Set(before)].join(' / ')}` : '';
  return { name, kind, outcome: 'start', detail: `${second}${untouched}` };
}

/** True for errors about what install scripts bring: compiled modules and downloaded programs. */
function isNative(error: string): boolean {
  return /bindings|\.node\b|native|binar|prebuil|download|platform/i.test(error);
}

async function checkTypes({ original, project, out }: BootInput, files: MigratedFiles): Promise<TypeResult> {
  const none: TypeResult = { outcome: 'none', ownBefore: 0, ownAfter: 0, detail: '' };
  const [file] = migrated(project).flatMap(({ handler }) =>
    handler.file !== null && /\.[cm]?tsx?$/.test(handler.file) ? [handler.file] : [],
  );
  if (file === undefined || files.service === undefined) return none;
  const untouched = await original.installed(project, file);
  const ownConfig = tsconfigOf(untouched.file, untouched.packageRoot);
  if (!ownConfig) return none;
  const before = await typeErrors(untouched.packageRoot, ownConfig);
  const serviceConfig = join(files.service, 'tsconfig.json');
  const config = existsSync(serviceConfig) ? serviceConfig : tsconfigOf(join(out, file), files.packageRoot);
  if (!before || !config) return none;
  const after = await typeErrors(files.packageRoot, config, files.service);
  if (!after) return { ...none, outcome: 'errors', detail: 'the migrated package has no compiler' };
  const counts = { ownBefore: before.own.length, ownAfter: after.own.length };
  const detail = after.generated[0] ?? (after.own.length > 0 ? `own: ${after.own[0]}` : '');
  if (after.generated.length === 0) return { outcome: 'ok', ...counts, detail };
  return { outcome: before.own.length > 0 ? 'original' : 'errors', ...counts, detail };
}

/** Generated source files with a syntax error. */
function unparsable(out: string, { changes }: Project): string[] {
  return changes
    .filter(({ kind, path }) => kind !== 'delete' && /\.[cm]?[jt]sx?$/.test(path))
    .map(({ path }) => path)
    .filter((path) => parseSync(path, readFileSync(join(out, path), 'utf8')).errors.length > 0);
}

function addNote(notes: string[], note: string): void {
  if (!notes.includes(note)) notes.push(note);
}
