/** Imports names of a built-in module into a file, in the way in which the file imports others. */
import { importQuoteOf } from '../analysis/quotes.js';
import { bindingAt } from '../analysis/source-module.js';
import { child, list, type Node, requiredModule } from '../analysis/syntax.js';
import type { SourceView } from './source-view.js';

/** False when one of the names means something else in the file already. */
export function importNames(view: SourceView, specifier: string, names: readonly string[]): boolean {
  const missing = names.filter((name) => !isImported(view, specifier, name));
  if (missing.some((name) => !view.isFree(name))) return false;
  if (missing.length === 0) return true;
  const { semicolon, lineEnd } = view;
  const quote = importQuoteOf(view.module.text);
  const list = `{ ${missing.join(', ')} }`;
  const line = isEsm(view)
    ? `import ${list} from ${quote}${specifier}${quote}${semicolon}`
    : `const ${list} = require(${quote}${specifier}${quote})${semicolon}`;
  const last = lastImport(view, isEsm(view));
  if (last) view.edits.replace({ start: last.end, end: last.end }, `${lineEnd}${line}`);
  else {
    const start = startOf(view);
    view.edits.replace({ start, end: start }, `${line}${lineEnd}${lineEnd}`);
  }
  return true;
}

/** Puts statements of the module behind its imports. */
export function insertAfterImports(view: SourceView, lines: readonly string[]): void {
  const { lineEnd } = view;
  const text = lines.join(lineEnd);
  const last = lastImport(view, false);
  const start = last?.end ?? startOf(view);
  view.edits.replace({ start, end: start }, last ? `${lineEnd}${lineEnd}${text}` : `${text}${lineEnd}${lineEnd}`);
}

/** TypeScript is written with `import`, whatever it becomes. */
function isEsm({ module, program }: SourceView): boolean {
  if (module.isEsm || module.language === 'typescript') return true;
  return /\.mjs$/.test(module.file) || list(program, 'body').some(({ type }) => /^(Import|Export)/.test(type));
}

function isImported(view: SourceView, specifier: string, name: string): boolean {
  const bare = specifier.replace(/^node:/, '');
  const binding = bindingAt(view.module, name, view.program.start);
  if (!binding) return false;
  if (binding.source) return binding.source.specifier.replace(/^node:/, '') === bare && binding.source.name === name;
  return requiredModule(binding.init)?.replace(/^node:/, '') === bare && binding.path.join('.') === name;
}

/** The last import, or require into a constant, at the top of the file; an import stays before all that runs. */
function lastImport(view: SourceView, isImport: boolean): Node | null {
  const body = list(view.program, 'body').filter((statement) => typeof statement['directive'] !== 'string');
  const end = body.findIndex((statement) => statement.type !== 'ImportDeclaration' && !isRequire(statement));
  const leading = end === -1 ? body : body.slice(0, end);
  const imports = leading.filter(({ type }) => type === 'ImportDeclaration');
  return (isImport ? imports.at(-1) : undefined) ?? leading.at(-1) ?? null;
}

/** The first statement of the module that is neither a directive, an import nor a require. */
export function firstAfterImports({ program }: SourceView): Node | null {
  return (
    list(program, 'body').find((each) => typeof each['directive'] !== 'string' && each.type !== 'ImportDeclaration' && !isRequire(each)) ??
    null
  );
}

function isRequire(statement: Node): boolean {
  return (
    statement.type === 'VariableDeclaration' &&
    list(statement, 'declarations').every((each) => requiredModule(child(each, 'init')) !== null)
  );
}

/** After directives and the line end of a shebang; before the comment that belongs to the first statement. */
function startOf(view: SourceView): number {
  const directives = list(view.program, 'body').filter((each) => typeof each['directive'] === 'string');
  const last = directives.at(-1);
  if (!last) return /^\r?\n/.exec(view.module.text)?.[0].length ?? 0;
  const end = view.module.text.indexOf('\n', last.end);
  return end === -1 ? last.end : end + 1;
}
