/** What a worker thread runs: projects of one folder, each apart from the others. */
import { ChangeSet } from './changes/change-set.js';
import { UserError } from './errors.js';
import type { MigrateProjectOptions } from './migrate.js';
import type { Project } from './project/model.js';
import { Repository } from './project/repository.js';
import { type ProjectRun, runProject } from './project-run.js';

export interface WorkerTask {
  root: string;
  project: Project;
  options: MigrateProjectOptions;
}

/** Errors lose their class between threads, so what the user must mend comes back as data. */
export type WorkerAnswer =
  | { run: ProjectRun; touched: string[] }
  | { refused: { message: string; advice: string; place: string | undefined } };

let repository: Repository | undefined;

export default async function work({ root, project, options }: WorkerTask): Promise<WorkerAnswer> {
  if (repository?.root !== root) repository = new Repository(root);
  const changes = new ChangeSet(repository);
  try {
    const run = await runProject(repository, project, changes, options);
    return { run, touched: changes.touched() };
  } catch (error) {
    if (error instanceof UserError) return { refused: { message: error.message, advice: error.advice, place: error.place } };
    throw error;
  }
}
