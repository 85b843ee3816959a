import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { ownTemplates } from '../own-templates.js';
import type { FailOn } from '../reports/exit-code.js';
import type { Progress, Summary } from '../run.js';
import { findTarget } from '../targets/index.js';
import { migrateRepository, type RepositoryResult, type SharedOptions, sharedOptions } from './job.js';
import { isBranchName, type ListEntry, readList } from './list.js';
import { BatchState } from './state.js';

export interface BatchOptions extends SharedOptions {
  /** File with one local folder or git URL a line. */
  list: string;
  /** Folder for clones, reports and the state; default `./migrate-lambda-batch`. */
  work?: string | undefined;
  /** Branch for the commits; default `migrate-lambda`. */
  branch?: string | undefined;
  /** Repositories at a time; default 2. */
  concurrency?: number | undefined;
  /** Go on where an earlier batch stopped: repositories that are done (or failed) are not done again. */
  resume?: boolean | undefined;
  /** Do the failed repositories of an earlier batch again, nothing else. */
  onlyFailed?: boolean | undefined;
  failOn?: FailOn | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface BatchResult {
  /** Absolute. */
  work: string;
  /** In the order of the list. */
  repositories: RepositoryResult[];
  summary: Summary & { repositories: number; migratedRepositories: number; unchangedRepositories: number; failedRepositories: number };
}

/**
 * Migrates every repository of a list, each on a branch of its own clone. Nothing is pushed. One repository's failure is its own.
 * @throws UserError when the batch cannot begin, or is aborted: `resume` then goes on.
 */
export async function batch(options: BatchOptions): Promise<BatchResult> {
  const branch = options.branch ?? 'migrate-lambda';
  if (!isBranchName(branch)) throw new UserError(`"${branch}" is no name of a branch`, 'Give --branch a plain name.');
  if (options.target !== undefined) findTarget(options.target);
  if (options.templates !== undefined) ownTemplates(options.templates);
  const entries = readList(listText(options.list), options.list, dirname(resolve(options.list)));
  const state = new BatchState(resolve(options.work ?? 'migrate-lambda-batch'));
  guardState(state, options);
  const open = entries.filter((entry) => isOpen(state.get(entry.id), options));
  await state.save();
  await runAll(open, state, branch, options);
  const repositories = entries.flatMap(({ id }) => state.get(id) ?? []);
  return { work: state.work, repositories, summary: summarise(repositories) };
}

function listText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UserError(`The list ${path} cannot be read`, 'Give a file with one local folder or git URL a line.', path);
  }
}

/** Clones of an earlier batch may hold somebody's work: they are not made anew unasked. */
function guardState(state: BatchState, { resume, onlyFailed }: BatchOptions): void {
  if (resume || onlyFailed) {
    if (state.exists()) state.load();
    else if (onlyFailed) throw new UserError(`There is no earlier batch in ${state.work}`, 'Run it without --only-failed first.');
  } else if (state.exists()) {
    throw new UserError(
      `${state.work} holds an earlier batch`,
      'Give --resume to go on, --only-failed to do failed ones again, or another --work folder.',
    );
  }
}

function isOpen(earlier: RepositoryResult | undefined, { onlyFailed }: BatchOptions): boolean {
  return onlyFailed ? earlier?.outcome === 'failed' : earlier === undefined;
}

async function runAll(entries: readonly ListEntry[], state: BatchState, branch: string, options: BatchOptions): Promise<void> {
  const { failOn, signal, onProgress } = options;
  const queue = [...entries];
  let done = 0;
  const lane = async () => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      if (signal?.aborted) return;
      onProgress?.({ done, total: entries.length, next: entry.name });
      const job = {
        entry,
        clone: state.clone(entry.id),
        branch,
        options: sharedOptions(options),
        failOn,
      };
      const { result, report } = await migrateRepository(job, signal);
      await state.add(result, report);
      done++;
    }
  };
  const lanes = Array.from({ length: Math.min(options.concurrency ?? 2, entries.length) }, lane);
  const ends = await Promise.allSettled(lanes);
  if (signal?.aborted)
    throw new UserError(`Interrupted after ${done} of ${entries.length} repositories`, 'Run it again with --resume to go on.');
  const crashed = ends.find((end) => end.status === 'rejected');
  if (crashed) throw crashed.reason;
  onProgress?.({ done, total: entries.length, next: '' });
}

function summarise(repositories: readonly RepositoryResult[]): BatchResult['summary'] {
  const outcome = (wanted: RepositoryResult['outcome']) => repositories.filter((each) => each.outcome === wanted).length;
  const total = (name: keyof Summary) => repositories.reduce((sum, { summary }) => sum + (summary?.[name] ?? 0), 0);
  return {
    repositories: repositories.length,
    migratedRepositories: outcome('migrated'),
    unchangedRepositories: outcome('unchanged'),
    failedRepositories: outcome('failed'),
    projects: total('projects'),
    functions: total('functions'),
    migrated: total('migrated'),
    stays: total('stays'),
    needsPerson: total('needsPerson'),
    failed: total('failed'),
  };
}
