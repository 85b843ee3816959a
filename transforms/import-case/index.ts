/** Imports in the letters of the files that they lead to: `../utils/myError` → `../utils/MyError`. */
import type { FileInfo } from 'jscodeshift';
import { modulesOf } from '../../src/analysis/modules.js';
import { Resolver } from '../../src/analysis/resolve.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { stringOf, walk } from '../../src/analysis/syntax.js';
import { importedBy } from '../imported-by.js';
import { inRepository } from '../in-repository.js';
import { joinSource, splitSource } from '../source-text.js';
import type { ApplyTransformsInput, TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'import-case',
  description: 'Imports are written in the upper and lower case of the files that they lead to',
  trigger: 'an import that is found only where upper and lower case are the same (macOS, Windows)',
  kind: 'source',
};

/** The module's text with its imports recased; undefined when every one is right. */
export function importCase(resolver: Resolver, module: SourceModule): string | undefined {
  if (!module.program) return undefined;
  const edits: { start: number; end: number; to: string }[] = [];
  walk(module.program, (node) => {
    const source = importedBy(node);
    const from = stringOf(source);
    if (!source || from === null || !/^\.{1,2}\//.test(from)) return;
    const found = resolver.resolve(module, from);
    if (found.kind === 'file' && found.recased !== undefined)
      edits.push({ start: source.start + 1, end: source.end - 1, to: found.recased });
  });
  const sorted = edits.sort((a, b) => b.start - a.start);
  const text = sorted.reduce((edited, { start, end, to }) => edited.slice(0, start) + to + edited.slice(end), module.text);
  return edits.length === 0 ? undefined : text;
}

/** Stages the imports of the code that migrated functions reach; comes before every other edit, because it goes by the text on disk. */
export function recaseImports({ repository, project, facts, plan, changes }: ApplyTransformsInput): void {
  const migrated = plan.functions.filter(({ outcome }) => outcome === 'migrated');
  const files = new Set(migrated.flatMap(({ id }) => facts.functions[id]?.miscased ?? []));
  if (files.size === 0) return;
  const resolver = new Resolver(repository, project);
  const modules = modulesOf(repository).with((file) => changes.read(file));
  for (const file of files) {
    const module = modules.get(file);
    const text = module && importCase(resolver, module);
    if (text !== undefined) changes.stage(file, text, meta.id);
  }
}

/** `npx jscodeshift --no-babel -t dist/transforms/import-case/index.js src` */
export default function transformFile({ path, source }: FileInfo): string | undefined {
  const split = splitSource(source);
  const found = inRepository(path, split.body);
  const text = found && importCase(found.resolver, found.module);
  return text === undefined ? undefined : joinSource(split, text);
}
