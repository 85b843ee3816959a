import { findHazards } from './analysis/concurrency/find-hazards.js';
import type { ConcurrencyTarget } from './analysis/concurrency/rule.js';
import { modulesOf } from './analysis/modules.js';
import { understandWith, valuesOf } from './analysis/understand.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { UserError } from './errors.js';
import { decide } from './planning/decide.js';
import { discover } from './project/discover.js';
import type { Project } from './project/model.js';
import { openRepository } from './project/open-repository.js';
import type { Repository } from './project/repository.js';
import { guardNames, type MigratedProject, type Progress, type RunResult, summarise } from './run.js';
import { findTarget, targets } from './targets/index.js';

export interface CheckOptions {
  folder: string;
  /** `container` (default), `lambda-managed-instances`, or a target of a migration. */
  target?: string | undefined;
  /** Ids of the only functions to look at. */
  only?: string[] | undefined;
  stage?: string | undefined;
  parameters?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Looks in every project of a folder for code that is only right while a process serves one request at a time. Changes nothing.
 *
 * @example const { projects } = await check({ folder: './fn' });
 * @throws UserError when it cannot run at all: no folder, no function, a name or target that does not exist.
 */
export async function check(options: CheckOptions): Promise<RunResult> {
  const projects: MigratedProject[] = [];
  const { repository, diagnostics } = await checkEach(options, (project) => projects.push(project));
  return { repository, projects, changes: [], diagnostics, summary: summarise(projects.map(({ plan }) => plan.functions)) };
}

/**
 * As {@link check}, but each project is only given to `take`, and what was read for it is forgotten: a run over thousands takes the memory of one.
 * @throws UserError as `check` does.
 */
export async function checkEach(
  options: CheckOptions,
  take: (project: MigratedProject) => void,
): Promise<Pick<RunResult, 'repository' | 'diagnostics'>> {
  const target = concurrencyTarget(options.target);
  const repository = openRepository(options.folder);
  const { projects, diagnostics } = await discover(repository, { stage: options.stage, parameters: options.parameters ?? {} });
  guardNames(projects, { only: options.only });
  const total = projects.length;
  for (let done = 0, next = projects.shift(); next; done++, next = projects.shift()) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ done, total, next: next.definition });
    take(checkProject(repository, next, target, options.only));
    repository.forget();
    modulesOf(repository).forget(next.root);
  }
  options.onProgress?.({ done: total, total, next: '' });
  return { repository, diagnostics: diagnostics.filter(({ severity }) => severity === 'error') };
}

function checkProject(
  repository: Repository,
  project: Project,
  target: ConcurrencyTarget,
  only: readonly string[] | undefined,
): MigratedProject {
  const values = valuesOf(repository, project);
  const facts = understandWith(values, project);
  const wanted = project.functions.filter(({ id }) => only === undefined || only.includes(id));
  const ids = new Set(wanted.map(({ id }) => id));
  const unseen = facts.diagnostics.flatMap((found) => notSeen(found, ids));
  const hazards = findHazards(values, project, { functions: wanted, facts, target });
  const plan = decide(project, facts, { only: only === undefined ? undefined : [...only] });
  return { project, facts, plan, package: null, changes: [], diagnostics: [...unseen, ...hazards] };
}

/** What keeps code from being looked at is an error where it hides the whole function, and else only told. */
function notSeen(found: Diagnostic, wanted: ReadonlySet<string>): Diagnostic[] {
  if (found.function !== undefined && !wanted.has(found.function)) return [];
  if (found.severity === 'error') return [found];
  return hidesCode.has(found.code) ? [{ ...found, severity: 'info' }] : [];
}

const hidesCode = new Set(['MODULE_NOT_FOUND', 'MODULE_OUTSIDE_REPOSITORY', 'LAYER_NOT_FOUND', 'DYNAMIC_IMPORT', 'SOURCE_NOT_READ']);

/** Every target of a migration is a process for many requests; only Managed Instances have threads. */
function concurrencyTarget(id: string | undefined): ConcurrencyTarget {
  if (id === undefined || id === 'container') return 'container';
  if (id === 'lambda-managed-instances') return id;
  if (!targets.some((target) => target.id === id)) {
    const known = ['container', 'lambda-managed-instances', ...targets.filter(({ available }) => available).map((target) => target.id)];
    throw new UserError(`There is no target "${id}"`, `There are: ${known.join(', ')}.`);
  }
  findTarget(id);
  return 'container';
}
