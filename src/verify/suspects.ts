import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** Hazards through which data of one request reaches another. */
const leaks =
  /^(SHARED_|INSTANCE_FIELD_SHARED|CACHE_KEY_INCOMPLETE|SINGLETON_SET|LOGGER_CONTEXT|TMP_NAME_SHARED|ENVIRONMENT_WRITTEN|STREAM_SHARED|TRANSACTION_ON|LIBRARY_KEEPS)/;

/** Function → the bindings that the analysis suspects, with their places: `user (src/get.js:3)`. */
export function suspectsOf(diagnostics: readonly Diagnostic[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { code, args, file, line, function: id } of diagnostics) {
    if (id === undefined || !leaks.test(code)) continue;
    const what = String(args.name ?? args.call ?? args.path ?? args.library ?? code);
    const where = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
    const named = `${what}${where}`;
    const known = found.get(id) ?? [];
    if (!known.includes(named)) found.set(id, [...known, named]);
  }
  return found;
}
