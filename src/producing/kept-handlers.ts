/** `--keep-handler`: the module that lets routes run on Lambda too, beside the handlers so that it is packaged with them. */
import { posix } from 'node:path';
import type { Facts, HandlerFacts } from '../analysis/facts.js';
import type { ChangeSet } from '../changes/change-set.js';
import type { Project } from '../project/model.js';
import { parentOf, type Repository } from '../project/repository.js';
import { isOurs } from './layout.js';
import { isBelow, join, specifier } from './paths.js';
import { entryModule } from './runtime.js';

export interface KeptInput {
  repository: Repository;
  project: Project;
  facts: Facts;
}

/** Where a handler's file imports the module from. */
export interface EntryModule {
  file: string;
  specifier: string;
}

/**
 * The module for a function: in the lowest folder that holds all handlers of the same package, so that bundlers, SAM's CodeUri and a
 * compiler's `rootDir` all take it along. A file of the user's is never taken for it.
 */
export function entryModuleFor({ repository, project, facts }: KeptInput, id: string): EntryModule | null {
  const handler = facts.functions[id];
  if (!handler?.file) return null;
  const root = codeRootOf(project, id);
  const files = project.functions.flatMap((each) => {
    const file = facts.functions[each.id]?.file ?? null;
    return file !== null && codeRootOf(project, each.id) === root ? [file] : [];
  });
  const folder = commonFolder(files);
  const extension = extensionOf(handler.file);
  const file = ['on-lambda', 'on-lambda-handler']
    .map((name) => join(folder, name + extension))
    .find((path) => !repository.isFile(path) || isOurs(repository.read(path) ?? ''));
  if (file === undefined) return null;
  return { file, specifier: specifierOf(repository, handler, specifier(parentOf(handler.file), file)) };
}

/** Stages the module of each function whose handler is kept. */
export function stageEntryModules(input: KeptInput & { changes: ChangeSet }, ids: readonly string[]): void {
  for (const id of ids) {
    const handler = input.facts.functions[id];
    const entry = entryModuleFor(input, id);
    if (handler && entry) input.changes.stage(entry.file, entryModule(handler), 'keep-handler');
  }
}

function codeRootOf(project: Project, id: string): string | null {
  return project.functions.find((each) => each.id === id)?.handler.codeRoot ?? null;
}

function commonFolder(files: readonly string[]): string {
  const [first = '', ...rest] = files.map(parentOf);
  let folder = first;
  while (!rest.every((each) => isBelow(each, folder))) folder = parentOf(folder);
  return folder;
}

function extensionOf(file: string): string {
  return posix.extname(file).replace(/x$/, '');
}

/** With the extension that runs, where the file's other imports have one; else as its module system wants it. */
function specifierOf(repository: Repository, { file, format }: HandlerFacts, path: string): string {
  const bare = path.replace(/\.([cm]?)[jt]s$/, '');
  const full = path.replace(/\.([cm]?)ts$/, '.$1js');
  const others = [...(repository.read(file ?? '') ?? '').matchAll(/(?:from|require\()\s*['"](\.{1,2}\/[^'"\n]+)['"]/g)];
  if (/\.[cm][jt]s$/.test(path)) return full;
  if (others.length === 0) return format === 'esm' ? full : bare;
  return others.some(([, other = '']) => /\.js$/.test(other)) ? full : bare;
}
