/** Code that runs between imports. tsc's CommonJS keeps its place; a bundler runs all imports first, as ES modules do. */
import type { Facts } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { parseSource } from '../parse-source.js';
import type { Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';

export interface ImportOrderInput {
  repository: Repository;
  project: Project;
  facts: Facts;
  functions: readonly string[];
}

/** One finding for each TypeScript source that tsc compiled for Lambda and that runs something before its last import. */
export function importOrder({ repository, project, facts, functions }: ImportOrderInput): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { id, build } of project.functions) {
    if (!functions.includes(id) || build.tool === 'esbuild' || build.tool === 'webpack' || build.format === 'esm') continue;
    for (const file of facts.functions[id]?.files ?? []) {
      if (found.has(file) || !/\.c?tsx?$/.test(file)) continue;
      const line = statementBeforeImport(file, repository.read(file) ?? '');
      if (line !== undefined) found.set(file, diagnostic('IMPORT_ORDER_CHANGES', { args: { file }, place: { file, line }, function: id }));
    }
  }
  return [...found.values()];
}

/** Line of the first call or assignment at the top level that an import follows. */
function statementBeforeImport(file: string, text: string): number | undefined {
  const head = text.slice(0, text.lastIndexOf('\nimport ') + 1);
  if (!/^(?!import\b)[\w$.[\]'"]+\s*[(=]/m.test(head)) return undefined;
  const { body } = parseSource(file, text).program;
  const last = body.findLastIndex((statement) => statement.type === 'ImportDeclaration' && statement.importKind !== 'type');
  const before = body.slice(0, Math.max(last, 0)).find((statement) => statement.type === 'ExpressionStatement' && !statement.directive);
  return before && text.slice(0, before.start).split('\n').length;
}
