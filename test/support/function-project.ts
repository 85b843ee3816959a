import { templateOf, withParameters } from '../../bench/infrastructure/template-of.js';
import { stripped } from '../../src/infrastructure/text/splice.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { type MigrateOptions, migrate, type RunResult } from '../../src/run.js';
import { temporaryFolder } from './fixtures.js';
import { writeTree } from './trees.js';

/** A run for a target that edits functions, over files that are written for it. */
export interface FunctionRun {
  folder: string;
  result: RunResult;
  codes: string[];
  /** The definition as it is now; undefined when it was not edited. */
  after: string | undefined;
  /** Without what was added or changed. */
  restored: string | undefined;
  /** The definition as a template. */
  template: PlainObject;
  guide: string;
  properties(id: string): PlainObject;
}

export async function editedFunctions(files: Record<string, string>, options: Omit<MigrateOptions, 'folder'>): Promise<FunctionRun> {
  const folder = await temporaryFolder();
  await writeTree(folder, files);
  const result = await migrate({ threads: 0, ...options, folder });
  const [project] = result.projects;
  const change = result.changes.find(({ path, before }) => path === project?.project.definition && before !== null);
  const after = change?.after ?? undefined;
  const template = withParameters(templateOf({ dialect: project?.project.dialect ?? '' }, after ?? ''));
  return {
    folder,
    result,
    codes: result.projects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)),
    after,
    restored: after === undefined ? undefined : stripped(after),
    template,
    guide: result.changes.find(({ path }) => path.endsWith('MIGRATION.md'))?.after ?? '',
    properties: (id) => objectOf(objectOf(objectOf(template['Resources'])[id])['Properties']),
  };
}
