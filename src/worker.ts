/** What a worker thread runs: projects of one folder, each apart from the others. */
import { workerData } from 'node:worker_threads';
import { ChangeSet } from './changes/change-set.js';
import { UserError } from './errors.js';
import type { MigrateProjectOptions } from './migrate.js';
import type { Project } from './project/model.js';
import { Repository } from './project/repository.js';
import { type ProjectRun, runProject } from './project-run.js';

/** The folder of all tasks, with its listing: walking a large one again in each thread takes longer than some of its projects. */
export interface WorkerFolder {
  root: string;
  files: string[];
}

export interface WorkerTask {
  project: Project;
  options: MigrateProjectOptions;
}

/** Errors lose their class between threads, so what the user must mend comes back as data. */
export type WorkerAnswer =
  | { run: ProjectRun; touched: string[] }
  | { refused: { message: string; advice: string; place: string | undefined } };

const { root, files } = workerData as WorkerFolder;
const repository = new Repository(root, files);

export default async function work({ project, options }: WorkerTask): Promise<WorkerAnswer> {
  const changes = new ChangeSet(repository);
  try {
    const run = await runProject(repository, project, changes, options);
    return { run, touched: changes.touched() };
  } catch (error) {
    if (error instanceof UserError) return { refused: { message: error.message, advice: error.advice, place: error.place } };
    throw error;
  }
}
