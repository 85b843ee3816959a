import { join } from 'node:path';
import type { Change } from '../changes/change-set.js';
import { writeChanges } from '../changes/write.js';
import { UserError } from '../errors.js';
import { GitError, git } from '../git.js';
import { exitCodeOf, type FailOn } from '../reports/exit-code.js';
import { errorEntry, type Report, type ReportError, reportOf } from '../reports/json.js';
import { type MigrateOptions, migrate, type Summary } from '../run.js';
import { type Checkout, checkOut, commit } from './checkout.js';
import type { ListEntry } from './list.js';

/** What is the same for every repository of a batch. */
const shared = [
  'target',
  'region',
  'style',
  'keepHandler',
  'sdkV3',
  'split',
  'arch',
  'spot',
  'infra',
  'front',
  'templates',
  'stage',
  'parameters',
] as const satisfies readonly (keyof MigrateOptions)[];

export type SharedOptions = Pick<MigrateOptions, (typeof shared)[number]>;

export function sharedOptions(options: SharedOptions): SharedOptions {
  return Object.fromEntries(shared.map((name) => [name, options[name]]));
}

/** Everything that one repository's job needs: plain data, so that it can be queued. */
export interface RepositoryJob {
  entry: ListEntry;
  /** Absolute folder for the clone; it is made anew. */
  clone: string;
  /** Branch for the commit. */
  branch: string;
  options: SharedOptions;
  failOn?: FailOn | undefined;
}

/** `migrated`: there is a commit. `unchanged`: there was nothing to change. */
export type RepositoryOutcome = 'migrated' | 'unchanged' | 'failed';

export interface RepositoryResult {
  id: string;
  name: string;
  outcome: RepositoryOutcome;
  /** True when work is left for a person, as far as `failOn` asks. */
  workLeft: boolean;
  branch: string | null;
  commit: string | null;
  /** Folder in the clone that was migrated; '' is its top level. */
  folder: string;
  summary: Summary | null;
  /** How often each diagnostic came. */
  findings: Record<string, number>;
  notes: string[];
  error: ReportError | null;
}

/**
 * Clones, migrates and commits one repository. Whatever goes wrong is the result, not an error.
 * @returns the result, and the whole report when the run got that far.
 * @throws only when it is aborted.
 */
export async function migrateRepository(
  job: RepositoryJob,
  signal?: AbortSignal,
): Promise<{ result: RepositoryResult; report: Report | null }> {
  const base: RepositoryResult = { ...emptyResult, id: job.entry.id, name: job.entry.name };
  try {
    const checkout = await checkOut(job.entry, job.clone, signal);
    const run = await migrate({ ...job.options, folder: join(checkout.clone, checkout.folder), signal });
    const report = reportOf(run);
    const hash = run.changes.length === 0 ? null : await writeAndCommit(job, checkout, run, signal);
    const result: RepositoryResult = {
      ...base,
      outcome: hash === null ? 'unchanged' : 'migrated',
      workLeft: exitCodeOf(run, job.failOn) !== 0,
      branch: hash === null ? null : job.branch,
      commit: hash,
      folder: checkout.folder,
      summary: run.summary,
      findings: countFindings(report),
      notes: checkout.notes,
    };
    return { result, report };
  } catch (error) {
    signal?.throwIfAborted();
    return { result: { ...base, error: failureOf(error) }, report: null };
  }
}

const emptyResult: RepositoryResult = {
  id: '',
  name: '',
  outcome: 'failed',
  workLeft: false,
  branch: null,
  commit: null,
  folder: '',
  summary: null,
  findings: {},
  notes: [],
  error: null,
};

type Migrated = Awaited<ReturnType<typeof migrate>>;

async function writeAndCommit(job: RepositoryJob, checkout: Checkout, run: Migrated, signal: AbortSignal | undefined): Promise<string> {
  await git(checkout.clone, ['checkout', '--quiet', '-b', job.branch], { signal });
  // Filters of the repository (LFS, line ends) can make a fresh clone look changed; it is ours alone.
  await writeChanges(run.repository, run.changes, { allowDirty: true, signal });
  await stage(checkout, run.changes, signal);
  return commit(checkout.clone, messageOf(run.summary), signal);
}

/** Also what the repository's .gitignore leaves out: the services need every generated file. */
async function stage({ clone, folder }: Checkout, changes: readonly Change[], signal: AbortSignal | undefined): Promise<void> {
  const input = changes.map(({ path }) => `${path}\0`).join('');
  await git(join(clone, folder), ['add', '--force', '--all', '--pathspec-from-file=-', '--pathspec-file-nul'], { signal, input });
}

function messageOf({ migrated, stays, needsPerson, failed }: Summary): string {
  const rest = [`${stays} stay on Lambda`, `${needsPerson} need a person`, `${failed} failed`].filter((text) => !text.startsWith('0 '));
  return `feat: run Lambda functions as container services\n\n${[`${migrated} migrated`, ...rest].join(', ')}. See MIGRATION.md.\n`;
}

function countFindings({ projects, diagnostics }: Report): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of [...diagnostics, ...projects.flatMap((project) => project.diagnostics)]) counts[code] = (counts[code] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function failureOf(error: unknown): ReportError {
  if (error instanceof UserError) return errorEntry(error);
  if (error instanceof GitError)
    return {
      message: `git failed: ${error.message}`,
      advice: 'Check the address and your access to it, then run the batch with --only-failed.',
    };
  const message = error instanceof Error ? error.message : String(error);
  return { message, advice: 'This is a fault of migrate-lambda; please report it. The other repositories are not affected.' };
}
