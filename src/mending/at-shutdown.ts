/** Work for the end of the service: it calls what is in `globalThis[Symbol.for('shutdownWork')]` after the last request. */
import { insertAfterImports } from './imports.js';
import type { SourceView } from './source-view.js';

export const atShutdown = 'atShutdown';

/** Declares the function that registers such work, once a file. False when its name means something else. */
export function declareAtShutdown(view: SourceView): boolean {
  const set = "Symbol.for('shutdownWork')";
  if (view.module.text.includes(`[${set}] ??=`)) return !view.isFree(atShutdown);
  if (!view.isFree(atShutdown)) return false;
  const isTyped = view.module.language === 'typescript';
  const holder = isTyped ? '(globalThis as unknown as Record<symbol, Set<() => unknown>>)' : 'globalThis';
  insertAfterImports(view, [
    '// The service calls it when it ends, after the last request.',
    `const ${atShutdown} = (work${isTyped ? ': () => unknown' : ''}) => (${holder}[${set}] ??= new Set()).add(work)${view.semicolon}`,
  ]);
  return true;
}
