import { basename, dirname, resolve } from 'node:path';
import type { API, FileInfo } from 'jscodeshift';
import { joinSource, splitSource } from '../../transforms/source-text.js';
import { type Hazard, hazardsIn } from '../analysis/concurrency/find-hazards.js';
import { exportsOf } from '../analysis/exports.js';
import { modulesOf } from '../analysis/modules.js';
import { Resolver } from '../analysis/resolve.js';
import type { SourceModule } from '../analysis/source-module.js';
import { isFunction, keyOf, list, unwrap } from '../analysis/syntax.js';
import { understandWith } from '../analysis/understand.js';
import { Values } from '../analysis/values.js';
import type { Project } from '../project/model.js';
import { openRepository } from '../project/open-repository.js';
import { readPackageInfo } from '../project/package-info.js';
import type { Repository } from '../project/repository.js';
import { undeclaredFunction } from '../project/undeclared-function.js';
import type { Mend, NewTexts } from './mend.js';
import { mendCode } from './mend-code.js';

/**
 * The same mend for `npx jscodeshift --no-babel -t dist/transforms/<id>/index.js`: every exported function of a file counts as a handler.
 * Babel would take the parser, which is an ES module, for something else.
 */
export function standaloneMend(mend: Mend): (file: FileInfo, api: API) => string | undefined {
  return ({ path, source }) => mendFile(openRepository(dirname(resolve(path))), basename(path), source, [mend]).text;
}

/** Mends one file of a folder by itself; `text` is undefined when nothing was edited, `left` is what is found afterwards. */
export function mendFile(
  repository: Repository,
  file: string,
  source: string,
  mends: readonly Mend[],
): { text: string | undefined; left: Hazard[] } {
  const split = splitSource(source);
  const look = (texts: NewTexts) => {
    const modules = modulesOf(repository).with((path) => texts.get(path) ?? (path === file ? split.body : undefined));
    const module = modules.get(file);
    const project = projectOfFile(repository, file, module ? exportedNames(module) : []);
    const values = new Values(modules, new Resolver(repository, project));
    const facts = understandWith(values, project);
    const handlers = project.functions.filter(({ id }) => {
      const value = module && values.exported(module, [id]);
      return value?.kind === 'node' && (isFunction(value.node) || value.node.type === 'CallExpression');
    });
    return { values, hazards: handlers.flatMap((lambda): Hazard[] => hazardsIn(values, project, lambda, { facts, target: 'container' })) };
  };
  const text = mendCode({ mends, look, sharedFiles: new Set() }).texts.get(file);
  return {
    text: text === undefined ? undefined : joinSource(split, text),
    left: look(new Map(text === undefined ? [] : [[file, text]])).hazards,
  };
}

function exportedNames(module: SourceModule): string[] {
  const { named, whole } = exportsOf(module);
  const object = unwrap(whole);
  const properties = object?.type === 'ObjectExpression' ? list(object, 'properties') : [];
  return [...named.keys(), ...properties.flatMap((each) => keyOf(each) ?? [])];
}

/** A project that is one file: its exports count as functions. */
export function projectOfFile(repository: Repository, file: string, names: readonly string[]): Project {
  const range = { file, line: 1, column: 1, start: 0, end: 0 };
  const functions = names.map((name) =>
    undeclaredFunction({ id: name, runtime: 'nodejs22.x', file, exportName: name, codeRoot: '', range }),
  );
  const { info } = readPackageInfo(repository, '', functions);
  return { root: '', dialect: 'convention', definition: file, name: 'file', functions, packageInfo: info, resources: {} };
}
