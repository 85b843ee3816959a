/** Projects of one folder in worker threads, with the result that one thread would give. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { UserError } from './errors.js';
import type { MigrateProjectOptions } from './migrate.js';
import type { Project } from './project/model.js';
import type { Repository } from './project/repository.js';
import type { ProjectRun } from './project-run.js';
import type { WorkerAnswer, WorkerFolder, WorkerTask } from './worker.js';

/**
 * Projects a thread must have to be worth it. Measured on public repositories: a project takes about 4 ms once its definition is
 * read, loading our modules into a thread about a second.
 */
const perThread = 200;

const worker = fileURLToPath(new URL('./worker.js', import.meta.url));

/** A project as a thread saw it: on its own, with the files as they lie on the disk. */
export interface ApartRun extends ProjectRun {
  /** Paths that it read or staged through the change set. */
  touched: string[];
}

/** Threads to use: as many as asked for, else one a core when there is enough to do for at least two. */
export function threadsFor(projects: number, wanted?: number | undefined): number {
  if (!existsSync(worker)) return 0;
  if (wanted !== undefined) return Math.min(wanted, projects);
  const threads = Math.min(availableParallelism(), Math.floor(projects / perThread));
  return threads < 2 ? 0 : threads;
}

/**
 * Starts every project in a pool of threads. The results come as promises in the order of the projects.
 * @returns the results, and how to end the pool; it must be ended.
 */
export async function startApart(
  repository: Repository,
  projects: readonly { project: Project; options: MigrateProjectOptions }[],
  threads: number,
): Promise<{ runs: Promise<ApartRun | undefined>[]; end: () => Promise<void> }> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: worker,
    workerData: { root: repository.root, files: repository.files() } satisfies WorkerFolder,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
  });
  const runs = projects.map(({ project, options }) => runIn(pool, { project, options }));
  // A rejection that nobody waits for yet must not end the process.
  for (const run of runs) run.catch(() => undefined);
  return { runs, end: () => pool.destroy() };
}

/** Undefined when the thread could not do it (out of memory, data that cannot be sent): then this thread does. */
async function runIn(pool: Piscina, task: WorkerTask): Promise<ApartRun | undefined> {
  let answer: WorkerAnswer;
  try {
    answer = (await pool.run(task)) as WorkerAnswer;
  } catch {
    return undefined;
  }
  if ('refused' in answer) throw new UserError(answer.refused.message, answer.refused.advice, answer.refused.place);
  return { ...answer.run, touched: answer.touched };
}
