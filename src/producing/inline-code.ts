/** Functions whose code stands in the definition itself: the service needs a file to import. */

import type { Facts, HandlerFacts } from '../analysis/facts.js';
import type { ChangeSet } from '../changes/change-set.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { parseSource } from '../parse-source.js';
import { unique } from '../planning/names.js';
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
export function stageInlineCode({ project, facts, changes, functions, folder }: InlineCodeInput): {
  facts: Facts;
  diagnostics: Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const extended = { ...facts.functions };
  const taken = new Set<string>();
  for (const { id, handler, range } of project.functions) {
    const known = facts.functions[id];
    if (handler.inlineCode === undefined || !known || known.file !== null || !functions.includes(id)) continue;
    const isModule = parseSource('index.js', handler.inlineCode).module.hasModuleSyntax;
    const file = join(folder, `functions/${unique(fileName(id), taken)}${isModule ? '.mjs' : '.cjs'}`);
    changes.stage(file, handler.inlineCode.endsWith('\n') ? handler.inlineCode : `${handler.inlineCode}\n`, 'inline-code');
    const declared = handler.declared?.split('.').slice(1) ?? [];
    const exportPath = known.exportPath.length > 0 ? known.exportPath : declared.length > 0 ? declared : ['handler'];
    const packages = { ...sdkPackages(handler.inlineCode, file), ...known.packages };
    extended[id] = { ...known, packages, file, exportPath, language: 'javascript', format: isModule ? 'esm' : 'commonjs', files: [file] };
    diagnostics.push(diagnostic('INLINE_CODE_EXTRACTED', { args: { function: id, file }, place: range, function: id }));
  }
  return { facts: { ...facts, functions: extended }, diagnostics };
}

function fileName(id: string): string {
  return id.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '') || 'function';
}

/** Inline code can import nothing but built-in modules and what the runtime brings. */
function sdkPackages(code: string, file: string): HandlerFacts['packages'] {
  const names = [...code.matchAll(/(?:\brequire\s*\(|\bimport\s*\(|\bfrom|\bimport)\s*['"](aws-sdk|@aws-sdk\/[\w.-]+)/g)];
  return Object.fromEntries(names.map(({ 1: name = '', index }) => [name, { file, line: code.slice(0, index).split('\n').length }]));
}
