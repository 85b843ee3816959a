import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MigrateOptions, migrate } from '../../src/run.js';
import { projectFixtures } from './fixtures.js';

/** A definition or stack of a fixture, edited or made. */
export interface EditedDefinition {
  path: string;
  dialect: string;
  /** Empty for a stack of its own. */
  before: string;
  after: string;
}

/** Every file of a fixture that holds resources which run its services. */
export async function editedDefinitions(
  fixture: string,
  {
    folder = join(projectFixtures, fixture, 'input'),
    ...options
  }: Pick<MigrateOptions, 'target' | 'cutover' | 'region' | 'front' | 'arch' | 'spot'> & { folder?: string } = {},
): Promise<EditedDefinition[]> {
  const file = join(projectFixtures, fixture, 'options.json');
  const style = optionsOf(file).includes('native') ? ('native' as const) : undefined;
  const { projects, changes } = await migrate({ ...options, folder, style, infra: 'template', threads: 0 });
  return changes.flatMap(({ path, before, after }) => {
    if (after === null || !/\.(ya?ml|json)$/.test(path) || !/^\s+"?Container\w+"?:/m.test(after)) return [];
    const owner = projects.find(({ project }) => project.definition === path)?.project;
    return [{ path, dialect: owner?.dialect ?? 'standalone', before: before ?? '', after }];
  });
}

/** Every definition of a folder whose functions a target edits. */
export async function editedFunctionDefinitions(target: string, folder: string): Promise<EditedDefinition[]> {
  const { projects, changes } = await migrate({ folder, target, threads: 0 });
  return projects.flatMap(({ project: { definition, dialect } }) => {
    const change = changes.find(({ path, before }) => path === definition && before !== null);
    return change?.after ? [{ path: definition, dialect, before: change.before ?? '', after: change.after }] : [];
  });
}

function optionsOf(file: string): string[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as string[];
  } catch {
    return [];
  }
}
