import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const fixturesRoot = fileURLToPath(new URL('../../fixtures/transforms/', import.meta.url));

export interface TransformCase {
  id: string;
  name: string;
  extension: string;
  input: string;
  output: string;
  /** Findings that the case expects. */
  diagnostics: unknown[];
}

/** The pairs of one transform: `<case>.input.<ext>`, `<case>.output.<ext>`, and `<case>.diagnostics.json` when it reports. */
export function casesOf(id: string): TransformCase[] {
  const folder = join(fixturesRoot, id);
  return readdirSync(folder)
    .map((file) => /^(?<name>.+)\.input\.(?<extension>\w+)$/.exec(file)?.groups as { name: string; extension: string } | undefined)
    .filter((groups) => groups !== undefined)
    .map(({ name, extension }) => {
      const expected = join(folder, `${name}.diagnostics.json`);
      return {
        id,
        name,
        extension,
        input: readFileSync(join(folder, `${name}.input.${extension}`), 'utf8'),
        output: readFileSync(join(folder, `${name}.output.${extension}`), 'utf8'),
        diagnostics: existsSync(expected) ? (JSON.parse(readFileSync(expected, 'utf8')) as unknown[]) : [],
      };
    });
}
