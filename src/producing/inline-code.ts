/** Functions whose code stands in the definition itself: the service needs a file to import. */
import type { Facts } from '../analysis/facts.js';
import type { ChangeSet } from '../changes/change-set.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Project } from '../project/model.js';
import { join } from './paths.js';

export interface InlineCodeInput {
  project: Project;
  facts: Facts;
  changes: ChangeSet;
  functions: readonly string[];
  /** Folder of the service. */
  folder: string;
}

/** Writes inline code to files of the service, and gives facts that name them. */
export function stageInlineCode({ project, facts, changes, functions, folder }: InlineCodeInput): { facts: Facts; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const extended = { ...facts.functions };
  for (const { id, handler, range } of project.functions) {
    const known = facts.functions[id];
    if (handler.inlineCode === undefined || !known || known.file !== null || !functions.includes(id)) continue;
    const isModule = /^\s*(?:import\s|import\{|export\s)/m.test(handler.inlineCode);
    const file = join(folder, `functions/${fileName(id)}${isModule ? '.mjs' : '.cjs'}`);
    changes.stage(file, handler.inlineCode.endsWith('\n') ? handler.inlineCode : `${handler.inlineCode}\n`, 'inline-code');
    const exportPath = known.exportPath.length > 0 ? known.exportPath : [handler.declared?.split('.').slice(1).join('.') || 'handler'];
    extended[id] = { ...known, file, exportPath, language: 'javascript', format: isModule ? 'esm' : 'commonjs', files: [file] };
    diagnostics.push(diagnostic('INLINE_CODE_EXTRACTED', { args: { function: id, file }, place: range, function: id }));
  }
  return { facts: { ...facts, functions: extended }, diagnostics };
}

function fileName(id: string): string {
  return id.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '') || 'function';
}
