import type { LambdaFunction, Project } from './model.js';
import { parentOf, type Repository } from './repository.js';

/**
 * Folder that holds the definition and the code of all handlers. When code lies outside the definition's folder: their
 * common ancestor, or the package above it when that package belongs to this definition alone.
 */
export function projectRoot(repository: Repository, project: Project, definitions: readonly string[]): string {
  const home = parentOf(project.definition);
  const start = isWithin(home, project.root) ? project.root : home;
  const common = project.functions.flatMap(codeFolders).reduce(commonFolder, start);
  if (common === start) return start;
  const file = repository.nearest(common, 'package.json');
  const owner = file === undefined ? common : parentOf(file);
  const shared = definitions.some((other) => isWithin(other, owner) && !isWithin(other, common));
  return shared ? common : owner;
}

function codeFolders({ handler }: LambdaFunction): string[] {
  const folders = handler.codeRoot === null ? [] : [handler.codeRoot];
  return handler.entry === undefined ? folders : [...folders, parentOf(handler.entry)];
}

/** Deepest folder that holds both. */
function commonFolder(a: string, b: string): string {
  const parts = a.split('/');
  const other = b.split('/');
  let shared = 0;
  while (shared < parts.length && parts[shared] === other[shared]) shared++;
  return parts.slice(0, shared).join('/');
}

/** True when `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
