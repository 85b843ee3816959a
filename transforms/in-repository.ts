/** A file as a transform that asks where imports lead sees it, when it is run by itself. */
import { basename, dirname, join, relative, resolve } from 'node:path';
import { modulesOf } from '../src/analysis/modules.js';
import { Resolver } from '../src/analysis/resolve.js';
import type { SourceModule } from '../src/analysis/source-module.js';
import { projectOfFile } from '../src/mending/standalone.js';
import { openRepository } from '../src/project/open-repository.js';
import { outermostFolder } from './repository-root.js';

/** `text` is the file without what `splitSource` takes off; undefined for a file that is no source. */
export function inRepository(path: string, text: string): { resolver: Resolver; module: SourceModule } | undefined {
  const folder = dirname(resolve(path));
  const root = outermostFolder(folder);
  const file = join(relative(root, folder), basename(path)).replaceAll('\\', '/');
  const repository = openRepository(root);
  const module = modulesOf(repository)
    .with((each) => (each === file ? text : undefined))
    .get(file);
  return module && { resolver: new Resolver(repository, projectOfFile(repository, file, [])), module };
}
