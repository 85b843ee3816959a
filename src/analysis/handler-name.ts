/** The handler string, taken apart as Lambda's own runtime does it. */
export interface HandlerName {
  /** Path of the module without an ending, relative to the code root. */
  module: string;
  exportPath: string[];
}

/**
 * `src/app.routes.get` → module `src/app`, export path `routes`, `get`: split at the first dot of the last path segment.
 * Null when the runtime itself would refuse it: no export, or `..` anywhere.
 * Source: `_splitHandlerString` and `_getHandler` of aws-lambda-ric.
 */
export function parseHandler(declared: string): HandlerName | null {
  const text = declared.trim();
  if (text.includes('..')) return null;
  const slash = text.lastIndexOf('/') + 1;
  const base = text.slice(slash);
  const dot = base.indexOf('.');
  if (dot <= 0 || dot === base.length - 1) return null;
  const folder = text
    .slice(0, slash)
    .replace(/^\/var\/task\//, '')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/(\.?\/)+/g, '/');
  return { module: folder + base.slice(0, dot), exportPath: base.slice(dot + 1).split('.') };
}

/** Export path of a handler whose source file is known: the file's own name may have dots in it, as in `stack.orders.ts`. */
export function exportPathFor(declared: string, file: string): string[] | null {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
  const base = declared.slice(declared.lastIndexOf('/') + 1);
  if (base.startsWith(`${stem}.`) && base.length > stem.length + 1) return base.slice(stem.length + 1).split('.');
  return parseHandler(declared)?.exportPath ?? null;
}
