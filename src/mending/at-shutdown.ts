/** Work for the end of the service: it calls what is in `globalThis[Symbol.for('shutdownWork')]` after the last request. */
import { child, list, nameOf } from '../analysis/syntax.js';
import { insertAfterImports } from './imports.js';
import type { SourceView } from './source-view.js';

export const atShutdown = 'atShutdown';

/** Declares the function that registers such work, once a file; `uses` are lines behind it. False when its name means something else. */
export function declareAtShutdown(view: SourceView, uses: readonly string[] = []): boolean {
  const set = "Symbol.for('shutdownWork')";
  if (view.module.text.includes(`[${set}] ??=`)) {
    if (uses.length > 0) insertBehind(view, uses);
    return !view.isFree(atShutdown);
  }
  if (!view.isFree(atShutdown)) return false;
  const isTyped = view.module.language === 'typescript';
  const holder = isTyped ? '(globalThis as unknown as Record<symbol, Set<() => unknown>>)' : 'globalThis';
  insertAfterImports(view, [
    '// The service calls it when it ends, after the last request.',
    `const ${atShutdown} = (work${isTyped ? ': () => unknown' : ''}) => (${holder}[${set}] ??= new Set()).add(work)${view.semicolon}`,
    ...uses,
  ]);
  return true;
}

/** Behind the declaration of the function. */
function insertBehind(view: SourceView, lines: readonly string[]): void {
  const declared = list(view.program, 'body').find((each) => nameOf(child(list(each, 'declarations')[0] ?? null, 'id')) === atShutdown);
  if (declared) view.edits.replace({ start: declared.end, end: declared.end }, ...lines.map((line) => `${view.lineEnd}${line}`));
}
