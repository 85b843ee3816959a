import { debuglog } from 'node:util';
import { type Change, ChangeSet, NotTextError } from './changes/change-set.js';
import { diagnostic } from './diagnostics/catalog.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { UserError } from './errors.js';
import { migrateProject, type ProjectResult } from './migrate.js';
import { nearest } from './nearest.js';
import type { DecideOptions } from './planning/decide.js';
import type { Outcome } from './planning/plan.js';
import { discover } from './project/discover.js';
import type { Project } from './project/model.js';
import type { ReadOptions } from './project/readers/reader.js';
import { openRepository } from './project/open-repository.js';
import type { Repository } from './project/repository.js';
import { findTarget } from './targets/index.js';

export interface MigrateOptions extends DecideOptions, Partial<ReadOptions> {
  /** Folder of the project or projects. */
  folder: string;
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

const debug = debuglog('migrate-lambda');

/**
 * Works out the migration of every project of a folder, without writing anything.
 *
 * @example const { summary, changes } = await migrate({ folder: './fn' });
 * @throws UserError when it cannot run at all: no folder, no function, a name or plan that does not fit.
 */
export async function migrate(options: MigrateOptions): Promise<RunResult> {
  if (options.target !== undefined) findTarget(options.target);
  const repository = openRepository(options.folder);
  const { projects, diagnostics } = await discover(repository, { stage: options.stage, parameters: options.parameters ?? {} });
  guardNames(projects, options);
  const changes = new ChangeSet(repository);
  const results: MigratedProject[] = [];
  for (const project of projects) {
    options.onProgress?.({ done: results.length, total: projects.length, next: project.definition });
    results.push(await migrateApart(repository, project, changes, options));
    await nextTurn();
  }
  options.onProgress?.({ done: results.length, total: projects.length, next: '' });
  const attributed = attribute(results, diagnostics);
  return { repository, projects: attributed.projects, changes: changes.changes(), diagnostics: attributed.rest, summary: summarise(results) };
}

/** One project on a fork of the change set: when it fails, nothing of it is left and the others go on. */
async function migrateApart(repository: Repository, project: Project, changes: ChangeSet, options: MigrateOptions): Promise<MigratedProject> {
  try {
    const own = changes.fork();
    const result = await migrateProject(repository, project, own, options);
    assertAccounted(result);
    const made = own.changes();
    changes.adopt(made);
    return { ...result, changes: made.map(({ path, kind }) => ({ path, kind })) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    debug('%s', error instanceof Error ? error.stack : error);
    return failedProject(project, error, options.target);
  }
}

function failedProject(project: Project, error: unknown, target: string | undefined): MigratedProject {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? '';
  const found =
    error instanceof NotTextError
      ? diagnostic('FILE_NOT_TEXT', { args: { file: error.path, reason: error.reason }, place: { file: error.path } })
      : diagnostic('PROJECT_FAILED', { args: { reason }, place: { file: project.definition } });
  const functions = project.functions.map(({ id, triggers }) => ({
    id,
    workload: 'stays' as const,
    style: null,
    outcome: 'failed' as const,
    because: reason,
    triggers,
  }));
  return {
    project,
    facts: { functions: {}, diagnostics: [] },
    plan: { project: project.root, definition: project.definition, target: target ?? '', functions, services: [], diagnostics: [] },
    diagnostics: [found],
    changes: [],
  };
}

/** In = migrated + stays + needs a person + failed: every declared function is in the plan, once. */
function assertAccounted({ project, plan }: ProjectResult): void {
  const declared = project.functions.map(({ id }) => id).sort();
  const planned = plan.functions.map(({ id }) => id).sort();
  if (declared.length !== planned.length || declared.some((id, index) => id !== planned[index])) {
    throw new Error(`functions are unaccounted for: declared ${declared.join(', ')}; planned ${planned.join(', ')}`);
  }
}

function summarise(projects: readonly MigratedProject[]): Summary {
  const outcomes = projects.flatMap(({ plan }) => plan.functions.map(({ outcome }) => outcome));
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

function guardNames(projects: readonly Project[], { only, edits }: MigrateOptions): void {
  const ids = [...new Set(projects.flatMap(({ functions }) => functions.map(({ id }) => id)))].sort();
  const unknown = (only ?? []).find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const near = nearest(unknown, ids);
    const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${ids.slice(0, 20).join(', ')}.`;
    throw new UserError(`There is no function "${unknown}"`, advice);
  }
  const stranger = edits?.projects.find((entry) => !projects.some(({ root, definition }) => root === entry.project && definition === entry.definition));
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
  return { projects: projects.map((project) => ({ ...project, diagnostics: [...(own.get(project) ?? []), ...project.diagnostics] })), rest };
}

function ownerOf(projects: readonly MigratedProject[], found: Diagnostic): MigratedProject | undefined {
  const file = found.file;
  if (file === undefined) return projects.length === 1 ? projects[0] : undefined;
  const defined = projects.filter(({ project }) => project.definition === file);
  const candidates = defined.length > 0 ? defined : projects.filter(({ project }) => project.root === '' || file.startsWith(`${project.root}/`));
  const named = candidates.filter(({ project }) => project.functions.some(({ id }) => id === found.function));
  const [innermost] = (named.length > 0 ? named : candidates).toSorted((a, b) => b.project.root.length - a.project.root.length);
  return innermost;
}

/** Lets signals and progress through between two projects. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
