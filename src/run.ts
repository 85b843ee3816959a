import { handlersElsewhere } from './analysis/shared-handlers.js';
import { findRegion } from './aws/facts.js';
import { type Change, ChangeSet } from './changes/change-set.js';
import { guardInterrupted } from './changes/undo.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { UserError } from './errors.js';
import type { MigrateProjectOptions, ProjectResult } from './migrate.js';
import { nearest } from './nearest.js';
import { ownTemplates } from './own-templates.js';
import { type ApartRun, startApart, threadsFor } from './parallel.js';
import type { DecideOptions } from './planning/decide.js';
import type { Outcome } from './planning/plan.js';
import type { Infra } from './producing/draft.js';
import { layoutSuffixes } from './producing/layout.js';
import { discover } from './project/discover.js';
import type { Project } from './project/model.js';
import { openRepository } from './project/open-repository.js';
import type { Repository } from './project/repository.js';
import { type ProjectRun, runProject } from './project-run.js';
import { findTarget } from './targets/index.js';

export interface MigrateOptions extends DecideOptions {
  /** Folder of the project or projects. */
  folder: string;
  /** Stage that variables of the definitions are resolved for. */
  stage?: string | undefined;
  /** Overrides of template parameters and serverless params. */
  parameters?: Record<string, string> | undefined;
  /** Region that the services are made for: its partition, and what is there. */
  region?: string | undefined;
  /** Folder of templates that replace ours, by name. */
  templates?: string | undefined;
  /** `none` leaves out the resources that run the services; default `template`. */
  infra?: Infra | undefined;
  /** With `infra: 'template'`: the functions that moved, and what starts them, go from the definition. */
  cutover?: boolean | undefined;
  /** A Lambda handler stays beside each native route. */
  keepHandler?: boolean | undefined;
  /** AWS's codemod from version 2 of the SDK to version 3 runs first. */
  sdkV3?: boolean | undefined;
  /** Findings of what brought the folder here, told with those of reading. */
  found?: readonly Diagnostic[] | undefined;
  /** Worker threads, 0 for none; by default one a core when there are enough projects to be worth it. */
  threads?: number | undefined;
  /** Stops the run between two projects. */
  signal?: AbortSignal | undefined;
  /** Called after every project; for progress. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  done: number;
  total: number;
  /** Definition of the project that comes next; '' at the end. */
  next: string;
}

/** One project after a run, with the files that it changes. */
export interface MigratedProject extends ProjectResult {
  changes: Pick<Change, 'path' | 'kind'>[];
}

/** Everything that is known after a run; nothing is written yet. */
export interface RunResult {
  repository: Repository;
  projects: MigratedProject[];
  /** All changes, sorted by path; give them to `writeChanges()`. */
  changes: Change[];
  /** What is about no project: a definition that cannot be read, a tool that is not supported yet. */
  diagnostics: Diagnostic[];
  summary: Summary;
}

export interface Summary {
  projects: number;
  functions: number;
  migrated: number;
  stays: number;
  needsPerson: number;
  failed: number;
}

/**
 * Works out the migration of every project of a folder, without writing anything.
 *
 * @example const { summary, changes } = await migrate({ folder: './fn' });
 * @throws UserError when it cannot run at all: no folder, no function, a name, plan or template that does not fit.
 */
export async function migrate(options: MigrateOptions): Promise<RunResult> {
  if (options.target !== undefined) findTarget(options.target);
  guardRegion(options.region);
  const templates = options.templates === undefined ? undefined : ownTemplates(options.templates);
  const repository = openRepository(options.folder);
  guardInterrupted(repository.root);
  const found = await discover(repository, { stage: options.stage, parameters: options.parameters ?? {} });
  const { diagnostics } = found;
  const projects = options.region === undefined ? found.projects : found.projects.map((each) => ({ ...each, region: options.region }));
  guardNames(projects, options);
  const changes = new ChangeSet(repository);
  const results = await migrateAll(repository, projects, changes, { ...options, templates });
  const attributed = attribute(results, [...(options.found ?? []), ...diagnostics]);
  return {
    repository,
    projects: attributed.projects,
    changes: changes.changes(),
    diagnostics: attributed.rest,
    summary: summarise(results.map(({ plan }) => plan.functions)),
  };
}

/** Each project in turn; what a thread has found is taken over where it saw the same files as this thread would. */
async function migrateAll(
  repository: Repository,
  projects: readonly Project[],
  changes: ChangeSet,
  options: MigrateOptions,
): Promise<MigratedProject[]> {
  const suffixes = layoutSuffixes(projects);
  const elsewhere = handlersElsewhere(repository, projects);
  const tasks = projects.map((project) => ({
    project,
    options: { ...projectOptions(options, suffixes.get(project)), elsewhere: elsewhere.get(project) },
  }));
  const threads = threadsFor(tasks.length, options.threads);
  const apart = threads > 0 ? await startApart(repository, tasks, threads) : undefined;
  const results: MigratedProject[] = [];
  try {
    for (const [index, task] of tasks.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ done: index, total: tasks.length, next: task.project.definition });
      const early = await apart?.runs[index];
      const { result, made } = await settle(repository, task, changes, early);
      changes.adopt(made);
      results.push({ ...result, changes: made.map(({ path, kind }) => ({ path, kind })) });
      await nextTurn();
    }
  } finally {
    await apart?.end();
  }
  options.onProgress?.({ done: results.length, total: tasks.length, next: '' });
  return results;
}

/** The API stays in front only where its integrations are edited, and the functions whose events are its routes stay too. */
function frontOf(front: MigrateOptions['front'], { infra, cutover }: Pick<MigrateOptions, 'infra' | 'cutover'>): MigrateOptions['front'] {
  return infra === 'none' || cutover ? 'alb' : front;
}

/** The options of one project: plain data, so that they can go to a thread. */
function projectOptions(
  { target, style, split, arch, spot, only, edits, templates, infra, front, cutover, keepHandler, sdkV3 }: MigrateOptions,
  suffix: string | undefined,
): MigrateProjectOptions {
  return {
    target,
    style,
    split,
    arch,
    spot,
    only,
    edits,
    templates,
    infra,
    front: frontOf(front, { infra, cutover }),
    cutover,
    keepHandler,
    sdkV3,
    suffix,
  };
}

/** An early run counts unless a project before it staged a file that it read or writes. */
async function settle(
  repository: Repository,
  { project, options }: { project: Project; options: MigrateProjectOptions },
  changes: ChangeSet,
  early: ApartRun | undefined,
): Promise<ProjectRun> {
  if (early && !early.touched.some((path) => changes.has(path))) return { result: { ...early.result, project }, made: early.made };
  return runProject(repository, project, changes.fork(), options);
}

/** Counts the outcomes of the functions of each project. */
export function summarise(projects: readonly (readonly { outcome: Outcome }[])[]): Summary {
  const outcomes = projects.flat().map(({ outcome }) => outcome);
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    projects: projects.length,
    functions: outcomes.length,
    migrated: count('migrated'),
    stays: count('stays'),
    needsPerson: count('needs-person'),
    failed: count('failed'),
  };
}

/** @throws UserError for a region that is not in the data. */
function guardRegion(region: string | undefined): void {
  if (region === undefined || findRegion(region)) return;
  throw new UserError(`There is no region "${region}"`, 'See "migrate-lambda facts regions".');
}

/** @throws UserError for a name or project that is not there. */
export function guardNames(projects: readonly Project[], { only, edits }: Pick<MigrateOptions, 'only' | 'edits'>): void {
  const ids = [...new Set(projects.flatMap(({ functions }) => functions.map(({ id }) => id)))].sort();
  const unknown = (only ?? []).find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const near = nearest(unknown, ids);
    const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${ids.slice(0, 20).join(', ')}.`;
    throw new UserError(`There is no function "${unknown}"`, advice);
  }
  const stranger = edits?.projects.find(
    (entry) => !projects.some(({ root, definition }) => root === entry.project && definition === entry.definition),
  );
  if (stranger) {
    throw new UserError(
      `The plan has a project that is not in this folder: ${stranger.definition}`,
      'Give the folder that the plan was made for, or make it again with "migrate-lambda plan".',
    );
  }
}

/** Findings of reading go to the project that they are about: by definition, by function, then by the innermost root. */
function attribute(projects: MigratedProject[], diagnostics: readonly Diagnostic[]): { projects: MigratedProject[]; rest: Diagnostic[] } {
  const own = new Map<MigratedProject, Diagnostic[]>();
  const rest: Diagnostic[] = [];
  for (const found of diagnostics) {
    const owner = ownerOf(projects, found);
    if (owner) own.set(owner, [...(own.get(owner) ?? []), found]);
    else rest.push(found);
  }
  return {
    projects: projects.map((project) => ({ ...project, diagnostics: [...(own.get(project) ?? []), ...project.diagnostics] })),
    rest,
  };
}

function ownerOf(projects: readonly MigratedProject[], found: Diagnostic): MigratedProject | undefined {
  const file = found.file;
  if (file === undefined) return projects.length === 1 ? projects[0] : undefined;
  const defined = projects.filter(({ project }) => project.definition === file);
  const candidates =
    defined.length > 0 ? defined : projects.filter(({ project }) => project.root === '' || file.startsWith(`${project.root}/`));
  const named = candidates.filter(({ project }) => project.functions.some(({ id }) => id === found.function));
  const [innermost] = (named.length > 0 ? named : candidates).toSorted((a, b) => b.project.root.length - a.project.root.length);
  return innermost;
}

/** Lets signals and progress through between two projects. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
