/** Type-checks generated files with the project's own compiler and settings, and the untouched project with the same. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from '../processes.js';

export interface TypeErrors {
  /** The first error in a generated file. */
  generated: string[];
  own: string[];
}

/** The compilers that a generated package may bring, the one for the service first. */
const compilers = ['node_modules/service-typescript/bin/tsc', 'node_modules/typescript/bin/tsc'];

/**
 * Type-checks the program of a tsconfig.json.
 * @param generated absolute folder of the generated entry files, if there is one
 * @returns undefined when there is no compiler: then the project does not type-check.
 */
export async function typeErrors(packageRoot: string, config: string, generated?: string): Promise<TypeErrors | undefined> {
  const compiler = compilers.map((each) => join(packageRoot, each)).find(existsSync);
  if (!compiler) return undefined;
  const { code, output } = await run(process.execPath, [compiler, '--noEmit', '--pretty', 'false', '-p', config], { cwd: packageRoot });
  const errors = output.split('\n').filter((line) => /\berror TS\d+/.test(line));
  if (code !== 0 && errors.length === 0) errors.push(output.trim().split('\n')[0] ?? 'no output');
  const isGenerated = (line: string) => {
    const file = /^(.+?)\(\d+,\d+\): /.exec(line)?.[1];
    return generated !== undefined && file !== undefined && !relative(generated, resolve(packageRoot, file)).startsWith('..');
  };
  return { generated: errors.filter(isGenerated), own: errors.filter((line) => !isGenerated(line)) };
}

/** The tsconfig.json that rules a file: the nearest above it, up to `top`. */
export function tsconfigOf(file: string, top: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const config = join(folder, 'tsconfig.json');
    if (existsSync(config)) return config;
    if (folder === top || folder === dirname(folder)) return undefined;
  }
}
