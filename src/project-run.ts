import { debuglog } from 'node:util';
import { type Change, type ChangeSet, NotTextError } from './changes/change-set.js';
import { diagnostic } from './diagnostics/catalog.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { UserError } from './errors.js';
import { type MigrateProjectOptions, migrateProject, type ProjectResult } from './migrate.js';
import type { Project } from './project/model.js';
import type { Repository } from './project/repository.js';

const debug = debuglog('migrate-lambda');

/** A project's result and the changes it makes on its own; none when it failed. */
export interface ProjectRun {
  result: ProjectResult;
  made: Change[];
}

/**
 * Runs one project on a fork of the change set: when it fails, nothing of it is left, and the failure is its result.
 * @throws UserError only: what the user must mend before anything can run.
 */
export async function runProject(
  repository: Repository,
  project: Project,
  fork: ChangeSet,
  options: MigrateProjectOptions,
): Promise<ProjectRun> {
  try {
    const result = await migrateProject(repository, project, fork, options);
    assertAccounted(result);
    return { result, made: fork.changes() };
  } catch (error) {
    if (error instanceof UserError) throw error;
    debug('%s', error instanceof Error ? error.stack : error);
    return { result: failed(project, error, options.target), made: [] };
  }
}

/** In = migrated + stays + needs a person + failed: every declared function is in the plan, once. */
function assertAccounted({ project, plan }: ProjectResult): void {
  const declared = project.functions.map(({ id }) => id).sort();
  const planned = plan.functions.map(({ id }) => id).sort();
  if (declared.length !== planned.length || declared.some((id, index) => id !== planned[index])) {
    throw new Error(`functions are unaccounted for: declared ${declared.join(', ')}; planned ${planned.join(', ')}`);
  }
}

function failed(project: Project, error: unknown, target: string | undefined): ProjectResult {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/\.$/, '') ?? '';
  const functions = project.functions.map(({ id, triggers }) => ({
    id,
    workload: 'stays' as const,
    style: null,
    outcome: 'failed' as const,
    because: reason,
    // The plan takes secrets out of triggers; here there is none, so only what no secret can stand in is told.
    triggers: triggers.map((trigger) => ({ ...trigger, stageVariables: undefined, input: undefined })),
  }));
  return {
    project,
    facts: { functions: {}, diagnostics: [] },
    plan: { project: project.root, definition: project.definition, target: target ?? '', functions, services: [], diagnostics: [] },
    package: null,
    diagnostics: [failure(project, error, reason)],
  };
}

function failure(project: Project, error: unknown, reason: string): Diagnostic {
  if (!(error instanceof NotTextError)) return diagnostic('PROJECT_FAILED', { args: { reason }, place: { file: project.definition } });
  return diagnostic('FILE_NOT_TEXT', { args: { file: error.path, reason: error.reason }, place: { file: error.path } });
}
