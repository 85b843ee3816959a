/** Facts of small trees with one function each. */
import type { HandlerFacts } from '../../src/analysis/facts.js';
import { understand } from '../../src/analysis/understand.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { LambdaFunction, Project } from '../../src/project/model.js';
import { openRepository } from '../../src/project/open-repository.js';
import { readPackageInfo } from '../../src/project/package-info.js';
import { lambda, project } from '../planning/builders.js';
import { type Tree, writeTree } from '../project/tree.js';

export interface UnderstoodTree {
  facts: HandlerFacts;
  diagnostics: Diagnostic[];
  codes: string[];
}

/** Facts of the function `Fn` whose handler is `declared`, in a project at the root of the tree. */
export function understandTree(
  files: Tree,
  declared: string | null,
  more: Partial<LambdaFunction> = {},
  of: Partial<Project> = {},
): UnderstoodTree {
  const folder = writeTree(files);
  return understandFolder(folder, declared, more, of);
}

export function understandFolder(
  folder: string,
  declared: string | null,
  more: Partial<LambdaFunction> = {},
  of: Partial<Project> = {},
): UnderstoodTree {
  const repository = openRepository(folder);
  const fn = lambda('Fn', { ...more, handler: { declared, codeRoot: of.root ?? '', ...more.handler } });
  const { info } = readPackageInfo(repository, of.root ?? '', [fn]);
  const { functions, diagnostics } = understand(repository, project([fn], { packageInfo: info, ...of }));
  const facts = functions['Fn'];
  if (!facts) throw new Error(`no facts: ${JSON.stringify(diagnostics)}`);
  return { facts, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

/** Facts of the export `handler` of one file. */
export function understandSource(source: string, file = 'app.js', files: Tree = {}): UnderstoodTree {
  return understandTree({ 'package.json': '{}', ...files, [file]: source }, 'app.handler');
}
